"""What people write in cells: read where it can mean one thing only, refused where it may mean two."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from stocktake.reporting.form import NOTATION, AnswerState
from stocktake.reporting.handwriting import Handwriting, Unread
from tests.reporting.cases import DESK


def pen(language: str = "en") -> Handwriting:
    return Handwriting(DESK.words, language)


@pytest.mark.parametrize(("raw", "whole", "read"), [
    pytest.param(3748, True, "3748", id="a number"),
    pytest.param(3748.0, True, "3748", id="a number as workbooks keep it"),
    pytest.param(66.8, False, "66.8", id="a fraction"),
    pytest.param("3,748", True, "3748", id="thousands with a comma, where only whole numbers count"),
    pytest.param("3.748", True, "3748", id="thousands with a point, where only whole numbers count"),
    pytest.param("3 748", True, "3748", id="thousands with a space"),
    pytest.param("3\u202f748", True, "3748", id="thousands with the narrow space of French"),
    pytest.param("3'748", True, "3748", id="thousands with an apostrophe"),
    pytest.param("1,234,567", True, "1234567", id="twice grouped"),
    pytest.param("12,5", False, "12.5", id="a decimal comma"),
    pytest.param("1.234,5", False, "1234.5", id="point and decimal comma"),
    pytest.param("1,234.5", False, "1234.5", id="comma and decimal point"),
    pytest.param("٣٧٤٨", True, "3748", id="Arabic digits"),
    pytest.param("١٢٫٥", False, "12.5", id="Arabic digits with their decimal mark"),
    pytest.param("３７４８", True, "3748", id="full-width digits"),
    pytest.param(" 12 ", True, "12", id="spaces around"),
])  # fmt: skip
def test_a_number_is_read_however_it_is_written(raw: Any, whole: bool, read: str) -> None:
    assert pen().number(raw, whole=whole) == read


@pytest.mark.parametrize(("raw", "whole", "code"), [
    pytest.param("1.234", False, "ambiguous-number", id="one and a bit, or a thousand"),
    pytest.param("< 300", True, "bound-as-number", id="fewer than 300 is a ceiling"),
    pytest.param("≤260", True, "bound-as-number", id="at most 260 is a ceiling"),
    pytest.param("about 200", True, "not-a-number", id="about"),
    pytest.param("12 34", True, "not-a-number", id="two numbers"),
    pytest.param("1,23,456", True, "not-a-number", id="groups of no known kind"),
    pytest.param(-1, True, "not-a-number", id="negative"),
    pytest.param(float("nan"), False, "not-a-number", id="not a number"),
    pytest.param(True, True, "not-a-number", id="a truth value"),
    pytest.param(1.5, True, "not-whole", id="half a warhead"),
    pytest.param("", True, "not-a-number", id="nothing"),
])  # fmt: skip
def test_what_is_no_number_or_two_is_refused_with_the_reason(raw: Any, whole: bool, code: str) -> None:
    with pytest.raises(Unread) as refused:
        pen().number(raw, whole=whole)
    assert refused.value.problem_code == code


@pytest.mark.parametrize(("raw", "language", "read"), [
    pytest.param(date(2026, 3, 2), "en", "2026-03-02", id="a date of the workbook"),
    pytest.param(datetime(2026, 3, 2, 0, 0), "en", "2026-03-02", id="a moment of the workbook"),
    pytest.param(2026.0, "en", "2026", id="a year as a number"),
    pytest.param(46083, "en", "2026-03-02", id="the serial day of a cell that lost its format"),
    pytest.param("2026-03", "en", "2026-03", id="a month"),
    pytest.param("2026/3/2", "en", "2026-03-02", id="year first"),
    pytest.param("02.03.2026", "en", "2026-03-02", id="points: the day first"),
    pytest.param("02/03/2026", "fr", "2026-03-02", id="strokes in French: the day first"),
    pytest.param("31/12/2025", "en", "2025-12-31", id="there is no month 31"),
    pytest.param("12/31/2025", "en", "2025-12-31", id="nor as a day first"),
    pytest.param("2 mars 2026", "fr", "2026-03-02", id="the month by its name"),
    pytest.param("March 2, 2026", "en", "2026-03-02", id="the month first"),
    pytest.param("2 марта 2026 г.", "ru", "2026-03-02", id="in Russian"),
    pytest.param("2026年3月2日", "zh", "2026-03-02", id="in Chinese"),
    pytest.param("٢ مارس ٢٠٢٦", "ar", "2026-03-02", id="in Arabic"),
])  # fmt: skip
def test_a_date_is_read_however_it_is_written(raw: Any, language: str, read: str) -> None:
    assert pen(language).date(raw) == read


@pytest.mark.parametrize(("raw", "code"), [
    pytest.param("02/03/2026", "ambiguous-date", id="2 March or 3 February"),
    pytest.param("2026-02-30", "not-a-date", id="no day of the calendar"),
    pytest.param("soon", "not-a-date", id="a word"),
    pytest.param(12, "not-a-date", id="a small number"),
])  # fmt: skip
def test_what_is_no_date_or_two_is_refused_with_the_reason(raw: Any, code: str) -> None:
    with pytest.raises(Unread) as refused:
        pen("en").date(raw)
    assert refused.value.problem_code == code


@pytest.mark.parametrize("raw", [
    "2021-01-01/2025-12-31", "2021-01-01 – 2025-12-31", "1 January 2021 to 31 December 2025", "1/1/2021 au 31/12/2025",
    "2021年1月1日至2025年12月31日", "01.01.2021 – 31.12.2025",
])  # fmt: skip
def test_a_period_is_read_however_it_is_written(raw: str) -> None:
    assert pen("fr").period(raw) == "2021-01-01/2025-12-31"


def test_a_kind_of_answer_is_known_by_its_name_in_any_language_and_by_its_notation_key() -> None:
    for state in AnswerState:
        names = {w.state(state) for w in DESK.words.values()} | {state.value, NOTATION[state], NOTATION[state].lower()}
        assert {pen().state(f" {name} ") for name in names} == {state}


def test_no_two_kinds_of_answer_have_one_name() -> None:
    for words in DESK.words.values():
        assert len({words.state(s).casefold() for s in AnswerState}) == len(AnswerState)
