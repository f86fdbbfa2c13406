"""Which mass of which balance rides on which draw of an error.

Everything that a balance needs of the error model is one table: draw d carries mass m of balance p. A transfer's random
error carries its mass into one balance; a boundary inventory's carries it out of one balance and into the next; a rate
sample at a boundary carries a part of two integrals; a calibration carries all that was measured under it. The
covariance of two balances is then sd^2 times the sum, over the draws, of the products of the masses. Simulation draws
one normal number for each draw and adds up the same table, so that propagation and simulation cannot disagree on what
is shared.

Source: multiplicative error model with random and systematic parts (T. Burr et al., EPJ Nuclear Sci. Technol. 2, 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stocktake.verification.balance import (
    Balance,
    Floats,
    Integers,
    Inventory,
    Measurement,
    RelativeErrors,
    Stratum,
    Stream,
    Transfers,
)


@dataclass(frozen=True, eq=False)
class Shares:
    """Rows (draw, period, signed mass), each pair once, by draw and then by period."""

    draw: Integers
    period: Integers
    mass: Floats


@dataclass(frozen=True, eq=False)
class Atoms:
    """The finest rows: mass of one period that rides on one draw of each error. Each triple once, in order of draws."""

    random: Integers
    systematic: Integers
    period: Integers
    mass: Floats


@dataclass(frozen=True, eq=False)
class Account:
    """One location's part of every balance: its signed mass a period, and the atoms that carry errors.

    The two differ where a mass is exact: an exact opening inventory is in ``masses`` only.
    """

    location: str
    stratum: Stratum
    errors: RelativeErrors
    masses: Floats
    atoms: Atoms

    @property
    def random(self) -> Shares:
        return _shares(self.atoms.random, self.atoms.period, self.atoms.mass, len(self.masses))

    @property
    def systematic(self) -> Shares:
        return _shares(self.atoms.systematic, self.atoms.period, self.atoms.mass, len(self.masses))


def accounts_of(balance: Balance) -> tuple[Account, ...]:
    """One account a location, in the order of the input; its masses sum to MUF over all accounts."""
    flows = (
        _of_transfers(f, balance.boundaries) if isinstance(f, Transfers) else _of_stream(f, balance.boundaries)
        for f in balance.flows
    )
    stocks = (_of_inventory(i, balance.boundaries, balance.opening_is_exact) for i in balance.inventories)
    return (*flows, *stocks)


def covariance_of(shares: Shares, periods: int) -> Floats:
    """Sum over draws of the products of the masses that ride on them, in mass squared, periods x periods.

    Rows are ordered by draw, so that two rows of one draw are some distance apart: one pass a distance.
    """
    found = np.zeros((periods, periods))
    for distance in range(len(shares.draw)):
        same = np.flatnonzero(shares.draw[: len(shares.draw) - distance] == shares.draw[distance:])
        if not len(same):
            break
        one, other = shares.period[same], shares.period[same + distance]
        product = shares.mass[same] * shares.mass[same + distance]
        np.add.at(found, (one, other), product)
        if distance:
            np.add.at(found, (other, one), product)
    return found


def period_of(times: Floats, boundaries: Floats) -> Integers:
    """Index of the half-open period of each time: -1 before the first, the number of periods at or after the end."""
    return np.searchsorted(boundaries, times, side="right").astype(np.int64) - 1


def calibration_of(times: Floats, origin: float, period: float | None) -> Integers:
    """Index of the half-open calibration period of each time, counted from ``origin``."""
    if period is None:
        return np.zeros(len(times), dtype=np.int64)
    exact = (times - origin) / period
    whole = np.round(exact)
    near = np.abs(exact - whole) <= 1e-9  # 0.3 / 0.1 is 2.9999999999999996
    return np.where(near, whole, np.floor(exact)).astype(np.int64)


def _sign(stratum: Stratum) -> float:
    return -1.0 if stratum is Stratum.SHIPMENT else 1.0


def _shares(draw: Integers, period: Integers, mass: Floats, periods: int) -> Shares:
    """Sum the masses of each pair of draw and period."""
    pairs, place = np.unique(draw * periods + period, return_inverse=True)
    return Shares(pairs // periods, pairs % periods, _sums(place, mass, len(pairs)))


def _account(
    flow: Transfers | Stream | Inventory, stratum: Stratum, masses: Floats, draws: tuple[Integers, Integers],
    period: Integers, mass: Floats,
) -> Account:  # fmt: skip
    """An account whose draws are numbered from 0 and whose atoms are summed and in order."""
    random, systematic = (np.unique(d, return_inverse=True)[1].astype(np.int64) for d in draws)
    order = np.lexsort((period, systematic, random))
    random, systematic, period, mass = random[order], systematic[order], period[order], mass[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(random) != 0) | (np.diff(systematic) != 0) | (np.diff(period) != 0)
    rows = np.flatnonzero(new)
    summed = np.add.reduceat(mass, rows) if len(rows) else mass
    atoms = Atoms(random[rows], systematic[rows], period[rows], summed)
    return Account(flow.location, stratum, flow.errors, masses, atoms)


def _sums(place: Integers, mass: Floats, size: int) -> Floats:
    return np.bincount(place, weights=mass, minlength=size).astype(np.float64)


def _of_transfers(flow: Transfers, boundaries: Floats) -> Account:
    periods = len(boundaries) - 1
    period = period_of(flow.times, boundaries)
    within = (period >= 0) & (period < periods)
    order = np.flatnonzero(within)[np.lexsort((flow.masses[within], flow.times[within]))]
    period, mass = period[order], _sign(flow.stratum) * flow.masses[order]
    each = np.arange(len(order), dtype=np.int64)
    random = period if flow.measurement is Measurement.PER_PERIOD else each
    calibration = calibration_of(flow.times[order], boundaries[0], flow.errors.calibration_period)
    return _account(flow, flow.stratum, _sums(period, mass, periods), (random, calibration), period, mass)


def _of_stream(flow: Stream, boundaries: Floats) -> Account:
    """Trapezoid rule over each period, both its boundaries included; between samples the rate is linear.

    Per sample, one measurement is one sample, with the random error and the calibration of its own time, wherever its
    weight goes; per period, it is the period's integral, split by time where the instrument was calibrated within it.
    """
    periods, origin = len(boundaries) - 1, float(boundaries[0])
    sign = _sign(flow.stratum)
    if flow.measurement is Measurement.PER_SAMPLE:
        sample, period, weight = _weights(flow.times, boundaries)
        mass = sign * weight * flow.rates[sample]
        draw = sample
        calibration = calibration_of(flow.times[sample], origin, flow.errors.calibration_period)
    else:
        cuts = _calibrations_within(boundaries, flow.errors.calibration_period)
        edges = np.union1d(boundaries, cuts)
        sample, piece, weight = _weights(flow.times, edges)
        period = period_of(edges[:-1], boundaries)[piece]
        mass = sign * weight * flow.rates[sample]
        draw = period
        calibration = calibration_of(edges[:-1], origin, flow.errors.calibration_period)[piece]
    return _account(flow, flow.stratum, _sums(period, mass, periods), (draw, calibration), period, mass)


def _calibrations_within(boundaries: Floats, period: float | None) -> Floats:
    if period is None:
        return np.empty(0)
    count = int(np.floor((boundaries[-1] - boundaries[0]) / period))
    cuts = boundaries[0] + period * np.arange(1, count + 1)
    nearest = boundaries[np.clip(np.searchsorted(boundaries, cuts), 0, len(boundaries) - 1)]
    before = boundaries[np.clip(np.searchsorted(boundaries, cuts) - 1, 0, len(boundaries) - 1)]
    off = np.minimum(np.abs(cuts - nearest), np.abs(cuts - before))
    return np.asarray(cuts[(cuts < boundaries[-1]) & (off > 1e-9 * period)])


def _weights(times: Floats, edges: Floats) -> tuple[Integers, Integers, Floats]:
    """Rows (sample, piece, weight): the integral over piece i = [edges[i], edges[i + 1]] is sum of weight * rate.

    The samples and the edges together cut time into segments; each lies between two samples and within one piece.
    """
    cuts = np.union1d(times, edges)
    cuts = cuts[(cuts >= edges[0]) & (cuts <= edges[-1])]
    left, right = cuts[:-1], cuts[1:]
    before = np.clip(np.searchsorted(times, left, side="right") - 1, 0, len(times) - 2).astype(np.int64)
    width = times[before + 1] - times[before]
    to_left, to_right = (left - times[before]) / width, (right - times[before]) / width
    half = (right - left) / 2
    piece = np.searchsorted(edges, left, side="right").astype(np.int64) - 1
    return (
        np.concatenate((before, before + 1)),
        np.concatenate((piece, piece)),
        np.concatenate((half * (2 - to_left - to_right), half * (to_left + to_right))),
    )


def _of_inventory(stock: Inventory, boundaries: Floats, opening_is_exact: bool) -> Account:
    """What is there at a boundary closes one balance and opens the next: one measurement, two signs."""
    periods = len(boundaries) - 1
    opens, closes = np.arange(periods, dtype=np.int64), np.arange(1, periods + 1, dtype=np.int64)
    boundary = np.concatenate((opens, closes))
    period = np.concatenate((opens, closes - 1))
    mass = np.concatenate((stock.masses[:-1], -stock.masses[1:]))
    masses = stock.masses[:-1] - stock.masses[1:]
    if opening_is_exact:
        measured = boundary > 0
        boundary, period, mass = boundary[measured], period[measured], mass[measured]
    calibration = calibration_of(boundaries[boundary], float(boundaries[0]), stock.errors.calibration_period)
    return _account(stock, Stratum.INVENTORY, masses, (boundary, calibration), period, mass)
