"""The form as a workbook that people fill in, empty or with answers: XLSX without macros, formulas or links.

Everything is written as text, a number only where a workbook can hold it exactly. White cells are open, all others
protected without a password. A hidden sheet says what the file is, holds the lists of choices, and keeps what no
visible cell can: keys that we do not know, and the digits of 66.80.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

from stocktake.reporting.form import AnswerState, ChoiceColumn, FormWords, Line
from stocktake.reporting.layout import (
    ANSWERED,
    AT,
    COLUMNS,
    HEADING_ROW,
    HELP_ROW,
    MIN_TABLE_ROWS,
    RECORD_SHEET,
    SPARE_TABLE_ROWS,
    TITLE_ROW,
    cell_name,
    main_column,
    sheet_name,
    states_of,
    table_positions,
)
from stocktake.reporting.reports import FORMAT, Answer, Report
from stocktake.reporting.saying import said_before
from stocktake.secretariat.form_catalogue import FormDesk

WIDTHS = {
    "code": 7, "label": 34, "unit": 13, "state": 18, "value": 22, "low": 14, "high": 14, "text": 44, "as_of": 12,
    "definition": 22, "source": 28, "language": 10, "supersedes": 14, "remark": 26, "previous": 34, "guidance": 48,
}  # fmt: skip
POINTS = 13  # height of a line of text
MOST_LINES = 25
PIECE = 30_000  # characters of a kept text in one cell
LISTS_AT = 3  # the column of the hidden sheet where the lists of choices begin
_PROTECTION = {"insert_rows": True, "format_columns": True, "format_rows": True, "select_locked_cells": True}


def write_form(desk: FormDesk, report: Report, previous: Report | None, language: str) -> bytes:
    """The workbook of a report in one language; ``previous`` stands beside it in grey."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # A fixed date, so that the same report gives the same bytes.
    book.set_properties({"title": desk.words[language].phrase("title"), "created": _EPOCH})
    _Book(book, desk, report, previous, desk.words[language]).write()
    book.close()
    return out.getvalue()


_EPOCH = datetime(2026, 1, 1)


