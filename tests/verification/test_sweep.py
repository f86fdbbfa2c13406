"""Many histories at once: each the same as evaluated alone, and all of them what the theory says."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from stocktake.verification.errors import ImpossiblePlan
from stocktake.verification.evaluation import evaluate
from stocktake.verification.sweep import BLOCK, sweep
from tests.verification.cases import balance, mixed, raw


def test_the_result_is_the_same_to_the_bit_for_any_workers_and_any_batch() -> None:
    area = balance(mixed(1))
    one = sweep(area, 3 * BLOCK + 7, seed=4)
    for workers, batch in ((2, 1), (3, 2), (1, 99)):
        other = sweep(area, 3 * BLOCK + 7, seed=4, workers=workers, batch=batch)
        assert np.array_equal(one.muf, other.muf) and np.array_equal(one.sitmuf, other.sitmuf)
    more = sweep(area, 5 * BLOCK, seed=4)
    assert np.array_equal(one.sitmuf, more.sitmuf[: 3 * BLOCK + 7])
    assert not np.array_equal(one.muf, sweep(area, 3 * BLOCK + 7, seed=5).muf)


def test_a_simulated_history_is_what_its_measurements_give_when_they_are_evaluated_alone() -> None:
    """The draws are made again here, the observed values written into a file, and the file evaluated."""
    data = raw(n=4)
    for key in ("receipts", "shipments"):
        data[key][0].update(measurement="per_transfer", random=0.02, calibration_period=48)
    found = sweep(balance(data), BLOCK, seed=9)
    generator = np.random.Generator(np.random.Philox(key=np.array([9, 0], dtype=np.uint64)))
    observed = [copy.deepcopy(data) for _ in range(BLOCK)]
    for key in ("receipts", "shipments", "inventories"):
        row = data[key][0]
        length = row["calibration_period"]
        calibration = [0 if length is None else int(t // length) for t in row["times"]]
        r = row["random"] * generator.standard_normal((BLOCK, len(row["times"])))
        s = row["systematic"] * generator.standard_normal((BLOCK, max(calibration) + 1))
        for i, history in enumerate(observed):
            values = zip(row["values"], r[i], s[i, calibration], strict=True)
            history[key][0]["values"] = [v * (1 + a + b) for v, a, b in values]
    for i, history in enumerate(observed):
        alone = evaluate(balance(history))
        assert np.allclose(alone.muf, found.muf[i], rtol=0, atol=1e-11)
        assert np.allclose(alone.sitmuf, found.sitmuf[i], rtol=0, atol=1e-9)
        assert np.allclose(alone.page, found.page[i], rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", [2, 5])
def test_the_histories_have_the_propagated_mean_and_covariance(seed: int) -> None:
    area = balance(mixed(seed, exact=seed == 5))
    expected, found = evaluate(area), sweep(area, 20_000, seed=1)
    assert np.abs(np.cov(found.muf.T) - expected.covariance).max() < 0.05 * expected.covariance.max()
    assert (np.abs(found.muf.mean(axis=0) - expected.muf) < 5 * expected.sigma_muf / 20_000**0.5).all()


def test_sitmuf_is_independent_with_standard_deviation_one_where_nothing_is_missing() -> None:
    found = sweep(balance(raw(n=12)), 20_000, seed=1).sitmuf
    assert abs(found.std() - 1) < 0.01
    assert abs(np.corrcoef(found[:, :-1].ravel(), found[:, 1:].ravel())[0, 1]) < 0.01


def test_no_realisation_and_too_many_are_refused() -> None:
    for realisations in (0, 10**7):
        with pytest.raises(ImpossiblePlan, match="realisations"):
            sweep(balance(raw()), realisations, seed=1)
