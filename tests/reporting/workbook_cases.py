"""A filled workbook that a test can change cell by cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook

from stocktake.reporting.findings import FormProblem
from stocktake.reporting.layout import AT
from stocktake.reporting.reading import Read, read_workbook
from stocktake.secretariat.form_workbook import write_form
from stocktake.secretariat.workbooks import open_workbook
from tests.reporting.cases import DESK, FORM, full_document, report_of


def filled(language: str = "en") -> bytes:
    return write_form(DESK, report_of(full_document(language=language)), None, language)


def read(data: bytes) -> Read:
    return read_workbook("t.xlsx", open_workbook("t.xlsx", data).sheets, FORM, DESK.words, DESK.states)


def changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    book = load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def place_of(data: bytes, code: str, column: str) -> tuple[str, str]:
    """Sheet and cell of a line in one of the columns."""
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        for row in sheet.iter_rows(min_col=1, max_col=1):
            if row[0].value == code:
                return str(sheet.title), str(sheet.cell(row[0].row, AT[column] + 1).coordinate)
    raise AssertionError(f"{code} stands nowhere")


def set_cell(data: bytes, sheet: str, cell: str, value: Any) -> bytes:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return changed(data, change)


def repacked(data: bytes, parts: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The workbook with parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", packing) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def codes_at(problems: tuple[FormProblem, ...], sheet: str, cell: str) -> set[str]:
    return {p.code for p in problems if (p.place.sheet, p.place.cell) == (sheet, cell)}
