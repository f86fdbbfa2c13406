"""Achieve, disclose, act by a date, abstain: what happened, and what silence does not prove."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stocktake.assessment.findings import Outcome
from stocktake.assessment.states_of_affairs import (
    record,
    weigh_abstention,
    weigh_deadline,
    weigh_disclosure,
    weigh_status,
)
from stocktake.evidence.statements import Statement
from tests.assessment.cases import ADOPTED, RULES, SECOND, archive, declared, estimate, indicator, refusal, statement

AS_OF = date(2026, 11, 22)
Answer = tuple[str | None, str | None]


def said(outcome: Outcome) -> Answer:
    return outcome.verdict, outcome.reason


def act(id: str, as_of: str, keyword: str, **fields: Any) -> Statement:
    return statement(id, as_of, act=keyword, **fields)


RATIFICATION = indicator(
    method="status", acts={"ratified": "done", "signed": "pending", "withdrawn": "withdrawn", "expired": "lapsed"}
)


@pytest.mark.parametrize(
    ("why", "rows", "expected"),
    [
        ("the latest act decides", [act("a", "1996", "signed"), act("b", "1998", "ratified")], ("done", None)),
        (
            "a ratification that is withdrawn is withdrawn",
            [act("a", "2000", "ratified"), act("b", "2023-11-02", "withdrawn")],
            ("withdrawn", None),
        ),
        (
            "two acts of one day that differ contradict",
            [act("a", "2020", "signed"), act("b", "2020", "ratified")],
            ("undetermined", "data contradict"),
        ),
        (
            "an act from memory decides nothing",
            [act("a", "2020", "ratified", seen="memory")],
            ("undetermined", "no data"),
        ),
        ("an act of another kind is no answer", [act("a", "2020", "visited")], ("undetermined", "no data")),
    ],
)
def test_a_status_is_what_was_done_last(why: str, rows: list[Statement], expected: Answer) -> None:
    assert said(weigh_status(RATIFICATION, archive(rows).statements)) == expected, why


REPORT = indicator(
    method="deadline", acts={"filed": "met", "not-filed": "missed"}, **{"from": "2020-12-07", "deadline": "2022-08-26"}
)


@pytest.mark.parametrize(
    ("why", "rows", "expected"),
    [
        ("filed inside the window", [act("a", "2021-11-01", "filed")], ("met", None)),
        ("filed on the last day", [act("a", "2022-08-26", "filed")], ("met", None)),
        ("filed only afterwards", [act("a", "2023-01-01", "filed")], ("late", None)),
        ("somebody states that it was not", [act("a", "2022-08-26", "not-filed")], ("missed", None)),
        (
            "a report of an earlier year is none of this one",
            [act("a", "2019-04-29", "filed")],
            ("undetermined", "no data"),
        ),
        ("no record is not a missed deadline", [], ("undetermined", "no data")),
    ],
)
def test_a_missing_record_is_not_a_missed_deadline(why: str, rows: list[Statement], expected: Answer) -> None:
    for rules in (RULES, SECOND):
        assert said(weigh_deadline(REPORT, archive(rows).statements, rules, as_of=AS_OF)) == expected, why


def test_while_the_time_runs_an_act_that_is_not_on_record_is_pending() -> None:
    def on(day: date) -> Answer:
        return said(weigh_deadline(REPORT, (), SECOND, as_of=day))

    assert on(date(2022, 8, 26)) == ("pending", None)
    assert on(date(2022, 8, 27)) == ("undetermined", "no data")


@pytest.mark.parametrize(
    ("why", "rows", "expected"),
    [
        ("one act breaks it", [declared("a", "2025", "0"), declared("b", "2026", "1")], ("broken", None)),
        (
            "a count of none to the present keeps it",
            [declared("a", "2025", "0"), declared("b", "2026", "0")],
            ("kept", None),
        ),
        (
            "a count that ended years ago says nothing of today",
            [declared("a", "2022", "0")],
            ("undetermined", "no data"),
        ),
        ("an act before adoption is not counted", [declared("a", "2017", "1")], ("undetermined", "no data")),
        ("silence keeps nothing", [], ("undetermined", "no data")),
    ],
)
def test_abstaining_needs_somebody_who_looked(why: str, rows: list[Statement], expected: Answer) -> None:
    assert said(weigh_abstention(archive(rows).statements, RULES, adopted=ADOPTED, as_of=AS_OF)) == expected, why


@pytest.mark.parametrize(
    ("why", "rows", "expected"),
    [
        ("a recent figure of its own", [declared("a", "2025-09-30", "3700")], ("done", None)),
        ("a figure that has grown old has lapsed", [declared("a", "2020-09-30", "3750")], ("lapsed", None)),
        (
            "a refusal after a figure withdraws it",
            [declared("a", "2010", "225"), refusal("r", "2021-03-16")],
            ("withdrawn", None),
        ),
        (
            "so does a withdrawal of what we have no figure of",
            [refusal("r", "2021-03-16", "withdrawn")],
            ("withdrawn", None),
        ),
        ("a State that never gave a figure has it to do", [refusal("r", "2025-11-27")], ("pending", None)),
        (
            "a figure after a refusal discloses again",
            [refusal("r", "2019"), declared("a", "2025", "3748")],
            ("done", None),
        ),
        ("what others estimate discloses nothing", [estimate("a", "2026", "600")], ("undetermined", "no data")),
        (
            "a figure made public later was not public then",
            [declared("a", "2026-01", "10", stated_on="2027-01-01")],
            ("undetermined", "no data"),
        ),
        (
            "a ceiling is no figure",
            [statement("c", "2026", high="260", form="ceiling", speaker="CHN")],
            ("undetermined", "no data"),
        ),
    ],
)
def test_disclosure_is_the_states_own_present_figure(why: str, rows: list[Statement], expected: Answer) -> None:
    known = archive(rows)
    assert said(weigh_disclosure(known.statements, known, RULES, as_of=AS_OF)) == expected, why


def test_a_record_lists_and_gives_no_verdict() -> None:
    rows = archive([estimate("a", "2020", "10"), estimate("b", "2025", "20"), statement("e", "2024")]).statements
    outcome = record(indicator(method="record"), rows, adopted=ADOPTED)
    assert said(outcome) == (None, "evidence only")
    assert (outcome.baseline, outcome.value) == (rows[0], rows[2])
    assert outcome.change is None, "two figures side by side are not called a change"
