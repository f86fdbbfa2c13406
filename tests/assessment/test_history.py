"""The answers through time: read off, they are what a review of that day says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stocktake.assessment.history import History, Question, stale_from
from stocktake.assessment.review import Catalogue, review
from stocktake.assessment.states_of_affairs import is_current
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Statement
from stocktake.secretariat.catalogue import load_catalogue
from tests.assessment.cases import statement
from tests.assessment.invented import EVIDENCE, SMALL, STATE, with_evidence

Answers = dict[Question, tuple[str | None, str | None]]
DAYS = st.dates(date(2039, 1, 1), date(2050, 12, 31))


def by_review(catalogue: Catalogue, day: date) -> Answers:
    """What the review of that day answers of those who are addressed."""
    if day < catalogue.register.adopted.first:
        return {}
    return {
        Question(p.paragraph.id, f.clause, f.reading or "", f.indicator.id, f.subject, f.part): (
            f.outcome.verdict,
            f.outcome.reason,
        )
        for p in review(catalogue, as_of=day).paragraphs
        for f in p.findings
        if not f.context
    }


def read_off(history: History, days: list[date]) -> list[Answers]:
    grid = history.grid(days)

    def named(q: Question) -> Question:
        return replace(q, part=q.part.removeprefix("protocol:") if q.part else None)

    return [
        {named(q): grid.answers[code] for q, code in zip(grid.questions, grid.codes[:, i], strict=True) if code}
        for i in range(len(days))
    ]


@given(EVIDENCE, st.lists(DAYS, min_size=1, max_size=4))
def test_an_answer_read_off_is_that_of_the_review_of_its_day(rows: list[Statement], days: list[date]) -> None:
    catalogue = with_evidence(rows)
    assert read_off(History(catalogue), days) == [by_review(catalogue, day) for day in days]


@pytest.mark.parametrize("register", ["a-res-75-65", "npt-2010"])
def test_the_history_of_the_bundled_catalogue_is_its_reviews(register: str) -> None:
    catalogue, _, _ = load_catalogue(register=register)
    days = [date(year, 12, 31) for year in range(1945, 2027)] + [date(2021, 6, 30), date(2026, 2, 5)]
    assert read_off(History(catalogue), days) == [by_review(catalogue, day) for day in days]


@given(EVIDENCE, EVIDENCE)
def test_a_changed_claim_weighs_again_only_what_depends_on_it(one: list[Statement], other: list[Statement]) -> None:
    assume(one != other)
    before, catalogue = History(with_evidence(one)), with_evidence(other)
    after, afresh = History(catalogue, before), History(catalogue)
    days = [date(year, 12, 31) for year in range(2039, 2049)]
    assert read_off(after, days) == read_off(afresh, days)
    depend = {
        (q.indicator, q.subject)
        for q in afresh.grid(days).questions
        if q.subject == STATE and catalogue.indicators[q.indicator].quantity == "moon-stockpile"
    }
    assert after.weighed <= len(depend) < afresh.weighed


def test_another_version_of_the_rules_weighs_everything_again() -> None:
    before = History(SMALL)
    ours = replace(SMALL, rules=SMALL.rules.model_copy(update={"version": "3"}))
    assert History(ours, before).weighed == before.weighed
    assert History(SMALL, before).weighed == 0


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(1, 9))
def test_a_figure_grows_old_on_one_day(last: date, years: int) -> None:
    figure = statement("s", last.isoformat(), "1")
    turn = stale_from(last, years)
    assert is_current(figure, turn - timedelta(days=1), years)
    assert not is_current(figure, turn, years)


def test_nothing_is_asked_before_the_adoption_nor_of_those_not_on_the_roster() -> None:
    grid = History(SMALL).grid([SMALL.register.adopted.first - timedelta(days=1)])
    assert not np.any(grid.codes)


@given(EVIDENCE, DAYS)
def test_what_happens_later_is_not_seen(rows: list[Statement], day: date) -> None:
    later = [s for s in rows if s.as_of.first > day]
    known = [s for s in rows if s.as_of.first <= day]
    assume(later)
    catalogue = with_evidence(rows)
    bare = replace(catalogue, archive=Archive([s for s in catalogue.archive.statements if s not in later]))
    bare = replace(bare, archive=Archive(bare.archive.statements, SMALL.archive.speakers.values()))
    assert by_review(bare, day) == by_review(with_evidence(known), day) == by_review(catalogue, day)


@given(EVIDENCE)
def test_two_states_that_swap_their_data_swap_their_findings(rows: list[Statement]) -> None:
    """The same rules run on everyone: nothing in them knows a State by its name."""
    addressed = {q.subject for q in History(SMALL).grid([date(2045, 12, 31)]).questions}
    other = min(s for s in addressed if s != STATE and len(s) == 3)
    swap = {STATE: other, other: STATE}

    def swapped(s: Statement) -> Statement:
        subject, speaker = swap.get(s.subject, s.subject), swap.get(s.speaker, s.speaker)
        return s.model_copy(update={"subject": subject, "speaker": speaker})

    catalogue = with_evidence(rows)
    mirrored = replace(
        catalogue, archive=Archive(map(swapped, catalogue.archive.statements), catalogue.archive.speakers.values())
    )
    day = date(2045, 12, 31)
    expected = {replace(q, subject=swap.get(q.subject, q.subject)): a for q, a in by_review(catalogue, day).items()}
    assert by_review(mirrored, day) == expected
