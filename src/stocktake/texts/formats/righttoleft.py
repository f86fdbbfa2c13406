"""A page with letters that run from right to left: logical order from where the characters stand on the page.

PDFium gives such a page partly in the order of drawing and partly reversed, so its order is not used: characters
are put on lines by their heights, read from the right, and words and numbers that run from the left are turned back.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Sequence
from ctypes import byref, c_double
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from stocktake.texts.formats.glyphs import RAISED_BY, SMALLER, font_size
from stocktake.texts.formats.source import RAISED

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FORMS = re.compile(r"[\ufb1d-\ufdfc\ufe70-\ufefc]+")
_PAIRS = ("()", "[]", "{}", "«»")
_PRINTED_FROM_RIGHT = re.compile(r"\A[.,;:،؛]|[⁰¹²³⁴⁵⁶⁷⁸⁹][)(]?\Z|\s[)(]\d{1,3}[)(]\Z")
# what runs from the left within such a line: words with what stands between them, numbers with one separator
_FROM_LEFT = re.compile(
    r"[A-Za-z\u00c0-\u024f](?:[^\u0590-\u08ff]{0,200}?[A-Za-z\u00c0-\u024f0-9])*[⁰¹²³⁴⁵⁶⁷⁸⁹]*(?:\([A-Za-z0-9.]{1,20}\))?"
    r"|[0-9\u0660-\u0669\u06f0-\u06f9⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[/.,:\u066b\u066c][0-9\u0660-\u0669\u06f0-\u06f9]+)*%?"
)
_SAME_LINE, _SPACE = 0.6, 0.13
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
        pdfium.FPDFText_GetLooseCharBox(layer, i, byref(box))
        if char in "\r\n\x00" or (char.isspace() and box.left == box.right):
            continue  # PDFium's own, and not always where the words part
        pdfium.FPDFText_GetCharOrigin(layer, i, byref(x), byref(y))
        shown = "-" if char in "\ufffe\x02" else " " if char.isspace() else char
        out.append(_Glyph(shown, min(x.value, box.left), box.right, y.value, font_size(layer, i)))
    return out


def _lines(glyphs: Sequence[_Glyph]) -> list[list[_Glyph]]:
    """Glyphs line by line from the top: greater ones make the lines, smaller ones join the line that they are in."""
    lines: dict[float, list[_Glyph]] = {}
    bases: list[float] = []
    for glyph in sorted(glyphs, key=lambda g: -g.size):
        at = bisect(bases, glyph.base)
        near = min(bases[max(0, at - 1) : at + 1], key=lambda base: abs(base - glyph.base), default=None)
        if near is not None and -0.1 * lines[near][0].size < glyph.base - near < _SAME_LINE * lines[near][0].size:
            lines[near].append(glyph)
        else:
            bases.insert(at, glyph.base)
            lines[glyph.base] = [glyph]
    return [lines[base] for base in reversed(bases)]


def _logical(line: Sequence[_Glyph]) -> str:
    letters = _with_marks_on_letters(line)
    size, base = letters[0].size, letters[0].base
    out: list[str] = []
    right = None
    for glyph in sorted(letters, key=lambda g: g.left + g.right):
        apart = right is not None and glyph.left - right > _SPACE * size
        if (apart or glyph.text == " ") and out and out[-1] != " ":
            out.append(" ")
        if glyph.text != " ":
            raised = glyph.size < SMALLER * size and glyph.base - base > RAISED_BY * size
            out.append(glyph.text.translate(RAISED) if raised else glyph.text)
        right = max(glyph.right, right if right is not None else glyph.right)
    return _BRACKETED.sub(rf"{_JOINER}\1{_JOINER}", logical_order(out)).strip()


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

    A line without a letter that runs from the right stays as it is, unless its point is on the left or a mark
    on the right.
    """
    printed = "".join(visual)
    if not has_right_to_left(printed) and _PRINTED_FROM_RIGHT.search(printed) is None:
        return printed
    turned: list[str] = []
    at = 0
    for match in _FROM_LEFT.finditer("".join(part[0] for part in visual)):
        turned += [*visual[at : match.start()], "".join(visual[match.start() : match.end()])]
        at = match.end()
    turned += visual[at:]
    text = _with_brackets("".join(reversed(turned)))
    return _FORMS.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)


def _with_brackets(text: str) -> str:
    """Text whose brackets open before they close: makers of PDFs differ in whether a bracket is named as it looks."""
    for pair in _PAIRS:
        found = [c for c in text if c in pair]
        if _nested(found, pair):
            continue
        turned = [pair[1 - pair.index(c)] for c in found]
        if not _nested(turned, pair):
            turned = [pair[i % 2] for i in range(len(found))] if len(found) % 2 == 0 else found
        brackets = iter(turned)
        text = "".join(next(brackets) if c in pair else c for c in text)
    return text


def _nested(found: Sequence[str], pair: str) -> bool:
    depth = 0
    for bracket in found:
        depth += 1 if bracket == pair[0] else -1
        if depth < 0:
            return False
    return depth == 0
