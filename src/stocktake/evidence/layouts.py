"""How a public data set is laid out: which column says what. Layouts are data; a new edition is a new row, not code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stocktake.terms.provenance import Seen, Verification
from stocktake.terms.words import Line


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class By(StrEnum):
    """How a file names its subjects."""

    NAME = "name"
    ISO3 = "iso3"
    ISO2 = "iso2"
    WRITTEN = "written"  # as it stands: areas, of which only some are States
    FIXED = "fixed"


class Subject(_Part):
    """Whom a row is about: a column, or one subject for the whole file. ``code`` is a second column to compare with."""

    column: str = ""
    by: By = By.NAME
    value: str = ""
    code: str = ""


class Value(_Part):
    """One column of values: numbers in ``unit``; words (``unit`` empty); or, with ``act``, the day of that act.

    ``quantity`` empty: the column ``Layout.quantity`` of the row says it. ``whole`` refuses decimals.
    """

    column: str
    quantity: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    unit: str = ""
    whole: bool = False
    act: str = ""
    dated_by: str = ""


class Sum(_Part):
    """Quantities of one row that make up another of the same row."""

    whole: str
    parts: tuple[str, ...]


class Limit(_Part):
    """The most that a quantity may be under a treaty, over a half-open period."""

    quantity: str
    limit: int
    since: date
    until: date


class Layout(_Part):
    """One way in which a public data set is found. ``header`` is what must stand in the first line, in any order.

    ``as_of`` is the column of the date (``given``: the user says it; ``dated``: one date for the file). ``key`` are
    columns that tell claims apart (a material, a treaty); ``place`` is a depositary, of which there may be several.
    ``vintage`` is the column, or ``edition`` the name, of the edition. ``translate`` gives our word for one of theirs,
    ``words`` are the only ones that a value may be.
    ``rest`` is a subject that completes a sum; ``nations`` is how many States make the world's sum. ``steady`` marks
    stocks, which do not jump a thousandfold; ``events`` marks counts of what happened, where two editions cannot both
    be right. ``agree`` are quantities of a row that should be the same number. ``roster`` is the column of a treaty
    whose members the file lists. ``members`` marks files that should have a value for every Member State.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    kind: str = Field(pattern=r"^[a-z-]+$")
    header: tuple[str, ...] = Field(min_length=1)
    turned: bool = False
    subject: Subject
    as_of: str = ""
    dated: str = ""
    values: tuple[Value, ...] = Field(min_length=1)
    quantity: str = ""
    translate: dict[str, str] = Field(default_factory=dict)
    words: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    fixed_key: str = ""
    place: str = ""
    vintage: str = ""
    edition: str = ""
    source: str = ""
    sums: tuple[Sum, ...] = ()
    agree: tuple[tuple[str, str], ...] = ()
    most: tuple[Limit, ...] = ()
    members: bool = False
    nations: int = 0
    rest: str = ""
    steady: bool = False
    events: bool = False
    roster: str = ""
    series: str = Field(default="snapshots", pattern=r"^(back-cast|snapshots|single)$")
    speaker: Line
    verification: Verification
    seen: Seen = Seen.COPY
    publisher: Line
    document: Line
    url: Line = ""
    licence: Line = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.subject.by is By.FIXED) != (not self.subject.column):
            raise ValueError("a subject is a column, or one fixed value")
        if not (self.as_of or self.dated or all(v.act or v.dated_by for v in self.values)):
            raise ValueError("no column says the date; write as_of, dated or dated_by")
        if not any(value.column in self.header for value in self.values):
            raise ValueError("at least one column of values stands in the header")
        if not self.quantity and not all(v.quantity for v in self.values):
            raise ValueError("a value needs its quantity, or the layout a column that says it")
        return self


class Kind(_Part):
    """What a user asks to import; ``also`` are other names for it."""

    id: str
    also: tuple[str, ...] = ()
    about: Line


def fitting(header: Iterable[str], layouts: Iterable[Layout]) -> Layout | None:
    """The layout whose header stands in this one; of several, the one that explains most columns."""
    names = set(header)
    found = [layout for layout in layouts if names.issuperset(layout.header)]
    return max(found, key=lambda layout: len(layout.header), default=None)
