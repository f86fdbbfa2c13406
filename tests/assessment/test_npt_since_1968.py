"""The Treaty itself as a register: any day since 1968, by data alone."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from stocktake.assessment.review import Catalogue, NothingToReview, ParagraphReview, review
from stocktake.publication.sentences import explain, plain
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.reviewing import tongues_of


@cache
def treaty() -> Catalogue:
    return load_catalogue(register="npt")[0]


def article(id: str, day: date) -> ParagraphReview:
    made = review(treaty(), as_of=day)
    return next(p for p in made.paragraphs if p.paragraph.id == f"NPT#{id}")


@pytest.mark.parametrize(
    ("day", "five"),
    [
        (date(1968, 7, 1), ()),
        (date(1970, 12, 31), ("GBR", "RUS", "USA")),
        (date(1992, 8, 31), ("CHN", "FRA", "GBR", "RUS", "USA")),
    ],
)
def test_article_six_addresses_the_nuclear_weapon_states_that_were_parties_on_the_day(
    day: date, five: tuple[str, ...]
) -> None:
    assert article("VI", day).clauses[1].readings[0].addressees == five


@pytest.mark.parametrize("day", [date(1968, 7, 1), date(1970, 12, 31), date(1992, 8, 31), date(2003, 1, 10)])
def test_the_parties_are_nuclear_weapon_states_or_others_and_never_both(day: date) -> None:
    def on(name: str) -> set[str]:
        return {m.iso3 for m in treaty().memberships if m.roster == name and m.holds(day)}

    assert on("NPT-NWS") | on("NPT-NNWS") == on("NPT-SP")
    assert not on("NPT-NWS") & on("NPT-NNWS")


def test_nothing_that_happened_later_carries_a_finding_of_1970() -> None:
    day = date(1970, 12, 31)
    for p in review(treaty(), as_of=day).paragraphs:
        assert all(s.as_of.first <= day for f in p.findings for s in f.outcome.evidence)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(1994, 12, 31), set()),
        (date(1995, 12, 31), {"NPT/CONF.1995/32(PartI)#decision2.3"}),
        (date(2000, 12, 31), {"NPT/CONF.1995/32(PartI)#decision2.3", "NPT/CONF.2000/28(PartsIandII)#15.6"}),
    ],
)
def test_the_chain_ahead_of_article_six_grows_with_what_is_adopted(day: date, later: set[str]) -> None:
    assert {k.to for k in article("VI", day).later if k.from_ == "NPT#VI"} == later


def test_by_the_end_of_2010_the_tests_of_a_state_whose_withdrawal_is_disputed_are_two() -> None:
    made = article("II", date(2010, 12, 31))
    (found,) = (f for f in made.findings if f.indicator.id == "nuclear-tests")
    english = next(t for t in tongues_of(treaty().archive, load_catalogue()[1]) if t.code == "en")
    said = plain(explain(found, made.clauses[1].clause, english))
    assert "1 (2006); 1 (2009), " in said
    assert "2013" not in said


def test_a_first_conference_is_pending_in_1970_and_met_in_1975() -> None:
    def word(day: date) -> str | None:
        (found,) = (f for f in article("VIII.3", day).findings if f.indicator.id == "first-review-conference")
        return found.outcome.verdict

    assert (word(date(1970, 12, 31)), word(date(1975, 12, 31))) == ("pending", "met")


@pytest.mark.parametrize(
    ("pack", "day", "there"),
    [
        ("a-res-75-65", date(1970, 12, 31), r"NPT of 1968-07-01 \(--register npt\)\.$"),
        ("a-res-75-65", date(2015, 1, 1), r"npt\), NPT/CONF.2010/50\(Vol.I\) of 2010-05-28 \(--register npt-2010\)\.$"),
        ("npt", date(1968, 6, 30), "nothing to review as of 1968-06-30.$"),
    ],
)
def test_a_day_before_adoption_is_refused_with_the_registers_that_there_were(pack: str, day: date, there: str) -> None:
    with pytest.raises(NothingToReview, match=there):
        review(load_catalogue(register=pack)[0], as_of=day)
