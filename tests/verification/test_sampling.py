"""Sampling: the published tables, a second distribution, and what must hold of every plan."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from stocktake.verification.errors import ImpossiblePlan
from stocktake.verification.planning import Instrument, Question, Stratum, achieved, plan, worst_mixture
from stocktake.verification.sampling import (
    Measured,
    detection_probability,
    items_to_falsify,
    non_selection,
    sample_size,
    sample_sizes,
)
from stocktake.verification.selection import Opening, commitment_of, draw

VECTORS = Path(__file__).parents[1] / "vectors"


def rows(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


@pytest.mark.parametrize("row", rows("sampling_plans.csv"), ids=lambda r: "-".join(r.values()))
def test_the_table_of_plans_is_reproduced(row: dict[str, str]) -> None:
    found = sample_sizes(int(row["items"]), int(row["defects"]), Fraction(row["beta"]))
    assert (found.exact, found.usual, found.corrected) == tuple(int(row[k]) for k in ("exact", "usual", "corrected"))


@pytest.mark.parametrize("row", rows("sampling_identification.csv"), ids=lambda r: "-".join(r.values()))
def test_the_table_of_imperfect_identification_is_reproduced(row: dict[str, str]) -> None:
    measured = [Measured(int(row["sample"]), Fraction(row["identification"]))]
    found = detection_probability(int(row["items"]), int(row["defects"]), measured)
    assert f"{float(found):.9f}" == row["detection"]


@pytest.mark.parametrize("row", rows("sampling_defects.csv"), ids=lambda r: "-".join(r.values()))
def test_the_number_of_items_to_falsify_is_reproduced(row: dict[str, str]) -> None:
    assert items_to_falsify(Fraction(8), Fraction(row["content"]), Fraction(row["defect"])) == int(row["falsified"])


def test_the_sweep_of_the_formulas_has_the_published_differences() -> None:
    """148 cases: usual minus exact is 0 (83), 1 (63), 2 (2); corrected minus exact is 0 (144), 1 (4)."""
    usual, corrected = Counter[int](), Counter[int]()
    sizes, betas = (10, 20, 50, 100, 200, 500, 1000, 5000), (".5", ".2", ".1", ".05")
    for items, defects, beta in product(sizes, (1, 2, 5, 10, 20), betas):
        if defects < items:
            found = sample_sizes(items, defects, Fraction(beta))
            usual[found.usual - found.exact] += 1
            corrected[found.corrected - found.exact] += 1
    assert usual == {0: 83, 1: 63, 2: 2}
    assert corrected == {0: 144, 1: 4}


@given(st.integers(1, 300), st.data())
def test_scipy_agrees_on_what_a_sample_misses(items: int, data: st.DataObject) -> None:
    defects, n = data.draw(st.integers(0, items)), data.draw(st.integers(0, items))
    assert float(non_selection(items, defects, n)) == pytest.approx(hypergeom.pmf(0, items, defects, n), abs=1e-12)


@given(st.integers(1, 60), st.data())
def test_imperfect_identification_is_the_sum_over_how_many_were_drawn(items: int, data: st.DataObject) -> None:
    defects, n = data.draw(st.integers(0, items)), data.draw(st.integers(0, items))
    p = data.draw(st.fractions(0, 1, max_denominator=20))
    drawn = range(max(0, defects + n - items), min(defects, n) + 1)
    missed = sum(float(hypergeom.pmf(k, items, defects, n)) * float(1 - p) ** k for k in drawn)
    assert float(detection_probability(items, defects, [Measured(n, p)])) == pytest.approx(1 - missed, abs=1e-9)


@given(st.integers(2, 60), st.data())
def test_a_bigger_sample_or_a_better_instrument_never_detects_less(items: int, data: st.DataObject) -> None:
    defects, n = data.draw(st.integers(1, items)), data.draw(st.integers(0, items - 1))
    p, q = sorted(data.draw(st.fractions(0, 1, max_denominator=10)) for _ in range(2))
    found = detection_probability(items, defects, [Measured(n, p)])
    assert found <= detection_probability(items, defects, [Measured(n + 1, p)])
    assert found <= detection_probability(items, defects, [Measured(n, q)])
    k = data.draw(st.integers(0, n))
    mixed = detection_probability(items, defects, [Measured(k, q), Measured(n - k, p)])
    assert found <= mixed <= detection_probability(items, defects, [Measured(n, q)])


@given(st.integers(1, 400), st.data())
def test_the_exact_sample_is_enough_and_one_item_less_is_not(items: int, data: st.DataObject) -> None:
    defects = data.draw(st.integers(1, items))
    beta = data.draw(st.fractions("1/100", "99/100", max_denominator=100))
    n = sample_sizes(items, defects, beta).exact
    assert non_selection(items, defects, n) <= beta < non_selection(items, defects, n - 1)


def test_an_instrument_that_cannot_see_enough_is_refused_with_what_it_leaves() -> None:
    with pytest.raises(ImpossiblePlan, match=r"leave 0\.7 not detected"):
        sample_size(50, 1, Fraction("0.1"), Fraction("0.3"))


def question(detection: str = "0.9") -> Question:
    return Question(
        Fraction(8), "kg", Fraction(detection),
        (Stratum("cans", 50, Fraction(".5")), Stratum("rods", 30, Fraction("1.2")), Stratum("bin", 12, Fraction(".2"))),
        (
            Instrument("balance", "bias", Fraction("0.25"), Fraction(1), Fraction(20)),
            Instrument("detector", "gross", Fraction(1), Fraction("0.95"), Fraction(1)),
        ),
    )  # fmt: skip


def test_a_plan_holds_against_every_mixture_of_strata_and_none_of_its_samples_can_be_smaller() -> None:
    asked = question()
    found = plan(asked)
    samples = {(line.stratum.name, line.instrument.name): line.sample for line in found.lines}
    assert all(w.detection >= asked.detection for w in found.worst)
    for key, n in samples.items():
        if n:
            fewer = achieved(asked, {**samples, key: n - 1})
            assert any(w.detection < asked.detection for w in fewer)


def test_the_worst_mixture_is_the_worst_of_all() -> None:
    asked = question()
    samples = {("cans", "balance"): 3, ("rods", "balance"): 4, ("cans", "detector"): 6, ("bin", "detector"): 2,
               ("rods", "detector"): 5, ("bin", "balance"): 0}  # fmt: skip
    gross = asked.instruments[1]
    found = worst_mixture(asked, gross, samples)

    def missed(counts: tuple[int, ...]) -> Fraction:
        q = Fraction(1)
        for s, d in zip(asked.strata, counts, strict=True):
            measured = [Measured(samples[s.name, i.name], i.identification) for i in asked.instruments]
            q *= 1 - detection_probability(s.items, d, measured)
        return q

    able = [
        counts
        for counts in product(range(17), range(8), range(13))
        if sum(d * s.content for d, s in zip(counts, asked.strata, strict=True)) >= asked.goal
    ]
    assert found.detection == 1 - max(map(missed, able))


def test_more_detection_never_costs_less() -> None:
    costs = [plan(question(p)).cost for p in ("0.2", "0.5", "0.8", "0.95")]
    assert costs == sorted(costs)


def test_a_goal_that_all_strata_together_do_not_hold_is_refused() -> None:
    asked = question()
    with pytest.raises(ImpossiblePlan, match="nothing to detect"):
        plan(Question(Fraction(800), "kg", asked.detection, asked.strata, asked.instruments))


@pytest.mark.parametrize("change", [
    pytest.param({"strata": (Stratum("dust", 5, Fraction(0)),)}, id="no content"),
    pytest.param({"strata": (Stratum("none", 0, Fraction(1)),)}, id="no items"),
    pytest.param({"strata": (Stratum("dust", 900_000, Fraction("0.00001")),)}, id="a mountain of dust"),
    pytest.param({"strata": ()}, id="nothing"),
    pytest.param({"goal": Fraction(0)}, id="no goal"),
    pytest.param({"detection": Fraction(1)}, id="certainty"),
    pytest.param({"instruments": (Instrument("x", "gross", Fraction(2)),)}, id="more than all of an item"),
    pytest.param({"instruments": (Instrument("x", "gross", Fraction(1), Fraction(2)),)}, id="more than certain"),
])  # fmt: skip
def test_a_question_without_sense_is_refused_by_plan_and_by_achieved(change: dict[str, Any]) -> None:
    asked = replace(question(), **change)
    for answer in (plan, lambda q: achieved(q, {})):
        with pytest.raises(ImpossiblePlan):
            answer(asked)


ITEMS = [f"can {i:02}" for i in range(40)]


def opening(party: str, secret: bytes, size: int = 7) -> Opening:
    return Opening(party, secret, commitment_of(party, secret, ITEMS, size))


def test_both_sides_draw_the_same_items_whatever_the_order_of_the_list_or_of_the_sides() -> None:
    both = [opening("A", b"a" * 32), opening("B", b"b" * 32)]
    drawn = draw(ITEMS, 7, both)
    assert len(set(drawn)) == 7 and set(drawn) <= set(ITEMS)
    assert drawn == draw(ITEMS[::-1], 7, both[::-1])
    assert drawn != draw(ITEMS, 7, [opening("A", b"a" * 32), opening("B", b"c" * 32)])


def test_each_item_is_drawn_as_often_as_any_other() -> None:
    counts = dict.fromkeys(ITEMS, 0)
    for i in range(2000):
        for name in draw(ITEMS, 7, [opening("A", i.to_bytes(32, "big")), opening("B", b"b" * 32)]):
            counts[name] += 1
    expected = 2000 * 7 / 40
    assert sum((n - expected) ** 2 / expected for n in counts.values()) < 72.1  # chi-squared, 39 degrees, 0.1 %


@pytest.mark.parametrize("cheat", [
    pytest.param(lambda o: Opening(o.party, b"z" * 32, o.commitment), id="another secret"),
    pytest.param(lambda o: Opening("C", o.secret, o.commitment), id="the commitment of another"),
    pytest.param(lambda o: opening(o.party, o.secret, size=8), id="another size"),
])  # fmt: skip
def test_a_secret_that_does_not_open_its_commitment_draws_nothing(cheat: object) -> None:
    assert callable(cheat)
    with pytest.raises(ImpossiblePlan, match="does not open"):
        draw(ITEMS, 7, [opening("A", b"a" * 32), cheat(opening("B", b"b" * 32))])


def test_one_side_alone_draws_nothing() -> None:
    with pytest.raises(ImpossiblePlan, match="two or more"):
        draw(ITEMS, 7, [opening("A", b"a" * 32)])
    with pytest.raises(ImpossiblePlan, match="two or more"):
        draw(ITEMS, 7, [opening("A", b"a" * 32), opening("A", b"b" * 32), opening("B", b"b" * 32)])
