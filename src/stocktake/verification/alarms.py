"""What an alarm is worth: thresholds for a wanted false-alarm probability, and the probability to detect a loss.

Under no loss SITMUF is a sequence of independent standard normal numbers, so a threshold depends on the number of
periods only; a loss adds L^-1 loss to it. Both are simulated from a seed, in blocks whose numbers depend on the seed
and the block alone, and are given with their Monte Carlo error. Loss patterns: abrupt (all in one period) and
protracted (in equal parts over all periods). Source: R. Avenhaus and J. Jaech, Journal of the INMM (1981); R. Jones,
ESARDA Bulletin 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from stocktake.verification.balance import Floats
from stocktake.verification.errors import ImpossiblePlan
from stocktake.verification.evaluation import PAGE_K, Evaluation, page, standardise

BLOCK = 5_000  # realisations from one counter
LEAST_REALISATIONS, MOST_REALISATIONS = 1_000, 2_000_000
_NORMAL = NormalDist()

Statistic = Callable[[Floats], Floats]


def _page_peak(sitmuf: Floats) -> Floats:
    return np.asarray(page(sitmuf, PAGE_K).max(axis=-1))


def _sitmuf_peak(sitmuf: Floats) -> Floats:
    return np.asarray(sitmuf.max(axis=-1))


TESTS: dict[str, Statistic] = {"page": _page_peak, "sitmuf": _sitmuf_peak}


@dataclass(frozen=True)
class Threshold:
    """An alarm is a statistic above ``value`` in any period; ``error`` is the standard error of the probability."""

    test: str
    value: float
    false_alarm: float
    error: float


@dataclass(frozen=True)
class Detection:
    """The probability that a test alarms at a loss, with its Monte Carlo standard error (0 where it is exact)."""

    test: str
    pattern: str
    period: int | None
    probability: float
    error: float


@dataclass(frozen=True)
class Alarms:
    """The tests of one evaluation: thresholds, which of them are passed, and what they would detect."""

    false_alarm: float
    realisations: int
    seed: int
    thresholds: tuple[Threshold, ...]
    passed: tuple[str, ...]
    loss: float | None
    detections: tuple[Detection, ...]


def sequences(seed: int, realisations: int, periods: int) -> Iterator[Floats]:
    """Blocks of independent standard normal sequences; a block's numbers depend on ``seed`` and its index alone."""
    for block, first in enumerate(range(0, realisations, BLOCK)):
        rows = min(BLOCK, realisations - first)
        generator = np.random.Generator(np.random.Philox(key=np.array([seed, block], dtype=np.uint64)))
        yield generator.standard_normal((BLOCK, periods))[:rows]


def thresholds(periods: int, false_alarm: float, *, seed: int, realisations: int) -> tuple[Threshold, ...]:
    """For each test the value that its peak over all periods exceeds with probability ``false_alarm``.

    Page and SITMUF by simulation; the last CUMUF, one-sided, in standard deviations, exactly. Raises ImpossiblePlan
    where the simulation has too few realisations for the probability.
    """
    if not 0 < false_alarm < 1:
        raise ImpossiblePlan(f"a false-alarm probability lies between 0 and 1, not {false_alarm:g}. Usual is 0.05.")
    if not LEAST_REALISATIONS <= realisations <= MOST_REALISATIONS:
        raise ImpossiblePlan(f"{realisations:,} realisations; give {LEAST_REALISATIONS:,} to {MOST_REALISATIONS:,}.")
    if realisations * min(false_alarm, 1 - false_alarm) < 20:
        raise ImpossiblePlan(
            f"{realisations:,} realisations hold fewer than 20 false alarms of probability {false_alarm:g}; give more."
        )
    peaks: dict[str, list[Floats]] = {name: [] for name in TESTS}
    for block in sequences(seed, realisations, periods):
        for name, statistic in TESTS.items():
            peaks[name].append(statistic(block))
    error = (false_alarm * (1 - false_alarm) / realisations) ** 0.5
    simulated = tuple(
        Threshold(name, float(np.quantile(np.concatenate(found), 1 - false_alarm)), false_alarm, error)
        for name, found in peaks.items()
    )
    return (*simulated, Threshold("cumuf", _NORMAL.inv_cdf(1 - false_alarm), false_alarm, 0.0))


def assess(evaluation: Evaluation, *, false_alarm: float, loss: float | None, seed: int, realisations: int) -> Alarms:
    """Set the thresholds, see which are passed, and say what a loss of ``loss`` (mass) would have done to each test."""
    periods = evaluation.balance.periods
    # Thresholds and detection use different numbers, so that an error in one is not repeated in the other.
    limits = thresholds(periods, false_alarm, seed=seed, realisations=realisations)
    observed = {
        "page": float(evaluation.page.max()),
        "sitmuf": float(evaluation.sitmuf.max()),
        "cumuf": float(evaluation.cumuf[-1] / evaluation.sigma_cumuf[-1]),
    }
    passed = tuple(t.test for t in limits if observed[t.test] > t.value)
    found = (
        () if loss is None else tuple(detections(evaluation, limits, loss, seed=seed + 1, realisations=realisations))
    )
    return Alarms(false_alarm, realisations, seed, limits, passed, loss, found)


def detections(
    evaluation: Evaluation, limits: tuple[Threshold, ...], loss: float, *, seed: int, realisations: int
) -> Iterator[Detection]:
    """Abrupt loss in the period where it is seen least and in that where it is seen best, and protracted loss."""
    if not (np.isfinite(loss) and loss > 0):
        raise ImpossiblePlan(f"a loss is a positive mass, not {loss:g}.")
    periods = evaluation.balance.periods
    in_one = standardise(evaluation.cholesky, np.eye(periods) * loss).T
    seen = (in_one**2).sum(axis=1)
    least, best = int(seen.argmin()), int(seen.argmax())
    patterns: list[tuple[str, int | None, Floats]] = [("abrupt, seen least", least, in_one[least])]
    if best != least:
        patterns.append(("abrupt, seen best", best, in_one[best]))
    if periods > 1:
        patterns.append(("protracted", None, in_one.mean(axis=0)))
    counts = {(t.test, name): 0 for t in limits for name, _, _ in patterns}
    for block in sequences(seed, realisations, periods):
        for name, _, shift in patterns:
            for t in limits:
                if t.test in TESTS:
                    counts[t.test, name] += int((TESTS[t.test](block + shift) > t.value).sum())
    exact = 1 - _NORMAL.cdf(_NORMAL.inv_cdf(1 - limits[0].false_alarm) - loss / float(evaluation.sigma_cumuf[-1]))
    for name, period, _ in patterns:
        for t in limits:
            if t.test in TESTS:
                p = counts[t.test, name] / realisations
                yield Detection(t.test, name, period, p, (p * (1 - p) / realisations) ** 0.5)
            else:
                yield Detection(t.test, name, period, exact, 0.0)


def to_json(alarms: Alarms) -> dict[str, object]:
    return {
        "false_alarm": alarms.false_alarm,
        "realisations": alarms.realisations,
        "seed": alarms.seed,
        "thresholds": [vars(t) for t in alarms.thresholds],
        "alarms": list(alarms.passed),
        "loss": alarms.loss,
        "detection": [vars(d) for d in alarms.detections],
    }
