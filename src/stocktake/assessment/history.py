"""How each question was answered through time: an answer holds from one day until a statement, or its age, changes it.

Between two such days nothing can change, so a question is weighed only on the days that matter, all its changes are
judged at once, and any number of days is then read off.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stocktake.assessment.change import Case, columns, material, prepare
from stocktake.assessment.findings import Outcome
from stocktake.assessment.judging import ANSWERS, Flags, judge
from stocktake.assessment.review import Catalogue, subjects_of
from stocktake.assessment.states_of_affairs import said_on
from stocktake.assessment.weighing import weigh
from stocktake.evidence.statements import Statement
from stocktake.register.commitments import Reading
from stocktake.register.indicators import Indicator, Method
from stocktake.terms.dates import PartialDate
from stocktake.terms.states import Membership

Answer = tuple[str | None, str | None]  # verdict word and reason
_AGEING = frozenset({Method.DISCLOSURE, Method.ABSTENTION})


@dataclass(frozen=True)
class Question:
    """What is asked of whom; the same question under two readings stands twice, once for each."""

    paragraph: str
    clause: int
    reading: str
    indicator: str
    subject: str
    part: str | None


@dataclass(frozen=True)
class Course:
    """The answers to one question: ``answers[i]`` holds from ``since[i]`` until ``since[i + 1]``.

    Neighbours differ. Outside ``first`` to ``end`` (half-open) the question is not put in this form.
    """

    part: str | None
    first: date
    end: date | None
    since: tuple[date, ...]
    answers: tuple[Answer, ...]

    def on(self, day: date) -> Answer | None:
        """The answer on that day, None where the question is not put."""
        if day < self.first or (self.end is not None and day >= self.end):
            return None
        return self.answers[int(np.searchsorted(_days(self.since), np.datetime64(day), side="right")) - 1]


@dataclass(frozen=True)
class Grid:
    """Every question on every day: ``codes[q, d]`` is a place in ``answers``, 0 where nothing was asked."""

    questions: tuple[Question, ...]
    days: tuple[date, ...]
    answers: tuple[Answer, ...]
    codes: NDArray[np.uint8]


_NOT_ASKED: Answer = (None, "not asked")


class History:
    """The courses of all questions of a catalogue's register.

    ``earlier`` is a history of a catalogue that differed in some statements: what does not depend on these is taken
    from it. A question depends on its indicator, the rules, the speakers, and the statements of its quantity and
    subject. ``weighed`` counts the pairs of indicator and subject that had to be weighed.
    """

    def __init__(self, catalogue: Catalogue, earlier: History | None = None) -> None:
        self.catalogue = catalogue
        self._courses: dict[tuple[str, str], tuple[Course, ...]] = {}
        self._statements: dict[tuple[str, str], tuple[Statement, ...]] = {}
        old = earlier if earlier is not None and _same_ground(earlier.catalogue, catalogue) else None
        pending: list[tuple[str, str]] = []
        for key in dict.fromkeys((q.indicator, q.subject) for q, _ in _asked(catalogue)):
            indicator = catalogue.indicators[key[0]]
            subject = None if indicator.subjects == "any" else key[1]
            rows = catalogue.archive.about(indicator.quantity, subject, as_of=date.max)
            self._statements[key] = rows
            if old and old._statements.get(key) == rows and old.catalogue.indicators[key[0]] == indicator:
                self._courses[key] = old._courses[key]
            else:
                pending.append(key)
        self.weighed = len(pending)
        self._courses |= dict(zip(pending, self._weigh(pending), strict=True))

    def of(self, indicator: str, subject: str) -> tuple[Course, ...]:
        """The courses of one indicator and subject, one for each part; KeyError when it is never asked."""
        return self._courses[indicator, subject]

    def grid(self, days: Sequence[date]) -> Grid:
        """The answers on these days, in their order; a day before the register was adopted has none."""
        places: dict[Answer, int] = {_NOT_ASKED: 0}
        wanted = _days(days)
        spread: dict[tuple[str, str], list[tuple[str | None, NDArray[np.uint8]]]] = {}
        for key, courses in self._courses.items():
            spread[key] = [(c.part, _spread(c, wanted, places)) for c in courses]
        adopted = wanted >= np.datetime64(self.catalogue.register.adopted.first)
        rosters = _on_rosters(self.catalogue.memberships, wanted)
        questions, rows = [], []
        for question, reading in _asked(self.catalogue):
            asked = adopted
            if isinstance(reading.addressees, str) and self._is_of_members(question):
                asked = adopted & rosters[reading.addressees, question.subject]
            for part, codes in spread[question.indicator, question.subject]:
                questions.append(replace(question, part=part))
                rows.append(np.where(asked, codes, 0))
        codes_ = np.array(rows, dtype=np.uint8).reshape(len(rows), len(wanted))
        return Grid(tuple(questions), tuple(days), tuple(places), codes_)

    def periods(self, until: date) -> list[tuple[Question, list[tuple[date, Answer | None]]]]:
        """For each question the days, up to ``until``, from which an answer holds; None where it is not put then."""
        days = {day for courses in self._courses.values() for c in courses for day in (*c.since, c.first, c.end)}
        days |= {day for m in self.catalogue.memberships for day in (m.since, m.until)} | {until}
        adopted = self.catalogue.register.adopted.first
        grid = self.grid(sorted({adopted, *(d for d in days if d is not None and adopted <= d <= until)}))
        found = []
        for question, codes in zip(grid.questions, grid.codes, strict=True):
            turns = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist()]
            held = [(grid.days[i], grid.answers[codes[i]] if codes[i] else None) for i in turns]
            if any(answer for _, answer in held):
                found.append((question, held))
        return found

    def _is_of_members(self, question: Question) -> bool:
        return self.catalogue.indicators[question.indicator].subjects == "addressees"

    def _weigh(self, keys: Sequence[tuple[str, str]]) -> list[tuple[Course, ...]]:
        """Weigh these pairs on every day that matters; all cases of change are judged in one go."""
        slots: list[tuple[list[date], list[Case | Outcome]]] = []
        shapes: list[list[tuple[str | None, date, date | None]]] = []
        for key in keys:
            indicator, shape = self.catalogue.indicators[key[0]], []
            for part, first, end, rows in _parts(indicator, self._statements[key]):
                days = self._turning_days(indicator, rows, first, end)
                slots.append((days, self._on(indicator, rows, days)))
                shape.append((part, first, end))
            shapes.append(shape)
        cases = [c for _, outcomes in slots for c in outcomes if isinstance(c, Case)]
        codes = iter(judge(columns(cases)).tolist() if cases else [])
        found = iter(
            (days, [ANSWERS[next(codes)] if isinstance(o, Case) else (o.verdict, o.reason) for o in outcomes])
            for days, outcomes in slots
        )
        return [tuple(_course(*about, *next(found)) for about in shape) for shape in shapes]

    def _on(self, indicator: Indicator, rows: tuple[Statement, ...], days: Sequence[date]) -> list[Case | Outcome]:
        archive, rules, adopted = self.catalogue.archive, self.catalogue.rules, self.catalogue.register.adopted.first
        if indicator.method is Method.CHANGE:
            whole = material(indicator, rows, archive)
            return [prepare(indicator, whole.until(day), archive, rules, adopted=adopted) for day in days]
        known = [rows[: bisect_right(rows, day, key=lambda s: s.as_of.first)] for day in days]
        return [
            weigh(indicator, rows, archive, rules, adopted=adopted, as_of=day)
            for rows, day in zip(known, days, strict=True)
        ]

    def _turning_days(
        self, indicator: Indicator, rows: Sequence[Statement], first: date, end: date | None
    ) -> list[date]:
        """The days from adoption on, on which an answer to this question can change."""
        start = max(first, self.catalogue.register.adopted.first)
        days = {s.as_of.first for s in rows}
        if indicator.method is Method.DEADLINE and indicator.deadline:
            days.add(PartialDate.parse(indicator.deadline).last + timedelta(days=1))
        if indicator.method in _AGEING:
            days |= {said_on(s) for s in rows}
            days |= {stale_from(s.as_of.last, self.catalogue.rules.current_years) for s in rows}
        return [start, *sorted(d for d in days if d > start and (end is None or d < end))]


def stale_from(last: date, years: int) -> date:
    """The first day on which what reaches to ``last`` is no longer current; the counterpart of ``is_current``.

    >>> stale_from(date(2020, 12, 31), 2), stale_from(date(2021, 3, 5), 2)
    (datetime.date(2023, 1, 1), datetime.date(2023, 3, 6))
    """
    after = (last.replace(day=28) + timedelta(days=4)).replace(day=1) if last.day >= 28 else last + timedelta(days=1)
    return after.replace(year=after.year + years)


def _asked(catalogue: Catalogue) -> Iterable[tuple[Question, Reading]]:
    """Every question that the register ever asks, of whoever is on a roster at any time; context apart."""
    for paragraph in catalogue.register.paragraphs:
        for clause in paragraph.clauses:
            for reading in clause.readings:
                ever = _ever(catalogue, reading)
                for id in clause.indicators:
                    for subject in subjects_of(catalogue.indicators[id], reading, ever):
                        yield Question(paragraph.id, clause.n, reading.id, id, subject, None), reading


def _ever(catalogue: Catalogue, reading: Reading) -> tuple[str, ...]:
    named = reading.addressees
    found = named if isinstance(named, tuple) else {m.iso3 for m in catalogue.memberships if m.roster == named}
    return tuple(sorted(found))


def _on_rosters(memberships: Iterable[Membership], days: NDArray[np.datetime64]) -> dict[tuple[str, str], Flags]:
    """For each roster and State, on which of the days it stands there."""
    found: dict[tuple[str, str], Flags] = {}
    for m in memberships:
        since, until = m.since or date.min, m.until or date.max
        holds = (days >= np.datetime64(since)) & (days < np.datetime64(until))
        key = (m.roster, m.iso3)
        found[key] = found[key] | holds if key in found else holds
    return found


def _parts(
    indicator: Indicator, rows: tuple[Statement, ...]
) -> list[tuple[str | None, date, date | None, tuple[Statement, ...]]]:
    """The parts in which an indicator is asked: one for each series, from the day on which it begins."""
    begins: dict[str, date] = {}
    if indicator.per_series:
        for s in rows:
            if s.series:
                begins[s.series] = min(s.as_of.first, begins.get(s.series, date.max))
    if not begins:
        return [(None, date.min, None, rows)]
    whole = (None, date.min, min(begins.values()), tuple(s for s in rows if not s.series))
    return [whole, *((n, begins[n], None, tuple(s for s in rows if s.series == n)) for n in sorted(begins))]


def _course(part: str | None, first: date, end: date | None, days: list[date], answers: list[Answer]) -> Course:
    kept = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(answers)) if a != b)]
    return Course(part, first, end, tuple(days[i] for i in kept), tuple(answers[i] for i in kept))


def _spread(course: Course, wanted: NDArray[np.datetime64], places: dict[Answer, int]) -> NDArray[np.uint8]:
    codes = np.array([places.setdefault(a, len(places)) for a in course.answers], dtype=np.uint8)
    at = np.searchsorted(_days(course.since), wanted, side="right") - 1
    put = (at >= 0) & (wanted >= np.datetime64(course.first))
    if course.end is not None:
        put &= wanted < np.datetime64(course.end)
    return np.where(put, codes[at], 0)


def _days(days: Sequence[date]) -> NDArray[np.datetime64]:
    return np.array(days, dtype="datetime64[D]")


def _same_ground(one: Catalogue, other: Catalogue) -> bool:
    """Whether two catalogues differ in statements, indicators and rosters only."""
    return (one.register is other.register or one.register.adopted == other.register.adopted) and (
        one.rules,
        one.archive.speakers,
    ) == (other.rules, other.archive.speakers)
