"""How large a change must be to count, and how far the figures could be wrong before it does not."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from stocktake.assessment.findings import Margin
from stocktake.evidence.statements import Statement
from stocktake.register.indicators import Indicator
from stocktake.register.policy import Rules
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import Verification


def bounds(indicator: Indicator, statement: Statement) -> Interval:
    """The stated interval; a ceiling is compared with a ceiling, and only where the indicator is about limits."""
    interval = statement.interval
    assert interval is not None
    if indicator.ceiling and interval.high is not None:
        return Interval.point(interval.high)
    return interval


def tolerance(before: Interval, after: Interval) -> Decimal | None:
    """The share x by which both figures must err, in opposite directions, to be equal: a (1 + x) = b (1 - x).

    For stocks, which are never negative; None where there is no best figure or both are zero.

    >>> round(tolerance(Interval.point(Decimal(350)), Interval.point(Decimal(600))), 3)
    Decimal('0.263')
    """
    a, b = before.best, after.best
    if a is None or b is None or a + b <= 0:
        return None
    return abs(b - a) / (a + b)


def margin_of(
    indicator: Indicator, baseline: Statement, value: Statement, usable: Iterable[Statement], rules: Rules
) -> tuple[Margin, list[Statement]]:
    """How large a change must be to count, and the statements that show it.

    The largest revision that an estimator has made to the same figures; else half the unit to which a declared figure
    is rounded; else a share of the baseline that is ours. A published error enters through the interval of change.
    """
    before = bounds(indicator, baseline)
    # Of a range the low end: a wider range must not earn a wider margin.
    size = next(abs(n) for n in (before.best, before.low, before.high) if n is not None)
    revision = revision_that_counts(indicator, baseline.speaker, usable, rules)
    if revision is not None:
        share, pair_of_rows = revision
        return Margin(share * size, "revision"), list(pair_of_rows)
    if indicator.rounding is not None and value.verification in (Verification.DECLARED, Verification.VERIFIED):
        return Margin(indicator.rounding / 2, "rounding"), []
    return Margin(rules.own_margin * size, "own"), []


def revision_that_counts(
    indicator: Indicator, speaker: str, usable: Iterable[Statement], rules: Rules
) -> tuple[Decimal, tuple[Statement, Statement]] | None:
    """The largest revision of an estimator; from version 2 of the rules on, none of a State's own figures.

    A State could otherwise narrow its margin by hiding one edition, and so turn an answer.
    """
    if rules.own_revisions_widen_nothing and indicator.speakers == "self":
        return None
    return largest_revision(s for s in usable if s.speaker == speaker)


def largest_revision(statements: Iterable[Statement]) -> tuple[Decimal, tuple[Statement, Statement]] | None:
    """The largest relative difference between two vintages of one figure, as a share of the larger of the two."""
    by_date: dict[str, list[Statement]] = {}
    for s in statements:
        if s.best is not None and s.vintage is not None:
            by_date.setdefault(str(s.as_of), []).append(s)
    found: list[tuple[Decimal, tuple[Statement, Statement]]] = []
    for rows in (several for several in by_date.values() if len(several) > 1):
        low = min(rows, key=lambda s: (s.best or Decimal(0), s.id))
        high = max(rows, key=lambda s: (s.best or Decimal(0), s.id))
        if low.best is not None and high.best and low.vintage != high.vintage and low.best != high.best:
            found.append(((high.best - low.best) / high.best, (low, high)))
    return max(found, key=lambda f: (f[0], f[1][0].id), default=None)
