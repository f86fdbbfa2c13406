"""Yardsticks laid against a catalogue on one or several days, in every language of the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable

from stocktake.publication.phrases import Tongue
from stocktake.publication.yardsticks import Laid
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.log_catalogue import what_was_known
from stocktake.secretariat.reviewing import tongue_of, tongues_of
from stocktake.secretariat.yardsticks import laid, open_yardstick


@dataclass(frozen=True)
class YardstickRuns:
    """A run for each day, each with the yardsticks in the order given."""

    runs: tuple[tuple[Laid, ...], ...]
    tongues: tuple[Tongue, ...]

    def tongue(self, lang: str) -> Tongue:
        return next(t for t in self.tongues if t.code == lang)


def run_yardsticks(
    given: Sequence[str],
    days: Sequence[date],
    *,
    folder: Traversable | None = None,
    register: str | None = None,
    known_at: int | date | None = None,
) -> YardstickRuns:
    """Lay yardsticks against what was so on each of these days, by what was ``known_at``.

    Raises RefusedYardstick with every problem of a file, UnknownYardstick for a name that is none.
    """
    opened = [open_yardstick(name) for name in given]
    known = what_was_known(folder, known_at, register)
    runs = tuple(laid(opened, known.catalogue, day) for day in days)
    return YardstickRuns(runs, tongues_of(known.catalogue.archive, known.states))


def bundled_tongue(lang: str) -> Tongue:
    """A language with the names of the bundled catalogue."""
    catalogue, states, _ = load_catalogue()
    return tongue_of(catalogue.archive, states, lang)
