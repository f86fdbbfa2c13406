"""Operator and inspector measured the same items: do their differences exceed what their errors explain?

D = sum over strata of N * mean(operator - inspector), the difference of a sample extrapolated to the stratum. Its
variance under the multiplicative error model, at the measured values:
(N/n)^2 * [ sum(o^2 r_o^2 + y^2 r_i^2) + (sum o)^2 s_o^2 + (sum y)^2 s_i^2 ], strata with calibrations of their own.
Source: T. Burr et al., EPJ Nuclear Sci. Technol. 2 (2016); J. Jaech, Statistical Methods in Nuclear Material Control.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from stocktake.verification.balance import Floats
from stocktake.verification.errors import ImpossiblePlan
from stocktake.verification.intake import LARGEST
from stocktake.verification.sampling import MOST_ITEMS

FORMAT = "stocktake.differences/1"
EVALUATION = "stocktake.difference-evaluation/1"


@dataclass(frozen=True)
class Party:
    """Relative standard deviations of one party's measurements in one stratum."""

    random: float
    systematic: float


@dataclass(frozen=True, eq=False)
class PairedStratum:
    """Items that both measured, out of ``items`` in the stratum."""

    name: str
    items: int
    names: tuple[str, ...]
    operator: Floats
    inspector: Floats
    operator_errors: Party
    inspector_errors: Party


@dataclass(frozen=True)
class StratumDifference:
    """D of one stratum and its standard deviation, in mass; items whose own difference is beyond its threshold."""

    stratum: str
    items: int
    measured: int
    difference: float
    sigma: float
    outliers: tuple[str, ...]


@dataclass(frozen=True)
class DifferenceEvaluation:
    """D over all strata in ``mass_unit``; positive where the operator states more than the inspector finds."""

    mass_unit: str
    element: str
    difference: float
    sigma: float
    threshold: float
    false_alarm: float
    strata: tuple[StratumDifference, ...]

    @property
    def standardised(self) -> float:
        return self.difference / self.sigma

    @property
    def significant(self) -> bool:
        return self.standardised > self.threshold


def evaluate_differences(
    strata: tuple[PairedStratum, ...], *, mass_unit: str, element: str, false_alarm: float
) -> DifferenceEvaluation:
    """Test D one-sided (overstatement by the operator), and each pair two-sided with the probability shared out.

    Raises ImpossiblePlan where nothing has an error, or the probability is none.
    """
    if not 0 < false_alarm < 1:
        raise ImpossiblePlan(f"a false-alarm probability lies between 0 and 1, not {false_alarm:g}. Usual is 0.05.")
    pairs = sum(len(s.operator) for s in strata)
    limit = NormalDist().inv_cdf(1 - false_alarm / 2 / pairs)
    found = tuple(_stratum(s, limit) for s in strata)
    variance = sum(s.sigma**2 for s in found)
    if not variance > 0:
        raise ImpossiblePlan("no measurement has an error, so no difference can be tested. Give the errors of a party.")
    return DifferenceEvaluation(
        mass_unit,
        element,
        sum(s.difference for s in found),
        variance**0.5,
        NormalDist().inv_cdf(1 - false_alarm),
        false_alarm,
        found,
    )


def _stratum(s: PairedStratum, limit: float) -> StratumDifference:
    o, y, scale = s.operator, s.inspector, s.items / len(s.operator)
    random = (o * s.operator_errors.random) ** 2 + (y * s.inspector_errors.random) ** 2
    systematic = (o * s.operator_errors.systematic) ** 2 + (y * s.inspector_errors.systematic) ** 2
    shared = (o.sum() * s.operator_errors.systematic) ** 2 + (y.sum() * s.inspector_errors.systematic) ** 2
    beyond = np.abs(o - y) > limit * np.sqrt(random + systematic)
    return StratumDifference(
        s.name,
        s.items,
        len(o),
        float(scale * (o - y).sum()),
        float(scale * np.sqrt(random.sum() + shared)),
        tuple(name for name, out in zip(s.names, beyond, strict=True) if out),
    )


def to_json(evaluation: DifferenceEvaluation) -> dict[str, Any]:
    return {
        "format": EVALUATION,
        "element": evaluation.element,
        "mass_unit": evaluation.mass_unit,
        "d": evaluation.difference,
        "sigma_d": evaluation.sigma,
        "standardised": evaluation.standardised,
        "threshold": evaluation.threshold,
        "false_alarm": evaluation.false_alarm,
        "significant": evaluation.significant,
        "strata": [
            {
                "stratum": s.stratum,
                "items": s.items,
                "measured": s.measured,
                "d": s.difference,
                "sigma_d": s.sigma,
                "outliers": list(s.outliers),
            }
            for s in evaluation.strata
        ],
    }


def strata_from(data: Mapping[str, Any]) -> tuple[PairedStratum, ...] | list[tuple[tuple[str | int, ...], str, str]]:
    """The strata of `stocktake.differences/1`, or all faults as (path, code, message)."""
    faults: list[tuple[tuple[str | int, ...], str, str]] = []
    rows = data.get("strata")
    if not isinstance(rows, list) or not rows:
        return [(("strata",), "missing", "expected a list of strata with their pairs; give at least one")]
    for key in ("mass_unit", "element"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            faults.append(((key,), "missing", f"{key}: expected a word, found {data.get(key)!r:.40}"))
    found = [_read_stratum(row, ("strata", i), faults) for i, row in enumerate(rows)]
    return faults or tuple(s for s in found if s is not None)


def _read_stratum(
    row: Any, path: tuple[str | int, ...], faults: list[tuple[tuple[str | int, ...], str, str]]
) -> PairedStratum | None:
    before = len(faults)
    if not isinstance(row, dict):
        faults.append((path, "stratum", "expected an object with stratum, items, operator, inspector and pairs"))
        return None
    parties = []
    for who in ("operator", "inspector"):
        errors = row.get(who)
        values = [_mass(errors, k) for k in ("random", "systematic")]
        fractions = [v for v in values if v is not None and v <= 1]
        if len(fractions) != 2:
            faults.append(((*path, who), "missing-error", "give random and systematic as fractions from 0 to 1"))
        else:
            parties.append(Party(*fractions))
    pairs = row.get("pairs")
    if not isinstance(pairs, list) or not pairs:
        faults.append(((*path, "pairs"), "missing", "expected a list of item, operator, inspector; give at least one"))
        pairs = []
    masses = []
    for i, pair in enumerate(pairs):
        both = [_mass(pair, k) for k in ("operator", "inspector")]
        if None in both:
            faults.append(
                ((*path, "pairs", i), "negative-mass", "operator and inspector: expected masses of 0 or more")
            )
        else:
            masses.append(both)
    items = row.get("items")
    if isinstance(items, bool) or not isinstance(items, int) or not max(len(pairs), 1) <= items <= MOST_ITEMS:
        faults.append(
            (
                (*path, "items"),
                "items",
                f"expected a whole number from the {len(pairs)} measured items to {MOST_ITEMS:,}",
            )
        )
    if len(faults) > before or not isinstance(items, int):
        return None
    table = np.array(masses, dtype=np.float64)
    names = tuple(str(pair.get("item", i + 1)) for i, pair in enumerate(pairs))
    return PairedStratum(str(row.get("stratum", path[-1])), items, names, table[:, 0], table[:, 1], *parties)


def _mass(row: Any, key: str) -> float | None:
    """The number of 0 or more at ``key``; None where there is none."""
    value = row.get(key) if isinstance(row, dict) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= LARGEST:
        return None
    return float(value)
