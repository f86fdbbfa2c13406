"""How a finding came about, number by number: each step with its inputs and its result, so that anyone can redo it.

Nothing is concluded here. The steps are read off the same functions that weigh the question, and the trial results (a
claim left out, a source left out) are weighed by them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from stocktake.assessment.change import MOVED, Pair, baselines, candidates, comparable, is_closed, material
from stocktake.assessment.findings import Finding, Outcome
from stocktake.assessment.history import stale_from
from stocktake.assessment.margins import bounds, revision_that_counts
from stocktake.assessment.review import Catalogue
from stocktake.assessment.weighing import weigh
from stocktake.evidence.archive import Archive, carries, is_numeric
from stocktake.evidence.statements import Form, Statement
from stocktake.register.indicators import Indicator, Method
from stocktake.terms.dates import PartialDate
from stocktake.terms.intervals import Interval
from stocktake.terms.provenance import SpeakerKind, Verification

Value = str | Decimal | date | None


@dataclass(frozen=True)
class Step:
    """One step: ``key`` names its sentence; ``values`` fill it, numbers as exact decimals, statements by id.

    ``sum_`` is a calculation written out, the left side of an equation whose right side is ``result``.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    sum_: str | None = None
    result: Decimal | None = None
    statements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trial:
    """What the finding would be without some of its statements: one claim, or all of one publisher or speaker."""

    without: str
    statements: tuple[str, ...]
    verdict: str | None
    reason: str | None
    turns: bool


@dataclass(frozen=True)
class Limit:
    """How far a single figure would have to be wrong for the verdict to fall, the other one being right."""

    statement: str
    stated: Decimal
    limit: Decimal
    share: Decimal


@dataclass(frozen=True)
class Explanation:
    """The derivation of one finding, and what would turn it."""

    finding: Finding
    inputs: tuple[Statement, ...]
    left: tuple[tuple[Statement, str], ...]
    steps: tuple[Step, ...]
    limits: tuple[Limit, ...]
    claims: tuple[Trial, ...]
    sources: tuple[Trial, ...]


def steps_of(catalogue: Catalogue, finding: Finding, as_of: date) -> list[Step]:
    """The steps alone, for a page that has no room for the trials."""
    return _teller(catalogue, finding, as_of).steps()


def _teller(catalogue: Catalogue, finding: Finding, as_of: date) -> _Teller:
    outcome = finding.outcome
    seen = tuple(sorted({s.id: s for s in (*outcome.evidence, *outcome.not_chosen)}.values(), key=_by_date))
    return _Teller(catalogue, finding.indicator, outcome, seen, as_of)


def explained(catalogue: Catalogue, finding: Finding, as_of: date) -> Explanation:
    """The derivation of a finding of the review as of that day."""
    outcome, teller = finding.outcome, _teller(catalogue, finding, as_of)
    left = tuple((s, teller.why_left(s)) for s in outcome.not_chosen)
    claims = [teller.trial(s.id, [s]) for s in outcome.evidence]
    sources = [
        teller.trial(name, rows)
        for kind in ("publisher", "speaker")
        for name, rows in _grouped(teller.seen, kind).items()
        if any(s in outcome.evidence for s in rows)
    ]
    return Explanation(
        finding, outcome.evidence, left, tuple(teller.steps()), teller.limits(), tuple(claims), tuple(sources)
    )


def _by_date(s: Statement) -> tuple[PartialDate, str]:
    return s.as_of, s.id


def _grouped(rows: Iterable[Statement], kind: str) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for s in rows:
        found.setdefault(f"{kind}: {getattr(s, kind)}", []).append(s)
    return found


