"""``stocktake.review/1``: the review as data (formats.md section 4). The models are the JSON Schema that we publish."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from stocktake.assessment.findings import Finding, Probability
from stocktake.assessment.objections import Exchange, exchanges
from stocktake.assessment.probability import in_words
from stocktake.assessment.review import ClauseReview, ParagraphReview, Review
from stocktake.evidence.statements import Statement
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import explain, plain
from stocktake.publication.yardsticks import YardstickOut
from stocktake.register.commitments import Link
from stocktake.terms.intervals import Interval
from stocktake.texts.model import Document, Paragraph

FORMAT = "stocktake.review/1"


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", populate_by_name=True)


class ValueOut(_Part):
    """A stated figure or act. ``best`` is null where none was given; a ceiling has only ``high``."""

    kind: str
    low: float | int | None
    best: float | int | None
    high: float | int | None
    unit: str | None
    as_of: str
    speaker: str
    verification: str
    seen: str
    series: str | None
    statement: str
    act: str | None = None


class ChangeOut(_Part):
    low: float | int | None
    best: float | int | None
    high: float | int | None
    unit: str | None


class AcceptanceOut(_Part):
    instrument: str
    how: str


class MarginOut(_Part):
    amount: float | int
    unit: str | None
    reason: str


class ProbabilityOut(_Part):
    """``p``: that the number moved in the direction asked; ``words``: IPCC. Only where an error model is published."""

    p: float
    words: str
    model: str
    sigma: str
    distribution: str
    correlation: str
    correlation_reason: str
    draws: int
    source: str


class FindingOut(_Part):
    """One outcome. ``verdict`` is null where evidence is listed and no verdict is given (``reason``: evidence only)."""

    id: str
    clause: int
    reading: str | None
    indicator: str
    subject: str
    context: bool
    baseline: ValueOut | None
    value: ValueOut | None
    change: ChangeOut | None
    verdict: str | None
    reason: str | None
    tolerance: float | None
    probability: ProbabilityOut | None
    margin: MarginOut | None
    basis: str
    accepted_by_subject: str | None
    acceptance: list[AcceptanceOut]
    explanation: dict[str, str]
    evidence: list[str]
    not_chosen: list[str]


class ReadingOut(_Part):
    id: str
    key: str
    addressees: list[str]
    disputed: list[str]
    outside: list[str]
    unnamed: list[str]
    roster_as_of: str
    tally: dict[str, int]


class ClauseOut(_Part):
    n: int
    duty: str
    verb: str
    asked: dict[str, str]
    recalls: str | None
    readings: list[ReadingOut]
    tally: dict[str, int]
    indicators: list[str]
    without_indicator: dict[str, str] | None


class ObjectionOut(_Part):
    """What an official of ``of`` could object, in our words, and our answer; ``statements`` are public positions."""

    id: str
    side: str
    of: str
    objection: dict[str, str]
    answer: dict[str, str]
    statements: list[str]


class LinkOut(_Part):
    from_: str = Field(alias="from")
    to: str
    edge: str
    checked: bool


class ParagraphOut(_Part):
    id: str
    section: str
    n: int
    paraphrase: dict[str, str]
    words: dict[str, str]
    divergence: dict[str, str] | None
    clauses: list[ClauseOut]
    lineage: list[LinkOut]
    later: list[LinkOut]
    findings: list[FindingOut]
    objections: list[ObjectionOut]


class ReviewOut(_Part):
    """The whole review. ``known_at`` is the checkpoint that it read, or says that it is reconstructed.

    ``yardstick`` is the first one that was given, the others ``beside`` it; null where none was.
    """

    format: str = FORMAT
    resolution: dict[str, Any]
    as_of: str
    known_at: dict[str, Any]
    rules: dict[str, str]
    yardstick: YardstickOut | None = None
    statements: dict[str, dict[str, Any]]
    paragraphs: list[ParagraphOut]


def review_document(
    review: Review, tongues: list[Tongue], known_at: dict[str, Any], text: Document | None = None
) -> ReviewOut:
    """The review as the published document; ``text`` lends the words of its paragraphs where it was given.

    ``known_at`` is the checkpoint of the log that was read, or says that what was known is reconstructed.
    """
    register = review.catalogue.register
    paragraphs = [paragraph_document(p, review, tongues, text) for p in review.paragraphs]
    weighed = {id for p in paragraphs for f in p.findings for id in (*f.evidence, *f.not_chosen)}
    used = sorted(weighed | {id for p in paragraphs for o in p.objections for id in o.statements})
    return ReviewOut(
        resolution={
            "symbol": register.symbol,
            "title": register.title.model_dump(),
            "adopted": str(register.adopted),
            "session": register.session,
            "force": register.force,
            "tally": register.tally,
            "source": register.source,
        },
        as_of=review.as_of.isoformat(),
        known_at=known_at,
        rules={"version": review.catalogue.rules.version},
        statements={id: statement_document(review.catalogue.archive[id]) for id in used},
        paragraphs=paragraphs,
    )


def paragraph_document(
    p: ParagraphReview, review: Review, tongues: list[Tongue], text: Document | None = None
) -> ParagraphOut:
    """One paragraph's whole answer."""
    key = p.paragraph.key
    clauses = {c.clause.n: c for c in p.clauses}
    words = words_of(text, key.section, key.n)
    return ParagraphOut(
        id=p.paragraph.id,
        section=key.section,
        n=key.n,
        paraphrase=p.paragraph.paraphrase.model_dump(),
        words={text.language: words} if text is not None and words else {},
        divergence=p.paragraph.divergence.model_dump() if p.paragraph.divergence else None,
        clauses=[_clause(c, review) for c in p.clauses],
        lineage=[_link(link) for link in p.lineage],
        later=[_link(link) for link in p.later],
        findings=[_finding(f, clauses[f.clause], tongues) for f in p.findings],
        objections=[_objection(e) for e in exchanges(review, p)],
    )


