"""Many changes judged at once: columns of intervals and margins in, one answer a row out.

The rule is that of docs/rules.md, "Change: reduce or limit". It is written once, for columns; a single question is a
column of one. Columns of Decimal give exact answers at the margin itself; columns of float64 serve for draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stocktake.assessment.findings import CONTRADICT, REVISED, UNDETERMINED, WITHIN

# What a row of a judgement can say; its code is the place in this table.
ANSWERS: tuple[tuple[str, str | None], ...] = (
    ("advanced", None),
    ("unchanged", None),
    ("reversed", None),
    (UNDETERMINED, WITHIN),
    (UNDETERMINED, REVISED),
    (UNDETERMINED, CONTRADICT),
)
_ADVANCED, _UNCHANGED, _REVERSED, _WITHIN, _REVISED, _CONTRADICT = range(len(ANSWERS))

Figures = NDArray[Any]  # of Decimal or of float64
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Changes:
    """Columns of equal length: the interval of change, the margin, and what else the rule asks.

    ``low`` and ``high`` are minus and plus infinity on an open side; ``best`` counts only where ``has_best``. All four
    are in the unit of the series. ``falls`` says whether the duty is to go down. ``supported`` and ``opposed``: whether
    somebody independent seconds or contradicts the direction; they count only where the pair is not ``comparable``.
    """

    low: Figures
    best: Figures
    high: Figures
    margin: Figures
    has_best: Flags
    falls: Flags
    comparable: Flags
    supported: Flags
    opposed: Flags


def judge(changes: Changes) -> NDArray[np.uint8]:
    """The code of each row's answer in ``ANSWERS``. No row looks at another one."""
    c = changes
    down = _true(c.high < -c.margin)
    up = _true(c.low > c.margin)
    beyond = down | up
    within = _true(c.low >= -c.margin) & _true(c.high <= c.margin)
    moved = np.where(down == c.falls, _ADVANCED, _REVERSED)
    same = c.has_best & _true(c.best == 0)
    return np.select(
        [
            c.comparable & beyond,
            c.comparable & within,
            c.comparable,
            c.opposed & (same | (beyond & c.supported)),
            same & within,
            beyond & c.supported,
            same | ~c.has_best,
        ],
        [moved, _UNCHANGED, _WITHIN, _CONTRADICT, _UNCHANGED, moved, _WITHIN],
        default=_REVISED,
    ).astype(np.uint8)


_LEAST, _MOST = Decimal("-Infinity"), Decimal("Infinity")


def _true(compared: Any) -> Flags:
    """Comparisons of Decimals come as objects."""
    return np.asarray(compared, dtype=bool)


def exact(values: Sequence[Decimal | None], missing: Decimal) -> Figures:
    """A column of Decimals, ``missing`` where there is none."""
    column = np.empty(len(values), dtype=object)
    column[:] = [missing if v is None else v for v in values]
    return column


def lows(values: Sequence[Decimal | None]) -> Figures:
    """Lower bounds, open ones at minus infinity."""
    return exact(values, _LEAST)


def highs(values: Sequence[Decimal | None]) -> Figures:
    """Upper bounds, open ones at plus infinity."""
    return exact(values, _MOST)


def flags(values: Sequence[bool]) -> Flags:
    return np.array(values, dtype=bool)
