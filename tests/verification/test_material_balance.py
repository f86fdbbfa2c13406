"""Material balances: what MUF is, what is shared between two of them, and that a second way gives the same numbers."""

from __future__ import annotations

import copy
import itertools
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.verification.errors import SingularCovariance
from stocktake.verification.evaluation import evaluate, page
from stocktake.verification.report import to_json
from tests.verification.cases import balance, mixed, observed_muf, raw, second_covariance, simulated_muf


def close(found: Any, expected: Any) -> bool:
    """Within 1e-9 of the largest absolute value."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    return bool(np.abs(found - expected).max() <= 1e-9 * max(np.abs(expected).max(), 1e-300))


def test_the_constant_case_has_its_closed_form() -> None:
    """2 flows * 50^2 * (0.01^2 + 0.005^2) + 2 boundaries * (100 * 0.01)^2; neighbours share one boundary."""
    covariance = evaluate(balance(raw())).covariance
    assert close(np.diag(covariance), [2.625] * 5)
    assert close(np.diag(covariance, 1), [-0.875] * 4)
    assert close(covariance[np.triu_indices(5, 2)], [0.125] * 6)


@pytest.mark.parametrize("exact", [False, True], ids=["opening measured", "opening exact"])
@pytest.mark.parametrize("seed", range(6))
def test_muf_and_its_covariance_follow_from_the_definitions(seed: int, exact: bool) -> None:
    data = mixed(seed, exact=exact)
    found = evaluate(balance(data))
    assert close(found.muf, observed_muf(data, lambda kind, what: 0.0))
    assert close(found.covariance, second_covariance(data))


@pytest.mark.parametrize("seed", range(3))
def test_the_sequences_follow_from_muf_and_covariance(seed: int) -> None:
    found = evaluate(balance(mixed(seed)))
    k, m, n = found.covariance, found.muf, len(found.muf)
    window = [0.0, 0.0, *(np.dot(m[i - 2 : i + 3], [1, 1, 3, 1, 1]) / 7 for i in range(2, n - 2)), 0.0, 0.0]
    inverse = [np.linalg.inv(k[: p + 1, : p + 1]) for p in range(n)]
    assert close(found.sitmuf, np.linalg.solve(np.linalg.cholesky(k), m))
    assert close(found.gemuf_v1, [m[: p + 1] @ inverse[p] @ m[: p + 1] for p in range(n)])
    assert found.gemuf_v5b3[:2] == (None, None) == found.gemuf_v5b3[-2:]
    assert close(found.gemuf_v5b3[2:-2], [window[: p + 1] @ inverse[p] @ m[: p + 1] for p in range(2, n - 2)])
    assert close(found.sigma_cumuf**2, [k[: p + 1, : p + 1].sum() for p in range(n)])
    level, levels = 0.0, []
    for z in found.sitmuf:
        level = max(level + z - 0.5, 0.0)
        levels.append(level)
    assert close(found.page, levels)


@pytest.mark.slow
def test_two_hundred_thousand_simulated_histories_have_the_propagated_covariance() -> None:
    data = mixed(3)
    found = evaluate(balance(data))
    simulated = simulated_muf(data, 200_000, seed=7)
    assert np.abs(np.cov(simulated.T) - found.covariance).max() < 0.01 * found.covariance.max()
    sitmuf = np.linalg.solve(found.cholesky, (simulated - found.muf).T)
    assert np.abs(sitmuf.std(axis=1) - 1).max() < 0.01
    lagged = [np.corrcoef(a, b)[0, 1] for a, b in itertools.pairwise(sitmuf)]
    assert np.abs(lagged).max() < 0.01


def test_adjacent_balances_add_up() -> None:
    data = mixed(4)
    whole = copy.deepcopy(data)
    edges = [p[0] for p in data["periods"]] + [data["periods"][-1][1]]
    whole["periods"] = [[edges[0], edges[-1]]]
    assert close(evaluate(balance(whole)).muf, [evaluate(balance(data)).muf.sum()])


@given(st.integers(0, 50), st.randoms(use_true_random=False))
def test_the_order_of_locations_and_rows_does_not_matter(seed: int, shuffle: random.Random) -> None:
    data = mixed(seed % 5)
    other = copy.deepcopy(data)
    for key in ("receipts", "shipments", "inventories"):
        shuffle.shuffle(other[key])
        for row in other[key]:
            amounts = "rates" if "rates" in row else "values"
            pairs = list(zip(row["times"], row[amounts], strict=True))
            shuffle.shuffle(pairs)
            row["times"], row[amounts] = [t for t, _ in pairs], [v for _, v in pairs]
    one, two = evaluate(balance(data)), evaluate(balance(other))
    for name in ("muf", "covariance", "sitmuf", "gemuf_v1", "page"):
        assert close(getattr(one, name), getattr(two, name))


def test_grams_and_minutes_say_the_same_as_kilograms_and_hours() -> None:
    data = mixed(2)
    other = copy.deepcopy(data)
    other["periods"] = [[60 * a, 60 * b] for a, b in data["periods"]]
    for key in ("receipts", "shipments", "inventories"):
        for row in other[key]:
            row["times"] = [60 * t for t in row["times"]]
            if row["calibration_period"] is not None:
                row["calibration_period"] *= 60
            amounts, factor = ("rates", 1000 / 60) if "rates" in row else ("values", 1000)
            row[amounts] = [factor * v for v in row[amounts]]
    one, two = evaluate(balance(data)), evaluate(balance(other))
    assert close(two.muf, 1000 * one.muf)
    assert close(two.covariance, 1e6 * one.covariance)
    assert close(two.sitmuf, one.sitmuf)


def test_a_transfer_on_a_boundary_belongs_to_the_period_that_begins_there_and_to_no_other() -> None:
    data = raw()
    data["receipts"][0]["times"] = [0, 24, 48, 72, 120]
    found = evaluate(balance(data))
    assert found.muf.tolist() == [0.0, 0.0, 0.0, 0.0, -50.0]
    assert any("1 transfer(s) lie outside" in note for note in found.notes)


def test_two_periods_with_the_same_muf_both_count() -> None:
    data = raw()
    data["receipts"][0]["values"] = [51, 51, 52, 53, 53]
    assert evaluate(balance(data)).cumuf.tolist() == [1, 2, 4, 7, 10]


def test_a_rate_sample_at_a_boundary_is_one_measurement_of_two_periods() -> None:
    """Rates 2 at 0, 1 and 2; the middle sample carries 1 into each period: covariance (0.1 * 1)^2 from it alone."""
    data = raw(n=2, periods=[[0, 1], [1, 2]], shipments=[], inventories=[])
    data["receipts"] = [
        {
            "location": "pipe", "kind": "continuous", "measurement": "per_sample", "random": 0.1, "systematic": 0.0,
            "calibration_period": None, "times": [0, 1, 2], "rates": [2, 2, 2],
        }
    ]  # fmt: skip
    found = evaluate(balance(data))
    assert found.muf.tolist() == [2, 2]
    assert close(found.covariance, [[0.02, 0.01], [0.01, 0.02]])
    data["receipts"][0]["measurement"] = "per_period"
    assert close(evaluate(balance(data)).covariance, [[0.04, 0], [0, 0.04]])


def test_half_the_transfers_of_a_period_have_independent_errors_only_if_each_was_measured() -> None:
    data = raw(n=1, shipments=[], inventories=[], periods=[[0, 24]])
    data["receipts"][0].update(times=[6, 18], values=[30, 40], systematic=0.0, measurement="per_transfer")
    assert close(evaluate(balance(data)).covariance, [[0.01**2 * (30**2 + 40**2)]])
    data["receipts"][0]["measurement"] = "per_period"
    assert close(evaluate(balance(data)).covariance, [[0.01**2 * 70**2]])


def test_a_new_calibration_is_a_new_systematic_error() -> None:
    data = raw(n=4, shipments=[], inventories=[])
    data["receipts"][0].update(systematic=0.02, calibration_period=48)
    covariance = evaluate(balance(data)).covariance
    assert close(covariance[0], [1.25, 1.0, 0.0, 0.0])
    assert close(covariance[2], [0.0, 0.0, 1.25, 1.0])


def test_the_contributions_add_up_to_muf_and_to_its_variance() -> None:
    found = evaluate(balance(mixed(1)))
    assert close(sum(c.masses for c in found.contributions), found.muf)
    assert close(sum(c.random + c.systematic for c in found.contributions), np.diag(found.covariance))


def test_errors_that_leave_nothing_to_test_are_refused_with_the_period() -> None:
    data = raw()
    for key in ("receipts", "shipments", "inventories"):
        data[key][0]["random"] = 0.0
    with pytest.raises(SingularCovariance, match="follow wholly"):
        evaluate(balance(data))
    for key in ("receipts", "shipments", "inventories"):
        data[key][0]["systematic"] = 0.0
    with pytest.raises(SingularCovariance, match=r"\[0, 24\), \[24, 48\), \[48, 72\) and 2 more are"):
        evaluate(balance(data))


def test_pages_level_is_kept_for_each_realisation_by_itself() -> None:
    both = np.array([[1.0, 1.0, -5.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    assert page(both, 0.5).tolist() == [[0.5, 1.0, 0.0, 0.5], [0.0, 0.0, 0.0, 0.0]]


def test_the_result_has_a_value_a_period_and_no_number_that_json_lacks() -> None:
    found = to_json(evaluate(balance(raw(n=3))))
    assert found["gemuf_v5b3"] == [None, None, None]
    for name in ("muf", "cumuf", "sigma_muf", "sigma_cumuf", "sitmuf", "gemuf_v1", "page"):
        assert len(found[name]) == 3 and all(isinstance(v, float) for v in found[name])
