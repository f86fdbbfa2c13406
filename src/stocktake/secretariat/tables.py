"""CSV that others wrote: a header and rows of as many cells, with the line of each."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from stocktake.secretariat.json_files import MAX_BYTES
from stocktake.terms.problems import Problem
from stocktake.verification.errors import RefusedInput
from stocktake.verification.intake import MethodErrors

MOST_CELL = 10_000
MOST_ROWS = 300_000  # of up to 27 cells each
Rows = list[tuple[int, dict[str, str]]]


def read_table(path: Path, what: str) -> tuple[list[str], Rows]:
    """The header and the rows, cells stripped; raises RefusedInput with every row that has another width."""

    def refuse(row: int, code: str, message: str) -> RefusedInput:
        return RefusedInput(what, [Problem(path.name, row, code, message)])

    if not path.is_file():
        raise refuse(0, "no-file", f"there is no file at {path}. Give the path of a CSV file")
    if path.stat().st_size > MAX_BYTES:
        said = (
            f"{path.stat().st_size:,} bytes; at most {MAX_BYTES:,} are read. Sum samples to periods, or split the run"
        )
        raise refuse(0, "too-large", said)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(0, "encoding", f"byte {error.start:,} is not UTF-8. Save the file as UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: Rows = []
    problems = []
    try:
        header = [name.strip() for name in next(reader, [])]
        if not any(header) or len(set(header)) != len(header):
            raise refuse(1, "header", "expected a first line that names each column once")
        for cells in reader:
            if len(rows) >= MOST_ROWS:
                raise refuse(reader.line_num, "too-large", f"more than {MOST_ROWS:,} rows. Split the run")
            if cells and len(cells) != len(header):
                said = f"{len(cells)} cells under {len(header)} columns"
                problems.append(Problem(path.name, reader.line_num, "width", said))
            elif any(len(c) > MOST_CELL for c in cells):
                problems.append(
                    Problem(path.name, reader.line_num, "cell", f"more than {MOST_CELL:,} letters in a cell")
                )
            elif cells:
                rows.append((reader.line_num, {k: v.strip() for k, v in zip(header, cells, strict=True)}))
            if len(problems) >= 100:
                break
    except csv.Error as error:
        raise refuse(reader.line_num, "broken-csv", f"the file stops being CSV here ({error})") from None
    if problems:
        raise RefusedInput(what, problems)
    return header, rows


def read_error_table(path: Path, what: str) -> dict[str, MethodErrors]:
    """Errors by method from a CSV with method, random, systematic, title, edition and table; each row is cited."""
    header, rows = read_table(path, what)
    needed = ("method", "random", "systematic", "title", "edition", "table")
    if missing := [n for n in needed if n not in header]:
        said = f"no column {', '.join(missing)}; a table of errors is cited (title, edition, table)"
        raise RefusedInput(what, [Problem(path.name, 1, "error-table", said)])
    found: dict[str, MethodErrors] = {}
    problems = []
    for line, cells in rows:
        random, systematic = (_fraction(cells[k]) for k in ("random", "systematic"))
        if random is None or systematic is None or not all(cells[k] for k in needed):
            said = "expected a method, random and systematic as fractions from 0 to 1, and title, edition and table"
            problems.append(Problem(path.name, line, "error-table", said))
        elif cells["method"] in found:
            problems.append(Problem(path.name, line, "error-table", f"method {cells['method'][:40]!r} stands twice"))
        else:
            source = ", ".join(cells[k] for k in ("title", "edition", "table", "method"))
            found[cells["method"]] = MethodErrors(random, systematic, source)
    if problems:
        raise RefusedInput(what, problems)
    return found


def _fraction(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
