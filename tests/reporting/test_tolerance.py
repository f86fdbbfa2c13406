"""What people do to a form: read all the same, or reported with sheet and cell; never lost without a word."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.comments import Comment

from stocktake.reporting.findings import Severity, message, remedy
from stocktake.secretariat.forms import commented
from stocktake.secretariat.workbooks import open_workbook
from tests.reporting.cases import DESK, FORM
from tests.reporting.workbook_cases import changed, codes_at, filled, place_of, read, set_cell

PLAIN = filled()


def errors(data: bytes) -> list[str]:
    return [f"{p.place} {p.code}" for p in read(data).problems if p.severity is Severity.ERROR]


@pytest.mark.parametrize(("code", "column", "raw", "found"), [
    pytest.param("1.1", "value", "XX1", "unknown-choice", id="no State"),
    pytest.param("1.3", "value", "lately", "not-a-date", id="no period"),
    pytest.param("2.1", "state", "perhaps", "unknown-kind", id="no kind of answer"),
    pytest.param("2.1", "state", "withheld", "spare-content", id="withheld with its value still there"),
    pytest.param("2.1", "value", "many", "not-a-number", id="a word for a number"),
    pytest.param("2.1", "value", "<300", "bound-as-number", id="a ceiling for a number"),
    pytest.param("2.1", "low", 10, "spare-content", id="a bound beside a value"),
    pytest.param("2.1", "unit", "kilotons", "wrong-unit", id="another unit"),
    pytest.param("2.1", "as_of", "03/04/2025", "ambiguous-date", id="a date that may be two"),
    pytest.param("2.1", "value", "=10+2", "formula", id="a formula"),
    pytest.param("2.1", "source", "=HYPERLINK(\"http://x\")", "formula", id="a formula in a text"),
    pytest.param("2.1", "language", "Frenchish", "unknown-choice", id="no language code"),
    pytest.param("2.1", "label", "Something else", "altered-label", id="a printed word changed"),
    pytest.param("4.3", "value", "sometimes", "unknown-choice", id="not in the list"),
    pytest.param("6.1a", "value", "1.234", "ambiguous-number", id="a number that may be two"),
    pytest.param("5.3a", "unit", "euros", "wrong-unit", id="no currency code"),
    pytest.param("2.9:1", "text", "=1", "formula", id="a formula in a table"),
    pytest.param("2.9:1", "state", "seven", "not-a-number", id="a word for a number in a table"),
    pytest.param("2.10:1", "label", "when?", "not-a-date", id="no year in a table"),
    pytest.param("2.1", "code", "2.77", "unknown-line", id="a code that does not exist"),
])  # fmt: skip
def test_one_corrupted_cell_is_reported_with_its_sheet_and_cell(code: str, column: str, raw: Any, found: str) -> None:
    sheet, cell = place_of(PLAIN, code, column)
    problems = read(set_cell(PLAIN, sheet, cell, raw)).problems
    reported = {p.code for p in problems if p.place.sheet == sheet and p.place.cell == cell}
    assert found in reported or (found in {p.code for p in problems} and code == "2.1" and column == "state")


@settings(max_examples=10, deadline=None)
@given(
    st.sampled_from([line for line in FORM.lines if line.definition.kind == "quantity"]), st.text("abc?!#", min_size=1)
)
def test_any_word_in_the_cell_of_a_number_is_reported_there(line: Any, raw: str) -> None:
    sheet, cell = place_of(PLAIN, line.code, "value")
    assert codes_at(read(set_cell(PLAIN, sheet, cell, raw)).problems, sheet, cell) == {"not-a-number"}


def test_renamed_sheets_moved_sheets_and_inserted_rows_are_found() -> None:
    def change(book: Any) -> None:
        for n, sheet in enumerate(list(book.worksheets)[1:-1]):
            sheet.title = f"Feuille {n}"
            sheet.insert_rows(5)
        book.move_sheet(book.worksheets[3], 2)

    data = changed(PLAIN, change)
    assert errors(data) == []
    assert read(data).report == read(PLAIN).report


def test_a_cell_merged_over_several_lines_speaks_for_each_of_them() -> None:
    sheet, first = place_of(PLAIN, "2.1", "as_of")
    _, last = place_of(PLAIN, "2.4b", "as_of")

    def change(book: Any) -> None:
        book[sheet][first] = "2024"
        book[sheet].merge_cells(f"{first}:{last}")

    report = read(changed(PLAIN, change)).report
    assert report is not None
    assert {report.by_line[c].as_of for c in ("2.1", "2.2", "2.3", "2.4a", "2.4b")} == {"2024"}


def test_the_dates_of_a_workbook_and_pasted_numbers_are_read() -> None:
    sheet, day = place_of(PLAIN, "2.1", "as_of")
    _, value = place_of(PLAIN, "2.1", "value")
    data = set_cell(set_cell(PLAIN, sheet, day, datetime(2025, 6, 30)), sheet, value, "1 250")
    report = read(data).report
    assert report is not None
    assert (report.by_line["2.1"].as_of, report.by_line["2.1"].value) == ("2025-06-30", "1250")


def test_rows_that_people_add_to_a_table_belong_to_it() -> None:
    sheet, cell = place_of(PLAIN, "2.9:2", "label")

    def change(book: Any) -> None:
        row = book[sheet][cell].row
        book[sheet].insert_rows(row)
        book[sheet].cell(row, 2).value, book[sheet].cell(row, 4).value = "second type", 5

    report = read(changed(PLAIN, change)).report
    assert report is not None
    assert [dict(r)["designation"] for r in report.by_line["2.9"].rows] == ["designation of 2.9", "second type"]


def test_text_outside_the_form_is_reported_and_not_lost() -> None:
    sheet, _ = place_of(PLAIN, "2.1", "value")
    assert codes_at(read(set_cell(PLAIN, sheet, "T40", "see also annex")).problems, sheet, "T40") == {"stray-content"}


def test_a_second_copy_of_a_sheet_is_reported_and_not_added_up() -> None:
    def change(book: Any) -> None:
        book.copy_worksheet(book.worksheets[2])

    assert "repeated-line" in {p.code for p in read(changed(PLAIN, change)).problems}


def test_without_its_hidden_sheet_the_form_is_still_known_by_its_cover() -> None:
    report = read(changed(PLAIN, lambda book: book.remove(book["stocktake"]))).report
    assert report == read(PLAIN).report


def test_nobody_has_to_choose_a_kind_of_answer_that_is_plain() -> None:
    sheet, cell = place_of(PLAIN, "2.1", "state")
    found = read(set_cell(PLAIN, sheet, cell, None))
    assert found.report == read(PLAIN).report
    assert [p.code for p in found.problems] == ["kind-inferred"]


def test_problems_are_written_as_comments_into_a_copy_and_the_copy_is_still_the_form() -> None:
    sheet, cell = place_of(PLAIN, "2.1", "value")
    data = set_cell(PLAIN, sheet, cell, "many")
    problems = read(data).problems
    copy = commented(open_workbook("t.xlsx", data), problems, DESK.words["fr"])
    comment = load_workbook(io.BytesIO(copy))[sheet][cell].comment
    assert isinstance(comment, Comment) and "many n'est pas un nombre" in comment.text
    assert [p.code for p in read(copy).problems] == ["not-a-number"]


def test_every_problem_is_said_in_six_languages_with_a_remedy() -> None:
    sheet, cell = place_of(PLAIN, "2.1", "value")
    (found,) = read(set_cell(PLAIN, sheet, cell, "many")).problems
    said = {(message(found, w), remedy(found, w)) for w in DESK.words.values()}
    assert len(said) == len(DESK.words) == 6
    assert all("many" in text and "{" not in text + advice for text, advice in said)
