"""A finding: what was weighed, what came out, how far the figures could be wrong, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stocktake.evidence.error_models import ErrorModel
from stocktake.evidence.statements import Statement
from stocktake.register.indicators import Indicator
from stocktake.terms.intervals import Interval

UNDETERMINED = "undetermined"

NO_DATA = "no data"
WITHHELD = "withheld"
CONTRADICT = "data contradict"
REVISED = "estimate revised"
WITHIN = "change within tolerance"
EVIDENCE_ONLY = "evidence only"
FROM_MEMORY = "from memory"
REASONS = frozenset({NO_DATA, WITHHELD, CONTRADICT, REVISED, WITHIN, EVIDENCE_ONLY})


@dataclass(frozen=True)
class Margin:
    """How large a change must be to count: an amount in the unit of the series, and why (a key of the rules)."""

    amount: Decimal
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What a rule makes of the statements on one subject.

    ``verdict`` is None where the method gives none. ``tolerance`` is the share by which both figures must be wrong, in
    opposite directions, before the verdict falls: |b - a| / (a + b). ``evidence`` is everything that the outcome rests
    on; ``not_chosen`` is what the rule saw and left. Nothing outside these two can change it.
    """

    verdict: str | None
    reason: str | None = None
    baseline: Statement | None = None
    value: Statement | None = None
    change: Interval | None = None
    tolerance: Decimal | None = None
    margin: Margin | None = None
    support: tuple[Statement, ...] = ()
    evidence: tuple[Statement, ...] = ()
    not_chosen: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Probability:
    """``p``: that the number moved in the direction asked, from so many draws of a published error model."""

    p: float
    model: ErrorModel
    draws: int


@dataclass(frozen=True)
class Acceptance:
    """How a subject stands to an instrument: ratified, joined the consensus, voted for, against, not party ..."""

    instrument: str
    how: str


@dataclass(frozen=True)
class Finding:
    """One outcome in its place: paragraph, clause, reading, indicator, subject.

    ``context`` marks a subject that the clause does not address; it is shown and never counted. ``basis`` says what the
    duty rests on (treaty, consensus, vote); ``acceptance`` how the subject stands to each instrument behind it.
    ``stale``: the latest figure is older than the rules call current. ``probability`` only where an error is published.
    """

    id: str
    clause: int
    reading: str | None
    indicator: Indicator
    subject: str
    context: bool
    outcome: Outcome
    basis: str
    accepted_by_subject: str | None
    acceptance: tuple[Acceptance, ...] = ()
    part: str | None = None
    stale: bool = False
    probability: Probability | None = None

    @property
    def is_counted(self) -> bool:
        """Whether it enters a tally: a verdict was sought, and of somebody who is addressed."""
        return not self.context and self.indicator.method != "record"

    @property
    def question(self) -> tuple[int, str, str, str | None]:
        """What is asked, whichever reading asks it: two readings that share an addressee ask one question."""
        return (self.clause, self.indicator.id, self.subject, self.part)
