"""A probability stands only on a published error, and is what the error model says."""

from __future__ import annotations

import math
from decimal import Decimal
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stocktake.assessment.change import Pair, weigh_change
from stocktake.assessment.probability import chance_of_fall, in_words, probability_of
from stocktake.evidence.error_models import ErrorModel
from tests.assessment.cases import ADOPTED, RULES, archive, estimate, indicator


def model(**fields: Any) -> ErrorModel:
    base: dict[str, Any] = {
        "id": "made-up", "speaker": "FAS", "quantity": "stockpile", "distribution": "normal", "sigma": "0.1",
        "correlation": "0", "correlation_reason": "drawn independently in this test", "publisher": "P",
        "document": "D", "place": "table 1", "seen": "original",
    }  # fmt: skip
    return ErrorModel(**base | fields)


def pair(before: int, after: int) -> Pair:
    return Pair(estimate("a", "2020", str(before)), estimate("b", "2024", str(after)))


def exact(before: int, after: int, m: ErrorModel) -> float:
    """The same probability in closed form: both laws compare two correlated normals."""
    sigma, rho = float(m.sigma), float(m.correlation)
    if m.distribution == "normal":
        a, b, gap = before * sigma, after * sigma, float(before - after)
    else:
        a, b, gap = sigma, sigma, math.log(before) - math.log(after)
    spread = math.sqrt(max(a * a + b * b - 2 * rho * a * b, 0))
    return NormalDist().cdf(gap / spread) if spread else float(gap > 0)


@given(
    st.integers(50, 5000),
    st.integers(50, 5000),
    st.sampled_from(["normal", "lognormal"]),
    st.sampled_from(["0.02", "0.1", "0.3"]),
    st.sampled_from(["-0.5", "0", "0.5", "0.9"]),
)
def test_the_draws_agree_with_the_closed_form(before: int, after: int, law: str, sigma: str, rho: str) -> None:
    m = model(distribution=law, sigma=sigma, correlation=rho)
    p = chance_of_fall(pair(before, after), m, np.random.default_rng(1).standard_normal((2, 10_000)))
    assert p == pytest.approx(exact(before, after, m), abs=0.025)  # five standard errors of 10,000 draws


def test_one_bias_through_both_figures_leaves_no_doubt_of_the_direction() -> None:
    m = model(sigma="0.3", correlation="1", distribution="lognormal")
    normals = np.random.default_rng(1).standard_normal((2, 10_000))
    assert chance_of_fall(pair(100, 99), m, normals.copy()) == 1.0
    assert chance_of_fall(pair(99, 100), m, normals.copy()) == 0.0


def of(*models: ErrorModel) -> float | None:
    rows = archive([estimate("a", "2020", "350"), estimate("b", "2024", "330")])
    outcome = weigh_change(indicator(), rows.statements, rows, RULES, adopted=ADOPTED)
    found = probability_of("op5.1.x.CHN", indicator(), outcome, models)
    return found.p if found else None


def test_without_a_published_error_there_is_no_probability() -> None:
    assert of() is None
    assert of(model(speaker="SIPRI")) is None
    assert of(model(subjects=("USA",))) is None


def test_the_same_finding_always_has_the_same_figure() -> None:
    assert of(model()) == of(model()) != of(model(sigma="0.05"))


def test_an_error_model_from_memory_is_refused() -> None:
    with pytest.raises(ValidationError, match="memory"):
        model(seen="memory")


@pytest.mark.parametrize("p", [0.0, 0.009, 0.05, 0.2, 0.5, 0.7, 0.95, 0.995, 1.0])
def test_the_words_are_those_of_the_ipcc_for_that_range(p: float) -> None:
    """Table 1 of the guidance note of 2010: each word with its range of likelihood."""
    table = {
        "virtually certain": (0.99, 1),
        "very likely": (0.90, 1),
        "likely": (0.66, 1),
        "about as likely as not": (0.33, 0.66),
        "unlikely": (0, 0.33),
        "very unlikely": (0, 0.10),
        "exceptionally unlikely": (0, 0.01),
    }
    low, high = table[in_words(p)]
    assert low <= p <= high


def test_a_figure_of_zero_has_no_relative_error() -> None:
    rows = archive([estimate("a", "2020", "350"), estimate("b", "2024", "0")])
    outcome = weigh_change(indicator(), rows.statements, rows, RULES, adopted=ADOPTED)
    assert Decimal(0) == (outcome.value.best if outcome.value else None)
    assert probability_of("x", indicator(), outcome, [model()]) is None
