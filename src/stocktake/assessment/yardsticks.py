"""Benchmarks laid against the evidence: met, late, missed or pending at each date; and how fast the way is gone.

Pure. The rule is docs/yardsticks.md. The whole interval counts, never the best figure alone; what is not known is
never zero; a ceiling is not a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from stocktake.assessment.acceptance import towards
from stocktake.assessment.change import Material, material, weigh_change
from stocktake.assessment.findings import (
    CONTRADICT,
    FROM_MEMORY,
    NO_DATA,
    REVISED,
    UNDETERMINED,
    WITHHELD,
    WITHIN,
    Acceptance,
    Margin,
    Outcome,
)
from stocktake.assessment.levels import Level, Reading, compare, margin_of_level
from stocktake.assessment.margins import bounds
from stocktake.assessment.pace import Arrival, Pace, Rate, arrival, pace_of, required
from stocktake.assessment.review import Catalogue
from stocktake.assessment.states_of_affairs import is_current
from stocktake.evidence.archive import carries, is_numeric
from stocktake.evidence.statements import SILENT, Statement
from stocktake.register.benchmarks import Benchmark, Mark
from stocktake.register.indicators import Indicator, Method
from stocktake.register.yardsticks import Unit, Yardstick, conversion
from stocktake.terms.dates import PartialDate
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import SpeakerKind
from stocktake.terms.states import roster

MET, LATE, MISSED, PENDING = "met", "late", "missed", "pending"
KEPT, EXCEEDED = "kept", "exceeded"
# Why there is nothing to measure: neither a fault of the State nor a want of evidence.
NO_NUMBER, NO_ACT = "no number named", "no act named"
_FULFILLED = frozenset({"done", "met"})
_POSSIBLE = 100  # subjects of one benchmark; a page of more says nothing


@dataclass(frozen=True)
class MarkFinding:
    """One milestone, the deadline, or the target where no date was set (``date`` None).

    ``verdict`` is None where the benchmark names nothing to measure. ``threshold`` is in the unit of the figure.
    ``tolerance`` is the share by which the figure must be wrong before the verdict falls.
    """

    kind: str
    date: PartialDate | None
    verdict: str | None
    reason: str | None = None
    threshold: Interval | None = None
    value: Statement | None = None
    margin: Margin | None = None
    tolerance: Decimal | None = None
    required: Rate | None = None
    arrivals: tuple[Arrival, ...] = ()
    evidence: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Held:
    """Whether a limit was kept at the date of one figure."""

    value: Statement
    word: str
    reason: str | None = None


@dataclass(frozen=True)
class BenchmarkFinding:
    """One benchmark and one subject: its marks in order, the present pace from several baselines, side by side."""

    benchmark: Benchmark
    subject: str
    marks: tuple[MarkFinding, ...]
    paces: tuple[Pace, ...] = ()
    held: tuple[Held, ...] = ()
    acceptance: tuple[Acceptance, ...] = ()

    @property
    def evidence(self) -> tuple[Statement, ...]:
        """Everything that a verdict, a pace or a limit rests on, by date."""
        rows = [s for m in self.marks for s in m.evidence] + [h.value for h in self.held]
        rows += [s for p in self.paces for s in (p.baseline, p.value) if s is not None]
        return tuple(sorted({s.id: s for s in rows}.values(), key=lambda s: (s.as_of, s.id)))

    @property
    def accepted_by_subject(self) -> str | None:
        return self.acceptance[0].how if self.acceptance else None


@dataclass(frozen=True)
class Measured:
    """A yardstick laid against the evidence as of a day."""

    yardstick: Yardstick
    as_of: date
    findings: tuple[BenchmarkFinding, ...]


def measure(yardstick: Yardstick, catalogue: Catalogue, units: Mapping[str, Unit], *, as_of: date) -> Measured:
    """Every benchmark of a yardstick for each of its subjects, as of that day; the order is that of the yardstick.

    ``units`` are those of the catalogue; the yardstick's own come on top. Statements and milestones later than
    ``as_of`` are not used as if they were past.
    """
    known = {**units, **{u.id: u for u in yardstick.units}}
    return Measured(yardstick, as_of, measure_all(yardstick.benchmarks, catalogue, known, as_of=as_of))


def measure_all(
    benchmarks: Iterable[Benchmark], catalogue: Catalogue, units: Mapping[str, Unit], *, as_of: date
) -> tuple[BenchmarkFinding, ...]:
    """The same for benchmarks that stand alone, such as those of the catalogue."""
    return tuple(
        _Question(
            b, _by_one_voice(indicator_of(b, catalogue), subject, catalogue, as_of), subject, catalogue, units, as_of
        ).answer()
        for b in benchmarks
        for subject in subjects_of(b, catalogue, as_of)
    )


def indicator_of(benchmark: Benchmark, catalogue: Catalogue) -> Indicator:
    """The indicator that a benchmark is read on; of a bare quantity, one that takes its figures as they are."""
    if benchmark.indicator is not None:
        found = catalogue.indicators[benchmark.indicator]
    else:
        found = Indicator(
            id=benchmark.quantity or "",
            code="",
            name=benchmark.name,
            method=Method.RECORD,
            quantity=benchmark.quantity or "",
            speakers=benchmark.speakers,
            definition=benchmark.name,
        )
    return found.model_copy(update={"polarity": "up" if benchmark.direction == "up" else "down"})


def _by_one_voice(indicator: Indicator, subject: str, catalogue: Catalogue, as_of: date) -> Indicator:
    """Where anyone may speak, the State's own figures are read if it ever gave or refused one, else those of others.

    Were both read at once, a State could put an estimate that suits it in place of its own figure by hiding that.
    """
    if indicator.speakers != "any":
        return indicator
    archive = catalogue.archive
    own = any(
        archive.speaker_kind(s) is SpeakerKind.SELF and (is_numeric(s) or s.form in SILENT)
        for s in archive.about(indicator.quantity, subject, as_of=as_of)
    )
    return indicator.model_copy(update={"speakers": "self" if own else "others"})


def subjects_of(benchmark: Benchmark, catalogue: Catalogue, as_of: date) -> tuple[str, ...]:
    """Whom a benchmark measures on that day: a list as it stands, a roster by its members."""
    named = benchmark.applies_to
    if isinstance(named, tuple):
        return tuple(dict.fromkeys(named))
    members = roster(catalogue.memberships, named, as_of)
    return members if 0 < len(members) <= _POSSIBLE else (named,)


@dataclass(frozen=True)
class _Question:
    """One benchmark put to one subject as of a day."""

    benchmark: Benchmark
    indicator: Indicator
    subject: str
    catalogue: Catalogue
    units: Mapping[str, Unit]
    as_of: date

    def answer(self) -> BenchmarkFinding:
        if self.benchmark.direction == "event":
            found = BenchmarkFinding(self.benchmark, self.subject, self._of_acts())
        else:
            found = self._of_figures()
        if self.benchmark.seen == "memory":  # no finding rests on memory: the figures are shown, the word is not given
            unread = tuple(
                replace(m, verdict=UNDETERMINED, reason=FROM_MEMORY, tolerance=None) if m.verdict else m
                for m in found.marks
            )
            found = replace(found, marks=unread, held=())
        return replace(found, acceptance=acceptance(self.benchmark, self.subject, self.catalogue))

    @property
    def statements(self) -> tuple[Statement, ...]:
        return self.catalogue.archive.about(self.indicator.quantity, self.subject, as_of=self.as_of)

    # What happened

    def _of_acts(self) -> tuple[MarkFinding, ...]:
        fulfil = set(self.benchmark.acts) or {a for a, word in self.indicator.acts.items() if word in _FULFILLED}
        rows = [(kind, day) for kind, day, _ in _marks(self.benchmark)]
        if not fulfil:
            return tuple(MarkFinding(kind, day, None, NO_ACT) for kind, day in rows)
        acts = [s for s in self.statements if s.act and carries(s)]
        opens = PartialDate.parse(self.benchmark.baseline.date).first if self.benchmark.baseline else date.min
        ends = PartialDate.parse(self.benchmark.until).last if self.benchmark.until else date.max
        done = [s for s in acts if s.act in fulfil and opens <= s.as_of.first <= ends]
        undone = [s for s in acts if s.act not in fulfil and s.act in self.indicator.acts]
        return tuple(self._act(kind, day, done, undone) for kind, day in rows)

    def _act(
        self, kind: str, day: PartialDate | None, done: Sequence[Statement], undone: Sequence[Statement]
    ) -> MarkFinding:
        """Met by an act on record in time; missed only where somebody states, then or later, that nothing was done."""
        if day is None:
            if done:
                return MarkFinding(kind, day, MET, value=done[0], evidence=tuple(done))
            return _stated(kind, day, undone[-1:], PENDING)
        in_time = [s for s in done if s.as_of.first <= day.last]
        if in_time:
            return MarkFinding(kind, day, MET, value=in_time[0], evidence=tuple(in_time))
        after = [s for s in done if s.as_of.first > day.last]
        if after:
            return MarkFinding(kind, day, LATE, value=after[0], evidence=tuple(after))
        if self.as_of <= day.last:
            return MarkFinding(kind, day, PENDING)
        return _stated(kind, day, [s for s in undone if s.as_of.first >= day.last][:1], MISSED)

    # How much

    def _of_figures(self) -> BenchmarkFinding:
        whole = self._in_known_units()
        marks = [self._mark(whole, kind, day, mark) for kind, day, mark in _marks(self.benchmark)]
        paces = self._paces(whole) if any(m.verdict for m in marks) else ()
        marks = [self._on_the_way(m, whole, paces) for m in marks]
        return BenchmarkFinding(self.benchmark, self.subject, tuple(marks), paces, self._held(whole))

    def _in_known_units(self) -> Material:
        """The material of the question; figures in a unit that the benchmark cannot be converted to are not."""
        unit = self.benchmark.unit
        rows = [s for s in self.statements if not s.unit or unit is None or self._factor(s) is not None]
        return material(self.indicator, rows, self.catalogue.archive)

    def _factor(self, figure: Statement) -> Decimal | None:
        return conversion(self.units, self.benchmark.unit or figure.unit or "", figure.unit or "")

    def _mark(self, whole: Material, kind: str, day: PartialDate | None, mark: Mark | None) -> MarkFinding:
        found = MarkFinding(kind, day, None, NO_NUMBER)
        if not self._names_a_number(kind, mark):
            return found
        if day is not None and day.last > self.as_of:
            return replace(found, verdict=PENDING, reason=None)
        then = self._level(whole, mark, day.last if day else self.as_of, found)
        if then.verdict in (MET, UNDETERMINED):
            return then
        if day is None:
            return replace(then, verdict=PENDING, tolerance=None)
        if self._was_reached_meanwhile(whole, mark, day, then):
            return replace(then, verdict=UNDETERMINED, reason=NO_DATA, tolerance=None)
        # What is known last, were it long ago: a number that was reached late stays reached late.
        last = max((s.as_of.first for s in (*whole.figures, *whole.silent)), default=self.as_of)
        now = self._level(whole, mark, last, found)
        if now.verdict == MET and now.value is not None:
            return replace(now, verdict=LATE, evidence=_by_date([*then.evidence, *now.evidence]))
        return then

    def _names_a_number(self, kind: str, mark: Mark | None) -> bool:
        if kind == "milestone" and mark is not None:
            return mark.value is not None or mark.share is not None
        return self.benchmark.target is not None or self.benchmark.baseline is not None

    def _was_reached_meanwhile(self, whole: Material, mark: Mark | None, day: PartialDate, then: MarkFinding) -> bool:
        """Whether the figures step over the number with the date between them, so that nobody can tell when."""
        if then.value is None or then.value.as_of.last >= day.last:
            return False
        series = [s for s in whole.figures if _series(s) == _series(then.value) and s.as_of.first > day.last]
        if not series:
            return False
        following = min(s.as_of.first for s in series)
        return self._level(whole, mark, following, MarkFinding("", None, None)).verdict == MET

    def _level(self, whole: Material, mark: Mark | None, day: date, found: MarkFinding) -> MarkFinding:
        """Whether the number was reached by the figure in force on that day: met, missed or undetermined."""
        if self._from_the_archive(mark):
            return self._against_baseline(whole.until(day), mark, day, found)
        readings, reason = self._readings(whole.until(day), mark, day)
        return self._settled(readings, reason, found)

    def _from_the_archive(self, mark: Mark | None) -> bool:
        """Whether the number depends on a figure of the evidence: a share of the baseline, or less than it."""
        baseline = self.benchmark.baseline
        relative = mark.share is not None if mark is not None else self.benchmark.target is None
        return relative and baseline is not None and baseline.value is None

    def _readings(self, known: Material, mark: Mark | None, day: date) -> tuple[list[Reading], str]:
        """The figure in force, then those of independent others; none, with the reason."""
        in_force = self._in_force(known, day)
        if self._is_refused(known, in_force):
            return [], WITHHELD
        if not in_force:
            return [], NO_DATA
        chosen = in_force[0]
        archive = self.catalogue.archive
        others = [
            s
            for s in in_force[1:]
            if self.indicator.speakers != "self"
            and archive.independent(s, chosen)
            and archive.speaker_kind(s) is not SpeakerKind.SELF
        ]
        return [self._reading(known, s, self._threshold(mark, s)) for s in (chosen, *others)], NO_DATA

    def _is_refused(self, known: Material, in_force: Sequence[Statement]) -> bool:
        """Whether a refusal stands in place of a figure of the State's own that would be the latest."""
        if self.indicator.speakers == "others" or not known.silent:
            return False
        last = max(s.as_of for s in known.silent)
        return not in_force or last >= max(s.as_of for s in in_force)

    def _in_force(self, known: Material, day: date) -> list[Statement]:
        """The latest figure of each series that is still current on that day; the one to be read first."""
        series: dict[str, Statement] = {}
        for s in sorted(known.figures, key=lambda s: (s.as_of, str(s.vintage or ""), s.id)):
            series[_series(s)] = s
        years = self.catalogue.rules.current_years
        current = {name: s for name, s in series.items() if self.indicator.ceiling or is_current(s, day, years)}
        prefer, closed_first = self.indicator.prefer, self.indicator.speakers == "others"

        def order(name: str) -> tuple[bool, int, int, str]:
            s = current[name]
            is_open = closed_first and not bounds(self.indicator, s).is_closed
            rank = prefer.index(name) if name in prefer else len(prefer)
            return (is_open, -s.as_of.first.toordinal(), rank, name)

        return [current[name] for name in sorted(current, key=order)]

    def _threshold(self, mark: Mark | None, figure: Statement) -> Interval:
        """The number asked for, in the unit of the figure."""
        baseline = self.benchmark.baseline
        factor = self._factor(figure) or Decimal(1)
        if mark is not None and mark.value is not None:
            return Interval.point(mark.value * factor)
        stated = baseline.value if baseline is not None and baseline.value is not None else Decimal(0)
        if mark is not None and mark.share is not None:
            return Interval.point(stated * mark.share * factor)
        target = self.benchmark.target if self.benchmark.target is not None else stated
        return Interval.point(target * factor)

    def _reading(self, known: Material, figure: Statement, threshold: Interval) -> Reading:
        own = self.benchmark.margin
        if own is not None and own.amount is not None:
            own = own.model_copy(update={"amount": own.amount * (self._factor(figure) or 1)})
        margin = margin_of_level(self.indicator, figure, known.usable, self.catalogue.rules, own)
        strictly = self.benchmark.target is None and threshold == self._threshold(None, figure)
        falls = self.benchmark.direction != "up"
        interval = bounds(self.indicator, figure)
        if not interval.is_closed and not self.catalogue.rules.open_bounds_conclude:
            interval = Interval(Decimal(0), None, None)
        return Reading(figure, interval, threshold, margin, falls, strictly)

    def _settled(self, readings: Sequence[Reading], reason: str, found: MarkFinding) -> MarkFinding:
        if not readings:
            return replace(found, verdict=UNDETERMINED, reason=reason)
        levels = compare(readings)
        first, level = readings[0], levels[0]
        against = [
            r.figure
            for r, other in zip(readings[1:], levels[1:], strict=True)
            if {level, other} == {Level.REACHED, Level.SHORT}
        ]
        found = replace(
            found,
            value=first.figure,
            threshold=first.threshold,
            margin=first.margin,
            evidence=_by_date([first.figure, *against]),
        )
        if against:
            return replace(found, verdict=UNDETERMINED, reason=CONTRADICT)
        if level in (Level.NEAR, Level.OPEN):
            near_a_revision = level is Level.NEAR and first.margin.reason == "revision"
            return replace(found, verdict=UNDETERMINED, reason=REVISED if near_a_revision else WITHIN)
        word = MET if level is Level.REACHED else MISSED
        return replace(found, verdict=word, reason=None, tolerance=self._tolerance(first))

    def _tolerance(self, reading: Reading) -> Decimal | None:
        """The share by which the figure must be wrong to stand at the number; a limit that is set has no error."""
        best, asked = reading.interval.best, reading.threshold.best
        if self.indicator.ceiling or not best or asked is None:
            return None
        return abs(asked - best) / best

    def _against_baseline(self, known: Material, mark: Mark | None, day: date, found: MarkFinding) -> MarkFinding:
        """Less than, or a share of, a figure of the evidence: what the rules of change do not see is not reached."""
        since = PartialDate.parse(self.benchmark.baseline.date).last if self.benchmark.baseline else date.min
        outcome = self._change(known.seen, since)
        before, after = outcome.baseline, outcome.value
        found = replace(found, value=after, margin=outcome.margin, evidence=outcome.evidence)
        if outcome.verdict == UNDETERMINED or before is None or after is None:
            return replace(found, verdict=UNDETERMINED, reason=outcome.reason)
        if not (self.indicator.ceiling or is_current(after, day, self.catalogue.rules.current_years)):
            return replace(found, verdict=UNDETERMINED, reason=NO_DATA)
        share = mark.share if mark is not None and mark.share is not None else Decimal(1)
        threshold = _times(bounds(self.indicator, before), share)
        found = replace(found, threshold=threshold)
        moves = share >= 1 if self.benchmark.direction == "up" else share <= 1
        if moves and outcome.verdict != "advanced":
            return replace(found, verdict=MISSED, reason=None)
        if share == 1:
            return replace(found, verdict=MET, reason=None, tolerance=outcome.tolerance)
        reading = self._reading(known, after, threshold)
        settled = self._settled([reading], NO_DATA, found)
        return replace(settled, evidence=_by_date([*outcome.evidence, after]))

    def _change(self, statements: Sequence[Statement], since: date) -> Outcome:
        return weigh_change(self.indicator, statements, self.catalogue.archive, self.catalogue.rules, adopted=since)

    # How fast

    def _paces(self, whole: Material) -> tuple[Pace, ...]:
        """The present pace from each baseline: the benchmark's own, adoption, 2010 and the peak, side by side."""
        if self.indicator.ceiling:  # a limit moves by decision, not at a pace
            return ()
        adopted = self.catalogue.register.adopted.first
        days = [("adoption", adopted)] if self.as_of > adopted else []
        if self.benchmark.baseline is not None:
            days.insert(0, ("own", PartialDate.parse(self.benchmark.baseline.date).last))
        days += [("2010", date(2010, 12, 31))] if self.as_of.year > 2010 else []
        peak = max((s for s in whole.figures if s.best is not None), key=lambda s: (s.best, s.as_of), default=None)
        days += [("peak", peak.as_of.last)] if peak is not None and self.benchmark.direction != "up" else []
        found: dict[str, Pace] = {}
        for since, day in days:
            outcome = self._change(whole.seen, day)
            if day < self.as_of and (outcome.value is not None or outcome.reason == WITHHELD):
                # Two baselines may find the same figure; it is told once.
                found.setdefault(
                    outcome.baseline.id if outcome.baseline and outcome.value else since, pace_of(since, outcome)
                )
        return tuple(found.values())

    def _on_the_way(self, mark: MarkFinding, whole: Material, paces: Sequence[Pace]) -> MarkFinding:
        """For what is pending: the latest figure, the pace that the date requires, and when the present one arrives."""
        if mark.verdict != PENDING:
            return mark
        asked = next((m for k, d, m in _marks(self.benchmark) if k == mark.kind and d == mark.date), None)
        in_force = self._in_force(whole, self.as_of)
        if not in_force or self._is_refused(whole, in_force):
            return mark
        figure = in_force[0]
        if self._from_the_archive(asked):
            level = self._against_baseline(whole, asked, self.as_of, mark)
            threshold = level.threshold
        else:
            threshold = self._threshold(asked, figure)
        if threshold is None:
            return replace(mark, value=figure)
        falls = self.benchmark.direction != "up"
        now = bounds(self.indicator, figure)
        arrivals = tuple(arrival(p, self.indicator, threshold, falls) for p in paces)
        needed = required(now, figure.as_of.first, threshold, mark.date.last, falls) if mark.date else None
        evidence = mark.evidence or (figure,)
        return replace(mark, value=figure, threshold=threshold, required=needed, arrivals=arrivals, evidence=evidence)

    def _held(self, whole: Material) -> tuple[Held, ...]:
        """A limit at the date of every figure from the day on which it applies, or was set, to the day it ends."""
        b = self.benchmark
        if b.direction != "limit":
            return ()
        begins = min((d.first for _, d, _ in _marks(b) if d is not None), default=date.min)
        if b.baseline is not None:
            begins = PartialDate.parse(b.baseline.date).first
        ends = PartialDate.parse(b.until).last if b.until else date.max
        within = [s for s in (*whole.figures, *whole.silent) if begins <= s.as_of.first <= ends]
        figures = [s for s in within if s.interval is not None]
        readings = [self._reading(whole, s, self._threshold(None, s)) for s in figures]
        words = {Level.REACHED: KEPT, Level.SHORT: EXCEEDED}
        held = [
            Held(r.figure, words.get(level, UNDETERMINED), None if level in words else WITHIN)
            for r, level in zip(readings, compare(readings), strict=True)
        ]
        held += [Held(s, UNDETERMINED, WITHHELD) for s in within if s.interval is None]
        return tuple(sorted(held, key=lambda h: (h.value.as_of, h.value.id)))


