"""Figures set against fixed numbers, many at once: reached, short, or not to be told from the figures.

A figure reaches a number when its whole interval does, the margin on top; the best figure alone decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

import numpy as np

from stocktake.assessment.findings import Margin
from stocktake.assessment.judging import exact, flags, highs, lows
from stocktake.assessment.margins import bounds, largest_revision
from stocktake.evidence.statements import Statement
from stocktake.register.benchmarks import OwnMargin
from stocktake.register.indicators import Indicator
from stocktake.register.policy import Rules
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import Verification


class Level(IntEnum):
    """How a figure stands to a number. ``NEAR``: its interval decides, but by less than the margin."""

    REACHED = 0
    SHORT = 1
    NEAR = 2
    OPEN = 3


@dataclass(frozen=True)
class Reading:
    """A figure and the number that it is set against, both in the unit of the figure.

    ``strictly``: the number itself does not do, as where less than the baseline is asked.
    """

    figure: Statement
    interval: Interval
    threshold: Interval
    margin: Margin
    falls: bool
    strictly: bool = False


def compare(readings: Sequence[Reading]) -> list[Level]:
    """The answer of each reading, in their order; no reading looks at another one."""
    low, high = lows([r.interval.low for r in readings]), highs([r.interval.high for r in readings])
    under, over = lows([r.threshold.low for r in readings]), highs([r.threshold.high for r in readings])
    margin = exact([r.margin.amount for r in readings], Decimal(0))
    falls, strictly = flags([r.falls for r in readings]), flags([r.strictly for r in readings])
    # What has to be crossed, seen from the side on which the figure must end: how far the worst of it is beyond.
    beyond = np.where(falls, under - high, low - over)
    before = np.where(falls, low - over, under - high)
    reached = np.where(strictly, beyond > margin, beyond >= margin).astype(bool)
    short = np.where(strictly, before >= margin, before > margin).astype(bool)
    near = (beyond >= 0).astype(bool) | (before > 0).astype(bool)
    codes = np.select([reached, short, near], [Level.REACHED, Level.SHORT, Level.NEAR], default=Level.OPEN)
    return [Level(int(code)) for code in codes]


def margin_of_level(
    indicator: Indicator, figure: Statement, usable: Iterable[Statement], rules: Rules, own: OwnMargin | None
) -> Margin:
    """How far beyond a number a figure must lie to count, in the unit of the figure.

    The author's own margin, with its reason, comes first. A limit is moved by decision and has none. Then as for a
    change: the largest revision of this speaker; half the unit to which a declared figure is rounded (none where it is
    rounded to one: a count is exact); else a share that is ours.
    """
    interval = bounds(indicator, figure)
    size = next(n for n in (interval.best, interval.low, interval.high) if n is not None)
    if own is not None:
        return Margin(own.amount if own.amount is not None else (own.share or Decimal(0)) * size, "stated")
    if indicator.ceiling:
        return Margin(Decimal(0), "limit")
    if figure.verification in (Verification.DECLARED, Verification.VERIFIED):
        unit = indicator.rounding if indicator.rounding is not None else Decimal(1)
        return Margin(unit / 2 if unit > 1 else Decimal(0), "rounding")
    revision = largest_revision(s for s in usable if s.speaker == figure.speaker)
    if revision is not None:
        return Margin(revision[0] * size, "revision")
    return Margin(rules.own_margin * size, "own")