class _Book:
    def __init__(self, book: Any, desk: FormDesk, report: Report, previous: Report | None, words: FormWords) -> None:
        self.book, self.desk, self.report, self.previous, self.words = book, desk, report, previous, words
        self.form = desk.form
        self.rtl = words.direction == "rtl"
        self.lists: dict[tuple[str, ...], str] = {}
        self.formats = {name: book.add_format(self._style(name)) for name in _STYLES}

    def _style(self, name: str) -> dict[str, Any]:
        base = {"font_name": "Arial", "font_size": 10, "valign": "top", "text_wrap": True, "num_format": "@"}
        base |= {"reading_order": 2, "align": "right"} if self.rtl else {}
        return base | _STYLES[name]

    def write(self) -> None:
        self._cover()
        lines = self.form.lines_of(self.report.variant)
        sections = {s: [line for line in lines if line.section == s] for s in self.form.sections}
        for section, found in sections.items():
            if found:
                self._section(section, found)
        self._record(self.book.add_worksheet(RECORD_SHEET))

    def _sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        if self.rtl:
            sheet.right_to_left()
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.protect("", _PROTECTION)
        return sheet

    def _cover(self) -> None:
        words, report = self.words, self.report
        sheet = self._sheet("SDRF")
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 80)
        put = self._put
        sheet.set_row(0, 24)
        put(sheet, 0, 0, words.phrase("title"), "title")
        put(sheet, 1, 0, words.phrase("unofficial"), "quiet")
        state = self.desk.names.get(report.state, {}).get(words_code(self.desk, words), report.state)
        rows = (
            ("state", f"{state} ({report.state})"),
            ("cycle", report.cycle),
            ("variant", f"{words.variants[report.variant]} ({report.variant})"),
            ("version", f"{self.form.id} {report.form_version}"),
            ("language", f"{words.name} ({report.language})"),
        )
        for n, (key, text) in enumerate(rows, 3):
            put(sheet, n, 0, words.phrase(key), "label")
            put(sheet, n, 1, text, "label")
        put(sheet, 9, 0, words.phrase("how_title"), "heading")
        steps = words.form["how"]
        for n, step in enumerate(steps if not isinstance(steps, str) else (steps,), 10):
            put(sheet, n, 1, step, "plain")
        put(sheet, 16, 0, words.phrase("states_title"), "heading")
        for n, state_ in enumerate(AnswerState, 17):
            put(sheet, n, 0, words.states[state_][0], "label")
            put(sheet, n, 1, words.states[state_][1], "plain")
        put(sheet, 27, 1, words.phrase("protected"), "quiet")

    def _put(self, sheet: Any, row: int, column: int, text: str, style: str) -> None:
        if text:
            sheet.write_string(row, column, text, self.formats[style])
        else:
            sheet.write_blank(row, column, None, self.formats[style])

    def _section(self, section: str, lines: Sequence[Line]) -> None:
        words = self.words
        sheet = self._sheet(sheet_name(section, words))
        for key, width in WIDTHS.items():
            sheet.set_column(AT[key], AT[key], width)
        self._title(sheet, section)
        for key in COLUMNS:
            self._put(sheet, HEADING_ROW, AT[key], words.columns[key], "heading")
        sheet.freeze_panes(HEADING_ROW + 1, 2)
        sheet.repeat_rows(HEADING_ROW)
        for n, line in enumerate(lines, HEADING_ROW + 1):
            self._line(sheet, n, line)
        row = HEADING_ROW + len(lines) + 2
        for line in lines:
            if line.definition.kind == "table":
                row = self._table(sheet, row, line)

    def _title(self, sheet: Any, section: str) -> None:
        sheet.set_row(TITLE_ROW, 20)
        sheet.set_row(HEADING_ROW, 2 * POINTS + 2)
        sheet.write_string(TITLE_ROW, 0, f"{section}. {self.words.sections[section]}", self.formats["banner"])
        sheet.write_string(HELP_ROW, 0, self.words.phrase("add_rows"), self.formats["small"])

    def _line(self, sheet: Any, row: int, line: Line) -> None:
        words, answer = self.words, self.report.by_line.get(line.code)
        printed = {key: self._printed(line, key, answer) for key in PRINTED_STYLES}
        cells = self._cells(line, answer) if answer else {}
        sheet.set_row(row, POINTS * max(_lines(text, WIDTHS[key]) for key, text in (printed | cells).items()) + 2)
        for key in PRINTED_STYLES:
            self._put(sheet, row, AT[key], printed[key], PRINTED_STYLES[key])
        counted = answer is not None and answer.interval is not None
        for key in ANSWERED:
            used = not (key in ("low", "high") and line.definition.kind != "quantity")
            number = counted and key in ("value", "low", "high")
            self._open(sheet, row, AT[key], cells.get(key), "open" if used else "closed", number=number)
        self._drop_down(sheet, row, AT["state"], states_of(line, words))
        if line.definition.kind == "choice":
            choices = words.choices[line.definition.choice or ""]
            self._drop_down(sheet, row, AT["value"], list(choices.values()), strict=False)
        if line.definition.unit == self.form.currency_unit:
            self._open(sheet, row, AT["unit"], answer.unit if answer else None, "open")

    def _printed(self, line: Line, key: str, answer: Answer | None) -> str:
        match key:
            case "code":
                return line.code
            case "label":
                return self.words.label(line)
            case "unit":
                return self.words.unit(line) if line.definition.unit else ""
            case "guidance":
                return self.words.guidance(line)
        before = self.previous.by_line.get(line.code) if self.previous else None
        return said_before(before, line, self.words) if before else ""

    def _cells(self, line: Line, answer: Answer) -> dict[str, str]:
        """The words of an answer by column; a choice by its name in the language of the workbook."""
        words = self.words
        main = getattr(answer, main_column(answer.state))
        if main and line.definition.kind == "choice" and answer.state is AnswerState.VALUE:
            main = words.choices[line.definition.choice or ""][main]
        found = {key: getattr(answer, key) for key in ANSWERED if hasattr(answer, key)}
        return {k: v for k, v in (found | {"state": words.state(answer.state), "value": main}).items() if v}

    def _open(self, sheet: Any, row: int, column: int, text: str | None, style: str, *, number: bool = False) -> None:
        """An open cell: a number where a workbook holds it exactly, text otherwise."""
        if text is None:
            sheet.write_blank(row, column, None, self.formats[style])
        elif number and _held_exactly(text):
            sheet.write_number(row, column, float(text), self.formats["number"])
        else:
            sheet.write_string(row, column, text, self.formats[style])

    def _table(self, sheet: Any, row: int, line: Line) -> int:
        """The block of a table; returns the row where the next one may begin."""
        words, answer = self.words, self.report.by_line.get(line.code)
        at = table_positions(self.form, line.definition.columns)
        title = words.phrase("table").format(code=f"{line.code} {words.fields[line.field][0]}")
        sheet.write_string(row, AT["label"], title, self.formats["banner"])
        row += 1
        self._put(sheet, row, 0, f"{line.code}:", "heading")
        for name, column in at.items():
            self._put(sheet, row, column, words.table_columns[name], "heading")
        rows = answer.rows if answer else ()
        for n in range(1, max(len(rows) + SPARE_TABLE_ROWS, MIN_TABLE_ROWS) + 1):
            cells = dict(rows[n - 1]) if n <= len(rows) else {}
            self._put(sheet, row + n, 0, f"{line.code}:{n}", "code")
            for name, column in at.items():
                self._table_cell(sheet, row + n, column, name, cells.get(name))
        return row + n + 2

    def _table_cell(self, sheet: Any, row: int, column: int, name: str, text: str | None) -> None:
        kind = self.form.columns[name]
        if isinstance(kind, ChoiceColumn):
            names = self.words.choices[kind.choice]
            self._open(sheet, row, column, names.get(text, text) if text else None, "open")
            self._drop_down(sheet, row, column, list(names.values()), strict=False)
        else:
            self._open(sheet, row, column, text, "open", number=kind == "number")

    def _drop_down(self, sheet: Any, row: int, column: int, names: Sequence[str], *, strict: bool = True) -> None:
        source = self.lists.setdefault(tuple(names), f"list_{len(self.lists) + 1}")
        options = {"validate": "list", "source": f"={source}", "error_type": "stop" if strict else "information"}
        sheet.data_validation(row, column, row, column, options)

    def _record(self, sheet: Any) -> None:
        report = self.report
        rows = [
            ("format", FORMAT),
            ("form", self.form.id),
            ("version", report.form_version),
            *((k, getattr(report, k)) for k in ("state", "cycle", "variant", "language")),
            *_kept(report),
            *((k, v) for a in report.answers for k, v in _exact(self.form.by_code[a.line], a)),
        ]
        for n, (key, text) in enumerate(rows):
            sheet.write_string(n, 0, key)
            sheet.write_string(n, 1, text)
        for n, (names, title) in enumerate(self.lists.items()):
            column = LISTS_AT + n
            for row, name in enumerate(names):
                sheet.write_string(row, column, name)
            letter = _letters(column)
            self.book.define_name(title, f"={RECORD_SHEET}!${letter}$1:${letter}${len(names)}")
        sheet.very_hidden()


