"""Physical inventory listings in the fields of Regulation (Euratom) 302/2005, Annex V, with their corrections applied.

A report is never changed. It is corrected by later lines that point to an earlier report and line: D deletes that line,
A adds a line in its place, L is a line that was forgotten. What is effective follows from all reports in their order;
what was deleted is kept. Codes of categories, forms and containers are passed on as they stand. The regulation is being
replaced (Council Decision (Euratom) 2025/492): the schema has a version, and another edition is another schema.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

FORMAT = "stocktake.physical-inventory/1"
EDITION = "Regulation (Euratom) 302/2005, Annex V"

# The 27 fields, in the order of the annex: name, greatest length, what it holds.
FIELDS: tuple[tuple[str, int, str], ...] = (
    ("mba", 4, "text"), ("report_type", 1, "text"), ("report_date", 8, "date"), ("report_number", 8, "number"),
    ("pit_date", 8, "date"), ("line_count", 8, "number"), ("reporting_person", 30, "text"),
    ("pil_item_id", 8, "number"),
    ("batch", 20, "text"), ("kmp", 1, "text"), ("measurement", 1, "text"), ("element_category", 1, "text"),
    ("material_form", 2, "text"), ("material_container", 1, "text"), ("material_state", 1, "text"),
    ("line_number", 8, "number"), ("items", 6, "number"), ("element_weight", 28, "weight"), ("isotope", 1, "text"),
    ("fissile_weight", 28, "weight"), ("obligation", 2, "text"), ("document", 70, "text"), ("container_id", 20, "text"),
    ("correction", 1, "text"), ("previous_report", 8, "number"), ("previous_line", 8, "number"),
    ("comment", 256, "text"),
)  # fmt: skip
NAMES = tuple(name for name, _, _ in FIELDS)
NEEDED = frozenset({"mba", "report_type", "report_date", "report_number", "pit_date", "line_count", "batch", "kmp",
                    "measurement", "element_category", "line_number", "items", "element_weight"})  # fmt: skip
CODES = {"report_type": "P", "measurement": "MNTLEFGH", "isotope": "GKJ", "correction": "DAL"}
_WEIGHT = re.compile(r"\d{1,24}(\.\d{1,3})?", re.ASCII)

Cells = dict[str, str]
Key = tuple[int, int]  # report, line
FoundFault = tuple[int, str, str]  # row of the table, code, message


@dataclass(frozen=True)
class Line:
    """One line of a report, its cells as they stand, and the row of the table it came from."""

    row: int
    report: int
    number: int
    weight: Decimal
    fissile: Decimal | None
    cells: Cells

    @property
    def key(self) -> Key:
        return self.report, self.number

    @property
    def previous(self) -> Key | None:
        report, line = self.cells.get("previous_report"), self.cells.get("previous_line")
        return (int(report), int(line)) if report and line else None


@dataclass(frozen=True)
class Listing:
    """What is effective of all reports of one area, and what was deleted with the line that did it."""

    mba: str
    effective: tuple[Line, ...]
    deleted: tuple[tuple[Line, Line], ...]


def is_listing(header: Sequence[str]) -> bool:
    return {"mba", "report_type", "line_number"} <= set(header)


def listing_from(rows: Sequence[tuple[int, Cells]]) -> Listing | list[FoundFault]:
    """The effective listing of one material balance area, or all faults by row.

    Refused: cells that are not of their field, a gap in the numbers of lines or reports, a line count that is not the
    number of lines, several areas, one batch twice, and corrections that point to nothing, to another batch, or stand
    alone.
    """
    faults: list[FoundFault] = [fault for row, cells in rows for fault in _of_cells(row, cells)]
    if faults or not rows:
        return faults or [(0, "empty", "no line in the listing; give a row a line")]
    lines = [_line(row, cells) for row, cells in rows]
    areas = sorted({line.cells["mba"] for line in lines})
    if len(areas) > 1:
        return [(0, "several-areas", f"lines of {', '.join(areas)}; give a file for each area")]
    faults = [*_of_numbers(lines), *_of_reports(lines)]
    effective, deleted = _corrected(sorted(lines, key=lambda x: x.key), faults)
    batches = Counter(line.cells["batch"] for line in effective)
    faults += [
        (line.row, "batch-twice", f"batch {line.cells['batch']!r} is effective {batches[line.cells['batch']]} times; "
         "a batch is listed once: delete the other line, or rename it")
        for line in effective if batches[line.cells["batch"]] > 1
    ]  # fmt: skip
    return sorted(faults) if faults else Listing(areas[0], tuple(effective), tuple(deleted))


def _of_cells(row: int, cells: Cells) -> list[FoundFault]:
    found = []
    for name, length, kind in FIELDS:
        value = cells.get(name, "")
        if not value:
            if name in NEEDED:
                found.append((row, "missing", f"{name}: empty; the annex asks for it"))
            continue
        expected = _fault_of(name, value, length, kind)
        if expected:
            found.append((row, "field", f"{name}: {value[:40]!r}; expected {expected}"))
    return found


def _fault_of(name: str, value: str, length: int, kind: str) -> str | None:
    if len(value) > length:
        return f"at most {length} characters"
    if name in CODES and value not in CODES[name]:
        return f"one of {', '.join(CODES[name])}"
    if kind == "number" and not (value.isascii() and value.isdigit()):
        return "a whole number"
    if kind == "weight" and not _WEIGHT.fullmatch(value):
        return "a weight with at most 24 digits and 3 decimals"
    if kind == "date" and not _is_date(value):
        return "a day as DDMMYYYY"
    return None


def _is_date(value: str) -> bool:
    if not re.fullmatch(r"\d{8}", value, re.ASCII):
        return False
    try:
        date(int(value[4:]), int(value[2:4]), int(value[:2]))
    except ValueError:
        return False
    return True


def _line(row: int, cells: Cells) -> Line:
    fissile = cells.get("fissile_weight")
    return Line(
        row, int(cells["report_number"]), int(cells["line_number"]), Decimal(cells["element_weight"]),
        Decimal(fissile) if fissile else None, cells,
    )  # fmt: skip


def _of_numbers(lines: Sequence[Line]) -> list[FoundFault]:
    """A fissile weight above its element, and lines of a report that are not numbered 1, 2, 3."""
    found = [
        (x.row, "fissile-weight", f"fissile weight {x.fissile} above the element weight {x.weight}")
        for x in lines if x.fissile is not None and x.fissile > x.weight
    ]  # fmt: skip
    for report in sorted({x.report for x in lines}):
        of_it = sorted((x for x in lines if x.report == report), key=lambda x: x.number)
        wrong = next((x for i, x in enumerate(of_it, 1) if x.number != i), None)
        if wrong is not None:
            found.append((wrong.row, "gap", f"report {report}: line {wrong.number} where numbers run 1, 2, 3"))
        counts = {x.cells["line_count"] for x in of_it}
        if {int(c) for c in counts} != {len(of_it)}:
            said = f"report {report} has {len(of_it)} lines and states {', '.join(sorted(counts))}"
            found.append((of_it[0].row, "line-count", said))
    return found


def _of_reports(lines: Sequence[Line]) -> list[FoundFault]:
    reports = sorted({x.report for x in lines})
    return [
        (0, "gap", f"report {before} is followed by report {after}; give all reports from the first on")
        for before, after in pairwise(reports) if after != before + 1
    ]  # fmt: skip


def _corrected(lines: Sequence[Line], faults: list[FoundFault]) -> tuple[list[Line], list[tuple[Line, Line]]]:
    """Apply the lines in their order. A replacement is a pair: D and A that point to the same line."""
    effective: dict[Key, Line] = {}
    deleted: dict[Key, tuple[Line, Line]] = {}
    replaced: set[Key] = set()
    for x in lines:
        correction, previous = x.cells.get("correction"), x.previous
        if correction in ("D", "A") and previous is None:
            faults.append((x.row, "correction", f"{correction} without previous_report and previous_line"))
        elif correction == "D" and previous is not None:
            target = effective.pop(previous, None)
            if target is None:
                faults.append((x.row, "correction", f"D points to {_place(previous)}, which is not effective"))
            elif target.cells["batch"] != x.cells["batch"] or target.weight != x.weight:
                said = f"D repeats batch and weight of the line that it deletes; {_place(previous)} has others"
                faults.append((x.row, "correction", said))
            else:
                deleted[previous] = (target, x)
        elif correction == "A" and previous is not None and (previous not in deleted or previous in replaced):
            said = f"A points to {_place(previous)}, which no D before it deleted, or another A replaced"
            faults.append((x.row, "correction", said))
        else:
            if correction == "A" and previous is not None:
                replaced.add(previous)
            if correction not in ("A", "L") and previous is not None:
                faults.append((x.row, "correction", "points to an earlier line without saying D or A"))
            effective[x.key] = x
    return list(effective.values()), list(deleted.values())


def _place(key: Key) -> str:
    return f"report {key[0]}, line {key[1]}"


def to_json(listing: Listing) -> dict[str, Any]:
    totals: dict[tuple[str, str], Decimal] = {}
    for line in listing.effective:
        at = line.cells["element_category"], line.cells["kmp"]
        totals[at] = totals.get(at, Decimal(0)) + line.weight
    return {
        "format": FORMAT,
        "edition": EDITION,
        "mba": listing.mba,
        "lines": [{"report": x.report, "line": x.number, **x.cells} for x in listing.effective],
        "deleted": [
            {"report": x.report, "line": x.number, "by_report": by.report, "by_line": by.number}
            for x, by in listing.deleted
        ],
        "totals": [
            {"element_category": category, "kmp": kmp, "element_weight": str(weight)}
            for (category, kmp), weight in sorted(totals.items())
        ],
    }
