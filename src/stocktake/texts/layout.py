"""Lines of a text with their places: what is printed between paragraphs, and where a joined line hides a beginning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stocktake.texts.citations import is_symbol
from stocktake.texts.language import Language

_LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\\n])*)\]\([^()\s]{0,300}\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_NOTE = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>|\[\^(\d{1,3})\](?::\s?)?")
_MARKUP = re.compile(r"[\\*_<>\[#\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff\ud800-\udfff]")
_LEAD = re.compile(r"^\s*(?:#{1,6}\s+|>\s+)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff\ud800-\udfff]")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# page number, job number, bar code, rule: the same in every language
_PRINTED = re.compile(
    r"\d{1,3}\s*/\s*\d{1,3}|[-–—]\s*\d{1,3}\s*[-–—]|\d{1,3}|\d{2}-\d{5}(?:\s*\([A-Z]\))?(?:\s*\d{6})?|\*\d{5,}\*|[_\-–—=*·.\s]{3,}"
)


@dataclass(frozen=True)
class Line:
    """A piece of one line of the source. ``text`` is free of markup; footnote marks are still in it, as superscripts.

    ``after_blank``: an empty line came before. ``after_break``: a form feed came before.
    """

    start: int
    end: int
    text: str
    after_blank: bool = False
    after_break: bool = False


def lines_of(text: str, language: Language, at_most: int) -> list[Line]:
    """The lines that are not blank, in order, in time linear in the text; reading stops after ``at_most``.

    A line in which several paragraphs were joined is cut where a number follows the end of a paragraph.
    """
    out: list[Line] = []
    end = 0
    for match in _LINE.finditer(text):
        if not match[0].strip():
            continue
        gap = text[end : match.start()]
        blank = gap.count("\n") > 1 or gap.count("\r") > 1 + gap.count("\r\n")
        pieces = list(_pieces(text, match.start(), match.end(), language))
        for i, (a, b) in enumerate(pieces):
            clean = plain(text[a:b], language)
            if clean:
                out.append(Line(a, b, clean, blank and i == 0, "\f" in gap and i == 0))
        end = match.end()
        if len(out) > at_most:
            break
    return out


def _pieces(text: str, start: int, end: int, language: Language) -> Iterator[tuple[int, int]]:
    cuts = [m.start("next") for m in language.seam.finditer(text, start, end)]
    for a, b in zip([start, *cuts], [*cuts, end], strict=True):
        stripped = text[a:b].strip()
        if stripped:
            a += text[a:b].index(stripped)
            yield a, a + len(stripped)


def plain(text: str, language: Language) -> str:
    """Text without markdown links, bold, escapes, control characters; NFC; footnote marks as superscripts."""
    if _MARKUP.search(text) is None:
        return unicodedata.normalize("NFC", text).strip()
    text = _NOTE.sub(lambda m: (m[1] or m[2]).translate(_SUPERSCRIPT), _CONTROL.sub("", text))
    text = _ESCAPE.sub(r"\1", _LINK.sub(r"\1", _LEAD.sub("", text)))
    text = re.sub(r"\*\*|" + language.emphasis, "", text)
    return unicodedata.normalize("NFC", text).strip()


def is_furniture(line: Line, language: Language) -> bool:
    """True for page and job numbers, symbols that stand alone, bar codes, rules and what the language file lists."""
    if len(line.text) > 60:
        return False
    text = line.text.strip()
    return not without_folio(text) or language.furniture_line.fullmatch(text) is not None


def without_folio(text: str) -> str:
    """What is left of a line without the symbol, page and job number that a page prints at its head and foot."""
    if _PRINTED.fullmatch(text) or is_symbol(text):
        return ""
    words = text.split()
    return " ".join(word for word in words if not (_PRINTED.fullmatch(word) or is_symbol(word)))


def line_width(lines: Sequence[Line], language: Language) -> int:
    """The width in columns to which lines are wrapped; 0 if they are not, each line being a paragraph.

    Lines are wrapped if most end in the middle of a clause; those are full, and their middle width is the width.
    """
    full = sorted(columns(line.text, language) for line in lines[:4000] if line.text[-1] not in language.ends)
    return full[len(full) // 2] if len(lines) >= 8 and len(full) * 2 > len(lines[:4000]) else 0


def columns(text: str, language: Language) -> int:
    """The width of a text in columns: characters that take no space beside them are two columns wide."""
    return len(text) + sum(1 for _ in language.wide.finditer(text))
