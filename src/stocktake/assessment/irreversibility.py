"""Irreversibility as of a day: on each axis what each coder says, or that nothing is known. Nothing is added up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stocktake.assessment.agreement import NoAgreement, cohen_kappa, fleiss_kappa
from stocktake.assessment.review import Catalogue
from stocktake.evidence.archive import carries
from stocktake.evidence.irreversibility import Axis, Coding, Irreversibility, Measure
from stocktake.evidence.statements import Statement


@dataclass(frozen=True)
class OnAxis:
    """What is coded of one measure on one axis; empty ``codings`` is ``undetermined: no data``."""

    axis: Axis
    codings: tuple[Coding, ...]
    statements: tuple[Statement, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The different words of the coders, in the order of the scale."""
        given = {c.word for c in self.codings}
        return tuple(w.id for w in self.axis.words if w.id in given)


@dataclass(frozen=True)
class Undoing:
    """One measure on its four axes."""

    measure: Measure
    axes: tuple[OnAxis, ...]

    @property
    def known(self) -> bool:
        """Whether anything could be coded by that day."""
        return any(a.codings for a in self.axes)


@dataclass(frozen=True)
class Agreement:
    """Agreement on one axis: of how many coders, on how many measures that all of them coded; kappa if there is one."""

    axis: str
    coders: int
    shared: int
    kappa: float | None


def undoings(catalogue: Catalogue, as_of: date) -> tuple[Undoing, ...]:
    """Every measure of which something was so by that day.

    A coding holds from the day of the last statement on which it rests, until the same coder has a later one. One that
    rests on a statement that is not known, or seen only from memory, is left out.
    """
    scheme = catalogue.irreversibility
    made = (Undoing(m, tuple(_on(catalogue, m, axis, as_of) for axis in scheme.axes)) for m in scheme.measures)
    return tuple(u for u in made if u.known)


def _on(catalogue: Catalogue, measure: Measure, axis: Axis, as_of: date) -> OnAxis:
    latest: dict[str, tuple[date, Coding]] = {}
    for coding in (c for c in measure.codings if c.axis == axis.id):
        since = _since(catalogue, coding, as_of)
        if since is not None and (coding.coder not in latest or latest[coding.coder][0] <= since):
            latest[coding.coder] = (since, coding)
    codings = tuple(coding for _, (_, coding) in sorted(latest.items()))
    ids = dict.fromkeys(id for c in codings for id in c.statements)
    return OnAxis(axis, codings, tuple(catalogue.archive[id] for id in ids))


def _since(catalogue: Catalogue, coding: Coding, as_of: date) -> date | None:
    archive = catalogue.archive
    rows = [archive[id] for id in coding.statements if id in archive]
    if len(rows) < len(coding.statements) or not all(carries(s) for s in rows):
        return None
    day = max(s.as_of.first for s in rows)
    return day if day <= as_of else None


def agreement(scheme: Irreversibility, made: tuple[Undoing, ...], axis: Axis) -> Agreement:
    """Kappa of the coders on the measures that all of them coded: linear weights for two, Fleiss for more.

    None with one coder, or where chance alone would make them agree: then it is not available, and not one.
    """
    coders, order = scheme.coders, [w.id for w in axis.words]
    rows = []
    for undoing in made:
        given = {c.coder: order.index(c.word) for a in undoing.axes if a.axis.id == axis.id for c in a.codings}
        if given.keys() == set(coders):
            rows.append([given[c] for c in coders])
    kappa = None
    if len(coders) > 1 and rows:
        try:
            kappa = _kappa(rows, len(order))
        except NoAgreement:
            kappa = None
    return Agreement(axis.id, len(coders), len(rows), kappa)


def _kappa(rows: list[list[int]], size: int) -> float:
    if len(rows[0]) == 2:
        table = [[sum(row == [i, j] for row in rows) for j in range(size)] for i in range(size)]
        return cohen_kappa(table)
    return fleiss_kappa([[row.count(word) for word in range(size)] for row in rows])
