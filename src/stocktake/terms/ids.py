"""Ids of paragraphs: language-neutral, so that every language version and every source can hang below them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stocktake.terms.problems import InvalidTerm

_FORM = re.compile(r"(?P<symbol>[^#\s]+)#(?P<section>op|pp)(?P<n>[1-9]\d{0,5})", re.ASCII)
_SECTIONS = {"op": "operative", "pp": "preambular"}


@dataclass(frozen=True)
class ParagraphId:
    """``A/RES/75/65#op5``: a symbol, a section and a number.

    >>> ParagraphId.parse("A/RES/75/65#op5").section
    'operative'
    """

    symbol: str
    section: str
    n: int

    @classmethod
    def parse(cls, text: str) -> ParagraphId:
        match = _FORM.fullmatch(text)
        if match is None:
            raise InvalidTerm(
                f"{text!r} is not a paragraph id; write SYMBOL#opN or SYMBOL#ppN, such as A/RES/75/65#op5"
            )
        return cls(match["symbol"], _SECTIONS[match["section"]], int(match["n"]))

    @property
    def anchor(self) -> str:
        return f"{'op' if self.section == 'operative' else 'pp'}{self.n}"

    def __str__(self) -> str:
        return f"{self.symbol}#{self.anchor}"
