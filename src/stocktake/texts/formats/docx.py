"""The text of a DOCX: a paragraph a line, automatic numbers as printed, footnotes after the text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from stocktake.texts.errors import BinaryDocument, DamagedDocument, EncryptedDocument, HostileDocument
from stocktake.texts.formats.labels import letter, roman
from stocktake.texts.formats.source import RAISED, SourceText
from stocktake.texts.formats.trees import local, xml_tree

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_PART = 40_000_000
MAX_PARTS = 5_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_CALLS = {"footnotereference": "footnote", "endnotereference": "endnote"}
# what stands in a document without being its text: deleted words, the code of a field, the copy for old readers
_PASSED_OVER = frozenset(f"{_W}{tag}" for tag in ("del", "delText", "instrText", "moveFrom", "pPr", "sectPr")) | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_LEVEL = re.compile(r"%([1-9])")
_DIGITS = re.compile(r"\d{1,3}")


@dataclass(frozen=True)
class _Level:
    """One level of a list: how it counts, what it prints, where it begins."""

    kind: str
    text: str
    start: int


@dataclass
class _Numbering:
    """The lists of a document, and how far each has counted."""

    levels: Mapping[str, Mapping[int, _Level]]
    list_of: Mapping[str, str]
    starts: Mapping[tuple[str, int], int]
    styles: Mapping[str, tuple[str, int]]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, number: str, depth: int) -> str:
        """The label that is printed before the next paragraph of a list; empty where none is."""
        name = self.list_of.get(number)
        levels = self.levels.get(name or "", {})
        if name is None or depth not in levels:
            return ""
        counts = self.counts.setdefault(name, {})
        if (number, depth) in self.starts and (number, depth) not in self.begun:
            counts[depth] = self.starts[number, depth] - 1
        self.begun.add((number, depth))
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        if levels[depth].kind in ("bullet", "none"):
            return ""
        return _LEVEL.sub(lambda m: self._printed(levels, counts, int(m[1]) - 1), levels[depth].text)

    def _printed(self, levels: Mapping[int, _Level], counts: Mapping[int, int], depth: int) -> str:
        level = levels.get(depth)
        return _printed(counts.get(depth, level.start), level.kind) if level else ""


def docx_text(data: bytes, name: str) -> SourceText:
    """The text of a DOCX: paragraphs parted by an empty line, then each footnote, then each endnote.

    Text marked as deleted is left out, text marked as inserted is in. Raises BinaryDocument for another kind of
    archive, DamagedDocument, EncryptedDocument, HostileDocument.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise DamagedDocument(f"{name}: this DOCX or ZIP archive is broken ({error}). Fetch it again.") from None
    with archive:
        names = {info.filename for info in archive.infolist()}
        if len(names) > MAX_PARTS:
            raise HostileDocument(f"{name}: an archive of {len(names):,} parts; a DOCX has a few dozen. Not read.")
        if _BODY not in names:
            raise BinaryDocument(f"{name}: a ZIP archive without {_BODY}, so no DOCX. Unpack it and give the document.")
        parts = {part: xml_tree(_part(archive, part, name), f"{name}: {part}") for part in _parts(names)}
    return SourceText((_text(parts),), MEDIA_TYPE)


def _parts(names: set[str]) -> list[str]:
    wanted = (_BODY, "word/numbering.xml", "word/styles.xml", "word/footnotes.xml", "word/endnotes.xml")
    return [part for part in wanted if part in names]


