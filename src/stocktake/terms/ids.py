"""Ids of paragraphs: language-neutral, so that every language version and every source can hang below them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stocktake.terms.problems import InvalidTerm

_FORM = re.compile(
    r"(?P<symbol>[^#\s]+)#(?:(?P<prefix>[a-z]{2,12})(?P<n>[1-9]\d{0,5})"
    r"|P(?P<recital>[1-9]\d?)|(?P<article>[IVXLC]{1,8})(?:\.(?P<part>[1-9]\d?))?)",
    re.ASCII,
)
_NUMERALS = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
ARTICLE, RECITAL = "article", "recital"


@dataclass(frozen=True)
class ParagraphId:
    """``A/RES/75/65#op5``: a symbol, a word for the kind of paragraph, and a number.

    ``pp`` is a paragraph of a preamble; ``op``, ``action``, ``step`` ... are operative ones. A treaty has articles in
    Roman numerals (``NPT#VI``), some with a paragraph (``NPT#VIII.3``: ``part`` is 3), and recitals (``NPT#P8``).

    >>> ParagraphId.parse("A/RES/75/65#op5").section
    'operative'
    >>> ParagraphId.parse("NPT#VIII.3").n
    8
    """

    symbol: str
    prefix: str
    n: int
    part: int | None = None

    @classmethod
    def parse(cls, text: str) -> ParagraphId:
        match = _FORM.fullmatch(text)
        key = _of(match) if match else None
        if key is None or str(key) != text:  # a numeral such as IIII is no numeral
            raise InvalidTerm(
                f"{text!r} is not a paragraph id; write SYMBOL#opN or SYMBOL#ppN, such as A/RES/75/65#op5, "
                "or the article of a treaty, such as NPT#VI"
            )
        return key

    @property
    def section(self) -> str:
        return "preambular" if self.prefix in ("pp", RECITAL) else "operative"

    @property
    def number(self) -> str:
        """The number as it is printed: 5, VI, VIII.3."""
        if self.prefix != ARTICLE:
            return str(self.n)
        return roman(self.n) + (f".{self.part}" if self.part else "")

    @property
    def anchor(self) -> str:
        prefix = {ARTICLE: "", RECITAL: "P"}.get(self.prefix, self.prefix)
        return f"{prefix}{self.number}"

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among those of its kind."""
        return self.n, self.part or 0

    def __str__(self) -> str:
        return f"{self.symbol}#{self.anchor}"


def roman(n: int) -> str:
    """A number from 1 to 399 in Roman numerals.

    >>> roman(8), roman(14)
    ('VIII', 'XIV')
    """
    written = ""
    for value, numeral in _NUMERALS:
        count, n = divmod(n, value)
        written += numeral * count
    return written


def _of(match: re.Match[str]) -> ParagraphId:
    if match["article"]:
        part = int(match["part"]) if match["part"] else None
        return ParagraphId(match["symbol"], ARTICLE, _value(match["article"]), part)
    if match["recital"]:
        return ParagraphId(match["symbol"], RECITAL, int(match["recital"]))
    return ParagraphId(match["symbol"], match["prefix"], int(match["n"]))


def _value(numeral: str) -> int:
    digits = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[letter] for letter in numeral]
    return sum(-d if d < after else d for d, after in zip(digits, [*digits[1:], 0], strict=True))
