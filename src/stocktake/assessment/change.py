"""Reduce or limit: a number before and after, and whether the difference is a change.

The rules are those of the design's "rules of the field", version 1 (catalogue/policy.yaml):
tolerance as the headline, margins in the open, and differences between estimates that are not read as change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from stocktake.assessment.corroboration import NOTHING_SECONDED, corroborate
from stocktake.assessment.findings import NO_DATA, UNDETERMINED, WITHHELD, Margin, Outcome
from stocktake.assessment.judging import ANSWERS, Changes, exact, flags, highs, judge, lows
from stocktake.assessment.margins import bounds, margin_of, tolerance
from stocktake.evidence.archive import Archive, carries, is_numeric
from stocktake.evidence.statements import SILENT, Form, Statement
from stocktake.register.indicators import Indicator
from stocktake.register.policy import Rules
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import SpeakerKind, Verification

# A ceiling that is moved is moved by decision: it has no error, so no tolerance is given for it.
MOVED = ("advanced", "reversed")


@dataclass(frozen=True)
class Pair:
    """A figure at adoption and the latest one, of one series."""

    baseline: Statement
    value: Statement


@dataclass(frozen=True)
class Case:
    """A pair of figures made ready to be judged: their change, the margin, and who else saw it move."""

    indicator: Indicator
    pair: Pair
    seen: tuple[Statement, ...]
    change: Interval | None
    margin: Margin | None = None
    support: tuple[Statement, ...] = ()
    against: tuple[Statement, ...] = ()
    rests_on: tuple[Statement, ...] = ()


def weigh_change(
    indicator: Indicator, statements: Sequence[Statement], archive: Archive, rules: Rules, *, adopted: date
) -> Outcome:
    """Weigh one subject's number against the duty to reduce it.

    ``advanced`` or ``reversed`` when the whole interval of change lies beyond the margin; ``unchanged`` when it lies
    within it; else undetermined, with the reason. Between snapshots a difference counts only when a dated event or an
    independent speaker's own figures show the same direction.
    """
    case = prepare(indicator, material(indicator, statements, archive), archive, rules, adopted=adopted)
    return case if isinstance(case, Outcome) else settle([case])[0]


@dataclass(frozen=True)
class Material:
    """The statements on one subject, oldest first, sorted by the part that they can play."""

    seen: tuple[Statement, ...]
    usable: tuple[Statement, ...]
    silent: tuple[Statement, ...]
    figures: tuple[Statement, ...]

    def until(self, day: date) -> Material:
        """What was true up to and on that day."""
        rows = (self.seen, self.usable, self.silent, self.figures)
        return Material(*(r[: bisect_right(r, day, key=lambda s: s.as_of.first)] for r in rows))


def material(indicator: Indicator, statements: Iterable[Statement], archive: Archive) -> Material:
    """Sort out, once, which statements carry, which refuse, and which are figures of the kind that is looked at."""
    seen = tuple(sorted(statements, key=lambda s: s.as_of.first))
    usable = tuple(s for s in seen if carries(s))
    silent = tuple(s for s in usable if s.form in SILENT)
    figures = tuple(s for s in usable if is_numeric(s) and _speaks(indicator, s, archive))
    return Material(seen, usable, silent, figures)


def prepare(indicator: Indicator, of: Material, archive: Archive, rules: Rules, *, adopted: date) -> Case | Outcome:
    """The pair to be judged; or the outcome itself where there is none: ``no data`` or ``withheld``."""
    seen, usable, silent, figures = of.seen, of.usable, of.silent, of.figures
    pair = _pair(indicator, figures, adopted, rules)
    if rules.lifted_refusals_yield:
        silent = _not_lifted(silent, figures, adopted)
    refusal = _refusal(indicator, silent, figures, pair, adopted)
    if refusal is not None:
        earlier = [s for s in figures if s.as_of < refusal.as_of]
        last = _latest(earlier) if earlier else None
        return _outcome(seen, UNDETERMINED, WITHHELD, baseline=last, rests_on=[refusal, *([last] if last else [])])
    if pair is None:
        # One figure is shown, though there is nothing to set it against; the rest is listed as left over.
        return _outcome(seen, UNDETERMINED, NO_DATA, rests_on=[_latest(figures)] if figures else [])
    change = bounds(indicator, pair.value) - bounds(indicator, pair.baseline)
    if change is None or not (change.is_closed or rules.open_bounds_conclude):
        return Case(indicator, pair, seen, change, rests_on=(pair.baseline, pair.value))
    margin, revisions = margin_of(indicator, pair.baseline, pair.value, usable, rules)
    seconded = NOTHING_SECONDED if comparable(pair) else corroborate(pair.baseline, pair.value, change, usable, archive)
    rests_on = (pair.baseline, pair.value, *revisions, *seconded.support, *seconded.against)
    return Case(indicator, pair, seen, change, margin, seconded.support, seconded.against, rests_on)


def columns(cases: Sequence[Case]) -> Changes:
    """The cases as columns, one row a case, in their order."""
    nothing = Interval(None, Decimal(0), None)
    # Without a margin the rules conclude nothing from an open interval: no bound of it counts.
    changes = [case.change if case.change and case.margin else nothing for case in cases]
    return Changes(
        low=lows([c.low for c in changes]),
        best=exact([c.best for c in changes], Decimal(0)),
        high=highs([c.high for c in changes]),
        margin=exact([case.margin.amount if case.margin else None for case in cases], Decimal(0)),
        has_best=flags([case.change is not None and case.change.best is not None for case in cases]),
        falls=flags([(case.indicator.polarity or "down") == "down" for case in cases]),
        comparable=flags([comparable(case.pair) for case in cases]),
        supported=flags([bool(case.support) for case in cases]),
        opposed=flags([bool(case.against) for case in cases]),
    )


def settle(cases: Sequence[Case]) -> list[Outcome]:
    """The outcome of each case, all judged at once."""
    return [_settled(case, *ANSWERS[code]) for case, code in zip(cases, judge(columns(cases)), strict=True)]


def _settled(case: Case, verdict: str, reason: str | None) -> Outcome:
    indicator, pair = case.indicator, case.pair
    share = None
    if verdict in MOVED and not indicator.ceiling:
        share = tolerance(bounds(indicator, pair.baseline), bounds(indicator, pair.value))
    return _outcome(
        case.seen,
        verdict,
        reason,
        pair=pair,
        change=case.change,
        margin=case.margin,
        support=case.support,
        rests_on=case.rests_on,
        tolerance=share,
    )


def baselines(outcome: Outcome) -> tuple[tuple[str, Statement], ...]:
    """The figures that stand beside the one at adoption: of 2010, and the peak of the same speaker's figures.

    Shown together, so that nobody chooses the baseline that suits (architecture: even-handed).
    """
    value = outcome.value
    if value is None or value.best is None or outcome.baseline is None:
        return ()
    rows = [s for s in (*outcome.evidence, *outcome.not_chosen) if s.speaker == value.speaker and s.best is not None]
    of_2010 = [s for s in rows if s.as_of.first.year == 2010]
    found = [("adoption", outcome.baseline)]
    found += [("2010", max(of_2010, key=lambda s: (str(s.vintage or ""), s.id)))] if of_2010 else []
    peak = max(rows, key=lambda s: (s.best or Decimal(0), s.id))
    return tuple(found + ([("peak", peak)] if peak.best is not None and peak.best > value.best else []))


def comparable(pair: Pair) -> bool:
    """One speaker's own declarations, or one series restated for all years by one vintage."""
    a, b = pair.baseline, pair.value
    if a.speaker == b.speaker and {a.verification, b.verification} <= {Verification.DECLARED, Verification.VERIFIED}:
        return True
    return a.series == b.series and a.vintage == b.vintage and a.series_kind == b.series_kind == "back-cast"


