"""`stocktake.balance-evaluation/1`: an evaluation as plain values. The only place that knows the keys of the result."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from stocktake.verification.evaluation import PAGE_K, Contribution, Evaluation

FORMAT = "stocktake.balance-evaluation/1"


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """Masses in the balance's unit, variances in its square, one value a period; None where a window does not fit."""
    balance = evaluation.balance
    edges = balance.boundaries.tolist()
    return {
        "format": FORMAT,
        "element": balance.element,
        "mass_unit": balance.mass_unit,
        "time_unit": balance.time_unit,
        "periods": [list(pair) for pair in pairwise(edges)],
        "muf": evaluation.muf.tolist(),
        "cumuf": evaluation.cumuf.tolist(),
        "covariance": evaluation.covariance.tolist(),
        "sigma_muf": evaluation.sigma_muf.tolist(),
        "sigma_cumuf": evaluation.sigma_cumuf.tolist(),
        "sitmuf": evaluation.sitmuf.tolist(),
        "gemuf_v1": evaluation.gemuf_v1.tolist(),
        "gemuf_v5b3": list(evaluation.gemuf_v5b3),
        "page": evaluation.page.tolist(),
        "page_k": PAGE_K,
        "contributions": [_contribution(c) for c in evaluation.contributions],
        "notes": list(evaluation.notes),
    }


def _contribution(c: Contribution) -> dict[str, Any]:
    return {
        "location": c.location,
        "stratum": str(c.stratum),
        "muf": c.masses.tolist(),
        "random_variance": c.random.tolist(),
        "systematic_variance": c.systematic.tolist(),
        "source": c.source,
    }
