"""Sampling plans as plain values. Probabilities stand as exact fractions with their decimal beside them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from stocktake.verification.planning import Plan, Worst
from stocktake.verification.sampling import (
    Measured,
    SampleSizes,
    detection_probability,
    items_to_falsify,
    sample_size,
    sample_sizes,
)


@dataclass(frozen=True)
class SinglePlan:
    """One stratum, one defect: the formulas for perfect identification, and the sample that the given one needs."""

    defect: Fraction
    identification: Fraction
    sizes: SampleSizes
    needed: int
    detection: Fraction


def single_plan(
    items: int, goal: Fraction, content: Fraction, defect: Fraction, beta: Fraction, identification: Fraction
) -> SinglePlan:
    """The plan for one stratum and one defect; refused as `sample_sizes` and `sample_size` say."""
    sizes = sample_sizes(items, items_to_falsify(goal, content, defect), beta)
    needed = sample_size(items, sizes.defects, beta, identification)
    detection = detection_probability(items, sizes.defects, [Measured(needed, identification)])
    return SinglePlan(defect, identification, sizes, needed, detection)


def single_to_json(p: SinglePlan) -> dict[str, Any]:
    sizes = {**asdict(p.sizes), "beta": str(p.sizes.beta)}
    identification = {"defect": str(p.defect), "identification": str(p.identification)}
    return {**identification, **sizes, "sample": p.needed, "detection_probability": float(p.detection)}


def plan_to_json(plan: Plan) -> dict[str, Any]:
    return {
        "format": "stocktake.sampling-plan/1",
        "goal": str(plan.question.goal),
        "mass_unit": plan.question.mass_unit,
        "detection_probability": str(plan.question.detection),
        "cost": str(plan.cost),
        "samples": [
            {
                "stratum": line.stratum.name,
                "instrument": line.instrument.name,
                "defect_class": line.instrument.defect_class,
                "defects": line.defects,
                "sample": line.sample,
                "formulas": None
                if line.formulas is None
                else {k: getattr(line.formulas, k) for k in ("exact", "usual", "corrected")},
            }
            for line in plan.lines
        ],
        "worst": [worst_to_json(w) for w in plan.worst],
    }


def worst_to_json(w: Worst) -> dict[str, Any]:
    return {"defect_class": w.defect_class, "falsified": dict(w.mixture), "detection_probability": float(w.detection)}


def probability_to_json(p: Fraction) -> dict[str, Any]:
    return {"detection_probability": float(p), "exact": str(p)}