def _speaks(indicator: Indicator, s: Statement, archive: Archive) -> bool:
    if indicator.verification and s.verification not in indicator.verification:
        return False
    if indicator.ceiling is not (s.form is Form.CEILING):
        return False
    own = archive.speaker_kind(s) is SpeakerKind.SELF
    return {"self": own, "others": not own}.get(indicator.speakers, True)


def _pair(indicator: Indicator, figures: Sequence[Statement], adopted: date, rules: Rules) -> Pair | None:
    """The pair that is judged: the first of those that could be."""
    return next(iter(candidates(indicator, figures, adopted, rules).values()), None)


def candidates(indicator: Indicator, figures: Sequence[Statement], adopted: date, rules: Rules) -> dict[str, Pair]:
    """The pair of every series that has one, the chosen first: the one with the latest figure; between equals, the one
    that the indicator prefers.

    From version 2 of the rules on, an estimator who says only "more than" does not silence one who gives a number. Of
    a State's own figures the latest word decides, open or not: else it could keep an older verdict by saying less.
    """
    grace = timedelta(days=rules.baseline_grace_days)
    series: dict[str, list[Statement]] = {}
    for s in figures:
        series.setdefault(s.series or f"{s.speaker}:{s.quantity}", []).append(s)
    pairs = {name: pair for name, rows in series.items() if (pair := _pair_in(rows, adopted, grace))}
    closed_first = rules.closed_figures_first and indicator.speakers != "self" and len(pairs) > 1

    def order(name: str) -> tuple[bool, int, int, str]:
        rank = indicator.prefer.index(name) if name in indicator.prefer else len(indicator.prefer)
        is_open = closed_first and not is_closed(indicator, pairs[name])
        return (is_open, -pairs[name].value.as_of.first.toordinal(), rank, name)

    return {name: pairs[name] for name in sorted(pairs, key=order)}


