"""Opening a workbook from anyone: XLSX or ODS, within bounds of time and memory, without doing anything it asks for.

A workbook is a ZIP of XML. Before a value is read, every part that we need is unpacked up to a limit of our own (the
sizes that a ZIP declares are not believed), scanned without entities or network, and refused where it reaches beyond
the form, carries macros or objects, or is linked to something outside. Formulas are noted, never computed. What passes
is packed anew, those parts only, and python-calamine reads its values: reader and scanner see the same bytes.
"""

from __future__ import annotations

import io
import posixpath
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from stocktake.reporting.findings import FormRefused
from stocktake.reporting.layout import Sheet

MAX_FILE = 10_000_000  # bytes; a full report has some 200,000
MAX_PART = 16_000_000  # bytes of one part, unpacked
MAX_TOTAL = 40_000_000  # bytes of all parts that are read, unpacked
MAX_RATIO = 300  # unpacked to packed, for parts over a megabyte; texts of forms pack to a tenth
MAX_PARTS = 1_000
MAX_ROWS, MAX_COLUMNS, MAX_SHEETS, MAX_CELLS = 5_000, 120, 60, 200_000
MAX_TEXT = 20_000_000  # characters of all cells; one shared text may be pointed at by every cell
MAX_MERGED = 2_000
MAX_DEPTH = 60

_XLSX_MAIN = "xl/workbook.xml"
_XLSX_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml"
    r"|xl/worksheets/_rels/[^/]+\.rels|xl/sharedStrings\.xml|xl/styles\.xml|xl/theme/theme1\.xml",
    re.IGNORECASE,
)
_ODS_NEEDED = re.compile(r"mimetype|content\.xml|META-INF/manifest\.xml", re.IGNORECASE)
_ACTIVE = re.compile(
    r"vbaproject|vbadata|\.bin$|activex|macrosheets|dialogsheets|embeddings/|ctrlprops|customui|webextension|webquer"
    r"|^basic/|^scripts/|\.class$|\.jar$|^object [0-9]|^objectreplacements/.*\.bin",
    re.IGNORECASE,
)
_HARMLESS_BIN = re.compile(r"printersettings[0-9]*\.bin$", re.IGNORECASE)
_OUTSIDE = re.compile(r"externallinks?/|connections\.xml|querytables/|xl/model/|datamashup|customdata/", re.IGNORECASE)
_LINKING = re.compile(
    r"externalLink|oleObject|package|attachedTemplate|connections|queryTable|control|vbaProject", re.I
)
_ENCRYPTED_OR_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a compound file: .xls, or a workbook with a password


@dataclass(frozen=True)
class Workbook:
    """A workbook that was let in: its kind, its sheets, and the bytes of a ZIP with nothing but what was checked."""

    kind: str
    sheets: tuple[Sheet, ...]
    data: bytes


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file up to the limit; refuses devices, pipes, folders and files that are too large."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise FormRefused("not-a-form-file", path.name, reason="no regular file")
    with path.open("rb") as handle:
        data = handle.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise FormRefused("too-large", path.name, found=f"> {MAX_FILE:,} bytes", expected=f"{MAX_FILE:,}")
    return data


