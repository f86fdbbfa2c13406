"""Holding the mirror up: the catalogue as it was known, the subjects by name, the same review for these alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable

from stocktake.assessment.mirror import Mirrored, mirrored, subjects_named
from stocktake.publication.mirrors import MirrorOut, mirror_document
from stocktake.publication.phrases import Tongue
from stocktake.secretariat.log_catalogue import what_was_known
from stocktake.secretariat.reviewing import tongues_of


@dataclass(frozen=True)
class MadeMirror:
    """A mirror that has been held up, and what is needed to show it."""

    mirrored: Mirrored
    document: MirrorOut
    tongues: tuple[Tongue, ...]

    def tongue(self, lang: str) -> Tongue:
        return next(t for t in self.tongues if t.code == lang)


def make_mirror(
    names: Sequence[str], *, as_of: date, folder: Traversable | None = None, known_at: int | date | None = None
) -> MadeMirror:
    """The mirror for groups and States by name. Raises UnknownSubject with the names that there are."""
    known = what_was_known(folder, known_at)
    made = mirrored(known.catalogue, subjects_named(known.catalogue, names), as_of=as_of)
    tongues = tongues_of(known.catalogue.archive, known.states)
    return MadeMirror(made, mirror_document(made, list(tongues), known.at), tongues)
