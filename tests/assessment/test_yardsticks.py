"""Benchmarks laid against evidence: each rule as a sentence, whatever the figures and whoever the State."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stocktake.assessment.pace import AWAY, REACHED, STANDING, TOWARDS, UNTOLD
from stocktake.assessment.yardsticks import BenchmarkFinding, MarkFinding, measure_all
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Form, Statement
from stocktake.register.benchmarks import Benchmark
from stocktake.register.yardsticks import Unit
from tests.assessment.cases import SECOND, SPEAKERS, estimate, statement
from tests.assessment.invented import AS_OF, EVIDENCE, SMALL, STATE, moon

UNITS = {"thousand warheads": Unit(id="thousand warheads", of="warheads", factor=Decimal(1000))}
TODAY = date(2026, 11, 22)


def benchmark(**fields: Any) -> Benchmark:
    words = {"en": "a benchmark", "zh": "一项基准"}
    base = {
        "id": "b",
        "name": words,
        "quantity": "stockpile",
        "speakers": "others",
        "direction": "down",
        "applies_to": ("CHN",),
        "basis": "proposed",
        "author": "A",
        "source": "S",
        "seen": "original",
    }
    return Benchmark.model_validate(base | fields)


def at(date: str, value: int | None = None, share: str | None = None) -> dict[str, Any]:
    return {"date": date, "value": value, "share": share, "source": "S"}


def asked(rows: list[Statement], as_of: date = TODAY, **fields: Any) -> BenchmarkFinding:
    catalogue = replace(SMALL, archive=Archive(rows, SPEAKERS), rules=SECOND)
    (found,) = measure_all([benchmark(**{"unit": "warheads"} | fields)], catalogue, UNITS, as_of=as_of)
    return found


def last(found: BenchmarkFinding) -> MarkFinding:
    return found.marks[-1]


def word(found: BenchmarkFinding) -> tuple[str | None, str | None]:
    return last(found).verdict, last(found).reason


HALF = [estimate("a", "2010", "400"), estimate("b", "2018", "100"), estimate("c", "2020", "90")]
CASES: list[tuple[str, list[Statement], dict[str, Any], tuple[str | None, str | None]]] = [
    ("in time", HALF, {"target": 200, "deadline": "2018"}, ("met", None)),
    ("too late", HALF, {"target": 120, "deadline": "2010"}, ("late", None)),
    ("not at all", HALF, {"target": 50, "deadline": "2020"}, ("missed", None)),
    ("no figure near the date", HALF, {"target": 200, "deadline": "2015"}, ("undetermined", "no data")),
    ("the figures step over the number with the date between them", HALF[:2], {"target": 200, "deadline": "2012"},
     ("undetermined", "no data")),
    ("within the margin of the estimator", HALF, {"target": 95, "deadline": "2018"},
     ("undetermined", "change within tolerance")),
    ("a date to come", HALF, {"target": 0, "deadline": "2045"}, ("pending", None)),
    ("no date", HALF, {"target": 0, "deadline": None}, ("undetermined", "no data")),
    ("no number", HALF, {"target": None, "unit": None, "milestones": [at("2018")]}, (None, "no number named")),
    ("nothing stated", [], {"target": 0, "deadline": "2018"}, ("undetermined", "no data")),
    ("zero is an ordinary target", [estimate("a", "2018", "0")], {"target": 0, "deadline": "2018"}, ("met", None)),
    ("a ceiling is not a number", [statement("a", "2018", form="ceiling", high="10", unit="warheads")],
     {"target": 20, "deadline": "2018"}, ("undetermined", "no data")),
    ("more than so many, and fewer were asked", [statement("a", "2018", form="floor", low="500", series="fas")],
     {"target": 400, "deadline": "2018"}, ("missed", None)),
    ("more than so many, and more were asked", [statement("a", "2018", form="floor", low="500", series="fas")],
     {"target": 600, "deadline": "2018"}, ("undetermined", "change within tolerance")),
    ("the best figure would do, its interval does not", [estimate("a", "2018", "90", low="80", high="130")],
     {"target": 110, "deadline": "2018"}, ("undetermined", "change within tolerance")),
    ("two who do not hang together disagree",
     [estimate("a", "2018", "50"), statement("w", "2018", "300", speaker="WATCH", series="watch")],
     {"target": 100, "deadline": "2018"}, ("undetermined", "data contradict")),
    ("the answer lies within what the estimator has revised",
     [estimate("a", "2018", "95", vintage="2018"), estimate("b", "2018", "110", vintage="2020")],
     {"target": 115, "deadline": "2018"}, ("undetermined", "estimate revised")),
]  # fmt: skip


@pytest.mark.parametrize(("why", "rows", "fields", "expected"), CASES, ids=[c[0] for c in CASES])
def test_each_benchmark_gets_the_word_that_the_figures_carry(
    why: str, rows: list[Statement], fields: dict[str, Any], expected: tuple[str | None, str | None]
) -> None:
    assert word(asked(rows, **fields)) == expected


def _bare(rows: list[Statement], fields: dict[str, Any]) -> BenchmarkFinding:
    catalogue = replace(SMALL, archive=Archive(rows, SPEAKERS), rules=SECOND)
    (found,) = measure_all([benchmark(**fields)], catalogue, UNITS, as_of=TODAY)
    return found


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2017-12-31", "pending"), ("2019-01-01", "met"), ("2026-11-22", "met")],
)
def test_the_same_yardstick_can_be_laid_on_the_past_and_the_future(as_of: str, expected: str) -> None:
    assert last(asked(HALF, date.fromisoformat(as_of), target=200, deadline="2018")).verdict == expected


def test_what_happens_later_does_not_change_what_was_said_before() -> None:
    later = [*HALF, estimate("d", "2024", "500")]
    assert asked(HALF, date(2021, 1, 1), target=200, deadline="2018") == asked(
        later, date(2021, 1, 1), target=200, deadline="2018"
    )


def own(id: str, as_of: str, best: str | None = None, **fields: Any) -> Statement:
    return statement(id, as_of, best, **{"speaker": "CHN", "verification": "declared"} | fields)


def test_a_refusal_in_place_of_the_states_own_figure_is_no_figure_and_no_success() -> None:
    rows = [own("a", "2016", "100"), own("b", "2018", form="withheld", unit=None)]
    assert word(asked(rows, target=200, deadline="2018", speakers="self")) == ("undetermined", "withheld")


def test_a_declared_count_is_exact() -> None:
    assert word(asked([own("a", "2018", "200")], target=200, deadline="2018", speakers="self")) == ("met", None)


def test_the_authors_own_margin_counts_before_ours_and_says_so() -> None:
    found = asked(HALF, target=95, deadline="2018", margin={"share": "0", "reason": "taken as they are"})
    assert word(found) == ("late", None)
    margin = last(found).margin
    assert margin is not None and margin.reason == "stated"


def test_a_limit_is_kept_or_exceeded_at_the_date_of_each_figure() -> None:
    found = asked(HALF, direction="limit", target=200, deadline="2018", baseline=at("2005"))
    assert [(str(h.value.as_of), h.word) for h in found.held] == [
        ("2010", "exceeded"),
        ("2018", "kept"),
        ("2020", "kept"),
    ]
    assert [h.word for h in asked(HALF, direction="limit", target=200, baseline=at("2005"), until="2018").held] == [
        "exceeded",
        "kept",
    ]


def act(id: str, day: str, keyword: str) -> Statement:
    return statement(id, day, act=keyword)


EVENTS: list[tuple[str, list[Statement], tuple[str | None, str | None]]] = [
    ("on record in time", [act("a", "2014-05", "done")], ("met", None)),
    ("on record after", [act("a", "2016", "done")], ("late", None)),
    ("no record is not a missed deadline", [], ("undetermined", "no data")),
    ("an act of another kind is none", [act("a", "2014", "talked")], ("undetermined", "no data")),
    ("from memory", [statement("a", "2014", act="done", seen="memory")], ("undetermined", "no data")),
]


@pytest.mark.parametrize(("why", "rows", "expected"), EVENTS, ids=[c[0] for c in EVENTS])
def test_an_event_is_met_when_the_act_is_on_record(
    why: str, rows: list[Statement], expected: tuple[str | None, str | None]
) -> None:
    assert word(_bare(rows, {"direction": "event", "acts": ["done"], "deadline": "2014"})) == expected


def test_an_event_whose_time_still_runs_is_pending_and_one_without_a_keyword_is_not_measured() -> None:
    assert word(_bare([], {"direction": "event", "acts": ["done"], "deadline": "2030"})) == ("pending", None)
    assert word(_bare([], {"direction": "event", "deadline": "2030"})) == (None, "no act named")


# How fast


BACK = {"series": "s", "series_kind": "back-cast", "vintage": "2024"}


def pair(before: str, after: str) -> list[Statement]:
    return [statement("a", "2014-01-01", before, **BACK), statement("b", "2024-01-01", after, **BACK)]


def pace(rows: list[Statement], target: int = 0, deadline: str = "2034-01-01", **fields: Any) -> BenchmarkFinding:
    return asked(rows, date(2025, 1, 1), target=target, deadline=deadline, baseline=at("2014-01-01"), **fields)


def test_the_time_to_zero_is_linear_in_the_stock() -> None:
    """From 1,000 to 500 in 3,652 days: zero in as many more, and that is also the pace that the date requires."""
    found = pace(pair("1000", "500"), margin={"share": "0", "reason": "exact"})
    (arrival, *_), needed = last(found).arrivals, last(found).required
    assert (arrival.since, arrival.word, arrival.best) == ("own", TOWARDS, date(2033, 12, 31))
    assert needed is not None and needed.best is not None and round(needed.best) == -50


@pytest.mark.parametrize(
    ("before", "after", "target", "said"),
    [
        ("1000", "500", 0, TOWARDS),
        ("500", "1000", 0, AWAY),
        ("500", "500", 0, STANDING),
        ("500", "490", 0, STANDING),
        ("1000", "500", 600, REACHED),
        ("1000", "0", 0, REACHED),
    ],
)
def test_where_a_pace_leads_is_said_in_words(before: str, after: str, target: int, said: str) -> None:
    assert last(pace(pair(before, after), target)).arrivals[0].word == said


def test_a_cap_above_the_baseline_is_kept_by_a_stock_that_stands() -> None:
    found = _bare(pair("1000", "1000"), {"baseline": at("2014-01-01"), "milestones": [at("2024", None, "1.2")]})
    assert found.marks[0].verdict == "met"
    found = _bare(pair("1000", "1000"), {"baseline": at("2014-01-01"), "milestones": [at("2024", None, "0.9")]})
    assert found.marks[0].verdict == "missed"


def test_no_pace_is_made_of_a_revision() -> None:
    rows = [estimate("a", "2014", "1000"), estimate("b", "2024", "500")]
    found = pace(rows)
    assert found.paces[0].word == UNTOLD and found.paces[0].reason == "estimate revised"


def test_the_arrival_is_an_interval_and_the_margin_widens_it() -> None:
    arrival = last(pace(pair("1000", "500"))).arrivals[0]
    assert arrival.earliest is not None and arrival.best is not None and arrival.latest is not None
    assert arrival.earliest < arrival.best < arrival.latest


@given(st.integers(2, 5000), st.integers(1, 5000), st.integers(0, 5000))
def test_at_its_own_pace_a_stock_is_where_it_should_be_on_the_day_told(before: int, after: int, target: int) -> None:
    assume(before > after > target)
    found = pace(pair(str(before), str(after)), target, "2400", margin={"share": "0", "reason": "exact"})
    arrival = last(found).arrivals[0]
    assume(arrival.word == TOWARDS and arrival.best is not None)
    assert arrival.best is not None
    days = (arrival.best - date(2024, 1, 1)).days
    stock = Decimal(after) - Decimal(before - after) * days / (date(2024, 1, 1) - date(2014, 1, 1)).days
    assert stock <= target < stock + Decimal(before - after) / 3000


def growth_rate_needed(baseline: float, target: float, years: float) -> float:
    """Open SDG's measure of progress: compound annual growth, (target / baseline) ** (1 / years) - 1.

    Source: Open SDG, docs/progress-status, methodology 1, after Eurostat's monitoring report of 2019.
    """
    return float((target / baseline) ** (1 / years) - 1)


def test_a_growth_rate_cannot_tell_how_far_zero_is_and_a_pace_can() -> None:
    """With a target of zero the growth rate needed is -100 % a year whatever the stock and the time; from zero none."""
    assert growth_rate_needed(5000, 0, 30) == growth_rate_needed(10, 0, 5) == -1
    with pytest.raises(ZeroDivisionError):
        growth_rate_needed(0, 0, 10)
    needed = {n: last(pace(pair("9000", str(n)))).required for n in (5000, 10)}
    assert [round(r.best) for r in needed.values() if r is not None and r.best is not None] == [-500, -1]


# Laws, whatever the evidence


def in_moons(
    rows: list[Statement], units: dict[str, Unit] | None = None, **fields: Any
) -> tuple[BenchmarkFinding, ...]:
    catalogue = replace(SMALL, archive=Archive(rows, SMALL.archive.speakers.values()), rules=SECOND)
    base = {"quantity": "moon-stockpile", "applies_to": (STATE,), "unit": "warheads"}
    wanted = [benchmark(**base | {"id": f"{who}"} | fields | {"speakers": who}) for who in ("self", "others", "any")]
    return measure_all(wanted, catalogue, units or UNITS, as_of=AS_OF)


DOWN: dict[str, Any] = {"target": 100, "milestones": [at("2044", 150)], "deadline": "2045-06-30"}
SINCE: dict[str, Any] = {
    "target": 100,
    "baseline": at("2043"),
    "milestones": [at("2044", None, "0.5")],
    "deadline": "2050",
}


@given(EVIDENCE, st.sampled_from([DOWN, SINCE]), st.randoms(use_true_random=False))
def test_order_and_repetition_of_evidence_do_not_matter(rows: list[Statement], b: dict[str, Any], random: Any) -> None:
    shuffled = [*rows, *rows]
    random.shuffle(shuffled)
    assert in_moons(rows, **b) == in_moons(shuffled, **b)


def answers(found: tuple[BenchmarkFinding, ...]) -> list[Any]:
    marks = [
        (m.verdict, m.reason, m.value, m.tolerance, m.required, m.arrivals, m.threshold and m.threshold.best)
        for f in found
        for m in f.marks
    ]
    return [
        marks,
        [(p.word, p.per_year) for f in found for p in f.paces],
        [(h.word, h.value) for f in found for h in f.held],
    ]


@given(EVIDENCE, st.sampled_from(["down", "up", "limit"]))
def test_the_same_yardstick_in_thousands_gives_identical_findings(rows: list[Statement], direction: str) -> None:
    ones = in_moons(rows, direction=direction, **DOWN | {"margin": {"amount": "20", "reason": "ours"}})
    thousands = {
        "unit": "thousand warheads",
        "target": "0.1",
        "milestones": [{"date": "2044", "value": "0.15", "source": "S"}],
        "margin": {"amount": "0.02", "reason": "ours"},
    }
    assert answers(ones) == answers(in_moons(rows, direction=direction, **DOWN | thousands))


@given(EVIDENCE, st.integers(2, 9))
@settings(max_examples=50)
def test_counted_in_other_units_throughout_the_words_are_the_same(rows: list[Statement], k: int) -> None:
    def scaled(s: Statement) -> Statement:
        return s.model_copy(update={n: v * k for n in ("low", "best", "high") if (v := getattr(s, n)) is not None})

    larger = {"target": 100 * k, "milestones": [at("2044", 150 * k)]}
    before, after = in_moons(rows, **DOWN), in_moons([scaled(s) for s in rows], **DOWN | larger)
    assert [(m.verdict, m.reason, m.tolerance) for f in before for m in f.marks] == [
        (m.verdict, m.reason, m.tolerance) for f in after for m in f.marks
    ]


RANK = {"met": 4, "late": 3, "pending": 2, None: 2, "undetermined": 1, "missed": 0}


def rank(m: MarkFinding) -> int:
    return 0 if m.reason == "withheld" else RANK[m.verdict]


@given(EVIDENCE, st.sampled_from([DOWN, SINCE]), st.data())
@settings(max_examples=300)
def test_hiding_a_figure_never_improves_an_answer(
    rows: list[Statement], b: dict[str, Any], data: st.DataObject
) -> None:
    given_ = [s for s in rows if s.speaker == STATE and s.form is Form.NUMBER]
    assume(given_)
    hidden = data.draw(st.sampled_from(given_))
    refusal = moon(hidden.id, str(hidden.as_of), form="withheld", speaker=STATE, verification="declared")
    open_, closed = in_moons(rows, **b), in_moons([refusal if s is hidden else s for s in rows], **b)
    for before, after in zip(open_, closed, strict=True):
        for one, other in zip(before.marks, after.marks, strict=True):
            assert rank(other) <= rank(one), (before.benchmark.id, one, other)


@given(EVIDENCE)
def test_swapping_the_figures_of_two_states_swaps_their_findings(rows: list[Statement]) -> None:
    """Nobody's name changes an answer: what is stated of one, stated of the other, gives the same."""
    other = "XBB"

    def moved(s: Statement) -> Statement:
        return s.model_copy(update={"subject": other, "speaker": other if s.speaker == STATE else s.speaker})

    def said(found: tuple[BenchmarkFinding, ...]) -> list[Any]:
        return [(m.verdict, m.reason, m.value and m.value.id) for f in found for m in f.marks]

    mine = in_moons(rows, **DOWN)
    assert said(mine) == said(in_moons([moved(s) for s in rows], **DOWN | {"applies_to": (other,)}))


