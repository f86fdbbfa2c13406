"""Balances for tests, and a second way to the same numbers that shares no code with the first.

``observed_muf`` measures a balance with given errors, from the definitions, one number at a time; ``second_covariance``
perturbs every error by itself and adds up the squares.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stocktake.verification.balance import Balance
from stocktake.verification.intake import balance_from

Raw = dict[str, Any]


def raw(**changed: Any) -> Raw:
    """One receipt and one shipment of 50 a period, one inventory of 100, 1 % random, 0.5 % systematic; five periods."""
    periods = changed.pop("n", 5)
    errors = {"random": 0.01, "systematic": 0.005, "calibration_period": None}
    middle = [24 * i + 12 for i in range(periods)]
    flow = {"kind": "discrete", **errors, "times": middle, "values": [50.0] * periods, "measurement": "per_period"}
    return {
        "format": "stocktake.balance/1",
        "mass_unit": "kg",
        "time_unit": "h",
        "element": "Pu",
        "periods": [[24 * i, 24 * i + 24] for i in range(periods)],
        "opening_inventory": "measured",
        "receipts": [{"location": "in", **flow}],
        "shipments": [{"location": "out", **flow}],
        "inventories": [
            {
                "location": "tank",
                **errors,
                "times": [24 * i for i in range(periods + 1)],
                "values": [100.0] * (periods + 1),
            }
        ],
        **changed,
    }


def balance(data: Raw) -> Balance:
    found = balance_from(data)
    assert isinstance(found, Balance), found
    return found


def mixed(seed: int, *, exact: bool = False) -> Raw:
    """Everything that the format knows in one balance: streams and transfers, all choices, calibrations, odd times."""
    draw = np.random.default_rng(seed)
    edges = [0.0, *np.cumsum(draw.integers(3, 9, 6)).astype(float).tolist()]
    end = edges[-1]
    samples = sorted({0.0, end, *draw.uniform(0, end, 20).round(2).tolist(), *edges[2:4]})

    def flow(name: str, kind: str, how: str, calibration: float | None) -> Raw:
        times = samples if kind == "continuous" else [*draw.uniform(0, end, 15).round(2).tolist(), *edges[1:3]]
        amounts = draw.uniform(1, 9, len(times)).tolist()
        return {
            "location": name, "kind": kind, "measurement": how, "calibration_period": calibration,
            "random": float(draw.uniform(0.005, 0.03)), "systematic": float(draw.uniform(0.002, 0.02)),
            "times": times, "rates" if kind == "continuous" else "values": amounts,
        }  # fmt: skip

    def stock(name: str, calibration: float | None) -> Raw:
        return {
            "location": name, "random": 0.01, "systematic": 0.006, "calibration_period": calibration,
            "times": edges, "values": draw.uniform(20, 60, len(edges)).tolist(),
        }  # fmt: skip

    return {
        "format": "stocktake.balance/1",
        "mass_unit": "kg",
        "time_unit": "d",
        "element": "U",
        "periods": [list(pair) for pair in itertools.pairwise(edges)],
        "opening_inventory": "exact" if exact else "measured",
        "receipts": [
            flow("a", "discrete", "per_transfer", None),
            flow("b", "discrete", "per_period", 7.0),
            flow("c", "continuous", "per_sample", 5.0),
        ],
        "shipments": [
            flow("d", "continuous", "per_period", None),
            flow("e", "continuous", "per_period", 4.0),
            flow("f", "continuous", "per_sample", None),
            flow("g", "discrete", "per_transfer", edges[2]),
        ],
        "inventories": [stock("t1", None), stock("t2", 6.0)],
    }


Error = Callable[[str, tuple[Any, ...]], Any]


def integral(times: list[float], rates: list[Any], start: float, end: float) -> Any:
    """Trapezoids from start to end, with rates interpolated there. ``rates`` may be arrays over realisations."""

    def rate(t: float) -> Any:
        k = next(k for k in range(len(times) - 1) if times[k] <= t <= times[k + 1])
        part = (t - times[k]) / (times[k + 1] - times[k])
        return (1 - part) * rates[k] + part * rates[k + 1]

    points = [start, *(t for t in times if start < t < end), end]
    return sum((b - a) * (rate(a) + rate(b)) / 2 for a, b in itertools.pairwise(points))


def observed_muf(data: Raw, error: Error) -> list[Any]:
    """MUF of each period as measured with the errors that ``error`` gives for ("r" or "s", what it belongs to)."""
    periods = data["periods"]
    origin = periods[0][0]
    muf: list[Any] = [0.0] * len(periods)

    def calibration(row: Raw, t: float) -> int:
        length = row["calibration_period"]
        return 0 if length is None else math.floor((t - origin) / length + 1e-9)

    for key, sign in (("receipts", 1), ("shipments", -1)):
        for row in data[key]:
            name = (key, row["location"])
            for i, (start, end) in enumerate(periods):
                if row["kind"] == "discrete":
                    for k, (t, v) in enumerate(zip(row["times"], row["values"], strict=True)):
                        if start <= t < end:
                            what = k if row["measurement"] == "per_transfer" else i
                            s = error("s", (*name, calibration(row, t)))
                            muf[i] = muf[i] + sign * v * (1 + error("r", (*name, what)) + s)
                elif row["measurement"] == "per_sample":
                    rates = [
                        v * (1 + error("r", (*name, k)) + error("s", (*name, calibration(row, t))))
                        for k, (t, v) in enumerate(zip(row["times"], row["rates"], strict=True))
                    ]
                    muf[i] = muf[i] + sign * integral(row["times"], rates, start, end)
                else:
                    length = row["calibration_period"] or math.inf
                    inner = [origin + n * length for n in range(1, 99) if start < origin + n * length < end]
                    cuts = [start, *inner, end]
                    for a, b in itertools.pairwise(cuts):
                        s = error("s", (*name, calibration(row, a)))
                        total = integral(row["times"], row["rates"], a, b)
                        muf[i] = muf[i] + sign * total * (1 + error("r", (*name, i)) + s)
    for row in data["inventories"]:
        measured = []
        for k, (t, v) in enumerate(zip(row["times"], row["values"], strict=True)):
            name = ("inventories", row["location"])
            exact = k == 0 and data["opening_inventory"] == "exact"
            e = 0.0 if exact else error("r", (*name, k)) + error("s", (*name, calibration(row, t)))
            measured.append(v * (1 + e))
        for i in range(len(periods)):
            muf[i] = muf[i] + measured[i] - measured[i + 1]
    return muf


def deviations(data: Raw) -> dict[tuple[str, str], dict[str, float]]:
    rows = ((key, row) for key in ("receipts", "shipments", "inventories") for row in data[key])
    return {(key, row["location"]): {"r": row["random"], "s": row["systematic"]} for key, row in rows}


def second_covariance(data: Raw) -> NDArray[np.float64]:
    """Each error moved by its standard deviation while all others are zero; the squares of what that does, summed."""
    names: set[tuple[str, tuple[Any, ...]]] = set()

    def none(kind: str, what: tuple[Any, ...]) -> float:
        names.add((kind, what))
        return 0.0

    still = np.array(observed_muf(data, none))
    sd = deviations(data)
    total = np.zeros((len(still), len(still)))
    for kind, what in names:
        moved = np.array(
            observed_muf(data, lambda k, w, n=(kind, what): sd[w[:2]][k] if (k, w) == n else 0.0)  # type: ignore[misc]
        )
        total += np.outer(moved - still, moved - still)
    return total


def simulated_muf(data: Raw, realisations: int, seed: int) -> NDArray[np.float64]:
    """Realisations x periods of MUF, each error drawn once and used wherever it belongs."""
    draw, sd = np.random.default_rng(seed), deviations(data)
    drawn: dict[tuple[str, tuple[Any, ...]], NDArray[np.float64]] = {}

    def error(kind: str, what: tuple[Any, ...]) -> NDArray[np.float64]:
        if (kind, what) not in drawn:
            drawn[kind, what] = sd[what[:2]][kind] * draw.standard_normal(realisations)
        return drawn[kind, what]

    return np.array(observed_muf(data, error)).T
