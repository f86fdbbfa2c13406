"""What a yardstick gives, as data (``stocktake.yardstick-findings/1``) and in sentences, in every language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from pydantic import BaseModel

from stocktake.assessment.findings import Acceptance, Margin
from stocktake.assessment.pace import TOWARDS, UNTOLD, Arrival, Pace, Rate
from stocktake.assessment.yardsticks import NO_ACT, NO_NUMBER, BenchmarkFinding, Held, MarkFinding, Measured
from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.publication.phrases import Tongue
from stocktake.register.benchmarks import Benchmark
from stocktake.terms.dates import PartialDate
from stocktake.terms.intervals import Interval

FORMAT = "stocktake.yardstick-findings/1"
Number = float | int | None


class BoundsOut(BaseModel):
    """Numbers with an open side null; ``unit`` is that of the figure, a pace is a year."""

    low: Number
    best: Number
    high: Number
    unit: str | None


class FigureOut(BaseModel):
    """The statement that was read; numbers are null for an act."""

    statement: str
    as_of: str
    speaker: str
    verification: str
    act: str | None
    low: Number
    best: Number
    high: Number
    unit: str | None


class ArrivalOut(BaseModel):
    """When a number is reached at a pace: ``word`` is reached, towards, standing, away or untold."""

    since: str
    word: str
    earliest: str | None
    best: str | None
    latest: str | None


class MarkOut(BaseModel):
    """``kind``: milestone, deadline, or target without a date. ``verdict``: met, late, missed ... or null."""

    kind: str
    date: str | None
    threshold: BoundsOut | None
    verdict: str | None
    reason: str | None
    value: FigureOut | None
    margin: dict[str, Any] | None
    tolerance: float | None
    required_pace: BoundsOut | None
    arrivals: list[ArrivalOut]
    evidence: list[str]


class PaceOut(BaseModel):
    """The change a year between two figures; ``word``: towards, standing, away, or untold with the reason."""

    since: str
    word: str
    reason: str | None
    baseline: FigureOut | None
    value: FigureOut | None
    per_year: BoundsOut | None


class HeldOut(BaseModel):
    """A limit at the date of one figure: kept, exceeded or undetermined."""

    word: str
    reason: str | None
    value: FigureOut


class YardstickFindingOut(BaseModel):
    """One benchmark and one subject."""

    id: str
    benchmark: str
    name: dict[str, str]
    subject: str
    indicator: str | None
    quantity: str | None
    direction: str
    basis: str
    author: str
    source: str
    seen: str
    checked: bool
    accepted_by_subject: str | None
    acceptance: list[dict[str, str]]
    marks: list[MarkOut]
    paces: list[PaceOut]
    held: list[HeldOut]
    explanation: dict[str, str]
    evidence: list[str]


class YardstickOut(BaseModel):
    """A yardstick laid against the evidence as of a day; ``beside`` are the others that were given with it."""

    format: str = FORMAT
    name: str
    digest: str
    title: dict[str, str]
    author: str
    basis: str
    source: str
    seen: str
    checked: bool
    url: str | None
    note: dict[str, str] | None
    without: dict[str, str] | None
    as_of: str
    findings: list[YardstickFindingOut]
    beside: list[YardstickOut] = []


def yardstick_document(laid: Laid, tongues: Sequence[Tongue]) -> YardstickOut:
    """One yardstick."""
    measured, y = laid.measured, laid.measured.yardstick
    return YardstickOut(
        name=laid.name,
        digest=laid.digest,
        title=y.title.model_dump(),
        author=y.author,
        basis=y.basis,
        source=y.source,
        seen=y.seen,
        checked=y.checked,
        url=y.url,
        note=y.note.model_dump() if y.note else None,
        without=y.without.model_dump() if y.without else None,
        as_of=measured.as_of.isoformat(),
        findings=[finding_document(f, tongues) for f in measured.findings],
    )


def finding_document(f: BenchmarkFinding, tongues: Sequence[Tongue]) -> YardstickFindingOut:
    b = f.benchmark
    return YardstickFindingOut(
        id=f"{b.id}.{f.subject}",
        benchmark=b.id,
        name=b.name.model_dump(),
        subject=f.subject,
        indicator=b.indicator,
        quantity=b.quantity,
        direction=b.direction,
        basis=b.basis,
        author=b.author,
        source=b.source,
        seen=b.seen,
        checked=b.checked,
        accepted_by_subject=f.accepted_by_subject,
        acceptance=[{"instrument": a.instrument, "how": a.how} for a in f.acceptance],
        marks=[_mark(m) for m in f.marks],
        paces=[_pace(p) for p in f.paces],
        held=[HeldOut(word=h.word, reason=h.reason, value=_figure(h.value)) for h in f.held],
        explanation={t.code: " ".join(s.strip() for s in sentences(f, t)) for t in tongues},
        evidence=[s.id for s in f.evidence],
    )


def _mark(m: MarkFinding) -> MarkOut:
    unit = m.value.unit if m.value else None
    return MarkOut(
        kind=m.kind,
        date=str(m.date) if m.date else None,
        threshold=_bounds(m.threshold, unit),
        verdict=m.verdict,
        reason=m.reason,
        value=_figure(m.value) if m.value else None,
        margin={"amount": _plain(m.margin.amount), "unit": unit, "reason": m.margin.reason} if m.margin else None,
        tolerance=None if m.tolerance is None else float(round(m.tolerance, 4)),
        required_pace=_bounds(m.required, unit),
        arrivals=[
            ArrivalOut(since=a.since, word=a.word, earliest=_day(a.earliest), best=_day(a.best), latest=_day(a.latest))
            for a in m.arrivals
        ],
        evidence=[s.id for s in m.evidence],
    )


def _pace(p: Pace) -> PaceOut:
    return PaceOut(
        since=p.since,
        word=p.word,
        reason=p.reason,
        baseline=_figure(p.baseline) if p.baseline else None,
        value=_figure(p.value) if p.value else None,
        per_year=_bounds(p.per_year, p.value.unit if p.value else None),
    )


def _figure(s: Statement) -> FigureOut:
    i = s.interval
    low, best, high = (i.low, i.best, i.high) if i else (None, None, None)
    return FigureOut(
        statement=s.id,
        as_of=str(s.as_of),
        speaker=s.speaker,
        verification=s.verification.value,
        act=s.act,
        low=_plain(low),
        best=_plain(best),
        high=_plain(high),
        unit=s.unit,
    )


def _bounds(of: Interval | Rate | None, unit: str | None) -> BoundsOut | None:
    return BoundsOut(low=_plain(of.low), best=_plain(of.best), high=_plain(of.high), unit=unit) if of else None


def _plain(n: Decimal | None) -> Number:
    if n is None:
        return None
    return int(n) if n == n.to_integral_value() else float(round(n, 6))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def schema() -> dict[str, Any]:
    """JSON Schema of ``stocktake.yardstick-findings/1``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **YardstickOut.model_json_schema()}


