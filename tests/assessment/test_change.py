"""Reduce or limit: when a difference is a change, and how far the figures could be wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stocktake.assessment.change import weigh_change
from stocktake.assessment.findings import Outcome
from stocktake.assessment.margins import tolerance
from stocktake.evidence.statements import Statement
from stocktake.register.indicators import Indicator
from stocktake.register.policy import Rules
from stocktake.terms.intervals import Interval
from tests.assessment.cases import ADOPTED, RULES, SECOND, archive, declared, estimate, indicator, refusal, statement

DECLARED = indicator(id="stockpile-declared", speakers="self", rounding="1")


def weigh(*statements: Statement, by: Indicator | None = None) -> Outcome:
    known = archive(statements)
    return weigh_change(by or indicator(), known.statements, known, RULES, adopted=ADOPTED)


def said(outcome: Outcome) -> tuple[str | None, str | None]:
    return outcome.verdict, outcome.reason


SILOS = statement("silos", "2023-10", speaker="USA", direction="up")
DOD = (
    statement("dod20", "2020", low="200", high="249", form="range", speaker="USA"),
    statement("dod24", "2024", low="600", high="649", form="range", speaker="USA"),
)


@pytest.mark.parametrize(
    ("why", "rows", "expected"),
    [
        (
            "a re-estimate without event or second voice is no progress (DPRK 35 to 20)",
            [estimate("a", "2020", "35"), estimate("b", "2021", "20")],
            ("undetermined", "estimate revised"),
        ),
        (
            "nor is a rise of estimates an increase (Russian Federation 4,310 to 4,495)",
            [estimate("a", "2020", "4310"), estimate("b", "2021", "4495")],
            ("undetermined", "estimate revised"),
        ),
        (
            "dated construction makes a rise a change",
            [estimate("a", "2020", "350"), estimate("b", "2025", "600"), SILOS],
            ("reversed", None),
        ),
        (
            "another government's own counts do so too",
            [estimate("a", "2020", "350"), estimate("b", "2025", "600"), *DOD],
            ("reversed", None),
        ),
        (
            "the same authors elsewhere are no second voice",
            [
                estimate("a", "2020", "350"),
                estimate("b", "2025", "600"),
                estimate("s0", "2020-01", "320", speaker="SIPRI", series="sipri"),
                statement("s-note", "2024", speaker="SIPRI", direction="up"),
            ],
            ("undetermined", "estimate revised"),
        ),
        (
            "the State's own figures are no second voice: hiding them would pay",
            [
                estimate("a", "2020", "350"),
                estimate("b", "2025", "600"),
                declared("c", "2020", "300"),
                declared("d", "2024", "500"),
            ],
            ("undetermined", "estimate revised"),
        ),
        (
            "an event seen only from memory carries nothing",
            [
                estimate("a", "2020", "350"),
                estimate("b", "2025", "600"),
                statement("silos", "2023", speaker="USA", direction="up", seen="memory"),
            ],
            ("undetermined", "estimate revised"),
        ),
        (
            "within the margin even a supported difference is no change",
            [estimate("a", "2020", "350"), estimate("b", "2025", "360"), SILOS],
            ("undetermined", "estimate revised"),
        ),
        (
            "the estimator's own revisions widen the margin",
            [
                estimate("old", "2017", "10", vintage="2017"),
                estimate("new", "2017", "40", vintage="2022"),
                estimate("a", "2020", "350"),
                estimate("b", "2025", "600"),
                SILOS,
            ],
            ("undetermined", "estimate revised"),
        ),
        (
            "an unmoved estimate is unchanged",
            [estimate("a", "2020", "290"), estimate("b", "2026", "290")],
            ("unchanged", None),
        ),
        (
            "unless an independent account moves",
            [
                estimate("a", "2020", "225"),
                estimate("b", "2026", "225"),
                statement("convoys", "2021", speaker="WATCH", direction="up"),
            ],
            ("undetermined", "data contradict"),
        ),
        (
            "but an event that is itself only inferred opposes nothing",
            [
                estimate("a", "2020", "225"),
                estimate("b", "2026", "225"),
                statement("convoys", "2021", speaker="WATCH", direction="up", verification="inferred"),
            ],
            ("unchanged", None),
        ),
        (
            "nor does an event after the later figure",
            [
                estimate("a", "2020", "225"),
                estimate("b", "2023", "225"),
                statement("later", "2024-02", speaker="WATCH", direction="up"),
            ],
            ("unchanged", None),
        ),
        (
            "events on both sides contradict",
            [
                estimate("a", "2020", "350"),
                estimate("b", "2025", "600"),
                SILOS,
                statement("dismantled", "2024", speaker="WATCH", direction="down"),
            ],
            ("undetermined", "data contradict"),
        ),
        (
            "one vintage that restates all years may be compared within itself",
            [
                estimate("a", "2020", "350", series_kind="back-cast", vintage="2026"),
                estimate("b", "2025", "600", series_kind="back-cast", vintage="2026"),
            ],
            ("reversed", None),
        ),
        ("a figure before adoption alone shows nothing", [estimate("a", "2020", "350")], ("undetermined", "no data")),
        ("nor does one after it", [estimate("b", "2025", "600")], ("undetermined", "no data")),
        (
            "a ceiling is not a number",
            [estimate("a", "2020", "290"), statement("c", "2025", high="260", form="ceiling", series="fas")],
            ("undetermined", "no data"),
        ),
    ],
)
def test_estimates(why: str, rows: list[Statement], expected: tuple[str, str | None]) -> None:
    assert said(weigh(*rows)) == expected, why


@pytest.mark.parametrize(
    ("why", "rows", "expected"),
    [
        (
            "a declared fall beyond the rounding is an advance (3,750 to 3,700)",
            [declared("a", "2020-09-30", "3750"), declared("b", "2023-09-30", "3700")],
            ("advanced", None),
        ),
        (
            "the same figure is unchanged",
            [declared("a", "2020", "3750"), declared("b", "2023", "3750")],
            ("unchanged", None),
        ),
        (
            "a published error that spans both is within tolerance",
            [declared("a", "2020", "100", low="90", high="110"), declared("b", "2023", "95", low="85", high="105")],
            ("undetermined", "change within tolerance"),
        ),
        (
            "a later refusal withholds the answer",
            [declared("a", "2020", "300"), refusal("r", "2026-03-02")],
            ("undetermined", "withheld"),
        ),
        (
            "a refusal that a disclosure followed does not",
            [declared("a", "2020-09-30", "3750"), refusal("r", "2021"), declared("b", "2023-09", "3748")],
            ("advanced", None),
        ),
        (
            "a refusal that hides the figure at adoption withholds the answer, whatever came before",
            [declared("a", "2018", "300"), refusal("r", "2020-06"), declared("b", "2023", "200")],
            ("undetermined", "withheld"),
        ),
        (
            "nor may a later figure stand in for the one that was hidden (found by the law of hiding)",
            [refusal("r", "2018"), declared("a", "2021", "10"), declared("b", "2023", "0")],
            ("undetermined", "withheld"),
        ),
        ("a refusal alone is an answer too", [refusal("r", "2025-11-27")], ("undetermined", "withheld")),
        (
            "what others estimate is not declared",
            [estimate("a", "2020", "300"), estimate("b", "2025", "200")],
            ("undetermined", "no data"),
        ),
    ],
)
def test_declarations(why: str, rows: list[Statement], expected: tuple[str, str | None]) -> None:
    assert said(weigh(*rows, by=DECLARED)) == expected, why


def test_a_higher_ceiling_is_a_reversal_and_stays_a_ceiling() -> None:
    by = indicator(id="ceiling", speakers="self", rounding="10", ceiling=True)
    ceiling = {"form": "ceiling", "speaker": "CHN", "verification": "declared"}
    outcome = weigh(
        statement("a", "2010-05-26", high="225", **ceiling), statement("b", "2021-03-16", high="260", **ceiling), by=by
    )
    assert said(outcome) == ("reversed", None)
    assert outcome.value is not None and outcome.value.best is None


# Worked by hand from |b - a| / (a + b); the first two are the examples of the design.
@pytest.mark.parametrize(
    ("before", "after", "share"),
    [("350", "600", "0.2632"), ("3750", "3700", "0.0067"), ("35", "20", "0.2727"), ("0", "5", "1")],
)
def test_the_tolerance_is_the_error_of_both_that_would_undo_the_change(before: str, after: str, share: str) -> None:
    a, b = Decimal(before), Decimal(after)
    x = tolerance(Interval.point(a), Interval.point(b))
    assert x is not None and round(x, 4) == Decimal(share)
    low, high = min(a, b), max(a, b)
    assert round(low * (1 + x) - high * (1 - x), 6) == 0 or low == 0


def test_zero_to_zero_has_no_tolerance() -> None:
    assert tolerance(Interval.point(Decimal(0)), Interval.point(Decimal(0))) is None


def test_the_margin_names_its_reason() -> None:
    reasons = {
        "own": [estimate("a", "2020", "350"), estimate("b", "2025", "350")],
        "revision": [
            estimate("o", "2017", "240", vintage="2017"),
            estimate("n", "2017", "250", vintage="2022"),
            estimate("a", "2020", "350"),
            estimate("b", "2025", "350"),
        ],
    }
    for reason, rows in reasons.items():
        margin = weigh(*rows).margin
        assert margin is not None and margin.reason == reason
    rounding = weigh(declared("a", "2020", "5"), declared("b", "2025", "5"), by=DECLARED).margin
    assert rounding is not None and (rounding.amount, rounding.reason) == (Decimal("0.5"), "rounding")


SILOS_BEFORE = (statement("silos21", "2021-06", speaker="USA", direction="up"),)
MORE_THAN = statement("dod23", "2023-05", low="500", form="floor", speaker="USA")
FAS_ROWS = (estimate("fas20", "2020", "350"), estimate("fas23", "2023", "410"))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [(RULES, ("undetermined", "change within tolerance")), (SECOND, ("reversed", None))],
    ids=["version 1", "version 2"],
)
def test_more_than_does_not_silence_a_number_from_version_2_on(rules: Rules, expected: tuple[str, str | None]) -> None:
    dod20 = DOD[0].model_copy(update={"series": "dod"})
    rows = archive([*FAS_ROWS, dod20, MORE_THAN.model_copy(update={"series": "dod"}), *SILOS_BEFORE])
    assert said(weigh_change(indicator(), rows.statements, rows, rules, adopted=ADOPTED)) == expected


def test_a_state_that_says_only_more_than_does_not_keep_an_older_verdict() -> None:
    own = [declared("a", "2020", "100"), declared("b", "2022", "90"), declared("c", "2020", "100", series="new")]
    floor = statement("d", "2024", form="floor", low="50", series="new", speaker="CHN", verification="declared")
    rows = archive([*own, floor])
    assert said(weigh_change(DECLARED, rows.statements, rows, SECOND, adopted=ADOPTED)) == (
        "undetermined",
        "change within tolerance",
    )