def _part(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    info = archive.getinfo(part)
    if info.flag_bits & 1:
        raise EncryptedDocument(f"{name}: {part} is locked with a password. Save a copy without one and give that.")
    try:
        with archive.open(info) as handle:
            data = handle.read(MAX_PART + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise DamagedDocument(f"{name}: {part} cannot be unpacked ({error}). Fetch the file again.") from None
    if len(data) > MAX_PART:
        raise HostileDocument(
            f"{name}: {part} unpacks from {info.compress_size:,} bytes to more than {MAX_PART:,}. Not read."
        )
    return data


def _text(parts: Mapping[str, etree._Element]) -> str:
    numbering = _numbering(parts.get("word/numbering.xml"), parts.get("word/styles.xml"))
    marks: dict[tuple[str, str], int] = {}
    lines = list(_paragraphs(parts[_BODY], numbering, marks))
    for kind in ("footnote", "endnote"):
        lines += _notes(parts.get(f"word/{kind}s.xml"), kind, numbering, marks)
    return "\n\n".join(lines)


def _paragraphs(root: etree._Element, numbering: _Numbering, marks: dict[tuple[str, str], int]) -> Iterator[str]:
    """The paragraphs that have text, in order, each with its label; a row of a table is a line with tabs."""
    rows: dict[etree._Element, list[str]] = {}
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=(f"{_W}p", f"{_W}tr")):
        if element.tag == f"{_W}tr":
            if event == "start":
                rows[element] = []
            elif cells := rows.pop(element):
                yield "\t".join(cells)
        elif event == "end" and not _is_passed_over(element):
            text = _paragraph(element, numbering, marks)
            row = next(iter(element.iterancestors(f"{_W}tr")), None) if rows else None
            if text and row is not None and row in rows:
                rows[row].append(text)
            elif text:
                yield text


def _is_passed_over(element: etree._Element) -> bool:
    return any(parent.tag in _PASSED_OVER for parent in element.iterancestors())


def _paragraph(element: etree._Element, numbering: _Numbering, marks: dict[tuple[str, str], int]) -> str:
    text = "".join(_pieces(element, marks)).strip()
    label = _label(element, numbering) if text else ""
    return f"{label} {text}" if label else text


def _pieces(element: etree._Element, marks: dict[tuple[str, str], int]) -> Iterator[str]:
    """The text of the runs of a paragraph; paragraphs within it (of a text box) come by themselves."""
    for child in element:
        if child.tag in _PASSED_OVER or child.tag == f"{_W}p":
            continue
        if child.tag == f"{_W}r":
            yield _run(child, marks)
        else:
            yield from _pieces(child, marks)


def _run(run: etree._Element, marks: dict[tuple[str, str], int]) -> str:
    align = run.find(f"{_W}rPr/{_W}vertAlign")
    raised = align is not None and align.get(f"{_W}val") == "superscript"
    out = []
    for child in run:
        kind = local(child)
        if kind == "t":
            out.append(_DIGITS.sub(lambda m: m[0].translate(RAISED), child.text or "") if raised else child.text or "")
        elif kind in _CALLS:
            out.append(_mark(child, _CALLS[kind], marks))
        elif kind in ("tab", "ptab"):
            out.append("\t")
        elif kind in ("br", "cr"):
            out.append("\n")
        elif kind == "nobreakhyphen":
            out.append("-")
    return "".join(out)


def _mark(call: etree._Element, kind: str, marks: dict[tuple[str, str], int]) -> str:
    """The mark of a footnote: its place in the order of the calls, or what the run prints where it has its own."""
    key = (kind, call.get(f"{_W}id", ""))
    if call.get(f"{_W}customMarkFollows") in ("1", "true", "on"):
        return ""
    marks.setdefault(key, 1 + sum(1 for other, _ in marks if other == kind))
    return str(marks[key]).translate(RAISED)


def _notes(
    root: etree._Element | None, kind: str, numbering: _Numbering, marks: dict[tuple[str, str], int]
) -> Iterator[str]:
    if root is None:
        return
    found = {note.get(f"{_W}id", ""): note for note in root.iter(f"{_W}{kind}")}
    for (other, number), mark in sorted(marks.items(), key=lambda item: item[1]):
        if other == kind and number in found:
            text = " ".join(_paragraphs(found[number], numbering, {}))
            yield f"{str(mark).translate(RAISED)} {text}"


def _label(element: etree._Element, numbering: _Numbering) -> str:
    style = element.find(f"{_W}pPr/{_W}pStyle")
    number, depth = numbering.styles.get(style.get(f"{_W}val", "") if style is not None else "", ("", 0))
    own = element.find(f"{_W}pPr/{_W}numPr")
    if own is not None:
        number, depth = _value(own, "numId") or number, int(_digits(_value(own, "ilvl"), depth))
    return numbering.label(number, depth) if number not in ("", "0") else ""


def _numbering(lists: etree._Element | None, styles: etree._Element | None) -> _Numbering:
    if lists is None:
        return _Numbering({}, {}, {}, {})
    levels = {
        abstract.get(f"{_W}abstractNumId", ""): {
            int(_digits(level.get(f"{_W}ilvl"), 0)): _Level(
                _value(level, "numFmt") or "decimal", _value(level, "lvlText"), int(_digits(_value(level, "start"), 1))
            )
            for level in abstract.iter(f"{_W}lvl")
        }
        for abstract in lists.iter(f"{_W}abstractNum")
    }
    list_of = {n.get(f"{_W}numId", ""): _value(n, "abstractNumId") for n in lists.iter(f"{_W}num")}
    starts = {
        (n.get(f"{_W}numId", ""), int(_digits(o.get(f"{_W}ilvl"), 0))): int(_digits(_value(o, "startOverride"), 1))
        for n in lists.iter(f"{_W}num")
        for o in n.iter(f"{_W}lvlOverride")
        if o.find(f"{_W}startOverride") is not None
    }
    return _Numbering(levels, list_of, starts, _styles(styles))


def _styles(root: etree._Element | None) -> dict[str, tuple[str, int]]:
    """The list that each style of a paragraph belongs to, with its level; not what the style rests on."""
    found = {}
    for style in root.iter(f"{_W}style") if root is not None else ():
        own = style.find(f"{_W}pPr/{_W}numPr")
        if own is not None:
            found[style.get(f"{_W}styleId", "")] = (_value(own, "numId"), int(_digits(_value(own, "ilvl"), 0)))
    return found


def _value(parent: etree._Element, tag: str) -> str:
    child = parent.find(f"{_W}{tag}")
    return (child.get(f"{_W}val") or "") if child is not None else ""


def _digits(text: str | None, otherwise: int) -> str:
    return text if text and text.isascii() and text.isdigit() and len(text) <= 6 else str(otherwise)


def _printed(n: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter"):
        return letter(n) if kind == "lowerLetter" else letter(n).upper()
    if kind in ("lowerRoman", "upperRoman"):
        return roman(n) if kind == "lowerRoman" else roman(n).upper()
    return f"{n:02}" if kind == "decimalZero" else str(n)
