"""Laws of the weighing, whatever the evidence: laid out so that they could be read aloud to a delegate."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stocktake.assessment.findings import Finding
from stocktake.assessment.review import review
from stocktake.evidence.statements import Form, Statement
from stocktake.terms.dates import PartialDate
from tests.assessment.invented import AS_OF, EVIDENCE, SMALL, STATE, moon, of_the_state, reviewed

# How a page stands: no answer may rank above the one that an open figure would have given.
RANK = {"advanced": 3, "done": 3, "kept": 3, "met": 3, "unchanged": 2, "pending": 2, None: 2, "undetermined": 1}


def rank(finding: Finding) -> int:
    """A withheld figure ranks with the worst; of what is not disclosed, no answer is better than another."""
    if finding.indicator.method == "disclosure" and finding.outcome.verdict != "done":
        return 0
    return 0 if finding.outcome.reason == "withheld" else RANK.get(finding.outcome.verdict, 0)


@given(EVIDENCE, st.randoms(use_true_random=False))
def test_the_order_and_the_repetition_of_evidence_do_not_matter(rows: list[Statement], random: Any) -> None:
    shuffled = [*rows, *rows]
    random.shuffle(shuffled)
    assert of_the_state(reviewed(rows)) == of_the_state(reviewed(shuffled))


@given(EVIDENCE)
def test_evidence_that_a_finding_does_not_list_cannot_change_it(rows: list[Statement]) -> None:
    for id, finding in of_the_state(reviewed(rows)).items():
        listed = {s.id for s in (*finding.outcome.evidence, *finding.outcome.not_chosen)}
        alone = of_the_state(reviewed([s for s in rows if s.id in listed]))
        assert alone[id] == finding


@given(EVIDENCE)
def test_a_finding_without_any_of_its_evidence_is_undetermined_for_want_of_data(rows: list[Statement]) -> None:
    for id, finding in of_the_state(reviewed(rows)).items():
        if finding.indicator.quantity == "moon-stockpile":
            listed = {s.id for s in (*finding.outcome.evidence, *finding.outcome.not_chosen)}
            bare = of_the_state(reviewed([s for s in rows if s.id not in listed]))[id].outcome
            assert (bare.verdict, bare.reason, bare.evidence) == ("undetermined", "no data", ())


@given(EVIDENCE, st.data())
def test_widening_an_interval_never_turns_undetermined_into_a_verdict(
    rows: list[Statement], data: st.DataObject
) -> None:
    numbers = [s for s in rows if s.form in (Form.NUMBER, Form.RANGE)]
    assume(numbers)
    chosen = data.draw(st.sampled_from(numbers))
    below, above = data.draw(st.integers(0, 40)), data.draw(st.integers(0, 40))
    low, high = chosen.low or Decimal(0), chosen.high or Decimal(0)
    wider = chosen.model_copy(update={"low": max(low - below, Decimal(0)), "high": high + above})
    before = of_the_state(reviewed(rows))
    after = of_the_state(reviewed([wider if s is chosen else s for s in rows]))
    for id, finding in before.items():
        if finding.outcome.verdict == "undetermined":
            assert after[id].outcome.verdict == "undetermined"


@given(EVIDENCE, st.data())
def test_hiding_a_figure_never_improves_the_page_of_a_state(rows: list[Statement], data: st.DataObject) -> None:
    own = [s for s in rows if s.speaker == STATE and s.form is Form.NUMBER]
    assume(own)
    hidden = data.draw(st.sampled_from(own))
    refusal = moon(hidden.id, str(hidden.as_of), form="withheld", speaker=STATE, verification="declared")
    open_, closed = (of_the_state(reviewed([x if s is hidden else s for s in rows])) for x in (hidden, refusal))
    for id, finding in closed.items():
        assert rank(finding) <= rank(open_[id]), (open_[id].outcome, finding.outcome)


@given(EVIDENCE)
def test_no_finding_rests_on_memory(rows: list[Statement]) -> None:
    for finding in of_the_state(reviewed(rows)).values():
        assert all(s.seen != "memory" for s in finding.outcome.evidence)


@given(EVIDENCE, st.integers(2, 9))
@settings(max_examples=50)
def test_the_verdict_does_not_depend_on_the_unit(rows: list[Statement], k: int) -> None:
    """Counted in dozens or in singles, the same change is the same change; only a rounding has a unit of its own."""

    def scaled(s: Statement) -> Statement:
        return s.model_copy(update={n: v * k for n in ("low", "best", "high") if (v := getattr(s, n)) is not None})

    before, after = of_the_state(reviewed(rows)), of_the_state(reviewed([scaled(s) for s in rows]))
    for id, finding in before.items():
        if finding.indicator.id == "estimated":
            other = after[id].outcome
            assert (other.verdict, other.reason, other.tolerance) == (
                finding.outcome.verdict,
                finding.outcome.reason,
                finding.outcome.tolerance,
            )


@pytest.mark.parametrize(
    "finding", [f for p in review(SMALL, as_of=AS_OF).paragraphs for f in p.findings], ids=lambda f: f.id
)
def test_every_finding_of_the_small_review_falls_without_its_evidence(finding: Finding) -> None:
    listed = [s.id for s in (*finding.outcome.evidence, *finding.outcome.not_chosen)]
    bare = review(replace(SMALL, archive=SMALL.archive.without(listed)), as_of=AS_OF)
    left = {f.id: f for p in bare.paragraphs for f in p.findings}[finding.id].outcome
    still_time = finding.indicator.deadline and PartialDate.parse(finding.indicator.deadline).last >= AS_OF
    assert (left.verdict, left.reason) == (("pending", None) if still_time else ("undetermined", "no data"))
