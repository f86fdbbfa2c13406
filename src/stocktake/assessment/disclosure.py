"""What each State makes public of itself, quantity by quantity: disclosed, comparable, measurable are three things.

*Disclosed*: an own figure is public. *Comparable*: two own figures are of one definition, or another State gives one of
the same quantity, unit and year. *Measurable*: the State's own figures allow a verdict. A refusal or a withdrawal is an
event with its date and its words. Hiding a figure improves none of this: where a refusal stands that no later figure
has lifted, nothing is measurable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from stocktake.assessment.findings import UNDETERMINED
from stocktake.assessment.review import Catalogue
from stocktake.assessment.states_of_affairs import NOT_REPORTED, is_current, said_on
from stocktake.assessment.weighing import weigh
from stocktake.evidence.archive import Archive, carries, is_numeric
from stocktake.evidence.statements import SILENT, Form, Statement
from stocktake.register.indicators import Indicator, Method
from stocktake.reporting.form import Form as ReportingForm
from stocktake.terms.provenance import SpeakerKind


class Status(StrEnum):
    """The State's latest own word on a quantity; of a figure and a bound, the one that says more."""

    VALUE = "value"
    RANGE = "range"
    BOUND = "bound"  # a ceiling or a floor alone
    OLD = "old value"  # public once, and older than the rules call current
    NOT_REPORTED = "not reported"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"
    SEALED = "sealed"
    SILENT = "no statement"


FIGURES = (Status.VALUE, Status.RANGE, Status.BOUND, Status.OLD)  # in the order in which they go before each other
REFUSALS = (Status.WITHDRAWN, Status.WITHHELD, Status.NOT_REPORTED)


@dataclass(frozen=True)
class Asked:
    """A quantity that the form asks for and an indicator uses. ``bounds`` are quantities for a ceiling alone."""

    line: str
    values: tuple[str, ...]
    bounds: tuple[str, ...]
    indicators: tuple[Indicator, ...]

    @property
    def quantities(self) -> tuple[str, ...]:
        return (*self.values, *self.bounds)

    @property
    def id(self) -> str:
        """The quantity by which the form names it."""
        return self.values[0]


@dataclass(frozen=True)
class Cell:
    """One State and one quantity. ``weight`` is what completeness counts: a value one, a range by its width.

    ``verdict`` is the word that the State's own figures allow, where an indicator weighs them (``weighed``).
    ``refusals`` are the refusals and withdrawals, in the order in which they were made.
    """

    state: str
    asked: Asked
    status: Status
    figure: Statement | None
    weight: Decimal
    comparable_with_own: bool
    comparable_with_others: bool
    weighed: bool
    verdict: str | None
    refusals: tuple[Statement, ...]

    @property
    def disclosed(self) -> bool:
        return self.status in (Status.VALUE, Status.RANGE)

    @property
    def comparable(self) -> bool:
        return self.comparable_with_own or self.comparable_with_others

    @property
    def measurable(self) -> bool:
        return self.verdict is not None


@dataclass(frozen=True)
class Row:
    """A State with its cells; ``complete`` of ``of`` counts values and, by their width, ranges; sealed stand apart."""

    state: str
    cells: tuple[Cell, ...]
    complete: Decimal
    of: int
    sealed: int


def asked_quantities(form: ReportingForm, indicators: Iterable[Indicator]) -> tuple[Asked, ...]:
    """The quantities of the form that an indicator uses, in the order of the form."""
    found: dict[str, Asked] = {}
    using = tuple(indicators)
    for line in form.lines:
        evidence = line.definition.evidence
        if evidence is None or line.definition.kind != "quantity" or line.field in found:
            continue
        values = tuple(dict.fromkeys((evidence.value, *evidence.also)))
        bounds = (evidence.bound,) if evidence.bound not in values else ()
        used = tuple(i for i in using if i.quantity in (*values, *bounds))
        if used:
            found[line.field] = Asked(line.field, values, bounds, used)
    return tuple(found.values())


def disclosure(
    catalogue: Catalogue,
    asked: Sequence[Asked],
    states: Sequence[str],
    *,
    as_of: date,
    sealed: Collection[tuple[str, str]] = (),
) -> tuple[Row, ...]:
    """A row for each State, in the order given, by what had been said up to ``as_of``.

    ``sealed`` names States and lines of the form whose value is sealed in the State's latest report.
    """
    rows = []
    for state in states:
        cells = tuple(_cell(catalogue, a, state, states, as_of, (state, a.line) in sealed) for a in asked)
        complete = sum((c.weight for c in cells), Decimal(0))
        rows.append(Row(state, cells, complete, len(cells), sum(c.status is Status.SEALED for c in cells)))
    return tuple(rows)


