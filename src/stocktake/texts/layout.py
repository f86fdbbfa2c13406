"""Lines of a text with their places: what is printed between paragraphs, and where a joined line hides a beginning."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from stocktake.texts.citations import is_symbol
from stocktake.texts.language import Language
from stocktake.texts.verbs import opens

_LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
# bounded and without a second try, so that a row of open brackets costs no more than its length
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\\n]){0,300}+)\]\([^()\s]{0,300}\)")
# a link that a line break cut, anywhere; no empty line is inside
_CUT_LINK = re.compile(
    r"\[((?:\\.|\\?\r?\n(?!\s*\n)|[^\[\]\\\n]){0,300}+)\](?:\r?\n)?\([^()\s]{0,300}(?:\r?\n[^()\s]{0,300})?\)"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_NOTE = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>|\[\^(\d{1,3})\](?::\s?)?|\\?[\[［〔](\d{1,3})\\?[\]］〕](?!\()")
_MARKUP = re.compile(r"[\\*_<>\[［〔#\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff\ud800-\udfff]")
_LEAD = re.compile(r"^\s*(?:#{1,6}\s+|>\s+)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff\ud800-\udfff]")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# page number, job number, bar code, rule: the same in every language
_PRINTED = re.compile(
    r"\d{1,3}\s*/\s*\d{1,3}|[-–—]\s*\d{1,3}\s*[-–—]|\d{1,3}|\d{2}-\d{5}(?:\s*\([A-Z]\))?(?:\s*\d{6})?|\*?\d{6,8}\*?|[_\-–—=*·.\s]{3,}"
)
# without one of these nothing of the kind is on a line
_FOLIO = re.compile(r"\d|[_\-–—=*·.]{3}|\A[_\-–—=*·.]")

_WORD = re.compile(r"[!-~]+")
_BRACKET_WORD = re.compile(r"\S*\((?:Vols?|Parts?|Corrected|Rev|Rome)\.?")
_SYMBOL_HEAD, _SYMBOL_NEXT = re.compile(r"^[A-Z]{1,7}\Z"), re.compile(r"[A-Z]{1,7}/")
_ROMAN_END, _ROMAN_CLOSE = re.compile(r"(?:^|\()[IVXLC]{1,6}\Z"), re.compile(r"[IVXLC]{1,6}\)")
_SYMBOL_PART = re.compile(r"[A-Za-z0-9]{1,20}(?:[./\-(][^\s,;]*)?")
_NARROWEST, _FEWEST, _SHORT_LINE = 20, 8, 0.94
_LONGEST_WORD = 200


class Line(NamedTuple):
    """A piece of one line of the source. ``text`` is free of markup; footnote marks are still in it, as superscripts.

    ``after_blank``: an empty line came before. ``after_break``: a form feed came before. ``raw``: how many characters
    the whole line of the source has, if this piece is its last one.
    """

    start: int
    end: int
    text: str
    after_blank: bool = False
    after_break: bool = False
    raw: int = 0


def lines_of(text: str, language: Language, at_most: int, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines that are not blank, in order, in time linear in the text; reading stops after ``at_most``.

    A line in which several paragraphs were joined is cut where a number follows the end of a paragraph; the first line
    that begins or ends with a body that speaks, beside it. ``start`` and ``end`` bound the part of the text.
    """
    out: list[Line] = []
    end, last = len(text) if end is None else end, start
    links, spoken, seam = _cut_links(text, start, end), False, language.seam.search
    # once for the text, since most have no markup and no line with several paragraphs
    is_plain = _MARKUP.search(text, start, end) is None and unicodedata.is_normalized("NFC", text)
    seamless = seam(text, start, end) is None
    for match in _LINE.finditer(text, start, end):
        stripped = match[0].strip()
        if not stripped:
            continue
        a, b = match.span()
        gap, last = text[last:a], b
        blank = len(gap) > 1 and (gap.count("\n") > 1 or gap.count("\r") > 1 + gap.count("\r\n"))
        organ = None if spoken else language.organ_in_line.search(text, a, b)
        spoken = organ is not None or spoken
        if organ is None and (seamless or seam(text, a, b) is None):
            first = a + match[0].index(stripped)
            if is_plain:
                out.append(Line(first, first + len(stripped), stripped, blank, "\f" in gap, b - a))
                continue
            pieces = [(first, first + len(stripped))]
        else:
            pieces = list(_pieces(text, a, b, organ, language))
        for piece in pieces:
            clean = plain(_without(text, *piece, links) if links else text[slice(*piece)], language)
            if clean:
                whole = piece is pieces[0]
                raw = b - a if piece is pieces[-1] else 0
                out.append(Line(*piece, clean, blank and whole, "\f" in gap and whole, raw))
        if len(out) > at_most:
            break
    return out


