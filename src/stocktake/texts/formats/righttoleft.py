"""A page with letters that run from right to left: logical order from where the characters stand on the page.

PDFium gives such a page partly in the order of drawing and partly reversed, so its order is not used: characters
are put on lines by their heights, read from the right, and words and numbers that run from the left are turned back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from ctypes import byref, c_double
from dataclasses import dataclass
from statistics import median

import pypdfium2.raw as pdfium

from stocktake.texts.formats.source import RAISED

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FORMS = re.compile(r"[\ufb1d-\ufdfc\ufe70-\ufefc]+")
_MIRROR = str.maketrans("()[]{}<>«»", ")(][}{><»«")
# what runs from the left within such a line: words with what stands between them, numbers with one separator
_FROM_LEFT = re.compile(
    r"[A-Za-z\u00c0-\u024f](?:[^\u0590-\u08ff]{0,200}?[A-Za-z\u00c0-\u024f0-9⁰¹²³⁴⁵⁶⁷⁸⁹])*(?:\([A-Za-z0-9.]{1,20}\))?"
    r"|[0-9\u0660-\u0669\u06f0-\u06f9⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[/.,:\u066b\u066c][0-9\u0660-\u0669\u06f0-\u06f9]+)*%?"
)
_SAME_LINE, _SPACE, _SMALLER, _RAISED_BY = 0.5, 0.18, 0.87, 0.08
_JOINER = "\u2060"
_BRACKETED = re.compile(r"[(\[]([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})[)\]]")


@dataclass
class _Glyph:
    """A character with the marks above it, and where it stands: left, right, height of its line and of its font."""

    text: str
    left: float
    right: float
    base: float
    size: float


def has_right_to_left(text: str) -> bool:
    """True if there is a letter that runs from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def right_to_left_page(layer: pdfium.FPDF_TEXTPAGE, count: int) -> str:
    """The lines of a page, from the top, each in logical order, with raised numbers as superscript digits."""
    lines = _lines(_glyphs(layer, count))
    return "\n".join(_logical(line) for line in lines)


def _glyphs(layer: pdfium.FPDF_TEXTPAGE, count: int) -> list[_Glyph]:
    out: list[_Glyph] = []
    box, x, y = pdfium.FS_RECTF(), c_double(), c_double()
    for i in range(count):
        char = chr(pdfium.FPDFText_GetUnicode(layer, i))
        if char.isspace() or pdfium.FPDFText_IsGenerated(layer, i) == 1:
            continue
        pdfium.FPDFText_GetLooseCharBox(layer, i, byref(box))
        pdfium.FPDFText_GetCharOrigin(layer, i, byref(x), byref(y))
        glyph = _Glyph("-" if char == "\ufffe" else char, box.left, box.right, y.value, box.top - box.bottom)
        out.append(glyph)
    return out


def _lines(glyphs: Sequence[_Glyph]) -> list[list[_Glyph]]:
    """Glyphs line by line from the top: a line has one base, and a raised glyph belongs to the line that it is in."""
    if not glyphs:
        return []
    usual = median(g.size for g in glyphs)
    lines: list[list[_Glyph]] = []
    for glyph in sorted((g for g in glyphs if g.size >= _SMALLER * usual), key=lambda g: -g.base):
        if lines and abs(lines[-1][0].base - glyph.base) < 0.25 * usual:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    small: list[list[_Glyph]] = []
    for glyph in sorted((g for g in glyphs if g.size < _SMALLER * usual), key=lambda g: -g.base):
        home = next((line for line in lines if -0.1 * usual < glyph.base - line[0].base < _SAME_LINE * usual), None)
        if home is not None:
            home.append(glyph)
        elif small and abs(small[-1][0].base - glyph.base) < _SAME_LINE * small[-1][0].size:
            small[-1].append(glyph)
        else:
            small.append([glyph])
    return sorted([*lines, *small], key=lambda line: -min(g.base for g in line))


def _logical(line: Sequence[_Glyph]) -> str:
    letters = _with_marks_on_letters(line)
    size, base = max(g.size for g in letters), min(g.base for g in letters)
    out, right = [], None
    for glyph in sorted(letters, key=lambda g: g.left):
        if right is not None and glyph.left - right > _SPACE * glyph.size:
            out.append(" ")
        raised = glyph.size < _SMALLER * size and glyph.base - base > _RAISED_BY * size
        out.append(glyph.text.translate(RAISED) if raised else glyph.text)
        right = max(glyph.right, right if right is not None else glyph.right)
    return _BRACKETED.sub(rf"{_JOINER}\1{_JOINER}", logical_order(out))


def _with_marks_on_letters(line: Sequence[_Glyph]) -> list[_Glyph]:
    letters = [g for g in line if not unicodedata.combining(g.text[0])]
    for mark in (g for g in line if unicodedata.combining(g.text[0])):
        centre = (mark.left + mark.right) / 2
        if letters:
            nearest = min(letters, key=lambda g: abs((g.left + g.right) / 2 - centre))
            nearest.text += mark.text
    return letters or list(line)


def logical_order(visual: Sequence[str]) -> str:
    """What is printed from left to right, in the order in which it is read; presentation forms as plain letters.

    A line without a letter that runs from the right stays as it is.
    """
    printed = "".join(visual)
    if not has_right_to_left(printed):
        return printed
    turned: list[str] = []
    at = 0
    whole, starts = _indexed(visual)
    for match in _FROM_LEFT.finditer(whole):
        turned += [part.translate(_MIRROR) for part in visual[at : starts[match.start()]]]
        at = starts[match.end()]
        turned.append("".join(visual[starts[match.start()] : at]))
    turned += [part.translate(_MIRROR) for part in visual[at:]]
    text = "".join(reversed(turned))
    return _FORMS.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)


def _indexed(visual: Sequence[str]) -> tuple[str, list[int]]:
    """One character a piece, and for each place in that text the piece that begins there."""
    return "".join(part[0] for part in visual), list(range(len(visual) + 1))
