"""How many items to measure, and what a finished inspection would have found: attribute sampling, in exact rationals.

To divert a goal amount M from items of content x by defects of size gamma, d = ceil(M / (gamma x)) items must be
falsified. A sample of n out of N that holds none of them is missed with probability C(N - d, n) / C(N, n).
Sources: IAEA usual formula n = ceil(N (1 - beta^(1/d))); corrected formula n = ceil((1 - beta^(1/d)) (N - (d - 1) / 2))
(J. Jaech and M. Russell; Journal of the INMM V-44(3)); imperfect identification: each falsified item that is measured
is recognised with probability p, independently of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, lcm, log

from stocktake.verification.errors import ImpossiblePlan

MOST_ITEMS = 1_000_000
MOST_DEFECTS = 3_000  # that imperfect identification is computed for


@dataclass(frozen=True)
class SampleSizes:
    """The least sample by each formula for ``defects`` falsified among ``items``, missed with at most ``beta``."""

    items: int
    defects: int
    beta: Fraction
    exact: int
    usual: int
    corrected: int


@dataclass(frozen=True)
class Measured:
    """``n`` items were measured with an instrument that recognises a falsified one with probability ``p``."""

    n: int
    p: Fraction


def items_to_falsify(goal: Fraction, content: Fraction, defect: Fraction) -> int:
    """d = ceil(M / (gamma x)): how many items hold the goal amount, if the share ``defect`` of each is taken.

    ``goal`` and ``content`` in one unit of mass. Refused where any is not positive, or the share exceeds 1.
    """
    if goal <= 0 or content <= 0:
        raise ImpossiblePlan(f"goal {_plain(goal)} and content {_plain(content)}: give masses above 0, in one unit.")
    if not 0 < defect <= 1:
        raise ImpossiblePlan(f"a defect is a share of an item's content, above 0 and at most 1, not {_plain(defect)}.")
    return ceil(goal / (defect * content))


def sample_sizes(items: int, defects: int, beta: Fraction) -> SampleSizes:
    """The exact sample, and the usual and the corrected formula beside it.

    Raises ImpossiblePlan where there are no such items, more defects than items, or beta is no probability.
    """
    _check(items, defects, beta)
    exact = least(items, lambda n: non_selection(items, defects, n) <= beta)
    usual = least(items, lambda n: _power_at_most(Fraction(items - n, items), defects, beta))
    effective = items - Fraction(defects - 1, 2)
    corrected = least(items, lambda n: _power_at_most(max(1 - n / effective, Fraction(0)), defects, beta))
    return SampleSizes(items, defects, beta, exact, usual, corrected)


def sample_size(items: int, defects: int, beta: Fraction, identification: Fraction) -> int:
    """The least sample that misses ``defects`` with at most ``beta`` when each is recognised with ``identification``.

    Raises ImpossiblePlan where even measuring every item misses them more often.
    """
    _check(items, defects, beta)
    if identification == 1:
        return least(items, lambda n: non_selection(items, defects, n) <= beta)
    if not 0 <= identification < 1:
        raise ImpossiblePlan(f"a probability to recognise a defect is 0 to 1, not {_plain(identification)}.")
    if (1 - identification) ** defects > beta:
        raise ImpossiblePlan(
            f"even all {items:,} items, each falsified one recognised with {_plain(identification)}, leave "
            f"{float((1 - identification) ** defects):.3g} not detected; wanted at most {_plain(beta)}. "
            "Use a better instrument, or a smaller detection probability."
        )
    return least(items, lambda n: 1 - detection_probability(items, defects, [Measured(n, identification)]) <= beta)


def least(most: int, holds: Callable[[int], bool]) -> int:
    """The least n in 0..most for which a claim holds that stays true once it is; it is known to hold for ``most``."""
    if most == 0:
        return 0
    high = 1
    while high < most and not holds(high):
        high *= 2
    low, high = high // 2, min(high, most)
    if low == 0 and holds(0):
        return 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _power_at_most(base: Fraction, exponent: int, bound: Fraction) -> bool:
    """Whether base ** exponent <= bound; exactly, and without a power of millions of digits where logarithms decide."""
    if base <= 0:
        return True
    difference = exponent * log(base) - log(bound)
    if abs(difference) > 1e-9 * (1 + exponent):
        return difference < 0
    return bool(base**exponent <= bound)


def non_selection(items: int, defects: int, n: int) -> Fraction:
    """C(N - d, n) / C(N, n): the probability that a sample of n holds none of d falsified items; exact."""
    small, other = sorted((defects, n))
    if small + other > items:
        return Fraction(0)
    return Fraction(comb(items - other, small), comb(items, small))


def detection_probability(items: int, defects: int, measured: Sequence[Measured]) -> Fraction:
    """The probability that at least one of ``defects`` falsified items is recognised; exact.

    ``measured`` are samples without common items, each with its own instrument.
    """
    if not 0 <= defects <= items:
        raise ImpossiblePlan(f"{defects:,} falsified items do not fit into {items:,}.")
    return 1 - _missed(items, measured, defects, defects)[0]


def non_detection(items: int, most: int, measured: tuple[Measured, ...]) -> tuple[Fraction, ...]:
    """The probabilities that 0, 1, ... ``most`` falsified items all remain unrecognised; exact."""
    return _missed(items, measured, 0, most)


def _missed(items: int, measured: Sequence[Measured], first: int, last: int) -> tuple[Fraction, ...]:
    """For d = first..last the coefficient of z^d in (1 + z)^rest * prod (1 + (1 - p) z)^n, out of C(N, d).

    Which items are falsified is chosen without knowing the sample, so every set of d items is equally likely.
    """
    total = sum(m.n for m in measured)
    if total > items or any(m.n < 0 for m in measured):
        raise ImpossiblePlan(f"{total:,} measured items do not fit into {items:,}.")
    if any(not 0 <= m.p <= 1 for m in measured):
        raise ImpossiblePlan("a probability to recognise a defect is 0 to 1.")
    perfect = sum(m.n for m in measured if m.p == 1)
    imperfect = [m for m in measured if 0 < m.p < 1 and m.n]
    if not imperfect:
        return tuple(non_selection(items, d, perfect) for d in range(first, last + 1))
    if last > MOST_DEFECTS:
        raise ImpossiblePlan(f"imperfect identification is computed for at most {MOST_DEFECTS:,} falsified items.")
    blind = items - perfect - sum(m.n for m in imperfect)
    # Integers throughout: z stands for scale * z, with one common denominator for all instruments.
    scale = lcm(*(m.p.denominator for m in imperfect))
    ways = [comb(blind, k) * scale**k for k in range(min(blind, last) + 1)]
    for m in imperfect:
        unseen = int((1 - m.p) * scale)
        ways = _product(ways, [comb(m.n, k) * unseen**k for k in range(min(m.n, last) + 1)], last)
    ways += [0] * (last + 1 - len(ways))
    return tuple(Fraction(ways[d], comb(items, d) * scale**d) for d in range(first, last + 1))


def _product(one: Sequence[int], other: Sequence[int], degree: int) -> list[int]:
    """Coefficients of the product of two polynomials, up to ``degree``."""
    size = min(len(one) + len(other) - 1, degree + 1)
    return [
        sum(one[k - j] * other[j] for j in range(max(0, k - len(one) + 1), min(k, len(other) - 1) + 1))
        for k in range(size)
    ]


def _check(items: int, defects: int, beta: Fraction) -> None:
    if not 1 <= items <= MOST_ITEMS:
        raise ImpossiblePlan(f"{items:,} items; a stratum has 1 to {MOST_ITEMS:,}.")
    if not 1 <= defects <= items:
        raise ImpossiblePlan(
            f"{defects:,} falsified items among {items:,}: the goal amount does not fit into this stratum, so it "
            "cannot be diverted from it alone. Join it with others, or set a smaller goal."
        )
    if not 0 < beta < 1:
        raise ImpossiblePlan(f"a probability of non-detection lies between 0 and 1, not {_plain(beta)}.")


def _plain(value: Fraction) -> str:
    return f"{float(value):g}"
