"""Numbers as they are stated: a point, a range, a ceiling, a floor."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stocktake.terms.problems import InvalidTerm


@dataclass(frozen=True)
class Interval:
    """Bounds of a stated number; ``None`` is an open side, and ``best`` is None where nobody gave one.

    A ceiling has only ``high``, a floor only ``low``: neither is a number, and neither is ever read as one.

    >>> Interval.point(Decimal(600)) - Interval.point(Decimal(350))
    Interval(low=Decimal('250'), best=Decimal('250'), high=Decimal('250'))
    """

    low: Decimal | None
    best: Decimal | None
    high: Decimal | None

    def __post_init__(self) -> None:
        given = [n for n in (self.low, self.best, self.high) if n is not None]
        if not given:
            raise InvalidTerm("an interval needs at least one of low, best, high")
        if not all(n.is_finite() for n in given):
            raise InvalidTerm(f"an interval needs finite numbers, not {', '.join(map(str, given))}")
        if given != sorted(given):
            raise InvalidTerm(f"an interval needs low <= best <= high, not {', '.join(map(str, given))}")

    @classmethod
    def point(cls, value: Decimal) -> Interval:
        return cls(value, value, value)

    @property
    def is_closed(self) -> bool:
        return self.low is not None and self.high is not None

    def __sub__(self, other: Interval) -> Interval | None:
        """The change from ``other`` to this, in the same unit; None when nothing at all can be said of it."""
        low = None if self.low is None or other.high is None else self.low - other.high
        high = None if self.high is None or other.low is None else self.high - other.low
        best = None if self.best is None or other.best is None else self.best - other.best
        return None if low is best is high is None else Interval(low, best, high)