@given(EVIDENCE, st.sampled_from([DOWN, SINCE]))
def test_what_a_finding_does_not_list_cannot_change_it_to_a_word_without_evidence(
    rows: list[Statement], b: dict[str, Any]
) -> None:
    for found in in_moons(rows, **b):
        for m in found.marks:
            assert m.verdict not in ("met", "late", "missed") or m.evidence
            assert all(s.seen != "memory" for s in m.evidence)


@given(EVIDENCE, st.integers(0, 40), st.data())
def test_widening_an_interval_gives_no_verdict(rows: list[Statement], by: int, data: st.DataObject) -> None:
    numbers = [s for s in rows if s.form is Form.NUMBER and s.speaker != STATE]
    assume(numbers)
    chosen = data.draw(st.sampled_from(numbers))
    low, high = chosen.low or Decimal(0), chosen.high or Decimal(0)
    wider = chosen.model_copy(update={"low": max(low - by, Decimal(0)), "high": high + by})
    before, after = in_moons(rows, **DOWN), in_moons([wider if s is chosen else s for s in rows], **DOWN)
    for one, other in zip(before, after, strict=True):
        for m, n in zip(one.marks, other.marks, strict=True):
            if m.reason == "change within tolerance":
                assert n.verdict == "undetermined"


def test_a_target_that_was_read_from_memory_only_gives_no_word() -> None:
    """Nobody is found short by a date that nobody looked up; the figures and the pace are shown all the same."""
    rows = [moon("a", "2041", best="50", speaker=STATE, verification="declared")]
    for found in in_moons(rows, **DOWN | {"seen": "memory"}):
        assert all(m.verdict in (None, "undetermined") for m in found.marks)
        assert all(m.reason == "from memory" for m in found.marks if m.verdict)