_LINE = {"border": 1, "border_color": "#C9C9C9"}
_STYLES: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "text_wrap": False},
    "banner": {"bold": True, "font_size": 13, "text_wrap": False},
    "small": {"font_color": "#595959", "text_wrap": False},
    "heading": {"bold": True, "bottom": 2, "bg_color": "#F4F6F8"},
    "plain": {},
    "quiet": {"font_color": "#595959", "text_wrap": False},
    "label": _LINE | {"bg_color": "#F4F6F8"},
    "core": _LINE | {"bg_color": "#F4F6F8", "bold": True},
    "code": _LINE | {"bg_color": "#F4F6F8", "font_color": "#595959"},
    "grey": _LINE | {"font_color": "#595959", "bg_color": "#EFEFEF"},
    "help": _LINE | {"font_color": "#595959"},
    "open": _LINE | {"locked": False},
    "closed": _LINE | {"bg_color": "#EFEFEF"},
    "number": _LINE | {"locked": False, "num_format": "General"},
}
PRINTED_STYLES = {"code": "code", "label": "label", "unit": "label", "previous": "grey", "guidance": "help"}


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a cell so many characters wide; a Chinese character is two wide."""
    wide = sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
    return min(MOST_LINES, max(1, -(-wide * 11 // (width * 10)) + text.count("\n")))


def words_code(desk: FormDesk, words: FormWords) -> str:
    """The language code of these words."""
    return next(code for code, found in desk.words.items() if found is words)


def _held_exactly(text: str) -> bool:
    """Whether the text is a decimal that a cell of binary floating point gives back, be it without trailing zeros."""
    try:
        return Decimal(repr(float(text))) == Decimal(text)
    except (ValueError, ArithmeticError):
        return False


def _kept(report: Report) -> Iterator[tuple[str, str]]:
    """Keys that we do not know, as JSON in pieces that fit a cell."""
    kept = [("extra", report.extra), *((f"extra:{a.line}", a.extra) for a in report.answers)]
    for key, extra in kept:
        text = json.dumps(dict(extra), ensure_ascii=True, separators=(",", ":")) if extra else ""
        yield from ((key, text[n : n + PIECE]) for n in range(0, len(text), PIECE))


def _exact(line: Line, answer: Answer) -> Iterator[tuple[str, str]]:
    """Numbers whose digits a cell would not give back."""
    if line.definition.kind == "quantity":
        numbers = [(k, getattr(answer, k)) for k in ("value", "low", "high")]
    else:
        numbers = [(f"{n}:{c}", text) for n, row in enumerate(answer.rows) for c, text in row if c == "number"]
    for key, text in numbers:
        if text and _held_exactly(text) and format(Decimal(repr(float(text))), "f").removesuffix(".0") != text:
            yield f"exact:{line.code}:{key}", text


def _letters(column: int) -> str:
    return cell_name(0, column).rstrip("0123456789")
