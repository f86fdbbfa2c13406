"""What would have been said on one day against another: two catalogues as they were known, set against each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from typing import Any

from stocktake.assessment.changes import Comparison, Moment, WrongOrder, compare
from stocktake.publication.changes import ChangesOut, changes_document
from stocktake.publication.phrases import Tongue
from stocktake.secretariat.log_catalogue import Known, known_by, releases, what_was_known
from stocktake.secretariat.reviewing import tongues_of

KnownAt = int | date | None


@dataclass(frozen=True)
class MadeChanges:
    """Two reviews compared, and what is needed to show that."""

    comparison: Comparison
    document: ChangesOut
    tongues: tuple[Tongue, ...]

    def tongue(self, lang: str) -> Tongue:
        return next(t for t in self.tongues if t.code == lang)


def make_changes(
    first: date,
    second: date,
    *,
    today: date,
    known_from: KnownAt = None,
    known_to: KnownAt = None,
    folder: Traversable | None = None,
    register: str | None = None,
) -> MadeChanges:
    """Compare the review of ``first`` with that of ``second``, each by what was known, and the rules in force, then.

    ``known_from`` and ``known_to`` (a size of the log, or a day) say otherwise what was known; the rules are those of
    the two days in any case. All that the catalogue holds is known ``today``. A day before the log's birth is
    reconstructed from the dates of the statements that the other side holds, and marked so.
    Raises WrongOrder where the first day, or what was known, lies behind the second.
    """
    begin, end = first if known_from is None else known_from, second if known_to is None else known_to
    if _behind(begin, end):
        raise WrongOrder(f"what is known at {end} lies before {begin}; give what was known earlier first.")
    after = what_was_known(folder, None if isinstance(end, date) and end >= today else end, register)
    before = _known_before(after, begin, today, folder, register)
    compared = compare(_moment(before, first), _moment(after, second))
    document = changes_document(compared, _point(before.at, begin), _point(after.at, end))
    return MadeChanges(compared, document, tongues_of(after.catalogue.archive, after.states))


def _behind(one: int | date, other: int | date) -> bool:
    """Whether the first lies behind the second; a size of the log and a day cannot be compared."""
    if isinstance(one, date) and isinstance(other, date):
        return one > other
    return isinstance(one, int) and isinstance(other, int) and one > other


def _known_before(
    after: Known, begin: int | date, today: date, folder: Traversable | None, register: str | None
) -> Known:
    """What was known at the beginning; before the log's birth, of what is known at the end."""
    if isinstance(begin, date) and begin >= today:
        return after
    if isinstance(begin, date) and not _born_by(begin, folder):
        past = after.catalogue.archive.without(known_by(after.catalogue, begin))
        at = {"tree_size": None, "checkpoint": None, "reconstructed": True, "date": begin.isoformat()}
        return replace(after, catalogue=replace(after.catalogue, archive=past), at=at)
    return what_was_known(folder, begin, register)


def _born_by(day: date, folder: Traversable | None) -> bool:
    """Whether the log of the catalogue had a dated release by the end of that day (UTC)."""
    times = [r.time for r in releases(folder or resources("stocktake").joinpath("catalogue"))]
    return any(t is not None and datetime.fromtimestamp(t, UTC).date() <= day for t in times)


def _moment(known: Known, day: date) -> Moment:
    return Moment(replace(known.catalogue, rules=known.policy.rules_on(day)), day)


def _point(at: dict[str, Any], asked: int | date) -> dict[str, Any]:
    """Where that stands in the log, without the text of the checkpoint."""
    said = {k: v for k, v in at.items() if k != "checkpoint"}
    return {"date": asked.isoformat() if isinstance(asked, date) else None, **said}