def acceptance(benchmark: Benchmark, subject: str, catalogue: Catalogue) -> tuple[Acceptance, ...]:
    """How the subject stands to each commitment behind a benchmark; one that it set for itself says so."""
    own = [Acceptance(benchmark.source, "set by itself")] if subject in benchmark.set_by else []
    known = [catalogue.commitments[id] for id in benchmark.commitments if id in catalogue.commitments]
    found = [a for c in known if (a := towards(subject, c, catalogue.memberships))]
    symbols = dict.fromkeys(c.id.split("#")[0] for c in known if c.force == "vote")
    votes = [Acceptance(s, catalogue.votes[s, subject]) for s in symbols if (s, subject) in catalogue.votes]
    return (*own, *found, *votes)


def _marks(benchmark: Benchmark) -> list[tuple[str, PartialDate | None, Mark | None]]:
    """Milestones in order, then the deadline, or the target without a date; ``mark`` is None for the target itself."""
    rows: list[tuple[str, PartialDate | None, Mark | None]] = [
        ("milestone", PartialDate.parse(m.date), m) for m in benchmark.milestones
    ]
    if benchmark.deadline is not None:
        return [*rows, ("deadline", PartialDate.parse(benchmark.deadline), None)]
    wanted = benchmark.target is not None or not benchmark.milestones
    return [*rows, ("target", None, None)] if wanted and benchmark.direction != "limit" else rows


def _stated(kind: str, day: PartialDate | None, rows: Sequence[Statement], word: str) -> MarkFinding:
    """The word where a statement carries it; without one, nothing is known."""
    if rows:
        return MarkFinding(kind, day, word, value=rows[0], evidence=tuple(rows))
    return MarkFinding(kind, day, UNDETERMINED, NO_DATA)


def _series(s: Statement) -> str:
    return s.series or f"{s.speaker}:{s.quantity}"


def _times(interval: Interval, share: Decimal) -> Interval:
    low, best, high = (None if n is None else n * share for n in (interval.low, interval.best, interval.high))
    return Interval(low, best, high)


def _by_date(rows: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(sorted({s.id: s for s in rows}.values(), key=lambda s: (s.as_of, s.id)))
