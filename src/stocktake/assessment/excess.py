"""Excess fissile material: what a State held, what it named as excess, what is under verification, what is gone.

Fed by statements only. A line that nobody stated is unknown, never zero: "nothing designated" is a statement of zero,
and "all disposed of" a sum of statements; the two are different words. What is computed is no better established than
the weakest statement in it, and a statement counts as verified only where a body with a mandate makes it (op 11; 2010,
action 16; 1995, decision 2, paragraph 13).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import SpeakerKind, Verification


class AccountLine(StrEnum):
    HELD = "held"
    IN_WEAPONS = "in_weapons"
    DESIGNATED = "designated"
    UNDER_VERIFICATION = "under_verification"
    DISPOSED = "disposed"
    PHYSICAL = "axis_physical"
    VERIFICATION = "axis_verification"
    BOND = "axis_bond"
    REVERSAL = "axis_reversal"


STOCKS = (AccountLine.HELD, AccountLine.IN_WEAPONS, AccountLine.DESIGNATED)
PARTS = (AccountLine.UNDER_VERIFICATION, AccountLine.DISPOSED)
AXES = (AccountLine.PHYSICAL, AccountLine.VERIFICATION, AccountLine.BOND, AccountLine.REVERSAL)
MANDATED = frozenset({SpeakerKind.AGENCY, SpeakerKind.TREATY_BODY})
_WEAKEST = {v: i for i, v in enumerate(Verification)}  # verified, declared, estimated, inferred


class Word(StrEnum):
    """What the account amounts to; none of these is a grade."""

    UNSTATED = "nothing stated"
    NONE = "nothing designated"
    OPEN = "designated, no disposal stated"
    PART = "partly disposed of"
    ALL = "all that was designated is disposed of"
    UNKNOWN = "figures do not decide"


@dataclass(frozen=True)
class Entry:
    """A statement in its place. ``amount`` is a figure in the words of a statement that has no figure of its own."""

    state: str
    material: str
    line: AccountLine
    detail: str | None
    amount: Decimal | None
    statement: Statement
    note: str | None = None

    @property
    def value(self) -> Interval | None:
        """In tonnes; None for an axis."""
        if self.amount is not None:
            return Interval.point(self.amount)
        return self.statement.interval if self.statement.form in NUMERIC else None


@dataclass(frozen=True)
class ExcessAccount:
    """One State and material as of a day; entries that the account uses, the latest of each stock, all of each part."""

    state: str
    material: str
    entries: tuple[Entry, ...]
    remaining: Interval | None
    word: Word
    verification: Verification | None

    def of(self, line: AccountLine) -> tuple[Entry, ...]:
        return tuple(e for e in self.entries if e.line is line)


def accounts(entries: Iterable[Entry], *, as_of: date, kinds: Mapping[str, SpeakerKind]) -> tuple[ExcessAccount, ...]:
    """An account for each State and material that an entry names, in the order of the entries."""
    known = [e for e in entries if e.statement.as_of.first <= as_of]
    keys = dict.fromkeys((e.state, e.material) for e in known)
    return tuple(_account(s, m, [e for e in known if (e.state, e.material) == (s, m)], kinds) for s, m in keys)


def _account(state: str, material: str, entries: list[Entry], kinds: Mapping[str, SpeakerKind]) -> ExcessAccount:
    used: list[Entry] = []
    for line in STOCKS:
        rows = [e for e in entries if e.line is line and e.value is not None]
        used.extend(sorted(rows, key=lambda e: (e.statement.as_of, e.statement.id))[-1:])
    used.extend(e for line in PARTS for e in _latest_by_detail(e for e in entries if e.line is line))
    used.extend(e for line in AXES for e in entries if e.line is line)
    designated = next((e.value for e in used if e.line is AccountLine.DESIGNATED), None)
    disposed = [e.value for e in used if e.line is AccountLine.DISPOSED and e.value is not None]
    remaining = _remaining(designated, disposed)
    figures = [e for e in used if e.line in (AccountLine.DESIGNATED, AccountLine.DISPOSED)]
    return ExcessAccount(
        state, material, tuple(used), remaining, _word(designated, disposed, remaining), weakest(figures, kinds)
    )


def _latest_by_detail(entries: Iterable[Entry]) -> list[Entry]:
    """Figures of one route or body are cumulative: the latest stands for those before it."""
    ordered = sorted(entries, key=lambda e: (e.statement.as_of, e.statement.id))
    return list({e.detail: e for e in ordered}.values())


def _remaining(designated: Interval | None, disposed: Sequence[Interval]) -> Interval | None:
    """Designated less disposed; None where either is not stated. Below zero: more was designated since."""
    if designated is None or not disposed:
        return None
    left: Interval | None = designated
    for part in disposed:
        left = None if left is None else left - part
    return left


def _word(designated: Interval | None, disposed: Sequence[Interval], remaining: Interval | None) -> Word:
    if designated is None:
        return Word.UNSTATED
    if designated == Interval.point(Decimal(0)):
        return Word.NONE
    if not disposed:
        return Word.OPEN
    if remaining is None or remaining.low is None or remaining.high is None:
        return Word.UNKNOWN
    if remaining.high <= 0:
        return Word.ALL
    return Word.PART if remaining.low > 0 else Word.UNKNOWN


def weakest(entries: Sequence[Entry], kinds: Mapping[str, SpeakerKind]) -> Verification | None:
    """The weakest verification among statements; None where there is none."""
    marks = [established(e.statement, kinds) for e in entries]
    return max(marks, key=lambda v: _WEAKEST[v]) if marks else None


def established(statement: Statement, kinds: Mapping[str, SpeakerKind]) -> Verification:
    """How a statement is established: what calls itself verified is declared, unless a mandated body says it."""
    if statement.verification is Verification.VERIFIED and kinds.get(statement.speaker) not in MANDATED:
        return Verification.DECLARED
    return statement.verification


def to_json(account: ExcessAccount, kinds: Mapping[str, SpeakerKind]) -> dict[str, object]:
    return {
        "format": "stocktake.excess-account/1",
        "state": account.state,
        "material": account.material,
        "unit": "t",
        "amounts_to": str(account.word),
        "remaining": _bounds(account.remaining),
        "verification": account.verification and str(account.verification),
        "entries": [
            {
                "line": str(e.line),
                "detail": e.detail,
                "value": _bounds(e.value) if e.line not in AXES else None,
                "as_of": str(e.statement.as_of),
                "speaker": e.statement.speaker,
                "verification": str(established(e.statement, kinds)),
                "seen": str(e.statement.seen),
                "statement": e.statement.id,
                "note": e.note,
            }
            for e in account.entries
        ],
    }


def _bounds(value: Interval | None) -> dict[str, str | None] | None:
    if value is None:
        return None
    return {k: None if (n := getattr(value, k)) is None else str(n) for k in ("low", "best", "high")}
