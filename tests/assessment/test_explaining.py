"""Every printed number of a derivation follows from the printed inputs, for every finding of the real catalogue."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from operator import add, mul, sub, truediv

import pytest

from stocktake.assessment.explaining import Explanation, Step, explained
from stocktake.assessment.findings import Finding
from stocktake.assessment.review import Review, review
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.reviewing import UnknownFinding, find_finding

DAYS = ("2021-12-31", "2023-12-31", "2026-11-22")


@cache
def reviewed(register: str, day: str) -> Review:
    return review(load_catalogue(register=register)[0], as_of=date.fromisoformat(day))


def explanations(register: str, day: str) -> list[Explanation]:
    made = reviewed(register, day)
    return [explained(made.catalogue, f, date.fromisoformat(day)) for p in made.paragraphs for f in p.findings]


def redone(written: str) -> Decimal:
    """A calculation as it is printed, done again from left to right, products and quotients first; | | is the size."""
    if "|" in written:
        _, inside, rest = written.split("|")
        return redone(f"{abs(redone(inside))}{rest}")
    while "(" in written:
        start = written.rindex("(")
        end = written.index(")", start)
        written = f"{written[:start]}{redone(written[start + 1 : end])}{written[end + 1 :]}"
    tokens = written.split()
    for signs in ({"*": mul, "/": truediv}, {"+": add, "-": sub}):
        n = 1
        while n < len(tokens):
            if tokens[n] in signs:
                made = signs[tokens[n]](Decimal(tokens[n - 1]), Decimal(tokens[n + 1]))
                tokens[n - 1 : n + 2] = [str(made)]
            else:
                n += 2
    return Decimal(tokens[0])


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("register", ["a-res-75-65", "npt-2010"])
def test_every_calculation_comes_out_as_printed(register: str, day: str) -> None:
    done = 0
    for found in explanations(register, day):
        for step in found.steps:
            if step.sum_ is not None and step.result is not None:
                assert abs(redone(step.sum_) - step.result) <= abs(step.result) * Decimal("1e-20"), step
                done += 1
    assert done > 10


@pytest.mark.parametrize("day", DAYS)
def test_every_number_of_a_calculation_is_a_stated_figure_or_a_number_of_the_rules(day: str) -> None:
    rules = reviewed("a-res-75-65", day).catalogue.rules
    for found in explanations("a-res-75-65", day):
        stated = {n for s in (*found.inputs, *(s for s, _ in found.left)) for n in (s.low, s.best, s.high)}
        rounding = found.finding.indicator.rounding
        allowed = {*stated, rules.own_margin, rounding, Decimal(2)}
        for step in found.steps:
            numbers = [w.strip("()|") for w in (step.sum_ or "").split()]
            assert all(Decimal(n) in allowed for n in numbers if n not in "+-*/"), step


@pytest.mark.parametrize("day", DAYS)
def test_the_comparison_that_is_printed_gives_the_verdict(day: str) -> None:
    for found in explanations("a-res-75-65", day):
        last = {s.key: s for s in found.steps}
        beyond = "beyond downwards" in last or "beyond upwards" in last
        if found.finding.outcome.verdict in ("advanced", "reversed"):
            assert beyond
            assert "seconded by nobody" not in last
        if found.finding.outcome.reason == "estimate revised":
            assert "snapshots" in last
            assert "seconded by nobody" in last or not beyond


def of(id: str, day: str = "2026-11-22") -> tuple[Finding, Explanation]:
    made = reviewed("a-res-75-65", day)
    _, finding = find_finding(made, id)
    return finding, explained(made.catalogue, finding, date.fromisoformat(day))


def step(found: Explanation, key: str) -> Step:
    return next(s for s in found.steps if s.key == key)


def test_china_turns_only_where_both_speakers_are_not_believed() -> None:
    finding, found = of("op5.1.stockpile-estimated.CHN")
    assert finding.outcome.verdict == "reversed"
    assert not any(t.turns for t in found.claims)
    assert {t.without for t in found.sources if t.turns} >= {"speaker: FAS", "speaker: USA"}


def test_a_limit_is_where_the_verdict_falls() -> None:
    """With the figure at its limit the change is exactly the margin, which is not beyond it."""
    _, found = of("op5.1.stockpile-estimated.CHN")
    baseline, value = found.limits
    assert value.limit == baseline.stated * Decimal("1.1")
    assert abs(baseline.limit * Decimal("1.1") - value.stated) < Decimal("1e-20")


def test_an_unknown_finding_is_answered_with_what_is_near() -> None:
    made = reviewed("a-res-75-65", "2026-11-22")
    with pytest.raises(UnknownFinding, match=r"op5\.1\.stockpile-estimated\.CHN"):
        find_finding(made, "op5.1.stockpile-estimated")
    assert find_finding(made, "A/RES/75/65#op5.1.stockpile-estimated.CHN")[1].subject == "CHN"
