"""Delimited text as columns, whatever its dialect: commas or tabs, UTF-8 or UTF-16; nothing in it is believed.

A file from anyone may be in the wrong encoding, torn, endless, or written to run in a spreadsheet. All faults are
collected; cells are kept as they are written.
"""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass

from stocktake.evidence.remarks import Remark, fault

MAX_BYTES = 400_000_000
MAX_ROWS = 2_000_000
MAX_CELL = 100_000
# What a spreadsheet runs when it opens the file.
# Source: OWASP, "CSV Injection".
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Table:
    """A file as columns of text. ``rows`` is the line of each row in the file, as an editor counts."""

    file: str
    header: tuple[str, ...]
    columns: dict[str, list[str]]
    rows: list[int]

    def __len__(self) -> int:
        return len(self.rows)


def read_table(data: bytes, file: str) -> tuple[Table | None, list[Remark]]:
    """The table, and what is wrong with it; no table when there is nothing that could be one."""
    text, trouble = _decoded(data, file)
    if text is None:
        return None, trouble
    first = text[: text.find("\n") if "\n" in text else len(text)]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    if text.count("\n") > MAX_ROWS + 1:
        return None, [fault(file, (), "too-large", f"more than {MAX_ROWS:,} rows; split the file")]
    try:
        header = tuple(name.strip() for name in next(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)))
    except StopIteration:
        return None, [fault(file, (), "empty-file", "the file is empty; a header and rows are expected")]
    except csv.Error as error:
        return None, [fault(file, (1,), "broken-csv", f"the header is not CSV ({error})")]
    body, rows, torn = _body(text, delimiter, len(header), file)
    if any(r.code == "joined-header" for r in torn):
        return None, torn
    trouble += [*_of_header(header, file), *torn]
    if not body and not trouble:
        trouble.append(fault(file, (), "empty-file", "the file has a header and no rows"))
    columns = {name: list(cells) for name, cells in zip(header, zip(*body, strict=True), strict=False)} if body else {}
    return Table(file, header, columns or {name: [] for name in header}, rows), trouble + _formulas(columns, rows, file)


def turned(table: Table) -> Table:
    """The same table with rows and columns exchanged; the first column gives the names of the new ones.

    ``rows`` then count the columns of the file, from 1.
    """
    first, *others = table.header
    header = (first or "name", *table.columns[first])
    columns = {header[0]: list(others)}
    for n, name in enumerate(table.columns[first]):
        columns[name] = [table.columns[other][n] for other in others]
    return Table(table.file, header, columns, list(range(2, len(others) + 2)))


def _decoded(data: bytes, file: str) -> tuple[str | None, list[Remark]]:
    if len(data) > MAX_BYTES:
        return None, [fault(file, (), "too-large", f"the file is larger than {MAX_BYTES:,} bytes; split it")]
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        what = f"byte {error.start} is not {encoding.upper()} text; save the file as UTF-8"
        return None, [fault(file, (row,), "wrong-encoding", what)]
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        return None, [fault(file, (row,), "wrong-encoding", "a zero byte; this is no text file, or UTF-16 unmarked")]
    return text, []


def _of_header(header: tuple[str, ...], file: str) -> list[Remark]:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    return [fault(file, (1,), "repeated-column", f"two columns are called {name!r}") for name in twice]


def _body(text: str, delimiter: str, width: int, file: str) -> tuple[list[list[str]], list[int], list[Remark]]:
    """The rows with the line on which each ends; rows that are torn are left out and reported."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    next(reader)
    start = reader.line_num
    body: list[list[str]] = []
    torn: list[Remark] = []
    try:
        body.extend(reader)
    except csv.Error as error:
        torn.append(fault(file, (reader.line_num,), "broken-csv", f"the file stops being CSV here ({error})"))
    if not torn and len(body) == reader.line_num - start and set(map(len, body)) <= {width} and all(map(any, body)):
        return body, list(range(start + 1, start + 1 + len(body))), []
    body, rows, uneven = _with_lines(text, delimiter, width)
    return body, rows, torn + _of_widths(body, uneven, width, file)


def _with_lines(text: str, delimiter: str, width: int) -> tuple[list[list[str]], list[int], dict[int, int]]:
    """As much as can be read, row by row with its line; and the widths of the rows that are torn."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    next(reader)
    body: list[list[str]] = []
    rows: list[int] = []
    uneven: dict[int, int] = {}
    with suppress(csv.Error):
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != width:
                uneven[reader.line_num] = len(cells)
                continue
            body.append(cells)
            rows.append(reader.line_num)
    return body, rows, uneven


def _of_widths(body: list[list[str]], uneven: dict[int, int], width: int, file: str) -> list[Remark]:
    if not body and len(widths := set(uneven.values())) == 1 and width == 2 * (one := widths.pop()) - 1:
        said = f"the header runs on into the first row: {width} cells before the first line break, {one} in each row"
        return [fault(file, (1,), "joined-header", said)]
    said = f"a row has not the {width} columns of the header; is it torn?"
    return [fault(file, uneven, "wrong-columns", said)] if uneven else []


def _formulas(columns: dict[str, list[str]], rows: list[int], file: str) -> list[Remark]:
    found = []
    for name, cells in columns.items():
        risky = {cell for cell in set(cells) if cell.startswith(_FORMULA) and _would_run(cell)}
        if risky:
            at = [row for row, cell in zip(rows, cells, strict=True) if cell in risky]
            shown = sorted(risky)[0][:40]
            found.append(
                fault(
                    file,
                    at,
                    "formula",
                    f"{name}: {shown!r} would run as a formula in a spreadsheet; write it as text",
                )
            )
    return found


def _would_run(cell: str) -> bool:
    """Whether a spreadsheet would take the cell as a formula that can act; ``+104 t`` is only a number with words."""
    return cell[0] in "=@\t\r" or any(sign in cell for sign in "(|!")