# In sentences


def sentences(f: BenchmarkFinding, t: Tongue) -> list[str]:
    """A finding in words: its marks, then what is needed to come there, then how a limit was held."""
    said = [mark_sentence(m, f.benchmark, t) for m in f.marks]
    pending = next((m for m in reversed(f.marks) if m.arrivals), None)
    if pending is not None:
        said += [pace_sentence(p, a, t) for p, a in zip(f.paces, pending.arrivals, strict=True)]
    else:
        said += [pace_sentence(p, None, t) for p in f.paces if f.benchmark.direction != "limit"]
    return [*said, *([held_sentence(f.held, t)] if f.held else [])]


def mark_sentence(m: MarkFinding, b: Benchmark, t: Tongue) -> str:
    """What was asked by when, the word, and the figure or act that it rests on."""
    when = t.of("yardsticks", "by").format(date=t.date(m.date)) if m.date else t.of("yardsticks", "undated")
    if m.reason in (NO_NUMBER, NO_ACT):
        return f"{when}{t.of('forms', 'colon')}{t.of('yardsticks', m.reason)}"
    asked = t.of("yardsticks", "asked").format(when=when, what=_asked(m, b, t))
    why = t.of("yardsticks", "because").format(reason=t.of("reasons", m.reason)) if m.reason else ""
    said = t.of("yardsticks", "verdict").format(asked=asked, word=verdict_word(m.verdict or "", t), reason=why)
    if m.value is not None:
        said += _read(m.value, t)
    if m.margin is not None and m.margin.amount and m.value is not None:
        said += _margin(m.margin, m.value, t)
    if m.tolerance is not None:
        said += t.of("yardsticks", "holds").format(share=t.tolerance(m.tolerance))
    if m.required is not None and m.value is not None:
        said += t.of("yardsticks", "required").format(rate=_rate(m.required, t))
    return said


def verdict_word(verdict: str, t: Tongue) -> str:
    """The word of a mark; of a proposal that a State never took up, none that sounds like a duty."""
    words = t.phrases["yardsticks"]["words"]
    return str(words.get(verdict) or t.of("verdicts", verdict))


def _asked(m: MarkFinding, b: Benchmark, t: Tongue) -> str:
    if b.direction == "event":
        return t.of("yardsticks", "act")
    mark = next((x for x in b.milestones if m.kind == "milestone" and m.date and x.date == str(m.date)), None)
    named = mark.value if mark and mark.value is not None else b.target if mark is None else None
    unit, falls = b.unit, b.direction != "up"
    if named is None and m.threshold is not None:
        shown = [n for n in (m.threshold.low, m.threshold.best, m.threshold.high) if n is not None]
        named, unit = (
            (m.threshold.best if m.threshold.best is not None else shown[0]),
            m.value.unit if m.value else unit,
        )
    if named is None:
        return b.name.in_(t.code)
    beyond = b.target is None and mark is None
    key = ("below" if falls else "above") if beyond else ("at_most" if falls else "at_least")
    return t.of("yardsticks", key).format(n=t.number(named), unit=t.unit(unit)).strip()


