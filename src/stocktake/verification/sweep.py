"""Many histories of one balance area: simulated, measured and evaluated, each with the covariance that it would have.

The input's values are taken as true. A realisation draws every error, observes what follows, propagates the covariance
at what it observed, and transforms: as the evaluation of one history does, for all of them at once. Realisations come
in blocks of a fixed size; the numbers of a block depend on the seed and on its index (Philox, counter-based:
J. Salmon et al., SC11), so that the result is the same, bit for bit, for any number of workers and any batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from stocktake.verification.alarms import TESTS, Threshold
from stocktake.verification.balance import Balance, Floats, Integers
from stocktake.verification.errors import ImpossiblePlan, SingularCovariance
from stocktake.verification.evaluation import PAGE_K, page
from stocktake.verification.shares import Account, accounts_of

BLOCK = 50  # realisations; part of the result: another size gives other numbers
MOST_REALISATIONS = 1_000_000
MOST_PERIODS = 500  # a block holds a covariance for each realisation
MOST_CARRIED = 1_000_000


@dataclass(frozen=True, eq=False)
class Sweep:
    """Realisations x periods of MUF (mass), SITMUF (standard deviations) and Page's statistic."""

    muf: Floats
    sitmuf: Floats
    page: Floats


@dataclass(frozen=True)
class Behaviour:
    """How SITMUF and the simulated tests behave in histories without loss, for this very measurement system."""

    realisations: int
    sitmuf_deviation: float
    sitmuf_lag: float | None  # correlation of neighbours; None where there is one period only
    alarms: dict[str, float]  # how often each test was passed


def behaviour_of(found: Sweep, limits: tuple[Threshold, ...]) -> Behaviour:
    """Summarise a sweep; SITMUF should have standard deviation 1 and no correlation about a mean for each period.

    The values of the input are taken as true, so a MUF in them is in every history: it is taken out before a test.
    """
    centred = found.sitmuf - found.sitmuf.mean(axis=0)
    one, other = centred[:, :-1].ravel(), centred[:, 1:].ravel()
    lag = float(np.corrcoef(one, other)[0, 1]) if centred.shape[1] > 1 and len(centred) > 1 else None
    alarms = {t.test: float((TESTS[t.test](centred) > t.value).mean()) for t in limits if t.test in TESTS}
    return Behaviour(len(centred), float(centred.std()), lag, alarms)


