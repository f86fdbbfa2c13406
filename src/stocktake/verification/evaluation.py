"""Evaluation of a run of material balances: MUF, its covariance, and the sequences that are tested.

MUF = (opening + receipts) - (closing + shipments): positive when material is missing from the physical inventory.
Sources: IAEA Safeguards Glossary ("material unaccounted for"); covariance: T. Burr et al. 2013; SITMUF: R. Picard,
Journal of the INMM 15 (1987); GEMUF: R. Seifert; Page: E. S. Page, Biometrika 41 (1954), and R. Jones, ESARDA Bull. 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stocktake.verification.balance import Balance, Floats, Measurement, Stratum, Stream, Transfers
from stocktake.verification.errors import SingularCovariance
from stocktake.verification.shares import accounts_of, covariance_of

PAGE_K = 0.5
LEAST_PIVOT = 1e-12  # of a variance: what is left after its neighbours is rounding, not measurement


@dataclass(frozen=True, eq=False)
class Contribution:
    """One location's part of each MUF and of each variance of MUF, in mass and mass squared a period."""

    location: str
    stratum: Stratum
    masses: Floats
    random: Floats
    systematic: Floats
    source: str | None


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All sequences have one value a period, in the balance's unit of mass or in standard deviations.

    ``gemuf_v5b3`` is None for the first and last two periods, where its window does not fit.
    """

    balance: Balance
    muf: Floats
    covariance: Floats
    cholesky: Floats
    sitmuf: Floats
    gemuf_v1: Floats
    gemuf_v5b3: tuple[float | None, ...]
    page: Floats
    contributions: tuple[Contribution, ...]
    notes: tuple[str, ...]

    @property
    def cumuf(self) -> Floats:
        return np.cumsum(self.muf)

    @property
    def sigma_muf(self) -> Floats:
        return np.sqrt(np.diag(self.covariance))

    @property
    def sigma_cumuf(self) -> Floats:
        """Standard deviation of MUF summed over periods 0..p: the sum of the leading block of the covariance."""
        blocks = np.cumsum(np.cumsum(self.covariance, axis=0), axis=1)
        return np.sqrt(np.maximum(np.diag(blocks), 0.0))


def evaluate(balance: Balance) -> Evaluation:
    """Evaluate every period; the covariance is taken at the observed values.

    Raises SingularCovariance where some combination of the balances has no error left, so that it cannot be tested.
    """
    accounts = accounts_of(balance)
    muf, covariance = np.zeros(balance.periods), np.zeros((balance.periods, balance.periods))
    contributions = []
    for account in accounts:
        random = account.errors.random**2 * covariance_of(account.random, balance.periods)
        systematic = account.errors.systematic**2 * covariance_of(account.systematic, balance.periods)
        muf += account.masses
        covariance += random + systematic
        contributions.append(
            Contribution(
                account.location,
                account.stratum,
                account.masses,
                np.diag(random).copy(),
                np.diag(systematic).copy(),
                account.errors.source,
            )
        )
    cholesky = factor(covariance, balance)
    sitmuf = standardise(cholesky, muf)
    return Evaluation(
        balance,
        muf,
        covariance,
        cholesky,
        sitmuf,
        np.cumsum(sitmuf**2),
        gemuf_v5b3(cholesky, muf, sitmuf),
        page(sitmuf, PAGE_K),
        tuple(contributions),
        (*_notes(balance), *balance.notes),
    )


def factor(covariance: Floats, balance: Balance) -> Floats:
    """The lower Cholesky factor L of the covariance of MUF, K = L L'."""
    variances = np.diag(covariance)
    if not np.isfinite(covariance).all():
        raise SingularCovariance(
            f"the covariance of MUF is not finite: a mass is too large for its unit ({balance.mass_unit}). "
            "Give masses in a larger unit."
        )
    certain = np.flatnonzero(variances <= 0)
    if len(certain):
        raise SingularCovariance(
            f"the covariance of MUF is singular: {_periods(certain, balance)} measured without any error, so its MUF "
            "cannot be tested. Give a random error to at least one location that has material in each period."
        )
    try:
        lower = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        lower = None
    if lower is None or (np.diag(lower) ** 2 < LEAST_PIVOT * variances).any():
        raise SingularCovariance(
            "the covariance of MUF is singular: some periods' errors follow wholly from those of other periods (only "
            "systematic errors, shared by several periods?). Give random errors to locations, or test fewer periods."
        )
    return np.asarray(lower)


