"""Irreversibility: the catalogue as it was known, read as of a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from importlib.resources.abc import Traversable

from stocktake.assessment.irreversibility import Undoing, undoings
from stocktake.assessment.mirror import UnknownSubject
from stocktake.assessment.review import Catalogue
from stocktake.publication.phrases import Tongue
from stocktake.publication.undoing import IrreversibilityOut, undoing_document
from stocktake.secretariat.log_catalogue import what_was_known
from stocktake.secretariat.reviewing import tongues_of


@dataclass(frozen=True)
class MadeUndoings:
    """The measures of one State or of all, and what is needed to show them."""

    catalogue: Catalogue
    undoings: tuple[Undoing, ...]
    document: IrreversibilityOut
    tongues: tuple[Tongue, ...]

    def tongue(self, lang: str) -> Tongue:
        return next(t for t in self.tongues if t.code == lang)


def make_undoings(
    subject: str | None, *, as_of: date, folder: Traversable | None = None, known_at: int | date | None = None
) -> MadeUndoings:
    """The measures coded by that day. Raises UnknownSubject with the States of which there are any."""
    known = what_was_known(folder, known_at)
    scheme = known.catalogue.irreversibility
    kept = tuple(m for m in scheme.measures if subject in (None, m.subject))
    if not kept:
        there = ", ".join(sorted({m.subject for m in scheme.measures})) or "none"
        raise UnknownSubject(f"No measure of {subject or 'anyone'} is in the catalogue; there are some of: {there}.")
    catalogue = replace(known.catalogue, irreversibility=scheme.model_copy(update={"measures": kept}))
    document = undoing_document(catalogue, as_of, known.at)
    tongues = tongues_of(catalogue.archive, known.states)
    return MadeUndoings(catalogue, undoings(catalogue, as_of), document, tongues)
