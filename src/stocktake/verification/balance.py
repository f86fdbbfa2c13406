"""A material balance area over a run of adjacent periods: what went in, what went out, what was there.

Terms as in the IAEA Safeguards Glossary: material balance area, key measurement point (here ``location``), inventory,
receipt, shipment. Periods are half-open: a transfer at a boundary belongs to the period that begins there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Stratum(StrEnum):
    """Which term of the balance a location belongs to."""

    RECEIPT = "receipt"
    SHIPMENT = "shipment"
    INVENTORY = "inventory"


class Measurement(StrEnum):
    """What one random error belongs to: a choice of the analyst, declared in the input and shown with the result."""

    PER_TRANSFER = "per_transfer"
    PER_PERIOD = "per_period"
    PER_SAMPLE = "per_sample"


@dataclass(frozen=True)
class RelativeErrors:
    """Standard deviations as fractions of the measured value: observed = true * (1 + r + s).

    ``calibration_period`` is in the balance's unit of time, counted from the first period's beginning; None is one
    calibration for ever. ``source`` cites the table (edition, number) where one was given.
    """

    random: float
    systematic: float
    calibration_period: float | None = None
    source: str | None = None


@dataclass(frozen=True, eq=False)
class Transfers:
    """Masses that cross the boundary of the area at points in time."""

    location: str
    stratum: Stratum
    times: Floats
    masses: Floats
    measurement: Measurement
    errors: RelativeErrors


@dataclass(frozen=True, eq=False)
class Stream:
    """A rate of flow, in mass per unit of time, sampled at increasing times and linear between them."""

    location: str
    stratum: Stratum
    times: Floats
    rates: Floats
    measurement: Measurement
    errors: RelativeErrors


@dataclass(frozen=True, eq=False)
class Inventory:
    """The mass present at each boundary of the periods: one more value than there are periods."""

    location: str
    masses: Floats
    errors: RelativeErrors


@dataclass(frozen=True, eq=False)
class Balance:
    """Everything that a balance needs; ``boundaries`` increase, period i is [boundaries[i], boundaries[i + 1])."""

    mass_unit: str
    time_unit: str
    element: str
    boundaries: Floats
    opening_is_exact: bool
    flows: tuple[Transfers | Stream, ...]
    inventories: tuple[Inventory, ...]
    notes: tuple[str, ...] = ()

    @property
    def periods(self) -> int:
        return len(self.boundaries) - 1
