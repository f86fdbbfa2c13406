"""Ids of paragraphs: language-neutral, so that every language version and every source can hang below them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stocktake.terms.problems import InvalidTerm

_FORM = re.compile(r"(?P<symbol>[^#\s]+)#(?P<prefix>[a-z]{2,12})(?P<n>[1-9]\d{0,5})", re.ASCII)


@dataclass(frozen=True)
class ParagraphId:
    """``A/RES/75/65#op5``: a symbol, a word for the kind of paragraph, and a number.

    ``pp`` is a paragraph of a preamble; ``op``, ``action``, ``step`` ... are operative ones.

    >>> ParagraphId.parse("A/RES/75/65#op5").section
    'operative'
    """

    symbol: str
    prefix: str
    n: int

    @classmethod
    def parse(cls, text: str) -> ParagraphId:
        match = _FORM.fullmatch(text)
        if match is None:
            raise InvalidTerm(
                f"{text!r} is not a paragraph id; write SYMBOL#opN or SYMBOL#ppN, such as A/RES/75/65#op5"
            )
        return cls(match["symbol"], match["prefix"], int(match["n"]))

    @property
    def section(self) -> str:
        return "preambular" if self.prefix == "pp" else "operative"

    @property
    def anchor(self) -> str:
        return f"{self.prefix}{self.n}"

    def __str__(self) -> str:
        return f"{self.symbol}#{self.anchor}"
