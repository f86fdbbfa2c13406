"""Whether anyone else saw it: dated events, and independent speakers' own figures, that show a direction.

Between two editions of an estimate a difference is a change only when it is seconded. The subject's own figures are
no second voice here: a State could then better its page by hiding them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stocktake.evidence.archive import Archive, is_numeric
from stocktake.evidence.statements import Form, Statement
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import SpeakerKind, Verification

OPPOSITE = {"up": "down", "down": "up"}


@dataclass(frozen=True)
class Seconded:
    """What speaks for the direction of a change, and what speaks against it."""

    support: tuple[Statement, ...] = ()
    against: tuple[Statement, ...] = ()


NOTHING_SECONDED = Seconded()


def corroborate(
    baseline: Statement, value: Statement, change: Interval, usable: Iterable[Statement], archive: Archive
) -> Seconded:
    """What independent speakers show between the two figures.

    Figures support only when their whole interval moved that way; they oppose by their best figures, which no widening
    of an interval can hide. A change without direction is opposed by either.
    """
    others = [s for s in usable if archive.independent(s, baseline) and s.id not in (baseline.id, value.id)]
    events = [s for s in others if _seconds(s) and baseline.as_of.first < s.as_of.first <= value.as_of.last]
    series = _series(others, baseline, archive)
    direction = direction_of(change)
    if direction is None:
        moved = [s for first, last in series if _best_moved(first, last) for s in (first, last)]
        return Seconded((), _in_order([*events, *moved]))
    wanted, unwanted = [], []
    for first, last in series:
        if _wholly_moved(first, last) == direction:
            wanted += [first, last]
        elif _best_moved(first, last) == OPPOSITE[direction]:
            unwanted += [first, last]
    wanted += [s for s in events if s.direction == direction]
    unwanted += [s for s in events if s.direction == OPPOSITE[direction]]
    return Seconded(_in_order(wanted), _in_order(unwanted))


def _seconds(event: Statement) -> bool:
    """Whether an event may second or oppose: it shows a direction, and is not itself concluded from other signs."""
    return event.direction is not None and event.verification is not Verification.INFERRED


def direction_of(change: Interval) -> str | None:
    """Up or down by the best figure, or by the whole interval where there is none; None when it does not move."""
    if change.best:
        return "down" if change.best < 0 else "up"
    if change.high is not None and change.high < 0:
        return "down"
    return "up" if change.low is not None and change.low > 0 else None


def _series(others: Iterable[Statement], baseline: Statement, archive: Archive) -> list[tuple[Statement, Statement]]:
    """First and last figure of each independent speaker since the year of the baseline, the subject itself left out."""
    begin = baseline.as_of.first.replace(month=1, day=1)
    by_speaker: dict[str, list[Statement]] = {}
    for s in others:
        own = archive.speaker_kind(s) is SpeakerKind.SELF
        if is_numeric(s) and s.form is not Form.CEILING and not own and s.as_of.first >= begin:
            by_speaker.setdefault(s.speaker, []).append(s)
    return [(rows[0], rows[-1]) for rows in by_speaker.values() if rows[0].as_of < rows[-1].as_of]


def _wholly_moved(first: Statement, last: Statement) -> str | None:
    if first.interval is None or last.interval is None or (change := last.interval - first.interval) is None:
        return None
    if change.high is not None and change.high < 0:
        return "down"
    return "up" if change.low is not None and change.low > 0 else None


def _best_moved(first: Statement, last: Statement) -> str | None:
    if first.best is None or last.best is None or first.best == last.best:
        return None
    return "up" if last.best > first.best else "down"


def _in_order(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    return tuple(sorted({s.id: s for s in statements}.values(), key=lambda s: (s.as_of, s.id)))
