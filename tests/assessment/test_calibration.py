"""Estimators are scored where a figure was revealed: only what was surely said before, and one reveal is called one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.assessment.calibration import Calibration, Score, Standing, calibration
from stocktake.evidence.statements import Statement
from stocktake.secretariat.catalogue import load_catalogue
from tests.assessment.cases import archive, declared, estimate, statement

TODAY = date(2030, 1, 1)


def revealed(id: str, as_of: str, best: str, on: str | None, **fields: Any) -> Statement:
    return declared(id, as_of, best, stated_on=on, **fields)


def guessed(id: str, as_of: str, best: str, on: str, **fields: Any) -> Statement:
    return estimate(id, as_of, best, stated_on=on, **fields)


def of(*statements: Statement) -> list[Calibration]:
    return list(calibration(archive(statements), as_of=TODAY))


def only(*statements: Statement) -> Score:
    (found,) = of(*statements)
    (score,) = found.scores
    return score


def test_the_error_is_the_estimate_minus_what_was_revealed() -> None:
    score = only(guessed("e", "2021", "3800", "2021-01-12"), revealed("r", "2021-03", "3750", "2021-10-05"))
    assert (score.error, score.share, score.standing) == (Decimal(50), Decimal(50) / 3750, Standing.SCORED)


@pytest.mark.parametrize(
    ("guess", "reveal", "standing"),
    [
        pytest.param(
            guessed("e", "2021", "9", "2021"), revealed("r", "2021", "8", "2021-10-05"), Standing.NOT_BEFORE,
            id="the edition of a year may be later than a reveal within it",
        ),
        pytest.param(
            guessed("e", "2021-01", "9", "2021-01"), revealed("r", "2020-03", "8", "2022-01-01"), Standing.APART,
            id="ten months lie between the two dates",
        ),
        pytest.param(
            guessed("e", "2021", "9", "2021"), revealed("r", "2021", "8", None, vintage="2022"), Standing.NO_DAY,
            id="nobody says when the figure was first revealed",
        ),
    ],
)  # fmt: skip
def test_what_does_not_count_is_shown_with_the_reason(guess: Statement, reveal: Statement, standing: Standing) -> None:
    (found,) = of(guess, reveal)
    assert [s.standing for s in found.scores] == [standing]
    assert (found.figures, found.bias, found.spread) == (0, None, None)


def test_an_edition_after_the_reveal_is_no_estimate_of_it() -> None:
    assert of(guessed("e", "2021", "8", "2023"), revealed("r", "2021", "8", "2022-01-01")) == []


def test_a_ceiling_reveals_no_number_and_a_figure_of_another_speaker_reveals_nothing() -> None:
    guess = guessed("e", "2021", "9", "2021")
    own = {"speaker": "CHN", "verification": "declared", "stated_on": "2022-06-01"}
    ceiling = statement("r", "2021", form="ceiling", high="8", unit="warheads", **own)
    assert of(guess, ceiling) == []
    assert of(guess, guessed("o", "2021", "8", "2022-06-01", speaker="WATCH")) == []


def test_one_reveal_is_called_one_however_many_figures_it_has() -> None:
    day = "2022-06-01"
    rows = [
        guessed("e1", "2020", "110", "2020"),
        revealed("r1", "2020", "100", day),
        guessed("e2", "2021", "90", "2021"),
        revealed("r2", "2021", "100", day),
    ]
    (found,) = of(*rows)
    assert (found.figures, found.occasions, found.bias, found.spread) == (2, 1, None, None)
    (several,) = of(*rows[:2], rows[2], revealed("r2", "2021", "100", "2023-06-01"))
    assert (several.figures, several.occasions, several.bias) == (2, 2, Decimal(0))
    assert several.spread is not None and round(several.spread, 4) == Decimal("0.1414")  # sqrt(0.1^2 + 0.1^2)


def test_beside_the_error_stands_what_repeating_the_last_revealed_figure_would_have_given() -> None:
    rows = [
        revealed("r1", "2020", "100", "2020-06-01"),
        guessed("e", "2021", "120", "2021"),
        revealed("r2", "2021", "105", "2022-06-01"),
    ]
    score = only(*rows)
    assert (score.error, score.last_error) == (Decimal(15), Decimal(-5))


def test_a_statement_that_another_one_supersedes_is_not_scored() -> None:
    reveal = revealed("r", "2021", "100", "2022-06-01")
    wrong = guessed("e", "2021", "120", "2021")
    right = guessed("f", "2021", "102", "2021", supersedes="e")
    assert only(reveal, wrong, right).estimate.id == "f"


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=1, max_size=6), st.randoms())
def test_order_and_unit_do_not_matter(pairs: list[tuple[int, int]], random: Any) -> None:
    def rows(scale: int) -> list[Statement]:
        found = []
        for n, (guess, figure) in enumerate(pairs):
            year = 2000 + 2 * n
            found.append(guessed(f"e{n}", f"{year}", str(guess * scale), f"{year}"))
            found.append(revealed(f"r{n}", f"{year}", str(figure * scale), f"{year + 1}-06-01"))
        random.shuffle(found)
        return found

    (one,), (thousand,) = of(*rows(1)), of(*rows(1000))
    assert (one.figures, one.bias, one.spread, one.size) == (
        thousand.figures,
        thousand.bias,
        thousand.spread,
        thousand.size,
    )


def test_of_the_bundled_catalogue_the_reveal_of_2024_stands_40_above_the_estimate() -> None:
    """The estimator says so itself: 3,748 against 3,708. No later edition is taken for an estimate."""
    catalogue, _, _ = load_catalogue()
    found = {(c.speaker, c.quantity): c for c in calibration(catalogue.archive, as_of=date(2026, 11, 22))}
    scores = {s.revealed.as_of.text: s for s in found["FAS", "stockpile"].scores}
    assert scores["2023-09"].error == -40 and scores["2023-09"].standing is Standing.SCORED
    assert scores["2014-09"].error == 43
    assert "1967" not in scores
    for score in scores.values():
        if score.standing is Standing.SCORED:
            said = score.estimate.stated_on or score.estimate.vintage
            assert said is not None and score.revealed.stated_on is not None
            assert said.last < score.revealed.stated_on.first
