"""What changed and why: everything that changed is listed, with the pieces that made it change, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.assessment.changes import Cause, Change, Extent, Moment, Question, WrongOrder, compare
from stocktake.assessment.findings import Finding, Outcome
from stocktake.assessment.review import review
from stocktake.evidence.statements import Statement
from stocktake.secretariat.catalogue import load_catalogue
from tests.assessment.cases import RULES, SECOND
from tests.assessment.invented import EVIDENCE, STATE, moon, with_evidence

FIRST, LAST = date(2044, 12, 31), date(2046, 12, 31)
DAYS = st.sampled_from([date(2044, 12, 5), FIRST, date(2045, 6, 30), LAST, date(2049, 1, 1)])


def findings(moment: Moment) -> dict[Question, Finding]:
    return {
        Question(p.paragraph.id, f.clause, f.indicator.id, f.subject, f.part): f
        for p in review(moment.catalogue, as_of=moment.as_of).paragraphs
        for f in p.findings
    }


def told(outcome: Outcome) -> Outcome:
    """All of it but what the rule saw and left."""
    return replace(outcome, not_chosen=())


def moments(one: list[Statement], other: list[Statement], first: date = FIRST, last: date = LAST) -> tuple[Moment, ...]:
    return Moment(with_evidence(one), first), Moment(with_evidence(other), last)


@given(EVIDENCE, EVIDENCE, DAYS, DAYS)
@settings(max_examples=60)
def test_all_that_changed_is_listed_and_nothing_else(
    one: list[Statement], other: list[Statement], a: date, b: date
) -> None:
    before, after = moments(one, other, min(a, b), max(a, b))
    was, now = findings(before), findings(after)
    differ = {q for q in was.keys() | now.keys() if q not in was or q not in now or _differ(was[q], now[q])}
    assert {c.question for c in compare(before, after).changes} == differ


def _differ(one: Finding, other: Finding) -> bool:
    return told(one.outcome) != told(other.outcome)


@given(EVIDENCE, EVIDENCE)
@settings(max_examples=60)
def test_the_named_statements_alone_make_the_change_and_none_can_be_left_out(
    one: list[Statement], other: list[Statement]
) -> None:
    """Laid on what was known, they give the finding that is; without any one of them they do not."""
    before, after = moments(one, other, LAST, LAST)
    old, new = {s.id: s for s in one}, {s.id: s for s in other}

    def given_only(ids: Iterable[str]) -> dict[Question, Finding]:
        rows = {**old, **{id: new[id] for id in ids if id in new}}
        kept = [s for id, s in rows.items() if id not in set(ids) - new.keys()]
        return findings(Moment(with_evidence(kept), LAST))

    for change in compare(before, after).changes:
        assert change.before is not None and change.after is not None
        named = [id for r in change.reasons for id in r.statements]
        assert told(given_only(named)[change.question].outcome) == told(change.after.outcome)
        for left_out in named:
            fewer = [id for id in named if id != left_out]
            assert told(given_only(fewer)[change.question].outcome) != told(change.after.outcome)


@given(EVIDENCE, EVIDENCE, DAYS, DAYS)
@settings(max_examples=60)
def test_every_change_has_a_reason_and_its_last_step_is_what_is_said_now(
    one: list[Statement], other: list[Statement], a: date, b: date
) -> None:
    for change in compare(*moments(one, other, min(a, b), max(a, b))).changes:
        assert change.reasons
        assert [s.cause for s in change.stages] == [r.cause for r in change.reasons]
        now = change.after.outcome if change.after else None
        last = change.stages[-1]
        assert (last.verdict, last.reason) == ((now.verdict, now.reason) if now else (None, "not asked"))


@given(EVIDENCE, DAYS)
def test_between_a_review_and_itself_nothing_changed(rows: list[Statement], day: date) -> None:
    moment = Moment(with_evidence(rows), day)
    assert compare(moment, moment).changes == ()


def test_the_earlier_day_comes_first() -> None:
    before, after = moments([], [])
    with pytest.raises(WrongOrder, match="2044-12-31 lies before 2046-12-31"):
        compare(after, before)


def estimate(id: str, as_of: str, best: int, **fields: Any) -> Statement:
    own = {"speaker": "INSTITUTE", "series": "institute", "series_kind": "back-cast", "vintage": "2045"}
    return moon(id, as_of, best=str(best), **{**own, **fields})


BASE = [estimate("a", "2044", 100), estimate("b", "2044-06", 90)]


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        pytest.param([estimate("c", "2046", 50)], {Cause.EVENT: ("c",)}, id="a later figure is an event"),
        pytest.param([estimate("c", "2044-11", 50)], {Cause.EVIDENCE: ("c",)}, id="an older figure is new evidence"),
        pytest.param(
            [estimate("c", "2044-06", 50, vintage="2046")], {Cause.REVISION: ("c",)}, id="a later edition revises"
        ),
        pytest.param(
            [estimate("c", "2044-06", 50, vintage="2046", supersedes="b")],
            {Cause.CORRECTION: ("c",)},
            id="what supersedes corrects",
        ),
        pytest.param(
            [estimate("c", "2044-06", 95, vintage="2046"), estimate("d", "2046", 50, vintage="2046")],
            {Cause.REVISION: ("c",), Cause.EVENT: ("d",)},
            id="two reasons are both named",
        ),
    ],
)
def test_each_statement_counts_under_what_it_is(added: list[Statement], expected: dict[Cause, tuple[str, ...]]) -> None:
    change = _of_estimates(BASE, [*BASE, *added])
    assert {r.cause: r.statements for r in change.reasons} == expected


def test_a_figure_where_a_refusal_stood_is_new_evidence_and_no_correction() -> None:
    refused = moon("r", "2044-09", form="withheld", speaker=STATE, verification="declared")
    figure = moon("f", "2044-10", best="80", speaker=STATE, verification="declared", supersedes="r")
    found = compare(*moments([*BASE, refused], [*BASE, refused, figure]))
    causes = {r.cause for c in found.changes for r in c.reasons if "f" in r.statements}
    assert causes == {Cause.EVIDENCE}


def test_a_reworded_and_a_withdrawn_row_are_corrections() -> None:
    change = _of_estimates(BASE, [BASE[0], estimate("b", "2044-06", 60)])
    assert [(r.cause, r.statements) for r in change.reasons] == [(Cause.CORRECTION, ("b",))]
    change = _of_estimates(BASE, [BASE[0]])
    assert [(r.cause, r.statements) for r in change.reasons] == [(Cause.CORRECTION, ("b",))]


def test_another_version_of_the_rules_is_named_with_both_versions() -> None:
    rows = [*BASE, estimate("c", "2046", 96, low="92", high="96")]
    generous = RULES.model_copy(update={"version": "9", "own_margin": RULES.own_margin / 10})
    before, after = (Moment(replace(with_evidence(rows), rules=rules), LAST) for rules in (RULES, generous))
    changes = compare(before, after).changes
    assert changes and {(r.cause, r.was, r.now) for c in changes for r in c.reasons} == {(Cause.RULE, "1", "9")}


def test_a_figure_that_has_grown_old_is_named_as_the_passing_of_time() -> None:
    rows = [moon("own", "2044-11", best="80", speaker=STATE, verification="declared")]
    changes = compare(*moments(rows, rows, FIRST, date(2047, 6, 1))).changes
    found = {(c.question.indicator, c.question.subject): c for c in changes}
    lapsed = found["disclosure", STATE]
    assert (lapsed.extent, [(r.cause, r.statements) for r in lapsed.reasons]) == (Extent.VERDICT, [(Cause.TIME, ())])


def _of_estimates(one: list[Statement], other: list[Statement]) -> Change:
    changes = [c for c in compare(*moments(one, other)).changes if c.question.subject == STATE]
    (change,) = {c.question.indicator: c for c in changes if c.question.indicator == "estimated"}.values()
    return change


def test_of_the_bundled_catalogue_the_postponed_conference_was_held_in_2022() -> None:
    catalogue, _, _ = load_catalogue()
    before, after = (Moment(replace(catalogue, rules=SECOND), date(year, 12, 31)) for year in (2021, 2022))
    found = {(c.question.indicator, c.question.subject): c for c in compare(before, after).changes}
    held = found["postponed-conference", "NPT-RC"]
    assert (held.extent, [r.cause for r in held.reasons]) == (Extent.VERDICT, [Cause.EVENT])