@dataclass(frozen=True, eq=False)
class _Sum:
    """Adds the columns of a matrix that share a target: columns in the order of the targets, then one sum a target."""

    order: Integers | None
    starts: Integers
    targets: Integers

    @classmethod
    def over(cls, targets: Integers) -> _Sum:
        ordered = bool((np.diff(targets) >= 0).all())
        order = None if ordered else np.argsort(targets, kind="stable")
        found, starts = np.unique(targets if order is None else targets[order], return_index=True)
        return cls(order, starts, found)

    def __call__(self, columns: Floats) -> Floats:
        """One column a target."""
        if self.order is not None:
            columns = columns[:, self.order]
        if len(self.starts) == columns.shape[1]:
            return columns
        return np.asarray(np.add.reduceat(columns, self.starts, axis=1))


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Rows of random shares of one draw, some distance apart, and the two periods that they join."""

    one: Integers
    other: Integers
    sum: _Sum


@dataclass(frozen=True, eq=False)
class _Plan:
    """What can be known of an account before anything is drawn."""

    account: Account
    draws: tuple[int, int]
    by_period: _Sum
    by_random: _Sum
    by_systematic: _Sum
    pairs: tuple[_Pairs, ...]
    column: int  # of the first systematic draw, among those of all accounts


def sweep(balance: Balance, realisations: int, *, seed: int, workers: int = 1, batch: int = 1) -> Sweep:
    """Simulate and evaluate; ``batch`` blocks are handed to a worker at a time.

    Raises SingularCovariance where the errors of some history leave nothing to test.
    """
    if not 1 <= realisations <= MOST_REALISATIONS or workers < 1 or batch < 1:
        raise ImpossiblePlan(
            f"{realisations:,} realisations, {workers} workers: give 1 to {MOST_REALISATIONS:,}, and 1 up."
        )
    plans, columns = _plans(accounts_of(balance), balance.periods)
    if balance.periods > MOST_PERIODS or columns * balance.periods > MOST_CARRIED:
        raise ImpossiblePlan(
            f"{balance.periods:,} periods with {columns:,} calibrations are too many to simulate at once; at most "
            f"{MOST_PERIODS:,} periods, and {MOST_CARRIED:,} of both multiplied. Simulate a part of the run."
        )
    muf = np.empty((realisations, balance.periods))
    sitmuf = np.empty_like(muf)
    blocks = -(-realisations // BLOCK)

    def work(first: int) -> None:
        for block in range(first, min(first + batch, blocks)):
            rows = slice(block * BLOCK, min((block + 1) * BLOCK, realisations))
            size = rows.stop - rows.start
            generator = np.random.Generator(np.random.Philox(key=np.array([seed, block], dtype=np.uint64)))
            observed, covariance = _observed(plans, columns, balance.periods, generator)
            muf[rows] = observed[:size]
            sitmuf[rows] = _standardised(covariance, observed)[:size]

    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, range(0, blocks, batch)):
            pass
    return Sweep(muf, sitmuf, page(sitmuf, PAGE_K))


def _plans(accounts: tuple[Account, ...], periods: int) -> tuple[list[_Plan], int]:
    found, column = [], 0
    for account in accounts:
        atoms = account.atoms
        draws = tuple(int(d.max()) + 1 if len(d) else 0 for d in (atoms.random, atoms.systematic))
        by_random = _Sum.over(atoms.random * periods + atoms.period)
        draw, period = by_random.targets // periods, by_random.targets % periods
        pairs = tuple(_pairs(draw, period, periods)) if account.errors.random else ()
        by_systematic = _Sum.over(atoms.systematic * periods + atoms.period)
        found.append(
            _Plan(account, (draws[0], draws[1]), _Sum.over(atoms.period), by_random, by_systematic, pairs, column)
        )
        column += draws[1]
    return found, column


def _pairs(draw: Integers, period: Integers, periods: int) -> Iterator[_Pairs]:
    for distance in range(len(draw)):
        one = np.flatnonzero(draw[: len(draw) - distance] == draw[distance:]).astype(np.int64)
        if not len(one):
            return
        yield _Pairs(one, one + distance, _Sum.over(period[one] * periods + period[one + distance]))


def _observed(plans: list[_Plan], columns: int, periods: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """MUF of a block of realisations, and the covariance of each at its observed values."""
    muf = np.zeros((BLOCK, periods))
    covariance = np.zeros((BLOCK, periods * periods))
    carried = np.zeros((BLOCK, columns, periods))  # mass of a period on a systematic draw, times its deviation
    for plan in plans:
        account, atoms = plan.account, plan.account.atoms
        muf += account.masses
        if not len(atoms.mass):
            continue
        random = generator.standard_normal((BLOCK, plan.draws[0]))
        random *= account.errors.random
        systematic = account.errors.systematic * generator.standard_normal((BLOCK, plan.draws[1]))
        error = random if len(atoms.random) == plan.draws[0] else random[:, atoms.random]
        error += systematic if plan.draws[1] == 1 else systematic[:, atoms.systematic]
        error *= atoms.mass
        muf[:, plan.by_period.targets] += plan.by_period(error)
        observed = error
        observed += atoms.mass
        rows = plan.by_systematic.targets
        place = (rows // periods + plan.column) * periods + rows % periods
        carried.reshape(BLOCK, -1)[:, place] = account.errors.systematic * plan.by_systematic(observed)
        shares = plan.by_random(observed)
        for pair in reversed(plan.pairs):  # the last one, a row with itself, may use up the shares
            own = pair.one[0] == pair.other[0]
            product = np.square(shares, out=shares) if own else shares[:, pair.one] * shares[:, pair.other]
            found = account.errors.random**2 * pair.sum(product)
            covariance[:, pair.sum.targets] += found
            if not own:
                mirrored = pair.sum.targets % periods * periods + pair.sum.targets // periods
                covariance[:, mirrored] += found
    square = covariance.reshape(BLOCK, periods, periods)
    square += carried.transpose(0, 2, 1) @ carried
    return muf, square


def _standardised(covariance: Floats, muf: Floats) -> Floats:
    """L^-1 m for each realisation, by forward substitution over all of them at once."""
    try:
        lower = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        raise SingularCovariance(
            "the covariance of MUF is singular in a simulated history. Give random errors to the locations."
        ) from None
    found = np.empty_like(muf)
    for i in range(muf.shape[1]):
        known = np.matmul(lower[:, None, i, :i], found[:, :i, None])[:, 0, 0]
        found[:, i] = (muf[:, i] - known) / lower[:, i, i]
    return found