def _read(s: Statement, t: Tongue) -> str:
    key = "figure" if s.form in NUMERIC else "stated"
    unit = f" {t.unit(s.unit)}" if t.code == "en" else t.unit(s.unit)
    return t.of("yardsticks", key).format(
        figure=t.figure(s),
        text=t.text(s),
        unit=unit,
        date=t.date(s.as_of),
        speaker=t.speaker(s.speaker),
        verification=t.verification(s),
    )


def _margin(margin: Margin, s: Statement, t: Tongue) -> str:
    own = t.phrases["yardsticks"]["margins"]
    why = str(own[margin.reason]) if margin.reason in own else t.of("margins", margin.reason)
    amount = f"{t.number(_rounded(margin.amount))} {t.unit(s.unit)}".strip()
    return t.of("yardsticks", "margin").format(margin=amount, why=why)


def pace_sentence(p: Pace, a: Arrival | None, t: Tongue) -> str:
    """The present pace from one baseline, and when it arrives; in words where it does not."""
    since = t.of("yardsticks", f"since_{p.since}")
    rate = p.per_year
    if p.word == UNTOLD or rate is None or p.baseline is None:
        return t.of("yardsticks", "untold").format(since=since, reason=t.of("reasons", p.reason or "no data"))
    said = t.of("yardsticks", "pace").format(
        since=since,
        date=t.date(p.baseline.as_of),
        until=t.date(p.value.as_of) if p.value else "",
        rate=_rate(rate, t),
    )
    if a is None:
        return said + t.of("yardsticks", "just_pace")
    if a.word != TOWARDS:
        return said + t.of("yardsticks", a.word)
    days = {key: _when(day, t) for key, day in (("earliest", a.earliest), ("best", a.best), ("latest", a.latest))}
    return said + t.of("yardsticks", "towards").format(**days)


def _when(day: date | None, t: Tongue) -> str:
    """A day far off is told by its month: nobody knows it better."""
    if day is None:
        return t.of("yardsticks", "never")
    text = day.isoformat()[:7]
    return t.date(PartialDate.parse(text))


def _rate(rate: Rate, t: Tongue) -> str:
    low, best, high = (None if n is None else t.signed(_rounded(n)) for n in (rate.low, rate.best, rate.high))
    said = best if best is not None else f"{low} … {high}"
    if low != high and low is not None and high is not None and best is not None:
        said = t.of("yardsticks", "pace_bounds").format(best=best, low=low, high=high)
    return said or "0"


def _rounded(n: Decimal) -> Decimal:
    """Whole from ten on, else to a tenth or a hundredth: a pace is no more exact than that."""
    step = Decimal(1) if abs(n) >= 10 else Decimal("0.1") if abs(n) >= 1 else Decimal("0.01")
    return n.quantize(step, ROUND_HALF_UP) + 0


def held_sentence(held: Sequence[Held], t: Tongue) -> str:
    """A limit at each figure: neighbours of one word told together, with how many figures."""
    parts = []
    for (word, reason), group in groupby(held, key=lambda h: (h.word, h.reason)):
        rows = list(group)
        first, last = t.date(rows[0].value.as_of), t.date(rows[-1].value.as_of)
        key = "held_run" if len(rows) > 1 else "held_one"
        why = f"{t.of('forms', 'open')}{t.of('reasons', reason)}{t.of('forms', 'close')}" if reason else ""
        shown = t.of("yardsticks", word) + why
        parts.append(t.of("yardsticks", key).format(word=shown, first=first, last=last, n=len(rows)))
    return t.of("yardsticks", "held").format(list=t.of("forms", "semicolon").join(parts))


def accepted(f: BenchmarkFinding, t: Tongue) -> str:
    """How the subject stands to what is behind the benchmark, each instrument once."""
    said = [_accepted(a, t) for a in f.acceptance]
    none = "no_acceptance" if f.benchmark.basis == "proposed" else "no_act_towards"
    return t.of("forms", "semicolon").join(said) or t.of("yardsticks", none).format(author=f.benchmark.author)


def _accepted(a: Acceptance, t: Tongue) -> str:
    if a.how == "set by itself":
        return t.of("yardsticks", a.how)
    return f"{t.of('accepted', a.how)} {a.instrument}"


def grouped(findings: Iterable[BenchmarkFinding]) -> list[tuple[Benchmark, list[BenchmarkFinding]]]:
    """Findings by benchmark, in the order in which they stand."""
    return [(rows[0].benchmark, rows) for _, g in groupby(findings, key=lambda f: f.benchmark.id) if (rows := list(g))]


@dataclass(frozen=True)
class Laid:
    """A yardstick laid against the evidence, with the name and the SHA-256 of its file."""

    name: str
    digest: str
    measured: Measured

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Everything that it rests on."""
        return tuple(s for f in self.measured.findings for s in f.evidence)


def documents(laid: Iterable[Laid], tongues: Sequence[Tongue]) -> YardstickOut | None:
    """The first as a document, the others beside it; None where there is none."""
    found = [yardstick_document(y, tongues) for y in laid]
    return found[0].model_copy(update={"beside": found[1:]}) if found else None
