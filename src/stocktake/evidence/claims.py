"""Claims in columns: what a data set states, row by row, without one object a row.

A claim is a subject, a quantity, a date and a value, said in one edition of one file. An empty cell makes no claim:
unknown is never zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stocktake.evidence.layouts import By, Layout, Value
from stocktake.evidence.names import Match, Names
from stocktake.evidence.remarks import Remark, defect, fault
from stocktake.evidence.statements import Form, Statement
from stocktake.evidence.tables import Table
from stocktake.terms.dates import PartialDate
from stocktake.terms.problems import InvalidTerm

Text = NDArray[np.object_]
_NUMBER = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})(?: ?[a-zA-Z]{1,3})?", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KEPT = frozenset({"-", "GROUP"})  # these are known, and no State of today: they keep their own name
NOTHING = frozenset({"", "-", "--", "..", "...", "NA", "N/A", "n/a", "n.a."})


@dataclass(frozen=True)
class Claims:
    """Columns of equal length. ``number`` is NaN where the value is a word; ``written`` is the cell as it stands."""

    file: str
    layout: Layout
    row: NDArray[np.int64]
    subject: Text
    quantity: Text
    key: Text
    place: Text
    as_of: Text
    day: NDArray[np.datetime64]
    number: NDArray[np.float64]
    written: Text
    unit: Text
    vintage: Text

    def __len__(self) -> int:
        return len(self.row)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Claims:
        """The chosen claims, in their order."""
        columns = {name: getattr(self, name)[chosen] for name in COLUMNS}
        return Claims(self.file, self.layout, **columns)

    def identity(self, *names: str) -> NDArray[np.int64]:
        """A number for each claim, equal where these columns are equal."""
        code = np.zeros(len(self), dtype=np.int64)
        for name in names:
            part = _numbered(getattr(self, name).tolist())
            if part.any():
                code = _numbered((code * (int(part.max()) + 1) + part).tolist())
        return code


def _numbered(labels: list[Any]) -> NDArray[np.int64]:
    """0, 1, 2 ... for each label, in the order in which they first come."""
    known = {label: n for n, label in enumerate(dict.fromkeys(labels))}
    return np.fromiter(map(known.__getitem__, labels), dtype=np.int64, count=len(labels))


COLUMNS = ("row", "subject", "quantity", "key", "place", "as_of", "day", "number", "written", "unit", "vintage")
SAME = ("subject", "quantity", "key", "place", "as_of", "vintage")


def claims_from(table: Table, layout: Layout, names: Names, as_of: str | None = None) -> tuple[Claims, list[Remark]]:
    """What ``table`` claims, read as ``layout``; and every cell that cannot be read, all of them at once.

    ``as_of`` is the date of a file whose rows have none.
    """
    remarks: list[Remark] = []
    subjects, unsure = _subjects(table, layout, names)
    remarks += unsure
    parts = []
    for value in (v for v in layout.values if v.column in table.columns):
        columns, trouble = _of_value(table, layout, value, subjects, as_of)
        remarks += trouble
        parts.append(columns)
    joined: dict[str, Any] = parts[0]
    if len(parts) > 1:
        joined = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
        order = np.argsort(joined["row"], kind="stable")
        joined = {name: column[order] for name, column in joined.items()}
    return Claims(table.file, layout, **joined), _merged(remarks)


def claims_of(statements: Iterable[Statement], layout: Layout, file: str) -> Claims:
    """The plain numbers that curated statements give, in columns, as if they stood in a file of this layout."""
    rows = [s for s in statements if s.form is Form.NUMBER and s.low is None and s.high is None]
    numbers = np.array([float(s.best or 0) for s in rows], dtype=np.float64)
    blank = _constant("", len(rows))
    return Claims(
        file,
        layout,
        row=np.zeros(len(rows), dtype=np.int64),
        subject=_texts([s.subject for s in rows]),
        quantity=_texts([s.quantity for s in rows]),
        key=blank,
        place=blank,
        as_of=_texts([str(s.as_of) for s in rows]),
        day=np.array([s.as_of.first for s in rows], dtype="datetime64[D]"),
        number=numbers,
        written=_texts([f"{s.best}" for s in rows]),
        unit=_texts([s.unit or "" for s in rows]),
        vintage=_texts([str(s.vintage or "") for s in rows]),
    )


def _merged(remarks: Iterable[Remark]) -> list[Remark]:
    """The same thing said of the same rows is said once."""
    return list(dict.fromkeys(remarks))


def _subjects(table: Table, layout: Layout, names: Names) -> tuple[list[str], list[Remark]]:
    """The code of each row; what has no place among States of today is kept under its own name."""
    if layout.subject.by is By.FIXED:
        return [layout.subject.value] * len(table), []
    cells = [cell.strip() for cell in table.columns[layout.subject.column]]
    if layout.subject.by is By.WRITTEN:
        return cells, []
    read: Callable[[str], Match | None] = {
        By.NAME: names.by_name,
        By.ISO3: names.by_iso3,
        By.ISO2: names.by_iso2,
    }[layout.subject.by]
    found = {cell: read(cell) for cell in set(cells)}
    remarks = []
    for cell in sorted(found):
        match = found[cell]
        rows = _rows_where(table, cells, cell) if match is None or match.oddly_spelt else ()
        if match is None:
            like = names.like(cell)
            hint = f"; did the file mean {like!r}?" if like else "; it is on no list of States or groups"
            remarks.append(defect(table.file, rows, "unknown-name", f"{layout.subject.column}: {cell!r}{hint}"))
        elif match.oddly_spelt:
            what = f"{layout.subject.column}: {cell!r} is an odd spelling; read as {match.code}"
            remarks.append(defect(table.file, rows, "odd-spelling", what))
    codes = {cell: match.code if match and match.code not in KEPT else cell for cell, match in found.items()}
    return [codes[cell] for cell in cells], remarks + _codes_agree(table, layout, cells, codes)


def _codes_agree(table: Table, layout: Layout, cells: list[str], codes: dict[str, str]) -> list[Remark]:
    """A file with names and codes says twice who is meant; the two must agree."""
    if layout.subject.code not in table.columns:
        return []
    pairs = dict.fromkeys(zip(cells, table.columns[layout.subject.code], strict=True))
    wrong = [(cell, code) for cell, code in pairs if len(code) == 3 and codes[cell] != cell and code != codes[cell]]
    return [
        defect(
            table.file,
            [
                row
                for row, c, k in zip(table.rows, cells, table.columns[layout.subject.code], strict=True)
                if (c, k) == (cell, code)
            ],
            "code-and-name-differ",
            f"{cell!r} is {codes[cell]}, the file says {code}",
        )
        for cell, code in wrong
    ]


def _rows_where(table: Table, cells: Sequence[str], wanted: str) -> list[int]:
    return list(dict.fromkeys(row for row, cell in zip(table.rows, cells, strict=True) if cell == wanted))


def _column(table: Table, name: str) -> list[str]:
    return list(map(str.strip, table.columns[name]))


def _translated(cells: list[str], layout: Layout) -> list[str]:
    """Our word for each of theirs, where the layout has one."""
    return [layout.translate.get(cell, cell) for cell in cells] if layout.translate else cells


def _of_value(
    table: Table, layout: Layout, value: Value, subjects: list[str], given: str | None
) -> tuple[dict[str, NDArray[np.generic]], list[Remark]]:
    cells = _column(table, value.column)
    absent = not NOTHING.isdisjoint(cells)
    present = [cell not in NOTHING for cell in cells] if absent else []

    def of_present(column: list[Any]) -> list[Any]:
        return list(compress(column, present)) if absent else column

    def taken(name: str) -> list[str]:
        return _translated(of_present(_column(table, name)), layout)

    rows, written, subjects = of_present(table.rows), of_present(cells), of_present(subjects)
    remarks: list[Remark] = []
    if value.act:
        when, words = written, [value.act] * len(rows)
    else:
        default = given or layout.dated
        column = value.dated_by or layout.as_of
        when = [day or default for day in taken(column)] if column in table.columns else [default] * len(rows)
        words = _translated(written, layout)
    remarks += _unknown_words(words, rows, layout, table.file)
    days, dates, trouble = _days(when, rows, table.file)
    remarks += trouble
    numbers = np.full(len(rows), np.nan)
    if value.unit and not value.act:
        numbers, trouble = _numbers(written, rows, value, table.file)
        remarks += trouble
    keys = [taken(name) for name in layout.key if name in table.columns]
    if layout.fixed_key:
        keys.append([layout.fixed_key] * len(rows))
    columns = {
        "row": np.array(rows, dtype=np.int64),
        "subject": _texts(subjects),
        "quantity": _constant(value.quantity, len(rows)) if value.quantity else _texts(taken(layout.quantity)),
        "key": _texts([" ".join(parts) for parts in zip(*keys, strict=True)]) if keys else _constant("", len(rows)),
        "place": _texts(taken(layout.place)) if layout.place else _constant("", len(rows)),
        "as_of": _texts(dates),
        "day": days,
        "number": numbers,
        "written": _texts(words),
        "unit": _constant(value.unit, len(rows)),
        "vintage": _texts(taken(layout.vintage)) if layout.vintage else _constant(layout.edition, len(rows)),
    }
    return columns, remarks


def _unknown_words(words: list[str], rows: list[int], layout: Layout, file: str) -> list[Remark]:
    """Words that a value of this layout cannot be."""
    strange = set(words) - set(layout.words) if layout.words else set()
    return [
        fault(
            file,
            [row for row, w in zip(rows, words, strict=True) if w == word],
            "not-a-vote" if layout.kind == "votes" else "unknown-word",
            f"{word[:40]!r} is none of {', '.join(layout.words)}",
        )
        for word in sorted(strange)
    ]


def _numbers(cells: list[str], rows: list[int], value: Value, file: str) -> tuple[NDArray[np.float64], list[Remark]]:
    read = {cell: float(cell) if _NUMBER.fullmatch(cell) else np.nan for cell in set(cells)}
    bad = {cell for cell, number in read.items() if not np.isfinite(number)}
    if value.whole:
        bad |= {cell for cell, number in read.items() if number != round(number, 0)} if not bad else set()
    what = "whole " if value.whole else ""
    remarks = [
        fault(
            file,
            [row for row, c in zip(rows, cells, strict=True) if c == cell],
            "not-a-number",
            f"{value.column}: {cell[:40]!r} is no {what}number of {value.unit}, zero or more",
        )
        for cell in sorted(bad)
    ]
    return np.array([read[cell] for cell in cells], dtype=np.float64), remarks


def _days(cells: list[str], rows: list[int], file: str) -> tuple[NDArray[np.datetime64], list[str], list[Remark]]:
    read: dict[str, PartialDate] = {}
    remarks = []
    for cell in dict.fromkeys(cells):
        try:
            read[cell] = dated(cell)
        except InvalidTerm as error:
            at = [row for row, c in zip(rows, cells, strict=True) if c == cell]
            said = str(error) if cell else "no date; write it in the row, or give it for the file with --as-of"
            remarks.append(fault(file, at, "invalid-date", said))
            read[cell] = PartialDate(date.min, cell)
    ordinals = {cell: day.first.toordinal() - _EPOCH for cell, day in read.items()}
    numbers = np.fromiter(map(ordinals.__getitem__, cells), dtype=np.int64, count=len(cells))
    texts = {cell: day.text for cell, day in read.items()}
    return numbers.astype("datetime64[D]"), [texts[cell] for cell in cells], remarks


def _texts(cells: list[str]) -> Text:
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def _constant(text: str, count: int) -> Text:
    return np.full(count, text, dtype=object)


_EPOCH = date(1970, 1, 1).toordinal()


def dated(cell: str) -> PartialDate:
    """A date as data sets write it: ISO with reduced precision, or ``24 Sep 2003`` with a letter for the act."""
    match = _DAY_MONTH_YEAR.fullmatch(cell)
    if match and match[2] in _MONTHS:
        return PartialDate.parse(f"{match[3]}-{_MONTHS.index(match[2]) + 1:02}-{int(match[1]):02}")
    return PartialDate.parse(cell)


def rounding_unit(written: str) -> float:
    """To what a printed figure was rounded, by its last significant digit: 10 for ``1220``, 0.1 for ``237.7``.

    A figure printed with decimals is taken at its decimals, zeros included.
    """
    text = written.split("e")[0].split("E")[0]
    if "." in text:
        return float(Decimal(1).scaleb(-len(text.partition(".")[2])))
    digits = text.rstrip("0")
    return float(10 ** (len(text) - len(digits))) if digits else 1.0
