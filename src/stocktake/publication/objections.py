"""What either side could object to a paragraph's answer, as plain values for whatever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from stocktake.assessment.objections import exchanges
from stocktake.assessment.review import ParagraphReview, Review
from stocktake.evidence.statements import Statement
from stocktake.publication.phrases import Tongue


@dataclass(frozen=True)
class ExchangeRow:
    """Side and speaker in words, the objection, our answer, and what has been said in public to the same effect."""

    side: str
    official: str
    objection: str
    answer: str
    positions: tuple[Statement, ...]


def exchange_rows(review: Review, p: ParagraphReview, t: Tongue) -> list[ExchangeRow]:
    """In the language of ``t``: those who are asked first, then those who ask."""
    return [
        ExchangeRow(
            t.of("sides", e.objection.side.value),
            official_of(e.objection.of, t),
            e.objection.objection.in_(t.code),
            e.objection.answer.in_(t.code),
            e.positions,
        )
        for e in exchanges(review, p)
    ]


def official_of(code: str, t: Tongue) -> str:
    """An official of a nuclear-weapon State; an official of the United Kingdom."""
    named = t.phrases["members"].get(code) or t.subject_in_text(code)
    return t.page("official").format(of=named)