def is_closed(indicator: Indicator, pair: Pair) -> bool:
    change = bounds(indicator, pair.value) - bounds(indicator, pair.baseline)
    return change is not None and change.is_closed


def _refusal(
    indicator: Indicator,
    silent: Sequence[Statement],
    figures: Sequence[Statement],
    pair: Pair | None,
    adopted: date,
) -> Statement | None:
    """The refusal that hides an own figure that is needed: the latest one, the one at adoption, or both.

    Hiding a figure never helps: where it leaves no pair, or an older baseline, the answer is ``withheld``.
    """
    if indicator.speakers != "self" or not silent:
        return None
    last = _latest(silent)
    if pair is None or last.as_of >= _latest(figures).as_of:
        return last
    stands_in = pair.baseline.as_of.first > adopted  # an early figure stands in for the one at adoption
    until = max(adopted, pair.baseline.as_of.first)
    hidden = [s for s in silent if s.as_of.first <= until and (stands_in or s.as_of >= pair.baseline.as_of)]
    return _latest(hidden) if hidden else None


def _not_lifted(silent: Sequence[Statement], figures: Sequence[Statement], adopted: date) -> tuple[Statement, ...]:
    """The refusals after which no figure came before adoption: an older one hides nothing that is asked here."""
    spoke = max((f.as_of.first for f in figures if f.as_of.first <= adopted), default=date.min)
    return tuple(s for s in silent if s.as_of.first >= spoke)


def _pair_in(rows: Sequence[Statement], adopted: date, grace: timedelta) -> Pair | None:
    """The figure at adoption and the latest one after it; ``rows`` are of one series, by date."""
    until = _upto(rows, adopted)
    if until:
        baseline = _last(until)
    elif early := _upto(rows, adopted + grace):
        baseline = min(early, key=lambda s: s.as_of)
    else:
        return None
    known = _upto(rows, max(adopted, baseline.as_of.first))
    return Pair(baseline, _last(rows)) if len(known) < len(rows) else None


def _upto(rows: Sequence[Statement], day: date) -> Sequence[Statement]:
    return rows[: bisect_right(rows, day, key=lambda s: s.as_of.first)]


def _last(rows: Sequence[Statement]) -> Statement:
    """The latest of rows that stand by date: only those of the last day compete."""
    day, n = rows[-1].as_of.first, len(rows) - 1
    while n and rows[n - 1].as_of.first == day:
        n -= 1
    return _latest(rows[n:])


def _latest(rows: Sequence[Statement]) -> Statement:
    """The latest by date of the fact, then by vintage, then by id."""
    return max(rows, key=lambda s: (s.as_of, str(s.vintage or ""), s.id))


def _outcome(
    seen: Sequence[Statement],
    verdict: str,
    reason: str | None,
    *,
    pair: Pair | None = None,
    baseline: Statement | None = None,
    rests_on: Sequence[Statement] = (),
    change: Interval | None = None,
    margin: Margin | None = None,
    support: tuple[Statement, ...] = (),
    tolerance: Decimal | None = None,
) -> Outcome:
    evidence = tuple(sorted({s.id: s for s in rests_on}.values(), key=lambda s: (s.as_of, s.id)))
    chosen = {s.id for s in evidence}
    return Outcome(
        verdict,
        reason,
        pair.baseline if pair else baseline,
        pair.value if pair else None,
        change,
        tolerance,
        margin,
        support,
        evidence,
        tuple(s for s in seen if s.id not in chosen),
    )
