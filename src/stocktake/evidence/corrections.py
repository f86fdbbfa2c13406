"""What took the place of what: statements that supersede others. Nothing is removed by it; both stay in the tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import SILENT, Statement


class Kind(StrEnum):
    """How a later statement stands to the one that it supersedes."""

    CORRECTED = "corrected"  # the same thing, said otherwise
    LIFTED = "refusal lifted"  # a figure where a refusal stood
    REPLACED = "replaced"  # another thing in its place: a plan given up, a rule changed


@dataclass(frozen=True)
class Superseding:
    """A statement and the one that it supersedes."""

    later: Statement
    earlier: Statement
    kind: Kind


def kind_of(later: Statement, earlier: Statement) -> Kind:
    """A correction says of one thing and one time what was said otherwise before; all else is no correction."""
    if earlier.form in SILENT and later.form not in SILENT:
        return Kind.LIFTED
    same = (later.quantity, later.subject) == (earlier.quantity, earlier.subject)
    one, other = later.as_of, earlier.as_of
    return Kind.CORRECTED if same and one.first <= other.last and other.first <= one.last else Kind.REPLACED


def superseded(archive: Archive) -> tuple[Superseding, ...]:
    """Every statement that supersedes another one of the archive, by the day on which it was stated, then by id."""
    found = [
        Superseding(s, archive[s.supersedes], kind_of(s, archive[s.supersedes]))
        for s in archive.statements
        if s.supersedes and s.supersedes in archive
    ]
    return tuple(sorted(found, key=lambda f: (f.later.stated_on or f.later.as_of, f.later.id)))


def corrections(statements: Iterable[Statement], archive: Archive) -> frozenset[str]:
    """Ids among ``statements`` that correct one of the archive."""
    return frozenset(
        s.id
        for s in statements
        if s.supersedes and s.supersedes in archive and kind_of(s, archive[s.supersedes]) is Kind.CORRECTED
    )


@dataclass(frozen=True)
class OwnCorrection:
    """A row or a file of this catalogue that was changed after it had been released, or taken back.

    ``changed`` gives each field with what stood there and what stands there now; of a file of rules, how many lines.
    ``on`` is the day of the release that changed it, None where no release has it yet. ``reason`` is of a withdrawal.
    """

    name: str
    on: date | None
    changed: tuple[tuple[str, str, str], ...]
    reason: str | None = None