@dataclass(frozen=True)
class _Teller:
    catalogue: Catalogue
    indicator: Indicator
    outcome: Outcome
    seen: tuple[Statement, ...]
    as_of: date

    @property
    def adopted(self) -> date:
        return self.catalogue.register.adopted.first

    @property
    def archive(self) -> Archive:
        return self.catalogue.archive

    def trial(self, name: str, gone: Sequence[Statement]) -> Trial:
        """Weighed again without these. All that a finding saw is in ``seen``: nothing else can matter."""
        ids = {s.id for s in gone}
        rows = [s for s in self.seen if s.id not in ids]
        found = weigh(self.indicator, rows, self.archive, self.catalogue.rules, adopted=self.adopted, as_of=self.as_of)
        turns = (found.verdict, found.reason) != (self.outcome.verdict, self.outcome.reason)
        return Trial(name, tuple(sorted(ids)), found.verdict, found.reason, turns)

    def why_left(self, s: Statement) -> str:
        """Why the rule saw this statement and left it; a key of the phrases."""
        indicator, method = self.indicator, self.indicator.method
        if not carries(s):
            return "from memory"
        if method is Method.CHANGE:
            if not is_numeric(s):
                return "no figure"
            if indicator.verification and s.verification not in indicator.verification:
                return "other verification"
            if indicator.ceiling is not (s.form is Form.CEILING):
                return "ceiling and figure apart"
            own = self.archive.speaker_kind(s) is SpeakerKind.SELF
            if indicator.speakers == "self" and not own:
                return "not its own figure"
            if indicator.speakers == "others" and own:
                return "its own figure"
            pair = self._pair()
            if pair and (s.series or f"{s.speaker}:{s.quantity}") != _series_of(pair.value):
                return "other series"
            return "not at the ends"
        if method in (Method.STATUS, Method.DEADLINE) and s.act not in indicator.acts:
            return "other act"
        if method is Method.ABSTENTION and s.as_of.last <= self.adopted:
            return "before adoption"
        return "a later one stands" if method is Method.STATUS else "not needed"

    def _pair(self) -> Pair | None:
        o = self.outcome
        return Pair(o.baseline, o.value) if o.baseline and o.value else None

    def steps(self) -> list[Step]:
        """The steps of the method, in the order in which the rule takes them."""
        match self.indicator.method:
            case Method.CHANGE:
                return self._change()
            case Method.DISCLOSURE:
                return self._current("latest own word", "own figure current until")
            case Method.ABSTENTION:
                return self._abstention()
            case Method.DEADLINE:
                return self._deadline()
            case Method.STATUS:
                return self._status()
            case Method.RECORD:
                return [Step("record", statements=_ids(self.outcome.evidence))]

    def _status(self) -> list[Step]:
        o = self.outcome
        if not o.evidence:
            return [Step("no act", {"acts": ", ".join(sorted(self.indicator.acts))})]
        acts = {s.act or "": self.indicator.acts[s.act or ""] for s in o.evidence}
        words = "; ".join(f"{act}: {word}" for act, word in sorted(acts.items()))
        latest = max(o.evidence, key=_by_date)
        return [Step("latest act", {"day": str(latest.as_of), "words": words}, statements=_ids(o.evidence))]

    def _deadline(self) -> list[Step]:
        opens, closes = self.indicator.from_, self.indicator.deadline
        window = Step("window", {"opens": opens or "", "closes": closes or ""})
        if not self.outcome.evidence:
            runs = self.outcome.verdict == "pending"
            return [window, Step("time runs" if runs else "no act in time", {"as_of": self.as_of})]
        return [window, Step("acts in window", statements=_ids(self.outcome.evidence))]

    def _current(self, latest: str, until: str) -> list[Step]:
        value = self.outcome.value
        if value is None:
            return [Step("nothing said")]
        steps = [Step(latest, {"day": str(value.as_of)}, statements=_ids(self.outcome.evidence))]
        if is_numeric(value):
            years = self.catalogue.rules.current_years
            steps.append(Step(until, {"years": str(years), "day": stale_from(value.as_of.last, years)}))
        return steps

    def _abstention(self) -> list[Step]:
        o = self.outcome
        if not o.evidence:
            return [Step("nothing counted", {"adopted": self.adopted})]
        acts = [s for s in o.evidence if s.interval and s.interval.low]
        if acts:
            return [Step("acts counted", {"adopted": self.adopted}, statements=_ids(acts))]
        covered = {y for s in o.evidence for y in range(s.as_of.first.year, s.as_of.last.year + 1)}
        missing = sorted(set(range(self.adopted.year + 1, max(covered) + 1)) - covered)
        years = Step(
            "years counted",
            {"covered": _spans(sorted(covered)), "missing": _spans(missing) or "-"},
            statements=_ids(o.evidence),
        )
        return [years, *self._current("latest count", "count current until")[1:]]

    def _change(self) -> list[Step]:
        o, rules = self.outcome, self.catalogue.rules
        if o.reason == "withheld":
            refusal = [s for s in o.evidence if not is_numeric(s)]
            return [Step("refusal", statements=_ids(refusal))]
        pair = self._pair()
        if pair is None:
            return [Step("no pair", {"adopted": self.adopted, "days": str(rules.baseline_grace_days)})]
        figures = material(self.indicator, self.seen, self.archive).figures
        steps = []
        for name, other in candidates(self.indicator, figures, self.adopted, rules).items():
            chosen = other == pair
            steps.append(
                Step(
                    "series chosen" if chosen else self._why_not(other, pair),
                    {"series": name, "from": str(other.baseline.as_of), "to": str(other.value.as_of)},
                    statements=(other.baseline.id, other.value.id),
                )
            )
        before, after = bounds(self.indicator, pair.baseline), bounds(self.indicator, pair.value)
        change = after - before
        steps += _interval_steps(before, after, change)
        if change is None or o.margin is None:
            return [*steps, Step("open interval")]
        steps += self._margin_steps(pair, before)
        same = comparable(pair)
        steps.append(Step(self._why_comparable(pair) if same else "snapshots"))
        if not same:
            against = [s for s in o.evidence if s not in (pair.baseline, pair.value, *o.support)]
            revisions = {s.id for s in self._revision_rows(pair)}
            against = [s for s in against if s.id not in revisions]
            steps.append(Step("seconded by" if o.support else "seconded by nobody", statements=_ids(o.support)))
            if against:
                steps.append(Step("contradicted by", statements=_ids(against)))
        steps.append(self._comparison(change, o.margin.amount))
        if o.tolerance is not None and before.best is not None and after.best is not None:
            sum_ = f"|{after.best} - {before.best}| / ({after.best} + {before.best})"
            steps.append(Step("tolerance", {}, sum_, o.tolerance))
        for name, s in baselines(o):
            if name != "adoption" and s.best is not None and pair.value.best is not None:
                since = pair.value.best - s.best
                steps.append(
                    Step(f"since {name}", {"day": str(s.as_of)}, f"{pair.value.best} - {s.best}", since, (s.id,))
                )
        return steps

    def _why_not(self, other: Pair, chosen: Pair) -> str:
        if self.catalogue.rules.closed_figures_first and not is_closed(self.indicator, other):
            return "series open"
        older = other.value.as_of.first < chosen.value.as_of.first
        return "series older" if older else "series not preferred"

    def _revision_rows(self, pair: Pair) -> tuple[Statement, ...]:
        usable = [s for s in self.seen if carries(s)]
        found = revision_that_counts(self.indicator, pair.baseline.speaker, usable, self.catalogue.rules)
        return found[1] if found else ()

    def _margin_steps(self, pair: Pair, before: Interval) -> list[Step]:
        margin = self.outcome.margin
        assert margin is not None
        size = next(abs(n) for n in (before.best, before.low, before.high) if n is not None)
        rows = self._revision_rows(pair)
        if rows:
            low, high = rows
            sum_ = f"({high.best} - {low.best}) / {high.best} * {size}"
            return [Step("margin by revision", {"day": str(low.as_of)}, sum_, margin.amount, (low.id, high.id))]
        own_word = self.catalogue.rules.own_revisions_widen_nothing and self.indicator.speakers == "self"
        unused = "own revisions apart" if own_word else "no revision known"
        steps = [Step(unused, {"speaker": pair.baseline.speaker})]
        if margin.reason == "rounding":
            unit = self.indicator.rounding
            return [*steps, Step("margin by rounding", {}, f"{unit} / 2", margin.amount)]
        declared = pair.value.verification in (Verification.DECLARED, Verification.VERIFIED)
        steps.append(Step("no rounding unit" if declared else "not declared"))
        own = self.catalogue.rules.own_margin
        return [*steps, Step("margin of ours", {}, f"{own} * {size}", margin.amount)]

    def _why_comparable(self, pair: Pair) -> str:
        declared = {pair.baseline.verification, pair.value.verification} <= {
            Verification.DECLARED,
            Verification.VERIFIED,
        }
        same_voice = pair.baseline.speaker == pair.value.speaker and declared
        return "comparable by speaker" if same_voice else "comparable by edition"

    def _comparison(self, change: Interval, margin: Decimal) -> Step:
        values: dict[str, Value] = {"low": change.low, "high": change.high, "margin": margin}
        if change.high is not None and change.high < -margin:
            return Step("beyond downwards", values)
        if change.low is not None and change.low > margin:
            return Step("beyond upwards", values)
        low, high = change.low, change.high
        within = low is not None and high is not None and low >= -margin and high <= margin
        return Step("within" if within else "across", values)

    def limits(self) -> tuple[Limit, ...]:
        """For a moved number: where a single figure would have to lie for the change to shrink to the margin."""
        o, pair = self.outcome, self._pair()
        if o.verdict not in MOVED or pair is None or o.margin is None or not pair.baseline.best or not pair.value.best:
            return ()
        a, b, margin = pair.baseline.best, pair.value.best, o.margin.amount
        up = b > a
        value = a + margin if up else a - margin
        if o.margin.reason == "rounding":
            baseline = b - margin if up else b + margin
        else:  # the margin is a share of the baseline, and moves with it
            share = margin / a
            baseline = b / (1 + share) if up else b / (1 - share)
        return tuple(
            Limit(s.id, stated, limit, abs(limit - stated) / stated)
            for s, stated, limit in ((pair.baseline, a, baseline), (pair.value, b, value))
        )


def _series_of(s: Statement) -> str:
    return s.series or f"{s.speaker}:{s.quantity}"


def _ids(rows: Iterable[Statement]) -> tuple[str, ...]:
    return tuple(s.id for s in rows)


def _spans(years: Sequence[int]) -> str:
    """2011 to 2013, 2015: runs of years.

    >>> _spans([2011, 2012, 2013, 2015])
    '2011-2013, 2015'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{r[0]}-{r[-1]}" if len(r) > 1 else f"{r[0]}" for r in runs)


def _interval_steps(before: Interval, after: Interval, change: Interval | None) -> list[Step]:
    steps: list[Step] = []
    if change is None:
        return steps
    if change.low == change.best == change.high and change.best is not None:
        return [Step("change exact", {}, f"{after.best} - {before.best}", change.best)]
    for name, left, right, result in (
        ("low", after.low, before.high, change.low),
        ("best", after.best, before.best, change.best),
        ("high", after.high, before.low, change.high),
    ):
        if result is not None:
            steps.append(Step(f"change {name}", {}, f"{left} - {right}", result))
    return steps
