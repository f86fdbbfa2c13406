"""The mirror holds up the same rules to those who ask: nothing added, nothing left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.assessment.mirror import Mirrored, UnknownSubject, mirrored, subjects_named
from stocktake.assessment.review import Catalogue, review
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Statement
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.terms.dates import PartialDate
from stocktake.terms.provenance import Seen, Verification

DAY = date(2026, 11, 22)
FIVE = ("CHN", "FRA", "GBR", "RUS", "USA")
SIX = ("BRA", "EGY", "IRL", "MEX", "NZL", "ZAF")


@cache
def bundled() -> Catalogue:
    return load_catalogue()[0]


def answers(made: Mirrored) -> dict[tuple[str, str, str, str | None], str | None]:
    return {
        (p.paragraph.id, f.indicator.id, f.subject, f.part): f.outcome.verdict
        for r in made.reviews
        for p in r.paragraphs
        for f in p.findings
    }


def test_held_up_to_the_five_it_gives_the_findings_of_the_review() -> None:
    seen = answers(mirrored(bundled(), FIVE, as_of=DAY))
    for p in review(bundled(), as_of=DAY).paragraphs:
        for f in p.findings:
            if f.subject in FIVE and not f.context and f.indicator.subjects == "addressees":
                assert seen[p.paragraph.id, f.indicator.id, f.subject, f.part] == f.outcome.verdict


@given(st.permutations(SIX))
def test_the_order_in_which_states_are_named_changes_no_answer(order: list[str]) -> None:
    assert answers(mirrored(bundled(), order, as_of=DAY)) == answers(mirrored(bundled(), SIX, as_of=DAY))


def test_two_states_whose_data_are_swapped_swap_their_answers() -> None:
    def swap(s: Statement) -> Statement:
        other = {"EGY": "IRL", "IRL": "EGY"}
        return s.model_copy(
            update={"subject": other.get(s.subject, s.subject), "speaker": other.get(s.speaker, s.speaker)}
        )

    archive = bundled().archive
    swapped = replace(bundled(), archive=Archive([swap(s) for s in archive.statements], archive.speakers.values()))
    before = answers(mirrored(bundled(), ("EGY", "IRL"), as_of=DAY))
    after = answers(mirrored(swapped, ("EGY", "IRL"), as_of=DAY))
    both = {key[:2] for key in before if key[2] == "IRL"} & {key[:2] for key in before if key[2] == "EGY"}
    for paragraph, indicator in both:
        assert before[paragraph, indicator, "EGY", None] == after[paragraph, indicator, "IRL", None]
        assert before[paragraph, indicator, "IRL", None] == after[paragraph, indicator, "EGY", None]


def test_a_sponsor_that_has_not_ratified_the_test_ban_is_pending_like_anyone_else() -> None:
    found = answers(mirrored(bundled(), ("EGY", "USA"), as_of=DAY))
    asked = ("NPT/CONF.2010/50(Vol.I)#action13", "ctbt-ratification")
    assert found[*asked, "EGY", None] == found[*asked, "USA", None] == "pending"


def test_a_party_without_a_record_is_undetermined_and_never_late_for_a_cycle_that_it_missed() -> None:
    for cycle in mirrored(bundled(), SIX, as_of=DAY).reporting:
        assert {(o.verdict, o.reason) for o in cycle.outcomes.values()} == {("met", None), ("undetermined", "no data")}


def test_every_party_of_the_day_is_asked_for_its_reports_and_only_in_cycles_that_have_begun() -> None:
    made = mirrored(bundled(), SIX, as_of=date(2016, 1, 1))
    assert [c.cycle.indicator for c in made.reporting] == ["report-cycle-2015", "report-cycle-2022"]
    assert all(len(c.outcomes) == 190 for c in made.reporting)
    assert {o.verdict for o in made.reporting[1].outcomes.values()} >= {"pending"}


def test_a_name_that_is_no_group_and_no_state_is_refused_with_the_groups() -> None:
    with pytest.raises(UnknownSubject, match="'NAK' is no group \\(there are: NAC, NWS\\)"):
        subjects_named(bundled(), ["NAK"])


def test_a_report_on_record_turns_no_data_into_met() -> None:
    row = Statement(
        id="invented-report",
        quantity="national-report",
        subject="ZAF",
        form="event",
        act="report-filed",
        text_en="A report",
        text_zh="报告",
        as_of=PartialDate.parse("2024-07-22"),
        speaker="ZAF",
        verification=Verification.DECLARED,
        seen=Seen.COPY,
        publisher="invented",
        document="invented",
    )
    archive = bundled().archive
    more = replace(bundled(), archive=Archive([*archive.statements, row], archive.speakers.values()))
    last = mirrored(more, SIX, as_of=DAY).reporting[-1]
    assert last.outcomes["ZAF"].verdict == "met"
