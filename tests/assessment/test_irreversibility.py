"""Irreversibility is four axes: never rungs, never added, silent where nothing is stated."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stocktake.assessment.agreement import NoAgreement, cohen_kappa, fleiss_kappa
from stocktake.assessment.irreversibility import Undoing, agreement, undoings
from stocktake.assessment.review import Catalogue
from stocktake.evidence.irreversibility import AXES, Coding, Irreversibility
from stocktake.publication.undoing import undoing_document
from stocktake.secretariat.catalogue import load_catalogue

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "kappa.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 22)


@cache
def bundled() -> Catalogue:
    return load_catalogue()[0]


def one(id: str, day: date) -> Undoing:
    return next(u for u in undoings(bundled(), day) if u.measure.id == id)


def words(undoing: Undoing) -> dict[str, tuple[str, ...]]:
    return {a.axis.id: a.words for a in undoing.axes}


def test_a_measure_stands_on_four_axes_and_what_nobody_stated_stays_open() -> None:
    assert words(one("fra-plants-for-weapon-material", TODAY)) == {
        "physical": ("taken-apart",),
        "verification": ("own-word",),
        "bond": (),
        "reversal": (),
    }


@pytest.mark.parametrize(
    ("day", "bond"),
    [(date(2011, 12, 31), ("agreement",)), (date(2025, 12, 31), ("agreement",)), (date(2026, 2, 5), ("none",))],
)
def test_a_bond_holds_until_the_day_on_which_it_ends(day: date, bond: tuple[str, ...]) -> None:
    assert words(one("rus-limits-of-new-start", day))["bond"] == bond


@given(st.dates(date(1980, 1, 1), date(2030, 1, 1)))
def test_no_word_rests_on_what_came_later(day: date) -> None:
    assert all(s.as_of.first <= day for u in undoings(bundled(), day) for a in u.axes for s in a.statements)


def test_nothing_is_added_up() -> None:
    document = undoing_document(bundled(), TODAY, {}).model_dump()
    assert not {key for m in document["measures"] for key in m} & {"score", "total", "level", "rank"}
    assert [a["axis"] for a in document["measures"][0]["axes"]] == list(AXES)
    assert {a["kappa"] for a in document["agreement"]} == {None}


def test_a_word_of_another_axis_is_refused_with_the_words_of_its_own() -> None:
    scheme = bundled().irreversibility.model_dump()
    scheme["measures"][0]["codings"][0]["word"] = "pledge"
    with pytest.raises(ValidationError, match="'pledge' is no word of the axis 'physical'; expected consumed, intact"):
        Irreversibility.model_validate(scheme)


def second_coder(scheme: Irreversibility, coding: Coding) -> Coding:
    order = [w.id for a in scheme.axes if a.id == coding.axis for w in a.words]
    word = order[min(order.index(coding.word) + 1, len(order) - 1)]
    return coding.model_copy(update={"coder": "second", "word": word})


def test_two_coders_who_differ_are_both_shown_and_their_agreement_is_given() -> None:
    scheme = bundled().irreversibility
    measures = tuple(
        m.model_copy(update={"codings": (*m.codings, *(second_coder(scheme, c) for c in m.codings))})
        for m in scheme.measures
    )
    two = replace(bundled(), irreversibility=scheme.model_copy(update={"measures": measures}))
    made = undoings(two, TODAY)
    found = agreement(two.irreversibility, made, scheme.axes[2])
    assert found.coders == 2
    assert found.kappa is not None
    assert found.kappa < 1
    assert any(len(a.words) == 2 for u in made for a in u.axes)


def test_the_published_examples_of_kappa_are_met() -> None:
    fleiss, cohen = VECTORS["fleiss"], VECTORS["cohen"]
    assert fleiss_kappa(fleiss["counts"]) == pytest.approx(fleiss["kappa"], abs=0.0005)
    for weights in ("none", "linear"):
        assert cohen_kappa(cohen["table"], weights) == pytest.approx(cohen[weights], abs=0.00005)


TABLES = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 9), min_size=k, max_size=k), min_size=k, max_size=k)
)


@given(TABLES, st.sampled_from(["none", "linear", "quadratic"]), st.integers(2, 7))
def test_kappa_does_not_depend_on_who_is_called_first_nor_on_counting_twice(
    table: list[list[int]], weights: str, times: int
) -> None:
    try:
        kappa = cohen_kappa(table, weights)
    except NoAgreement:
        return
    assert cohen_kappa(list(zip(*table, strict=True)), weights) == pytest.approx(kappa)
    assert cohen_kappa([[times * n for n in row] for row in table], weights) == pytest.approx(kappa)
    assert kappa <= 1 + 1e-12


@pytest.mark.parametrize("table", [[], [[1]], [[0, 0], [0, 0]], [[1, 2]], [[5, 0], [0, 0]]])
def test_ratings_that_allow_no_kappa_are_refused(table: list[list[int]]) -> None:
    with pytest.raises(NoAgreement):
        cohen_kappa(table)


def test_one_coder_gives_no_kappa() -> None:
    with pytest.raises(NoAgreement, match="two at least"):
        fleiss_kappa([[1, 0], [0, 1]])
