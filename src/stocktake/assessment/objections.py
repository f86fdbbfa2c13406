"""Which objections belong to a review: those that fit what it found, with the public positions known on its day."""

from __future__ import annotations

from dataclasses import dataclass

from stocktake.assessment.review import ParagraphReview, Review
from stocktake.evidence.statements import Statement
from stocktake.register.objections import Objection, Side, When


@dataclass(frozen=True)
class Exchange:
    """An objection with its answer, and what has been said in public to the same effect."""

    objection: Objection
    positions: tuple[Statement, ...]


def exchanges(review: Review, p: ParagraphReview) -> tuple[Exchange, ...]:
    """What either side could object to this answer: those who are asked first, each in the order of the register.

    A position taken after the day of the review is left out; the objection, which is ours, stays.
    """
    archive = review.catalogue.archive
    own = [o for o in review.catalogue.register.objections if o.paragraph == p.paragraph.id and _fits(o.when, p)]
    return tuple(
        Exchange(
            o, tuple(archive[id] for id in o.statements if id in archive and archive[id].as_of.first <= review.as_of)
        )
        for side in Side
        for o in own
        if o.side is side
    )


def _fits(when: When | None, p: ParagraphReview) -> bool:
    if when is None:
        return True
    found = (f for f in p.findings if (f.indicator.id, f.subject) == (when.indicator, when.subject))
    return any({f.outcome.verdict, f.outcome.reason} & set(when.outcomes) for f in found)