def _cell(catalogue: Catalogue, asked: Asked, state: str, states: Sequence[str], as_of: date, is_sealed: bool) -> Cell:
    archive = catalogue.archive
    words = {q: _words(archive, q, state, as_of) for q in asked.quantities}
    status, figure = _status(asked, words, as_of, catalogue.rules.current_years)
    if is_sealed and status not in (Status.VALUE, Status.RANGE):
        status = Status.SEALED
    stands = status in FIGURES
    verdicts = [_verdict(catalogue, i, words[i.quantity], as_of) for i in asked.indicators if _weighs(i)]
    own = [s for rows in words.values() for s in rows if is_numeric(s)]
    return Cell(
        state,
        asked,
        status,
        figure,
        _weight(status, figure),
        stands and _two_of_one_definition(own),
        stands and figure is not None and _others_give_it(archive, figure, states, as_of),
        bool(verdicts),
        next((v for v in verdicts if v is not None), None),
        tuple(s for rows in words.values() for s in rows if s.form in SILENT),
    )


def _words(archive: Archive, quantity: str, state: str, as_of: date) -> list[Statement]:
    """The State's own figures and what is known of its refusals, in the order in which they were said."""
    known = [s for s in archive.about(quantity, state, as_of=as_of) if carries(s) and said_on(s) <= as_of]
    own = [s for s in known if s.form in SILENT or s.act == NOT_REPORTED or _is_own(s, archive)]
    return sorted(own, key=lambda s: (said_on(s), s.form in SILENT, s.as_of, s.id))


def _is_own(s: Statement, archive: Archive) -> bool:
    return is_numeric(s) and archive.speaker_kind(s) is SpeakerKind.SELF


def _status(
    asked: Asked, words: dict[str, list[Statement]], as_of: date, years: int
) -> tuple[Status, Statement | None]:
    found = [_side(words[q], as_of, years) for q in asked.quantities]
    figures = [f for f in found if f[0] in FIGURES]
    if figures:
        return min(figures, key=lambda f: FIGURES.index(f[0]))
    refused = [f for f in found if f[0] in REFUSALS]
    return min(refused, key=lambda f: REFUSALS.index(f[0])) if refused else (Status.SILENT, None)


def _side(words: Sequence[Statement], as_of: date, years: int) -> tuple[Status, Statement | None]:
    """What the latest word on one quantity is."""
    if not words:
        return Status.SILENT, None
    last = words[-1]
    if last.form in SILENT:
        was_public = last.form is Form.WITHDRAWN or any(is_numeric(s) for s in words)
        return (Status.WITHDRAWN if was_public else Status.WITHHELD), last
    if not is_numeric(last):
        return Status.NOT_REPORTED, last
    if last.form in (Form.CEILING, Form.FLOOR):
        return Status.BOUND, last
    if not is_current(last, as_of, years):
        return Status.OLD, last
    return (Status.RANGE if last.form is Form.RANGE else Status.VALUE), last


def _weight(status: Status, figure: Statement | None) -> Decimal:
    if status is Status.VALUE:
        return Decimal(1)
    if status is Status.RANGE and figure is not None and figure.low is not None and figure.high:
        return figure.low / figure.high
    return Decimal(0)


def _two_of_one_definition(own: Sequence[Statement]) -> bool:
    dates: dict[tuple[str, str | None, str | None, bool], set[str]] = {}
    for s in own:
        dates.setdefault((s.quantity, s.series, s.unit, s.form is Form.CEILING), set()).add(s.as_of.text)
    return any(len(days) > 1 for days in dates.values())


def _others_give_it(archive: Archive, figure: Statement, states: Iterable[str], as_of: date) -> bool:
    """Whether another of the States gives a figure of the same quantity, unit and kind for the same year."""
    return any(
        s.unit == figure.unit
        and (s.form is Form.CEILING) == (figure.form is Form.CEILING)
        and s.as_of.first.year == figure.as_of.first.year
        for other in states
        if other != figure.subject
        for s in _words(archive, figure.quantity, other, as_of)
        if is_numeric(s)
    )


def _weighs(indicator: Indicator) -> bool:
    return indicator.method is Method.CHANGE and indicator.speakers != "others"


def _verdict(catalogue: Catalogue, indicator: Indicator, words: Sequence[Statement], as_of: date) -> str | None:
    """The word that the State's own figures allow; none where a refusal stands that no later figure has lifted."""
    adopted = catalogue.register.adopted.first
    found = weigh(indicator, list(words), catalogue.archive, catalogue.rules, adopted=adopted, as_of=as_of)
    return found.verdict if found.verdict != UNDETERMINED else None