def _periods(which: Sequence[int] | np.ndarray[tuple[int, ...], np.dtype[np.intp]], balance: Balance) -> str:
    named = [f"[{balance.boundaries[i]:g}, {balance.boundaries[i + 1]:g})" for i in which[:3]]
    more = f" and {len(which) - 3} more" if len(which) > 3 else ""
    return (
        ("period " if len(which) == 1 else "periods ")
        + ", ".join(named)
        + more
        + (" is" if len(which) == 1 else " are")
    )


def standardise(cholesky: Floats, values: Floats) -> Floats:
    """L^-1 m by forward substitution: under no loss, independent with standard deviation 1 (SITMUF).

    ``values`` may have several columns, each a sequence.
    """
    found = np.zeros(values.shape)
    for i in range(len(values)):
        found[i] = (values[i] - cholesky[i, :i] @ found[:i]) / cholesky[i, i]
    return found


def gemuf_v5b3(cholesky: Floats, muf: Floats, sitmuf: Floats) -> tuple[float | None, ...]:
    """As GEMUF V1, m' K^-1 m, with the left m smoothed over five periods with weights 1, 1, 3, 1, 1 (of 7)."""
    smooth = np.zeros(len(muf))
    if len(muf) > 4:
        smooth[2:-2] = (muf[:-4] + muf[1:-3] + 3 * muf[2:-2] + muf[3:-1] + muf[4:]) / 7
    sums = np.cumsum(standardise(cholesky, smooth) * sitmuf)
    return tuple(float(sums[p]) if 2 <= p < len(muf) - 2 else None for p in range(len(muf)))


def page(sitmuf: Floats, k: float) -> Floats:
    """P = max(P_before + SITMUF - k, 0), from 0; along the last axis, so that realisations may stand before it."""
    found = np.empty_like(sitmuf)
    level = np.zeros(sitmuf.shape[:-1])
    for i in range(sitmuf.shape[-1]):
        level = np.maximum(level + sitmuf[..., i] - k, 0.0)
        found[..., i] = level
    return found


def _notes(balance: Balance) -> list[str]:
    """Choices of the model that change the numbers, in words."""
    said = [
        "The opening inventory is taken as exact."
        if balance.opening_is_exact
        else "The opening inventory is measured: its errors are in the first balance."
    ]
    of = {
        Measurement.PER_TRANSFER: "one random error a transfer",
        Measurement.PER_PERIOD: "one random error a period",
        Measurement.PER_SAMPLE: "one random error a rate sample",
    }
    for measurement, words in of.items():
        named = [f"{f.stratum} {f.location}" for f in balance.flows if f.measurement is measurement]
        if named:
            said.append(f"Declared: {words} for {', '.join(named)}.")
    outside = sum(
        int(((f.times < balance.boundaries[0]) | (f.times >= balance.boundaries[-1])).sum())
        for f in balance.flows
        if isinstance(f, Transfers)
    )
    if outside:
        said.append(f"{outside} transfer(s) lie outside the periods and are not counted; periods are half-open.")
    if any(isinstance(f, Stream) for f in balance.flows):
        said.append("Rates are integrated by the trapezoid rule, linear between samples, both boundaries included.")
    return [*said, "Covariance at the observed values. A sequence without an alarm does not prove the absence of loss."]
