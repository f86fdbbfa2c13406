"""Speed of simulated and evaluated balances, beside a plain Python loop that does the same on a smaller case.

5 receipts, 5 inventories and 5 shipments, 200 periods with 24 rate samples each. MAPIT 1.5.13, measured on such a
machine in November 2026: 571 s and 0.93 GB for 1,000 realisations (cited, not run again). ``--long`` adds 10,000.
"""

from __future__ import annotations

import math
import os
import random
import resource
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is loaded: the threads are ours

if TYPE_CHECKING:
    import numpy as np

MAPIT_S, MAPIT_GB = 571, 0.93


def case(locations: int, periods: int, measurement: str) -> dict[str, Any]:
    samples, edges = list(range(24 * periods + 1)), [24 * i for i in range(periods + 1)]
    errors = {"random": 0.01, "systematic": 0.005, "calibration_period": None}
    flow = {"kind": "continuous", **errors, "times": samples, "rates": [2.0] * len(samples), "measurement": measurement}
    stock = {**errors, "times": edges, "values": [100.0] * len(edges)}
    return {
        "format": "stocktake.balance/1", "mass_unit": "kg", "time_unit": "h", "element": "Pu",
        "periods": [list(p) for p in pairwise(edges)], "opening_inventory": "measured",
        "receipts": [{"location": f"in {i}", **flow} for i in range(locations)],
        "shipments": [{"location": f"out {i}", **flow} for i in range(locations)],
        "inventories": [{"location": f"tank {i}", **stock} for i in range(locations)],
    }  # fmt: skip


def loop(data: dict[str, Any], realisations: int) -> None:
    """The same work in plain Python: flows a period, inventories a boundary, covariance, Cholesky, SITMUF, Page."""
    draw, periods = random.Random(1), len(data["periods"])
    for _ in range(realisations):
        muf, covariance = [0.0] * periods, [[0.0] * periods for _ in range(periods)]
        for key, sign in (("receipts", 1), ("shipments", -1)):
            for row in data[key]:
                s, rates = row["systematic"] * draw.gauss(0, 1), row["rates"]
                values = []
                for i in range(periods):
                    true = sum((rates[k] + rates[k + 1]) / 2 for k in range(24 * i, 24 * i + 24))
                    values.append(true * (1 + row["random"] * draw.gauss(0, 1) + s))
                    muf[i] += sign * values[-1]
                    covariance[i][i] += (row["random"] * values[-1]) ** 2
                _shared(covariance, values, row["systematic"])
        for row in data["inventories"]:
            s = row["systematic"] * draw.gauss(0, 1)
            stock = [v * (1 + row["random"] * draw.gauss(0, 1) + s) for v in row["values"]]
            for i in range(periods):
                muf[i] += stock[i] - stock[i + 1]
                covariance[i][i] += row["random"] ** 2 * (stock[i] ** 2 + stock[i + 1] ** 2)
                if i:
                    covariance[i][i - 1] -= (row["random"] * stock[i]) ** 2
            _shared(covariance, [a - b for a, b in pairwise(stock)], row["systematic"])
        _sequences(covariance, muf)


def _shared(covariance: list[list[float]], values: list[float], deviation: float) -> None:
    for i, one in enumerate(values):
        for j in range(i + 1):
            covariance[i][j] += deviation**2 * one * values[j]


def _sequences(covariance: list[list[float]], muf: list[float]) -> float:
    lower: list[list[float]] = []
    sitmuf: list[float] = []
    level = 0.0
    for i, row in enumerate(covariance):
        new: list[float] = []
        for j in range(i):
            new.append((row[j] - sum(new[k] * lower[j][k] for k in range(j))) / lower[j][j])
        new.append(math.sqrt(row[i] - sum(v * v for v in new)))
        sitmuf.append((muf[i] - sum(new[k] * sitmuf[k] for k in range(i))) / new[i])
        level = max(level + sitmuf[i] - 0.5, 0.0)
        lower.append(new)
    return level


def timed(data: dict[str, Any], realisations: int, workers: int) -> tuple[float, str]:
    from stocktake.verification.balance import Balance
    from stocktake.verification.intake import balance_from
    from stocktake.verification.sweep import sweep

    balance = balance_from(data)
    assert isinstance(balance, Balance)
    began = time.perf_counter()
    found = sweep(balance, realisations, seed=1, workers=workers)
    took = time.perf_counter() - began
    return took, f"SITMUF sd {found.sitmuf.std():.3f}, lag-1 {_lag(found.sitmuf):+.3f}"


def _lag(sitmuf: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    import numpy as np

    return float(np.corrcoef(sitmuf[:, :-1].ravel(), sitmuf[:, 1:].ravel())[0, 1])


def main() -> None:
    workers = min(os.cpu_count() or 1, 2)
    small = case(2, 40, "per_period")
    began = time.perf_counter()
    loop(small, 10)
    plain = (time.perf_counter() - began) / 10
    took, _ = timed(small, 1000, workers)
    print(f"2+2+2 locations, 40 periods: plain loop {1000 * plain:.1f} ms a realisation, sweep {took:.2f} ms; "
          f"{plain / (took / 1000):.0f} times faster on {workers} cores")  # fmt: skip
    for measurement in ("per_period", "per_sample"):
        for realisations in (1000, 10_000) if "--long" in sys.argv else (1000,):
            took, said = timed(case(5, 200, measurement), realisations, workers)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            line = f"5+5+5 locations, 200 periods, {realisations:,} realisations, {measurement}: {took:.2f} s, "
            line += f"peak {peak:.2f} GB so far; {said}"
            print(line + (f"; MAPIT {MAPIT_S} s, {MAPIT_GB} GB (cited)" if realisations == 1000 else ""))


if __name__ == "__main__":
    main()
