"""What is looked at for a clause, and by which method it is weighed."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from stocktake.register.commitments import Duty
from stocktake.terms.words import Words


class Method(StrEnum):
    """How evidence on an indicator becomes a finding. ``RECORD`` lists evidence and gives no verdict."""

    CHANGE = "change"
    STATUS = "status"
    DISCLOSURE = "disclosure"
    DEADLINE = "deadline"
    ABSTENTION = "abstention"
    RECORD = "record"


FITTING: dict[Duty, frozenset[Method]] = {
    Duty.REDUCE: frozenset({Method.CHANGE, Method.RECORD}),
    Duty.ACHIEVE: frozenset({Method.STATUS, Method.DISCLOSURE, Method.RECORD}),
    Duty.ABSTAIN: frozenset({Method.ABSTENTION, Method.RECORD}),
    Duty.ACT: frozenset({Method.DEADLINE, Method.RECORD}),
    Duty.EFFORT: frozenset({Method.RECORD}),
    Duty.NONE: frozenset(),
}
VERDICTS: dict[Method, frozenset[str]] = {
    Method.CHANGE: frozenset({"advanced", "unchanged", "reversed"}),
    Method.STATUS: frozenset({"done", "pending", "withdrawn", "lapsed"}),
    Method.DISCLOSURE: frozenset({"done", "pending", "withdrawn", "lapsed"}),
    Method.DEADLINE: frozenset({"met", "late", "missed", "pending"}),
    Method.ABSTENTION: frozenset({"kept", "broken"}),
    Method.RECORD: frozenset(),
}


class Indicator(BaseModel):
    """One indicator. ``quantity`` joins it to statements; ``speakers`` and ``verification`` say whose count.

    ``subjects`` is ``addressees`` (each State of a reading), ``any`` (whoever is spoken of), ``by-reading``, or a list;
    ``context`` is shown beside the addressees and never enters a tally. ``acts`` gives the verdict word of a keyword.
    ``outcomes`` gives the word of a keyword in a line that lists them year by year, for records.
    ``scope`` says of whom and of what it speaks; ``margin`` how large a change must be, and why.
    ``coders``: by how many people an opinion was coded; with one, agreement is not available.
    ``yearly``: each figure counts one year; figures are listed, and never set against each other.
    ``rounding`` is the unit to which the State rounds its own figure: half of it is the margin of a declared figure.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    code: str
    name: Words
    method: Method
    quantity: str
    speakers: str = Field(default="any", pattern="^(self|others|any)$")
    verification: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    unit: str | None = None
    kind: Words | None = None
    polarity: str | None = Field(default=None, pattern="^(down|up)$")
    ceiling: bool = False
    rounding: Decimal | None = None
    only: tuple[str, ...] = ()
    subjects: str | tuple[str, ...] = "addressees"
    by_reading: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    context: tuple[str, ...] = ()
    per_series: bool = False
    yearly: bool = False
    coders: int | None = Field(default=None, ge=1)
    acts: dict[str, str] = Field(default_factory=dict)
    outcomes: dict[str, Words] = Field(default_factory=dict)
    from_: str | None = Field(default=None, alias="from")
    deadline: str | None = None
    definition: Words
    scope: Words | None = None
    margin: Words | None = None
    objections: Words | None = None
    unknown: Words | None = None
