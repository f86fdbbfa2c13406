"""How fast a stock moves, when it would be where somebody wants it, and how fast it would have to.

Linear in the stock, between two dated figures: so many a year. A growth rate, as some indicators of the Sustainable
Development Goals have it, divides by the stock and takes a logarithm of the target: it has no answer for zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from stocktake.assessment.findings import UNDETERMINED, Outcome
from stocktake.assessment.margins import bounds
from stocktake.evidence.statements import Statement
from stocktake.register.indicators import Indicator
from stocktake.terms.intervals import Interval

YEAR = Decimal("365.2425")  # days; the mean year of the Gregorian calendar
REACHED, TOWARDS, STANDING, AWAY, UNTOLD = "reached", "towards", "standing", "away", "untold"


@dataclass(frozen=True)
class Rate:
    """Units a year, with bounds; negative falls; None where it cannot be told."""

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Pace:
    """The change between two figures, a year. ``word``: towards, standing, away; untold, with the reason.

    ``change`` is widened by the margin, so that a pace is no more exact than the change that it is made of.
    """

    since: str
    word: str
    reason: str | None
    baseline: Statement | None
    value: Statement | None
    change: Interval | None = None
    days: int = 0

    @property
    def per_year(self) -> Rate | None:
        """Units a year; None where no pace is told."""
        if self.change is None or self.days <= 0:
            return None
        low, best, high = (
            None if n is None else n * YEAR / self.days for n in (self.change.low, self.change.best, self.change.high)
        )
        return Rate(low, best, high)


@dataclass(frozen=True)
class Arrival:
    """When a number is reached at a pace. ``word``: reached, towards, standing, away, untold.

    A day is None where it lies beyond the calendar, or, at the bound of an interval, where there is none.
    """

    since: str
    word: str
    earliest: date | None = None
    best: date | None = None
    latest: date | None = None


_WORDS = {"advanced": TOWARDS, "unchanged": STANDING, "reversed": AWAY}


def pace_of(since: str, outcome: Outcome) -> Pace:
    """The pace of a weighed change: none where the rules cannot tell a change from a revision or from noise."""
    before, after, change = outcome.baseline, outcome.value, outcome.change
    if outcome.verdict == UNDETERMINED or before is None or after is None or change is None:
        return Pace(since, UNTOLD, outcome.reason, before, after)
    margin = outcome.margin.amount if outcome.margin else Decimal(0)
    wide = Interval(
        None if change.low is None else change.low - margin,
        change.best,
        None if change.high is None else change.high + margin,
    )
    days = (after.as_of.first - before.as_of.first).days
    return Pace(since, _WORDS[outcome.verdict or ""], None, before, after, wide, days)


def arrival(pace: Pace, indicator: Indicator, threshold: Interval, falls: bool) -> Arrival:
    """When the stock would be at the number, were it to go on as between the two figures of the pace.

    The earliest day takes the figure nearest to the number at the fastest pace of the interval, the latest the
    opposite.
    """
    if pace.value is not None and (
        threshold.best is None or _distance(bounds(indicator, pace.value), threshold, falls)[2] <= 0
    ):
        return Arrival(pace.since, REACHED)
    if pace.word != TOWARDS or pace.value is None or pace.change is None:
        return Arrival(pace.since, pace.word)
    sign = -1 if falls else 1
    near, middle, far = _distance(bounds(indicator, pace.value), threshold, falls)
    ends = (pace.change.low, pace.change.high) if falls else (pace.change.high, pace.change.low)
    fast, slow = (None if n is None else n * sign for n in ends)
    usual = None if pace.change.best is None else pace.change.best * sign
    start = pace.value.as_of.first
    return Arrival(
        pace.since,
        TOWARDS,
        _on(start, near, fast, pace.days),
        _on(start, middle, usual, pace.days),
        _on(start, far, slow, pace.days),
    )


def required(now: Interval, start: date, threshold: Interval, day: date, falls: bool) -> Rate | None:
    """Units a year, on average, from the latest figure to the number at the date; None where the date is not later."""
    days = (day - start).days
    if days <= 0:
        return None
    sign = -1 if falls else 1
    near, middle, far = (
        max(n, Decimal(0)) * sign * YEAR / days if n.is_finite() else None for n in _distance(now, threshold, falls)
    )
    return Rate(far, middle, near) if falls else Rate(near, middle, far)


_FAR = Decimal("Infinity")


def _distance(now: Interval, threshold: Interval, falls: bool) -> tuple[Decimal, Decimal, Decimal]:
    """How far the stock is from the number: at least, by the best figures, at most; zero or less when it is there."""
    low = now.low if now.low is not None else Decimal(0)
    high = now.high if now.high is not None else _FAR
    best = now.best if now.best is not None else (low + high) / 2
    asked = threshold.best if threshold.best is not None else Decimal(0)
    under = threshold.low if threshold.low is not None else asked
    over = threshold.high if threshold.high is not None else asked
    return (low - over, best - asked, high - under) if falls else (under - high, asked - best, over - low)


def _on(start: date, distance: Decimal, step: Decimal | None, days: int) -> date | None:
    """The day on which so much is gone at ``step`` in so many days; the start where nothing is left to go."""
    if distance <= 0:
        return start
    if step is None or step <= 0 or not distance.is_finite():
        return None
    wanted = (distance * days / step).to_integral_value(ROUND_CEILING)
    if wanted > (date.max - start).days:
        return None
    return start + timedelta(days=int(wanted))
