"""What a State makes public of itself: hiding a figure improves nothing, whatever else is stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stocktake.assessment.disclosure import FIGURES, Asked, Cell, Status, asked_quantities, disclosure
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Form, Statement
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.disclosures import what_is_public
from stocktake.secretariat.form_catalogue import load_form
from tests.assessment.invented import AS_OF, EVIDENCE, SMALL, STATE, moon, with_evidence

ASKED = Asked("2.1", ("moon-stockpile",), (), (SMALL.indicators["declared"], SMALL.indicators["disclosure"]))


def cell(rows: list[Statement], as_of: date = AS_OF, *, sealed: bool = False) -> Cell:
    (row,) = disclosure(with_evidence(rows), [ASKED], [STATE], as_of=as_of, sealed={(STATE, "2.1")} if sealed else ())
    return row.cells[0]


def own(id: str, as_of: str, **fields: object) -> Statement:
    return moon(id, as_of, **{"speaker": STATE, "verification": "declared", **fields})


# How much a cell says; refusals and silence say nothing.
RANK = {Status.VALUE: 3, Status.RANGE: 2, Status.BOUND: 1, Status.OLD: 1}


@given(EVIDENCE, st.data())
@settings(max_examples=300)
def test_replacing_a_figure_by_a_refusal_never_improves_anything(rows: list[Statement], data: st.DataObject) -> None:
    figures = [s for s in rows if s.speaker == STATE and s.form in (Form.NUMBER, Form.CEILING)]
    assume(figures)
    hidden = data.draw(st.sampled_from(figures))
    refusal = own(hidden.id, str(hidden.as_of), form="withheld")
    before, after = cell(rows), cell([refusal if s is hidden else s for s in rows])
    assert RANK.get(after.status, 0) <= RANK.get(before.status, 0)
    assert after.weight <= before.weight
    assert after.disclosed <= before.disclosed
    assert after.comparable <= before.comparable
    assert after.measurable <= before.measurable
    assert len(after.refusals) >= len(before.refusals)


@given(EVIDENCE)
def test_what_others_estimate_is_no_disclosure(rows: list[Statement]) -> None:
    others = [s for s in rows if s.speaker != STATE]
    assert cell(others).status is Status.SILENT


@pytest.mark.parametrize(
    ("rows", "status", "weight"),
    [
        ([], Status.SILENT, "0"),
        ([own("a", "2045", best="80")], Status.VALUE, "1"),
        ([own("a", "2045", form="range", low="60", high="80")], Status.RANGE, "0.75"),
        ([own("a", "2045", form="ceiling", high="80")], Status.BOUND, "0"),
        ([own("a", "2040", best="80")], Status.OLD, "0"),
        ([own("a", "2045", form="withheld")], Status.WITHHELD, "0"),
        ([own("a", "2044", best="80"), own("b", "2045", form="withheld")], Status.WITHDRAWN, "0"),
        ([own("a", "2044", form="withheld"), own("b", "2045", best="80")], Status.VALUE, "1"),
    ],
    ids=lambda v: v if isinstance(v, str) else None,
)
def test_the_latest_own_word_decides_and_a_range_counts_by_its_width(
    rows: list[Statement], status: Status, weight: str
) -> None:
    found = cell(rows)
    assert (found.status, found.weight) == (status, Decimal(weight))


def test_a_sealed_value_stands_apart_and_counts_as_none() -> None:
    found = cell([], sealed=True)
    assert (found.status, found.weight, found.disclosed) == (Status.SEALED, Decimal(0), False)


def test_comparable_needs_two_figures_of_one_definition_and_measurable_a_verdict() -> None:
    one = [own("a", "2044", best="80", series="s")]
    two = [*one, own("b", "2045", best="60", series="s")]
    assert (cell(one).comparable, cell(one).measurable) == (False, False)
    assert (cell(two).comparable_with_own, cell(two).verdict) == (True, "advanced")
    other = [*one, own("b", "2045", best="60", series="another")]
    assert cell(other).comparable_with_own is False


def test_comparable_with_others_needs_the_same_year() -> None:
    def both(year: str) -> Cell:
        there = moon("o", year, best="70", subject="XBB", speaker="XBB", verification="declared")
        catalogue = replace(SMALL, archive=Archive([own("a", "2045", best="80"), there], ()))
        return disclosure(catalogue, [ASKED], [STATE, "XBB"], as_of=AS_OF)[0].cells[0]

    assert (both("2045").comparable_with_others, both("2044").comparable_with_others) == (True, False)


def test_a_withdrawal_is_an_event_with_its_day_and_words() -> None:
    """France, 2 March 2026; the United Kingdom kept its ceiling when it withdrew its figures in 2021."""
    catalogue, _, _ = load_catalogue()
    rows = {r.state: r for r in what_is_public(catalogue, date(2026, 11, 22))}
    france, kingdom = rows["FRA"].cells[0], rows["GBR"].cells[0]
    assert france.status is Status.WITHDRAWN
    assert "2026-03-02" in {s.as_of.text for s in france.refusals} and all(s.text_en for s in france.refusals)
    assert (kingdom.status, kingdom.verdict, kingdom.disclosed) == (Status.BOUND, "reversed", False)
    assert kingdom.status in FIGURES and kingdom.refusals


def test_the_quantities_are_those_of_the_form_that_an_indicator_uses() -> None:
    catalogue, _, _ = load_catalogue()
    used = {i.quantity for i in catalogue.indicators.values()}
    asked = asked_quantities(load_form().form, catalogue.indicators.values())
    assert asked and all(used & set(a.quantities) for a in asked)
