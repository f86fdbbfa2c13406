"""How near estimators came where a figure was later revealed: by the State itself, or verified by a body.

An estimate is scored only where it was surely made before the reveal, of a date near enough, in the same quantity and
unit; what another statement supersedes is left out. A ceiling reveals no number and scores nobody. One reveal is called
one: bias and spread are given only for figures that were revealed on several occasions, for those of one occasion share
their news.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from stocktake.evidence.archive import Archive, carries
from stocktake.evidence.statements import Form, Statement
from stocktake.terms.dates import PartialDate
from stocktake.terms.provenance import SpeakerKind, Verification

NEAR_DAYS = 120  # between the two dates: yearbooks date from January, declared figures from 30 September (ours)
FAR_DAYS = 366  # further apart, an estimate is not even shown beside a reveal


class Standing(StrEnum):
    """Whether a pair counts; if not, the first reason that applies."""

    SCORED = "scored"
    NO_DAY = "day of the reveal not known"
    NOT_BEFORE = "not surely made before the reveal"
    APART = "dates too far apart"


@dataclass(frozen=True)
class Score:
    """An estimate against what was revealed. ``error`` is estimate minus revealed, in ``unit``; ``share`` of revealed.

    ``days`` lie between the dates of the two figures, 0 where they overlap. ``last`` is the latest figure that may
    have been public when the estimate was made: what anyone could have repeated. ``within``: whether the
    revealed figure lies in the interval of the estimate, where it gave one.
    """

    estimate: Statement
    revealed: Statement
    error: Decimal
    share: Decimal | None
    days: int
    standing: Standing
    within: bool | None
    last: Statement | None

    @property
    def last_error(self) -> Decimal | None:
        """What repeating the last revealed figure would have been wrong by."""
        if self.last is None or self.last.best is None or self.revealed.best is None:
            return None
        return self.last.best - self.revealed.best


@dataclass(frozen=True)
class Calibration:
    """The scores of one estimator on one quantity; ``bias`` and ``spread`` are shares, None unless there are several.

    ``bias`` is the mean of the signed errors, ``spread`` their standard deviation (n - 1). ``size`` is the mean of the
    errors without sign, over those estimates before which another figure had been revealed, and ``repeated`` what
    repeating that figure would have given for the same.
    """

    speaker: str
    quantity: str
    scores: tuple[Score, ...]
    figures: int
    occasions: int
    bias: Decimal | None
    spread: Decimal | None
    size: Decimal | None
    repeated: Decimal | None


def calibration(archive: Archive, *, as_of: date) -> tuple[Calibration, ...]:
    """Every estimator whose figures can be set beside a reveal made by ``as_of``, by name and quantity."""
    archive = archive.without({s.supersedes for s in archive.statements if s.supersedes} - {None})
    reveals = _reveals(archive, as_of)
    found: dict[tuple[str, str], list[Score]] = {}
    for revealed in reveals:
        estimates: dict[str, list[Statement]] = {}
        for s in archive.about(revealed.quantity, revealed.subject, as_of=date.max):
            if _is_estimate(s, revealed, archive):
                estimates.setdefault(s.speaker, []).append(s)
        for speaker, rows in estimates.items():
            score = _score(rows, revealed, reveals)
            if score is not None:
                found.setdefault((speaker, revealed.quantity), []).append(score)
    return tuple(_summed(*key, scores) for key, scores in sorted(found.items()))


def _reveals(archive: Archive, as_of: date) -> list[Statement]:
    """Of each subject, quantity and date the figure that was revealed first, in the order of the days of reveal."""
    first: dict[tuple[str, str, str], Statement] = {}
    rows = [s for s in archive.statements if s.form is Form.NUMBER and carries(s) and _reveals_it(s, archive)]
    for s in sorted(rows, key=lambda s: (_day_said(s).first, s.id)):
        if _day_said(s).first <= as_of:
            first.setdefault((s.quantity, s.subject, s.as_of.text), s)
    return list(first.values())


def _reveals_it(s: Statement, archive: Archive) -> bool:
    if s.verification is Verification.VERIFIED:
        return True
    return s.verification is Verification.DECLARED and archive.speaker_kind(s) is SpeakerKind.SELF


def _is_estimate(s: Statement, revealed: Statement, archive: Archive) -> bool:
    other = archive.speaker_kind(s) is not SpeakerKind.SELF
    numeric = s.best is not None and s.unit == revealed.unit
    return s.verification is Verification.ESTIMATED and other and numeric and carries(s)


def _day_said(s: Statement) -> PartialDate:
    return s.stated_on or s.vintage or s.published or s.as_of


def _score(rows: Sequence[Statement], revealed: Statement, reveals: Iterable[Statement]) -> Score | None:
    """The estimate that counts, or the nearest to counting; None where none is near in date and early enough to show.

    Of several, one that is surely earlier than the reveal goes first, then the nearest in date, then the later edition;
    where none is surely earlier, the one that was made first.
    """
    told = _day_said(revealed).first
    near = [s for s in rows if _days_between(s.as_of, revealed.as_of) <= FAR_DAYS and _day_said(s).first <= told]
    if not near:
        return None
    best = min(
        near,
        key=lambda s: (
            _day_said(s).last if _day_said(s).last >= told else date.min,
            _days_between(s.as_of, revealed.as_of),
            -_day_said(s).last.toordinal(),
            s.id,
        ),
    )
    return _scored(best, revealed, reveals)


def _scored(estimate: Statement, revealed: Statement, reveals: Iterable[Statement]) -> Score:
    assert estimate.best is not None and revealed.best is not None and estimate.interval is not None
    error, days = estimate.best - revealed.best, _days_between(estimate.as_of, revealed.as_of)
    low, high = estimate.interval.low, estimate.interval.high
    held = None if low is None or high is None or low == high else low <= revealed.best <= high
    return Score(
        estimate,
        revealed,
        error,
        error / revealed.best if revealed.best else None,
        days,
        _standing(estimate, revealed, days),
        held,
        _last_before(estimate, revealed, reveals),
    )


def _standing(estimate: Statement, revealed: Statement, days: int) -> Standing:
    if revealed.stated_on is None:
        return Standing.NO_DAY
    if _day_said(estimate).last >= revealed.stated_on.first:
        return Standing.NOT_BEFORE
    return Standing.SCORED if days <= NEAR_DAYS else Standing.APART


def _last_before(estimate: Statement, revealed: Statement, reveals: Iterable[Statement]) -> Statement | None:
    """The latest figure of the same subject and quantity that may have been public when the estimate was made."""
    known = [
        s
        for s in reveals
        if (s.quantity, s.subject) == (revealed.quantity, revealed.subject)
        and _day_said(s).first <= _day_said(estimate).last
    ]
    return max(known, key=lambda s: (s.as_of, s.id), default=None)


def _days_between(one: PartialDate, other: PartialDate) -> int:
    """Days from the end of the earlier to the beginning of the later; 0 where they overlap."""
    return max((one.first - other.last).days, (other.first - one.last).days, 0)


def _summed(speaker: str, quantity: str, scores: Sequence[Score]) -> Calibration:
    ordered = tuple(sorted(scores, key=lambda s: (s.revealed.as_of, s.revealed.subject, s.revealed.id)))
    scored = [s for s in ordered if s.standing is Standing.SCORED]
    shares = [s.share for s in scored if s.share is not None]
    occasions = {_day_said(s.revealed).text for s in scored}
    bias = spread = size = repeated = None
    if len(occasions) > 1 and len(shares) > 1:
        bias = _mean(shares)
        spread = (sum(((s - bias) ** 2 for s in shares), Decimal(0)) / (len(shares) - 1)).sqrt()
        both = [
            (s.share, s.last_error / (s.revealed.best or 1))
            for s in scored
            if s.share is not None and s.last_error is not None
        ]
        if len(both) > 1:
            size, repeated = _mean([abs(own) for own, _ in both]), _mean([abs(other) for _, other in both])
    return Calibration(speaker, quantity, ordered, len(shares), len(occasions), bias, spread, size, repeated)


def _mean(numbers: Sequence[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0)) / len(numbers)
