"""Where things stand in the workbook: one table of columns for writing it and for reading it.

A section has one sheet: title, a line of help, the headings, a row a line, then a block a table. The first column holds
the code of the line (``2.4a``), of the head of a table (``2.9:``) and of its rows (``2.9:1``), so that rows that people
insert, and sheets that they rename or move, are still found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stocktake.reporting.form import AnswerState, Form, FormWords, Line

COLUMNS = (
    "code", "label", "unit", "state", "value", "low", "high", "text", "as_of", "definition", "source", "language",
    "supersedes", "remark", "previous", "guidance",
)  # fmt: skip
AT = {key: n for n, key in enumerate(COLUMNS)}
ANSWERED = COLUMNS[3:14]  # the white cells
PRINTED = ("code", "label", "previous", "guidance")
SHARED_BY_MERGE = ("as_of", "definition", "source", "language")  # one cell merged over several rows speaks for all
TITLE_ROW, HELP_ROW, HEADING_ROW = 0, 1, 2
RECORD_SHEET = "stocktake"  # hidden: what the file is, the lists of choices, and what no visible cell can hold
CODE = re.compile(r"([1-9]\.[1-9][0-9]?[a-z]?)(?:(:)([1-9][0-9]{0,4})?)?", re.ASCII)
MIN_TABLE_ROWS, SPARE_TABLE_ROWS = 6, 3
WIDE, NARROW = ("label", "text"), ("state", "value", "low", "high")


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was read: cells from A1, formulas and shown errors by (row, column), merged ranges inclusive."""

    name: str
    rows: Sequence[Sequence[Any]]
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: Sequence[tuple[int, int, int, int]] = ()


def cell_name(row: int, column: int) -> str:
    """``E12`` for row 11, column 4."""
    letters, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def table_positions(form: Form, columns: Sequence[str]) -> dict[str, int]:
    """In which column of the sheet each column of a table stands: the first and the last text in the wide ones."""
    last_text = next((c for c in reversed(columns[1:]) if form.columns[c] == "text"), None)
    found = {columns[0]: AT["label"]}
    free: Iterator[int] = iter([AT[k] for k in NARROW])
    for name in columns[1:]:
        found[name] = AT["text"] if name == last_text else next(free)
    return found


def sheet_name(section: str, words: FormWords) -> str:
    """At most 31 characters, none of ``[]:*?/\\``, as workbooks demand."""
    return re.sub(r"[\[\]:*?/\\]", " ", f"{section} {words.sections[section]}")[:31].strip()


def states_of(line: Line, words: FormWords) -> list[str]:
    """The choices of the drop-down for one line."""
    return [words.state(s) for s in line.states]


def main_column(state: AnswerState) -> str:
    """Which part of an answer stands in the column for values."""
    return {AnswerState.INCLUDED_ELSEWHERE: "where", AnswerState.SEALED: "seal"}.get(state, "value")
