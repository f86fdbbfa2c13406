"""Known at a day: nothing that was said later is seen, and what was said earlier is not lost."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.assessment.review import review
from stocktake.evidence.statements import Statement
from stocktake.secretariat.log_catalogue import what_was_known

BEFORE_THE_LOG = st.dates(date(2020, 12, 7), date(2026, 11, 21))


def said(s: Statement) -> date:
    """The first day on which it can have been said, as far as its dates tell."""
    return (s.stated_on or s.published or s.vintage or s.as_of).first


@given(BEFORE_THE_LOG, BEFORE_THE_LOG)
@settings(max_examples=12)
def test_known_at_never_sees_a_later_statement(one: date, other: date) -> None:
    early, late = sorted((one, other))
    then, later = (what_was_known(None, day).catalogue for day in (early, late))
    assert all(said(s) <= early for s in then.archive.statements)
    assert {s.id for s in then.archive.statements} <= {s.id for s in later.archive.statements}
    used = {
        s
        for p in review(then, as_of=early).paragraphs
        for f in p.findings
        for s in (*f.outcome.evidence, *f.outcome.not_chosen)
    }
    assert all(said(s) <= early and s.as_of.first <= early for s in used)
