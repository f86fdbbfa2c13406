"""Either side may object: both are heard on every paragraph that asks something, and neither moves a verdict."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from stocktake.assessment.objections import exchanges
from stocktake.assessment.review import Catalogue, ParagraphReview, Review, asks_no_act, review
from stocktake.register.objections import Objection, Side
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.terms.states import roster

DAYS = [date(2021, 12, 31), date(2023, 12, 31), date(2026, 11, 22)]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()[0]


@pytest.fixture(scope="module")
def states() -> dict[str, str]:
    return {state.iso3: state.name("en") for state in load_catalogue()[1]}


@pytest.fixture(scope="module", params=DAYS, ids=str)
def reviewed(request: pytest.FixtureRequest, catalogue: Catalogue) -> Review:
    return review(catalogue, as_of=request.param)


def asking(reviewed: Review) -> list[ParagraphReview]:
    return [p for p in reviewed.paragraphs if p.clauses and not asks_no_act(p)]


def test_both_sides_are_heard_on_every_paragraph_that_asks_something(reviewed: Review) -> None:
    heard = {p.paragraph.id: {e.objection.side for e in exchanges(reviewed, p)} for p in asking(reviewed)}
    assert {id: sides for id, sides in heard.items() if sides != set(Side)} == {}


def test_those_who_are_asked_speak_first_and_each_side_keeps_the_order_of_the_register(reviewed: Review) -> None:
    order = [o.id for o in reviewed.catalogue.register.objections]
    for p in reviewed.paragraphs:
        found = [e.objection for e in exchanges(reviewed, p)]
        assert found == sorted(found, key=lambda o: (list(Side).index(o.side), order.index(o.id)))


def test_states_of_one_side_speak_in_the_order_of_their_names(catalogue: Catalogue, states: dict[str, str]) -> None:
    """After the groups: no State is first by choice of ours."""
    rows: dict[tuple[str, Side], list[str]] = {}
    for o in catalogue.register.objections:
        rows.setdefault((o.paragraph, o.side), []).append(states.get(o.of, ""))
    assert {key: names for key, names in rows.items() if names != sorted(names)} == {}


def test_no_objection_and_no_answer_changes_a_finding(reviewed: Review) -> None:
    silent = replace(reviewed.catalogue, register=reviewed.catalogue.register.model_copy(update={"objections": ()}))
    assert review(silent, as_of=reviewed.as_of).paragraphs == reviewed.paragraphs


def test_an_objection_to_an_outcome_is_made_only_where_it_came_out_so(reviewed: Review) -> None:
    for p in reviewed.paragraphs:
        for e in exchanges(reviewed, p):
            if (when := e.objection.when) is not None:
                found = [f.outcome for f in p.findings if (f.indicator.id, f.subject) == (when.indicator, when.subject)]
                assert any({o.verdict, o.reason} & set(when.outcomes) for o in found), e.objection.id


def test_a_position_taken_after_the_day_of_the_review_is_not_shown(reviewed: Review) -> None:
    for p in reviewed.paragraphs:
        assert all(s.as_of.first <= reviewed.as_of for e in exchanges(reviewed, p) for s in e.positions)


def test_what_is_cited_as_said_in_public_was_said_by_the_same_side(catalogue: Catalogue) -> None:
    """No State is given the words of another."""
    for o in catalogue.register.objections:
        own = {o.of, *(s for day in DAYS for s in roster(catalogue.memberships, o.of, day))}
        assert [id for id in o.statements if catalogue.archive[id].speaker not in own] == [], o.id


def texts(o: Objection) -> list[str]:
    return [w for words in (o.objection, o.answer) for w in (words.en, words.zh)]


def test_an_objection_holds_on_any_day_so_it_names_no_figure_and_no_later_year(catalogue: Catalogue) -> None:
    """Figures and later events belong to the findings; paragraphs and the years of earlier commitments may be named."""
    adopted = catalogue.register.adopted.first.year
    for o in catalogue.register.objections:
        for text in texts(o):
            rest = re.sub(r"paragraphs? \d+( and \d+)?|第[\d、]+段", "", text)
            assert [n for n in re.findall(r"\d+", rest) if not 1945 <= int(n) <= adopted] == [], o.id
