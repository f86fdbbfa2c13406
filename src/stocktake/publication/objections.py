"""What an official of either side would object to on a paragraph, with our answer and public positions of the kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stocktake.assessment.review import Review
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Statement
from stocktake.register.commitments import Objection


@dataclass(frozen=True)
class Exchange:
    """An objection with its answer, and the public positions that say something of the kind."""

    said: Objection
    positions: tuple[Statement, ...]


def objections_to(review: Review, paragraph: str) -> list[Exchange]:
    """The objections to a paragraph, in the order of the register, without positions stated later or not known."""
    catalogue, as_of = review.catalogue, review.as_of
    return [
        Exchange(o, tuple(s for s in _known(catalogue.archive, o.statements) if s.as_of.first <= as_of))
        for o in catalogue.register.objections
        if o.paragraph == paragraph
    ]


def _known(archive: Archive, ids: Iterable[str]) -> list[Statement]:
    return [archive[id] for id in ids if id in archive]