def _cut_links(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The markup of the links that a line break cut, in order."""
    if "[" not in text:
        return []
    return [
        place
        for m in _CUT_LINK.finditer(text, start, end)
        if "\n" in m[0] and len(m[0]) < 1000
        for place in ((m.start(), m.start() + 1), (m.end(1), m.end()))
    ]


def _without(text: str, start: int, end: int, cuts: Sequence[tuple[int, int]]) -> str:
    out = []
    for a, b in cuts[max(0, bisect_left(cuts, (start, 0)) - 1) :]:
        if a >= end:
            break
        if b > start:
            out.append(text[start : max(a, start)])
            start = min(b, end)
    return "".join([*out, text[start:end]])


def _pieces(
    text: str, start: int, end: int, organ: re.Match[str] | None, language: Language
) -> Iterator[tuple[int, int]]:
    cuts = [m.start("next") for m in language.seam.finditer(text, start, end)]
    if organ:
        cuts = sorted({*cuts, *organ.span("organ")} - {start, end})
    for a, b in zip([start, *cuts], [*cuts, end], strict=True):
        stripped = text[a:b].strip()
        if stripped:
            a += text[a:b].index(stripped)
            yield a, a + len(stripped)


def plain(text: str, language: Language) -> str:
    """Text without markdown links, bold, escapes, control characters; NFC; footnote marks as superscripts."""
    if _MARKUP.search(text) is None:
        return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()
    text = _NOTE.sub(lambda m: (m[1] or m[2] or m[3]).translate(_SUPERSCRIPT), _CONTROL.sub("", text))
    text = _ESCAPE.sub(r"\1", _LINK.sub(r"\1", _LEAD.sub("", text)))
    text = re.sub(r"\*\*|(?<=\s)\*\Z|(?<!\\)\\\Z|" + language.emphasis, "", text)
    return unicodedata.normalize("NFC", text).strip()


def is_furniture(line: Line, language: Language) -> bool:
    """True for page and job numbers, symbols that stand alone, bar codes, rules and what the language file lists."""
    if len(line.text) > 60:
        return False
    text = line.text
    return not without_folio(text) or language.furniture_line.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def without_folio(text: str) -> str:
    """What is left of a line without the symbol, page and job number that a page prints at its head and foot."""
    if _FOLIO.search(text) is None:
        return " ".join(text.split())
    if _PRINTED.fullmatch(text) or is_symbol(text):
        return ""
    words = text.split()
    return " ".join(word for word in words if not (_PRINTED.fullmatch(word) or is_symbol(word)))


@dataclass(frozen=True)
class Wrapping:
    """How the lines of a text were wrapped: to ``exact`` characters, or else to ``width`` columns or some more.

    False if they were not, each line being a paragraph. ``ragged``: words were kept whole, so that lines differ much.
    ``spaced``: an empty line parts paragraphs.
    """

    exact: int = 0
    width: int = 0
    ragged: bool = False
    spaced: bool = False

    def __bool__(self) -> bool:
        return bool(self.exact or self.width)

    def full(self, line: Line, after: Line, language: Language) -> bool:
        """True if ``line`` may have been ended by its width alone, with ``after`` as the next one."""
        if self.exact:
            return line.raw >= self.exact
        if self.ragged:
            return columns(line.text, language) + columns(after.text.split()[0], language) >= self.width
        return bool(self.width) and columns(line.text, language) >= self.width


def wrapping(lines: Sequence[Line], language: Language) -> Wrapping:
    """How lines are wrapped, from those that end in the middle of a clause: they are full.

    One length of most of them, which no line exceeds, is a cut at that many characters, however few they are.
    Otherwise most lines must end so; the tenth part of them that is shortest is full only by its words.
    """
    lines = lines[:4000]
    open_ended = [line for line in lines if line.text[-1] not in language.ends and line.raw]
    if not open_ended:
        return Wrapping()
    longest = max(line.raw for line in lines)
    starts = [b for a, b in pairwise(lines) if a.text[-1] in language.ends and opens(b.text, language)]
    spaced = len(starts) > 2 and sum(line.after_blank for line in starts) * 4 > len(starts) * 3
    same = sum(line.raw == longest for line in open_ended)
    near = sum(line.raw >= longest - 1 for line in open_ended)
    if longest >= _NARROWEST and near > 1 and near * 2 >= len(open_ended):
        return Wrapping(exact=longest if same * 20 > near * 19 else longest - 1, spaced=spaced)
    if len(lines) < _FEWEST or len(open_ended) * 2 <= len(lines):
        return Wrapping()
    widths = sorted([columns(line.text, language) for line in open_ended])
    middle, widest = widths[len(widths) // 2], widths[-1 - len(widths) // 50]
    ragged = sum(w >= widest * _SHORT_LINE for w in widths) * 2 < len(widths)
    full = max(int(middle * _SHORT_LINE), widths[len(widths) // 10])
    return Wrapping(width=widest if ragged else full, ragged=ragged, spaced=spaced)


def stitched(texts: Iterable[str], language: Language) -> str:
    """Lines one below the other; a symbol, a number or a date that the end of a line cut is whole again."""
    texts = list(texts)
    below = "\n".join(texts)
    if language.spaced and "/\n" not in below and "\n/" not in below:
        return below
    out: list[str] = []
    for text in texts:
        out.append(text if not out or is_cut(out[-1][-80:], text[:80], language) else f"\n{text}")
    return "".join(out)


def is_cut(before: str, after: str, language: Language) -> bool:
    """True if the last word of a line and the first of the next are one: digits, or what makes a symbol.

    Where words are spaced a line is broken within a symbol only beside a stroke.
    """
    if not ("!" <= before[-1:] <= "~" and "!" <= after[:1] <= "~"):
        return False
    if language.spaced and "/" not in (before[-1], after[0]):
        return False
    # read backwards, so that a long line costs no more than its last word
    last, first = _WORD.match(before[-_LONGEST_WORD:][::-1]), _WORD.match(after[:_LONGEST_WORD])
    if last is None or first is None:
        return False
    word, b = last[0][::-1], first[0]
    a = word.lstrip("([") or word
    if language.spaced:
        return len(a) > 1 and len(b) > 1
    if (a[-1].isdecimal() and b[0].isdecimal()) or (a[-1].isalnum() and b[0] in "/-") or a[-1] in "/-":
        return True
    if a[-1] in "(." or b[0] in ").":
        return "/" in a or "/" in b or a[-1] == "(" or b[0] == ")"
    if _BRACKET_WORD.fullmatch(word + b) or (_SYMBOL_HEAD.search(a) and _SYMBOL_NEXT.match(b)):
        return True
    if _ROMAN_END.search(a) and _ROMAN_CLOSE.match(b):
        return True
    open_symbol = "/" in a and "(" not in a
    return open_symbol and not (is_symbol(a) and is_symbol(b)) and bool(_SYMBOL_PART.fullmatch(b))


def columns(text: str, language: Language) -> int:
    """The width of a text in columns: characters that take no space beside them are two columns wide."""
    return len(text) if language.spaced else len(text) + len(language.wide.findall(text))