def _objection(e: Exchange) -> ObjectionOut:
    o = e.objection
    return ObjectionOut(
        id=o.id,
        side=o.side.value,
        of=o.of,
        objection=o.objection.model_dump(),
        answer=o.answer.model_dump(),
        statements=[s.id for s in e.positions],
    )


def _link(link: Link) -> LinkOut:
    return LinkOut(**{"from": link.from_, "to": link.to, "edge": link.edge.value, "checked": link.checked})


def words_of(text: Document | None, section: str, n: int) -> str:
    """The words of exactly that paragraph, sub-paragraphs after their chapeau; empty when the text lacks it."""
    if text is None:
        return ""
    rows: tuple[Paragraph, ...] = text.operative if section == "operative" else text.preambular
    return next((_with_items(p) for p in rows if p.n == n), "")


def _with_items(p: Any) -> str:
    return "\n".join([p.text, *(f"{item.label} {_with_items(item)}" for item in p.sub_items)])


def _clause(c: ClauseReview, review: Review) -> ClauseOut:
    return ClauseOut(
        n=c.clause.n,
        duty=c.clause.duty.value,
        verb=c.clause.verb,
        asked=c.clause.asked.model_dump(),
        recalls=c.clause.recalls,
        readings=[
            ReadingOut(
                id=r.id,
                key=r.key,
                addressees=list(r.addressees),
                disputed=list(r.disputed),
                outside=list(r.outside),
                unnamed=list(r.unnamed),
                roster_as_of=review.as_of.isoformat(),
                tally=dict(r.tally),
            )
            for r in c.readings
        ],
        tally=dict(c.tally),
        indicators=list(c.clause.indicators),
        without_indicator=c.clause.without.model_dump() if c.clause.without else None,
    )


def _finding(f: Finding, c: ClauseReview, tongues: list[Tongue]) -> FindingOut:
    o = f.outcome
    unit = f.indicator.unit
    return FindingOut(
        id=f.id,
        clause=f.clause,
        reading=f.reading,
        indicator=f.indicator.id,
        subject=f.subject,
        context=f.context,
        baseline=_value(o.baseline),
        value=_value(o.value),
        change=_change(o.change, unit),
        verdict=o.verdict,
        reason=o.reason,
        tolerance=None if o.tolerance is None else float(round(o.tolerance, 4)),
        probability=_probability(f.probability),
        margin=None
        if o.margin is None
        else MarginOut(amount=_plain(o.margin.amount) or 0, unit=unit, reason=o.margin.reason),
        basis=f.basis,
        accepted_by_subject=f.accepted_by_subject,
        acceptance=[AcceptanceOut(instrument=a.instrument, how=a.how) for a in f.acceptance],
        explanation={t.code: plain(explain(f, c.clause, t)).strip() for t in tongues},
        evidence=[s.id for s in o.evidence],
        not_chosen=[s.id for s in o.not_chosen],
    )


def _probability(found: Probability | None) -> ProbabilityOut | None:
    if found is None:
        return None
    m = found.model
    return ProbabilityOut(
        p=round(found.p, 3),
        words=in_words(found.p),
        model=m.id,
        sigma=str(m.sigma),
        distribution=m.distribution,
        correlation=str(m.correlation),
        correlation_reason=m.correlation_reason,
        draws=found.draws,
        source=f"{m.publisher}, {m.document}, {m.place}",
    )


def _value(s: Statement | None) -> ValueOut | None:
    if s is None:
        return None
    i = s.interval
    return ValueOut(
        kind=s.quantity,
        low=_plain(i.low) if i else None,
        best=_plain(i.best) if i else None,
        high=_plain(i.high) if i else None,
        unit=s.unit,
        as_of=str(s.as_of),
        speaker=s.speaker,
        verification=s.verification.value,
        seen=s.seen.value,
        series=s.series_kind,
        statement=s.id,
        act=s.act,
    )


def _change(change: Interval | None, unit: str | None) -> ChangeOut | None:
    return (
        None
        if change is None
        else ChangeOut(low=_plain(change.low), best=_plain(change.best), high=_plain(change.high), unit=unit)
    )


def _plain(number: Decimal | None) -> float | int | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(round(number, 6))


def statement_document(s: Statement) -> dict[str, Any]:
    """A statement as it stands in the catalogue: numbers as decimal strings, dates as given, nulls left out."""
    row = {name: getattr(s, name) for name in type(s).model_fields}
    return {k: v if isinstance(v, bool) else str(v) for k, v in row.items() if v is not None}


def json_schema() -> dict[str, Any]:
    """JSON Schema of ``stocktake.review/1``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ReviewOut.model_json_schema(by_alias=True)}