def open_workbook(name: str, data: bytes) -> Workbook:
    """The sheets of a workbook.

    Raises FormRefused for bytes that are none, are damaged, too large, active, or linked to something outside.
    """
    if data.startswith(_ENCRYPTED_OR_OLD):
        raise FormRefused("not-a-form-file", name, reason="an old .xls, or protected with a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = _Parts(name, packed)
            kind = parts.kind()
            scan = _scan_ods(parts) if kind == "ods" else _scan_xlsx(parts)
            clean = parts.repacked()
        return Workbook(kind, tuple(_values(name, clean, scan)), clean)
    except etree.XMLSyntaxError as error:
        raise FormRefused("broken-file", name, reason=str(error.msg)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise FormRefused("broken-file", name, reason=str(error) or type(error).__name__) from None
    except (KeyError, ValueError, TypeError, IndexError, OverflowError, RecursionError, StopIteration) as error:
        raise FormRefused("broken-file", name, reason=f"{type(error).__name__} {error}") from None


class _Budget:
    """What all sheets together may still hold."""

    def __init__(self, name: str) -> None:
        self.name, self.cells, self.characters, self.merged = name, MAX_CELLS, MAX_TEXT, MAX_MERGED

    def spend(self, sheet: str, *, cells: int = 0, characters: int = 0, merged: int = 0) -> None:
        self.cells -= cells
        self.characters -= characters
        self.merged -= merged
        if min(self.cells, self.characters, self.merged) < 0:
            raise FormRefused("too-many-rows", self.name, found=sheet, expected=f"{MAX_CELLS:,}")


@dataclass
class Scan:
    """What the XML of one sheet says beside its values."""

    name: str
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class _Parts:
    """The parts of a ZIP, unpacked one by one up to the limits."""

    def __init__(self, name: str, packed: zipfile.ZipFile) -> None:
        self.name, self.packed = name, packed
        self.infos = {info.filename: info for info in packed.infolist()}
        self.read: dict[str, bytes] = {}
        self.total = 0
        if len(packed.infolist()) > MAX_PARTS:
            raise FormRefused("too-large", name, found=f"{len(packed.infolist())} parts", expected=f"{MAX_PARTS}")
        if len(self.infos) != len(packed.infolist()):
            raise FormRefused("broken-file", name, reason="two parts of one name")
        for part in self.infos:
            if _ACTIVE.search(part) and not _HARMLESS_BIN.search(part):
                raise FormRefused("active-content", name, found=part)
            if _OUTSIDE.search(part):
                raise FormRefused("external-content", name, found=part)

    def kind(self) -> str:
        if _XLSX_MAIN in self.infos:
            return "xlsx"
        if "content.xml" in self.infos and b"spreadsheet" in self.unpack("mimetype"):
            return "ods"
        raise FormRefused("not-a-form-file", self.name, reason="a ZIP without a workbook")

    def unpack(self, part: str) -> bytes:
        """The bytes of a part; counted as they come, for what a ZIP declares may be a lie."""
        if part in self.read:
            return self.read[part]
        info = self.infos[part]
        if info.flag_bits & 1:
            raise FormRefused("not-a-form-file", self.name, reason="protected with a password")
        limit = min(MAX_PART, MAX_TOTAL - self.total)
        with self.packed.open(info) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit or (len(data) > 1_000_000 and len(data) > MAX_RATIO * max(info.compress_size, 1)):
            found = f"{part}, > {min(len(data), limit):,} bytes"
            raise FormRefused("too-large", self.name, found=found, expected=f"{MAX_PART:,}")
        self.total += len(data)
        self.read[part] = data
        return data

    def root(self, part: str) -> Any:
        """The tree of a small part."""
        for _ in _events(self.name, self.unpack(part)):
            pass
        return etree.fromstring(self.read[part], _parser())

    def replace(self, part: str, data: bytes) -> None:
        self.read[part] = data

    def repacked(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
            for part, data in self.read.items():
                packed.writestr(part, data)
        return out.getvalue()


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)


def _events(name: str, data: bytes) -> Iterator[tuple[str, Any]]:
    """Start and end of each element, in order; refuses declarations of entities, and depth that no sheet has."""
    head = data[:1000].lstrip(b"\xef\xbb\xbf")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        raise FormRefused("broken-file", name, reason="XML in an encoding that workbooks do not use")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise FormRefused("active-content", name, found="DOCTYPE")
    depth = 0
    events: Any = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    for event, element in events:
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise FormRefused("broken-file", name, reason=f"more than {MAX_DEPTH} levels deep")
        yield event, element


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


# -- XLSX (ECMA-376 part 1) ----------------------------------------------------------------------------------------


def _scan_xlsx(parts: _Parts) -> list[Scan]:
    needed = [p for p in parts.infos if _XLSX_NEEDED.fullmatch(p)]
    for part in needed:
        parts.unpack(part)
    for part in [p for p in parts.infos if p.lower().endswith(".rels")]:
        _refuse_links(parts, part)
    for part in [p for p in needed if p.startswith("xl/worksheets/_rels/")]:
        parts.read.pop(part)  # links of cells and drawings: looked at, not passed on
    targets = {r.get("Id"): r.get("Target") for r in parts.root("xl/_rels/workbook.xml.rels")}
    scans = []
    sheets = [e for e in parts.root(_XLSX_MAIN).iter() if _tag(e) == "sheet"]
    if len(sheets) > MAX_SHEETS:
        raise FormRefused("too-many-rows", parts.name, found=f"{len(sheets)} sheets", expected=str(MAX_SHEETS))
    budget, texts = _Budget(parts.name), _text_lengths(parts)
    for sheet in sheets:
        id = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
        target = posixpath.normpath(posixpath.join("xl", (targets.get(id) or "").lstrip("/").removeprefix("xl/")))
        if target not in parts.read or not target.startswith("xl/worksheets/"):
            raise FormRefused("broken-file", parts.name, reason=f"sheet {sheet.get('name')!r} has no part of its own")
        scans.append(_scan_sheet(parts, sheet.get("name") or "", target, budget, texts))
    for part in ("xl/styles.xml", "[Content_Types].xml"):
        for _, element in _events(parts.name, parts.read[part]) if part in parts.read else ():
            if _tag(element) == "Override":
                _refuse_active_type(parts, element)
    return scans


def _text_lengths(parts: _Parts) -> list[int]:
    """How long each shared text is."""
    data = parts.read.get("xl/sharedStrings.xml")
    found = []
    for event, element in _events(parts.name, data) if data else ():
        if event == "end" and _tag(element) == "si":
            found.append(sum(len(text) for text in element.itertext()))
            element.clear()
    return found


def _refuse_active_type(parts: _Parts, element: Any) -> None:
    if "macroenabled" in (element.get("ContentType") or "").lower():
        raise FormRefused("active-content", parts.name, found=str(element.get("ContentType")))


def _refuse_links(parts: _Parts, part: str) -> None:
    """Relations to parts outside, except the links that people paste into cells, which nobody follows."""
    for relation in parts.root(part):
        kind = (relation.get("Type") or "").rpartition("/")[2]
        outside = (relation.get("TargetMode") or "").lower() == "external"
        if kind.lower() != "hyperlink" and (outside or _LINKING.fullmatch(kind)):
            raise FormRefused("external-content", parts.name, found=str(relation.get("Target")))


_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def _place(ref: str) -> tuple[int, int]:
    match = _REF.fullmatch(ref)
    if match is None:
        raise ValueError(f"{ref[:20]!r} is no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _inside(name: str, sheet: str, row: int, column: int) -> tuple[int, int]:
    if row >= MAX_ROWS or column >= MAX_COLUMNS:
        raise FormRefused("too-many-rows", name, found=sheet, expected=f"{MAX_ROWS:,} × {MAX_COLUMNS}")
    return row, column


def _scan_sheet(parts: _Parts, sheet: str, part: str, budget: _Budget, texts: list[int]) -> Scan:
    """Formulas, errors and merged ranges of a sheet, while its cells are counted and their places bounded."""
    scan = Scan(sheet)
    row, column = -1, -1
    for event, element in _events(parts.name, parts.read[part]):
        tag = _tag(element)
        if event == "start":
            if tag == "row":
                row = int(element.get("r") or row + 2) - 1
                column = -1
                _inside(parts.name, sheet, row, 0)
            elif tag == "c":
                row, column = _place(element.get("r")) if element.get("r") else (row, column + 1)
                _inside(parts.name, sheet, row, column)
                budget.spend(sheet, cells=1)
            elif tag in ("oleObject", "control"):
                raise FormRefused("active-content", parts.name, found=f"{sheet}: {tag}")
            elif tag == "dimension":
                element.attrib.clear()
        elif tag == "c":
            if element.get("t") == "s":
                budget.spend(sheet, characters=texts[int(next(e.text for e in element if _tag(e) == "v"))])
            formula = next((e for e in element if _tag(e) == "f"), None)
            if formula is not None:
                scan.formulas[row, column] = f"={formula.text or '…'}"
            elif element.get("t") == "e":
                scan.errors[row, column] = "".join(element.itertext())
        elif tag == "row":
            element.clear()
        elif tag == "mergeCell":
            budget.spend(sheet, merged=1)
            scan.merged.append(_merged(parts.name, sheet, element.get("ref") or ""))
    return scan


def _merged(name: str, sheet: str, ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.partition(":")
    top, left = _inside(name, sheet, *_place(first))
    bottom, right = _place(last or first)
    return top, left, min(bottom, MAX_ROWS), min(right, MAX_COLUMNS)


# -- ODS (OASIS OpenDocument 1.3, part 3) ---------------------------------------------------------------------------

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_XLINK = "{http://www.w3.org/1999/xlink}"


def _scan_ods(parts: _Parts) -> list[Scan]:
    for part in [p for p in parts.infos if _ODS_NEEDED.fullmatch(p)]:
        parts.unpack(part)
    elements = 0
    for event, _ in _events(parts.name, parts.read["content.xml"]):
        elements += event == "start"
        if elements > 2 * MAX_CELLS:
            raise FormRefused("too-many-rows", parts.name, found="content.xml", expected=f"{MAX_CELLS:,}")
    root = parts.root("content.xml")
    for element in root.iter():
        if _tag(element) in ("script", "event-listener", "object", "object-ole", "plugin", "applet", "dde-source"):
            raise FormRefused("active-content", parts.name, found=_tag(element))
        if _tag(element) in ("table-source", "cell-range-source", "dde-link", "database-source-table"):
            raise FormRefused("external-content", parts.name, found=str(element.get(f"{_XLINK}href")))
    tables = [e for e in root.iter() if e.tag == f"{_TABLE}table"]
    if len(tables) > MAX_SHEETS:
        raise FormRefused("too-many-rows", parts.name, found=f"{len(tables)} sheets", expected=str(MAX_SHEETS))
    budget = _Budget(parts.name)
    scans = [_scan_table(parts, table, budget) for table in tables]
    parts.replace("content.xml", etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    return scans


def _repeated(element: Any, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated") or 1))


def _scan_table(parts: _Parts, table: Any, budget: _Budget) -> Scan:
    """As for XLSX; and what is repeated without content after the last cell, to the end of the sheet, is cut off."""
    scan = Scan(table.get(f"{_TABLE}name") or "")
    rows = [e for e in table.iter() if e.tag == f"{_TABLE}table-row"]
    full = [any(_filled(c) for c in row) for row in rows]
    last = max((n for n, filled in enumerate(full) if filled), default=-1)
    for row in rows[last + 1 :]:
        row.getparent().remove(row)
    at = 0
    for row in rows[: last + 1]:
        times = _repeated(row, "rows")
        _inside(parts.name, scan.name, at + times - 1, 0)
        _scan_row(parts, scan, row, at, times, budget)
        at += times
    return scan


def _filled(cell: Any) -> bool:
    return (
        cell.get(f"{_OFFICE}value-type") is not None
        or cell.get(f"{_TABLE}formula") is not None
        or any(_tag(e) == "p" for e in cell)
    )


def _scan_row(parts: _Parts, scan: Scan, row: Any, at: int, times: int, budget: _Budget) -> None:
    cells = [c for c in row if _tag(c) in ("table-cell", "covered-table-cell")]
    last = max((n for n, c in enumerate(cells) if _filled(c)), default=-1)
    for cell in cells[last + 1 :]:
        row.remove(cell)
    column = 0
    for cell in cells[: last + 1]:
        width = _repeated(cell, "columns")
        _inside(parts.name, scan.name, at, column + width - 1)
        length = sum(len(text) for text in cell.itertext())
        budget.spend(scan.name, cells=width * times, characters=width * times * length)
        formula = cell.get(f"{_TABLE}formula")
        if formula is not None:
            for r in range(at, at + times):
                scan.formulas |= {(r, c): formula for c in range(column, column + width)}
        down, across = (int(cell.get(f"{_TABLE}number-{w}-spanned") or 1) for w in ("rows", "columns"))
        if down > 1 or across > 1:
            budget.spend(scan.name, merged=1)
            bounds = min(at + down - 1, MAX_ROWS), min(column + across - 1, MAX_COLUMNS)
            scan.merged.append((at, column, *bounds))
        column += width


# -- values ----------------------------------------------------------------------------------------------------------


def _values(name: str, data: bytes, scans: list[Scan]) -> Iterator[Sheet]:
    """Cells from A1 as python-calamine reads them, beside what the scan found in the same bytes."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if book.sheet_names != [s.name for s in scans]:
            raise FormRefused("broken-file", name, reason="the sheets are not those that the file lists")
        for n, scan in enumerate(scans):
            rows = book.get_sheet_by_index(n).to_python(skip_empty_area=False)
            cells = [[_plain(cell) for cell in row] for row in rows]
            yield Sheet(scan.name, cells, scan.formulas, scan.errors, scan.merged)
    except CalamineError as error:
        raise FormRefused("broken-file", name, reason=str(error)) from None


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell if cell.strip() else ""
    if isinstance(cell, datetime | date | bool | int | float):
        return cell
    return str(cell) if isinstance(cell, time | timedelta) else ""
