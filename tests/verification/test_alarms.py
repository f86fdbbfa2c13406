"""Thresholds, detection probabilities and differences: what an alarm is worth, with the error of the simulation."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from stocktake.verification.alarms import assess, thresholds
from stocktake.verification.balance import Floats
from stocktake.verification.differences import PairedStratum, Party, evaluate_differences, strata_from
from stocktake.verification.errors import ImpossiblePlan
from stocktake.verification.evaluation import evaluate, page
from tests.verification.cases import balance, raw


def test_the_published_threshold_of_page_over_twelve_periods_is_found() -> None:
    """reference case: k = 0.5, 12 periods, 5 % at 3.376 (400,000 realisations)."""
    found = thresholds(12, 0.05, seed=3, realisations=100_000)[0]
    assert found.test == "page"
    assert found.value == pytest.approx(3.376, abs=0.03)


def test_other_random_numbers_alarm_as_often_as_the_threshold_says() -> None:
    found = thresholds(12, 0.05, seed=1, realisations=100_000)[0]
    others = np.random.default_rng(99).standard_normal((200_000, 12))
    rate = (page(others, 0.5).max(axis=1) > found.value).mean()
    assert abs(rate - 0.05) < 4 * (found.error**2 + 0.05 * 0.95 / 200_000) ** 0.5


def test_the_largest_sitmuf_has_its_closed_form() -> None:
    found = thresholds(12, 0.05, seed=1, realisations=100_000)[1]
    assert found.value == pytest.approx(NormalDist().inv_cdf(0.95 ** (1 / 12)), abs=0.02)


def test_the_numbers_depend_on_the_seed_and_on_nothing_else() -> None:
    one, two = (thresholds(8, 0.05, seed=5, realisations=20_000) for _ in range(2))
    assert one == two
    assert one != thresholds(8, 0.05, seed=6, realisations=20_000)


def test_detection_in_one_period_is_the_normal_power_and_grows_with_the_loss() -> None:
    evaluation = evaluate(balance(raw(n=1)))
    sigma = float(evaluation.sigma_muf[0])
    before = 0.0
    for loss in (0.5, 2.0, 4.0, 8.0):
        found = assess(evaluation, false_alarm=0.05, loss=loss, seed=1, realisations=50_000)
        exact = 1 - NormalDist().cdf(NormalDist().inv_cdf(0.95) - loss / sigma)
        for d in found.detections:
            assert d.probability == pytest.approx(exact, abs=max(5 * d.error, 0.01))
        assert found.detections[1].probability > before
        before = found.detections[1].probability


def test_a_loss_that_happened_raises_the_alarm_and_no_loss_does_not() -> None:
    data = raw()
    assert assess(evaluate(balance(data)), false_alarm=0.05, loss=None, seed=1, realisations=20_000).passed == ()
    data["inventories"][0]["values"] = [100.0, 100.0, 100.0, 90.0, 90.0, 90.0]
    found = assess(evaluate(balance(data)), false_alarm=0.05, loss=None, seed=1, realisations=20_000)
    assert set(found.passed) == {"page", "sitmuf", "cumuf"}


@pytest.mark.parametrize(("question", "said"), [
    ({"false_alarm": 0.0, "realisations": 10_000}, "between 0 and 1"),
    ({"false_alarm": 0.001, "realisations": 10_000}, "fewer than 20"),
    ({"false_alarm": 0.05, "realisations": 10}, "give 1,000"),
])  # fmt: skip
def test_a_question_that_simulation_cannot_answer_is_refused(question: dict[str, float], said: str) -> None:
    with pytest.raises(ImpossiblePlan, match=said):
        thresholds(5, question["false_alarm"], seed=1, realisations=int(question["realisations"]))


def pairs(operator: Floats, inspector: Floats, items: int, r: float = 0.01, s: float = 0.005) -> PairedStratum:
    names = tuple(map(str, range(len(operator))))
    return PairedStratum("cans", items, names, operator, inspector, Party(r, s), Party(2 * r, 2 * s))


def test_the_variance_of_d_is_that_of_simulated_measurements() -> None:
    draw, n, items, realisations = np.random.default_rng(5), 12, 60, 40_000
    true = draw.uniform(1, 3, n)
    found = evaluate_differences((pairs(true, true, items),), mass_unit="kg", element="Pu", false_alarm=0.05)
    errors = [
        r * draw.standard_normal((realisations, n)) + s * draw.standard_normal((realisations, 1))
        for r, s in ((0.01, 0.005), (0.02, 0.01))
    ]
    d = items / n * (true * (errors[0] - errors[1])).sum(axis=1)
    assert found.difference == 0
    assert found.sigma == pytest.approx(d.std(), rel=0.02)


def test_an_overstated_item_stands_out_and_an_understated_total_is_no_alarm() -> None:
    true = np.full(10, 2.0)
    stated = true.copy()
    stated[3] = 2.5
    found = evaluate_differences((pairs(stated, true, 10),), mass_unit="kg", element="Pu", false_alarm=0.05)
    assert found.strata[0].outliers == ("3",)
    assert found.difference == pytest.approx(0.5)
    assert not evaluate_differences(
        (pairs(true * 0.5, true, 10),), mass_unit="kg", element="Pu", false_alarm=0.05
    ).significant


def test_paired_measurements_with_faults_get_all_of_them() -> None:
    faults = strata_from(
        {"strata": [{"stratum": "a", "items": 1, "operator": {"random": 2}, "inspector": {"random": 0, "systematic": 0},
                     "pairs": [{"operator": -1, "inspector": 1}, {"operator": 1, "inspector": "x"}]}, 5]}
    )  # fmt: skip
    assert isinstance(faults, list)
    assert [f[1] for f in faults] == [
        "missing", "missing", "missing-error", "negative-mass", "negative-mass", "items", "stratum",
    ]  # fmt: skip


@pytest.mark.parametrize(("items", "mass"), [(10**400, 1.0), (2, 1e308), (True, 1.0), (1.5, 1.0)])
def test_numbers_beyond_all_measure_are_faults_and_no_crash(items: object, mass: float) -> None:
    errors = {"random": 0.01, "systematic": 0.005}
    stratum = {"stratum": "a", "items": items, "operator": errors, "inspector": errors,
               "pairs": [{"operator": mass, "inspector": 1}]}  # fmt: skip
    assert isinstance(strata_from({"mass_unit": "kg", "element": "Pu", "strata": [stratum]}), list)
