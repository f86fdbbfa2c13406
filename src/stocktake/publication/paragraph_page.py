"""What the page of one paragraph shows, as plain values for its template."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from stocktake.assessment.change import baselines
from stocktake.assessment.explaining import steps_of
from stocktake.assessment.findings import NO_DATA, UNDETERMINED, Finding
from stocktake.assessment.irreversibility import undoings
from stocktake.assessment.review import ClauseReview, ParagraphReview, Review, asks_no_act
from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.publication.charts import chart, plotted
from stocktake.publication.document import words_of
from stocktake.publication.explanation import step_text, sum_text
from stocktake.publication.objections import exchange_rows
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import Segment, Sentence, computed, explain, figure_of, fill, plain
from stocktake.publication.sources import SourceRow, acceptance_row, computed_row, statement_row
from stocktake.publication.summary import group_name, in_order, label_of, outside_of
from stocktake.publication.undoing import coders_line, undoing_view
from stocktake.register.commitments import Commitment, Duty, Edge
from stocktake.register.indicators import Method
from stocktake.register.policy import Policy
from stocktake.texts.model import Document

# Statements on article VI are the positions that a State would put beside any finding on it.
POSITIONS, MOST_POSITIONS = "article-vi-statement", 9
CHANGES = {Method.CHANGE: "change_change", Method.RECORD: "change_record"}


@dataclass(frozen=True)
class Site:
    """What every page needs: the review, its language, the text if one was given, the policy table."""

    review: Review
    t: Tongue
    text: Document | None
    policy: Policy
    known_at: dict[str, Any]


def dom(finding_id: str) -> str:
    return f"f-{finding_id}"


def signs_of(tally: Mapping[str, int], t: Tongue) -> list[tuple[str, int, str, str]]:
    """Sign, count, word and key of each verdict, in the fixed order."""
    return [(t.of("signs", v), n, t.of("verdicts", v), v) for v, n in in_order(dict(tally)).items()]


def paragraph_view(site: Site, p: ParagraphReview) -> dict[str, Any]:
    """The page of one paragraph: words, paraphrase, clauses with findings, chain, sources."""
    t = site.t
    key = p.paragraph.key
    sources: dict[str, SourceRow] = {}
    clauses = [_clause(site, p, c, sources) for c in p.clauses]
    paraphrase = p.paragraph.paraphrase.in_(t.code)
    words = words_of(site.text, key.section, key.n)
    return {
        "anchor": key.anchor,
        "label": label_of(p, t),
        "heading": t.of("forms", "semicolon").join(c["asked"] for c in clauses) or paraphrase,
        "paraphrase": paraphrase,
        "divergence": p.paragraph.divergence.in_(t.code) if p.paragraph.divergence else "",
        "words": words.split("\n") if words else [],
        "words_lang": site.text.language if site.text else "",
        "clauses": clauses,
        "no_act": asks_no_act(p),
        "exchanges": _exchanges(site, p, sources),
        "chain": _chain(site, p),
        "later": _later(site, p),
        "undoing": _undoing(site, p, sources),
        "sources": list(sources.values()),
    }


def _undoing(site: Site, p: ParagraphReview, sources: dict[str, SourceRow]) -> dict[str, Any]:
    """How hard the measures under this paragraph would be to undo, axis by axis."""
    catalogue = site.review.catalogue
    made = [u for u in undoings(catalogue, site.review.as_of) if p.paragraph.id in u.measure.paragraphs]
    if not made:
        return {"axes": [], "measures": []}
    view = undoing_view(catalogue, made, site.t)
    for row in view["sources"]:
        sources.setdefault(row.id, row)
    return view


def _clause(site: Site, p: ParagraphReview, c: ClauseReview, sources: dict[str, SourceRow]) -> dict[str, Any]:
    t = site.t
    strength = site.policy.strength.of(c.clause.verb)
    register, commitments = site.review.catalogue.register, site.review.catalogue.commitments
    findings = {f.question: f for f in p.findings if f.clause == c.clause.n}.values()
    by_indicator = {id: [f for f in findings if f.indicator.id == id] for id in c.clause.indicators}
    return {
        "n": c.clause.n,
        "duty": t.of("duties", c.clause.duty.value),
        "verb": t.of("verbs", c.clause.verb),
        "asked": c.clause.asked.in_(t.code),
        "strength": strength.in_(t.code) if strength else "",
        "policy": t.page("policy").format(v=site.policy.version),
        "force": t.of("forces", commitments[c.clause.recalls].force if c.clause.recalls else register.force),
        "no_act": c.clause.duty is Duty.NONE,
        "without": c.clause.without.in_(t.code) if c.clause.without else "",
        "readings": [
            {
                "label": t.of("readings", r.id),
                "group": group_name(r, t),
                "outside": outside_of(r, t),
                "many": len(r.addressees) > 1,
                "states": t.listed(sorted(t.subject(a) for a in r.addressees)),
                "tally": signs_of(r.tally, t),
            }
            for r in c.readings
        ],
        "blocks": [_block(site, c, own, sources) for own in by_indicator.values() if own],
        "positions": _positions(site, c, sources),
    }


def _positions(site: Site, c: ClauseReview, sources: dict[str, SourceRow]) -> list[dict[str, str]]:
    """What the States addressed have said themselves on their commitments, latest first: the reply until one comes."""
    archive, as_of = site.review.catalogue.archive, site.review.as_of
    named = {a for r in c.readings for a in r.addressees}
    if c.clause.duty is Duty.NONE or len(named) > MOST_POSITIONS:
        return []
    said = [s for a in sorted(named) for s in archive.about(POSITIONS, a, as_of=as_of)[-1:] if s.speaker == s.subject]
    for s in said:
        sources.setdefault(s.id, statement_row(s, site.t))
    return [_history(s, site.t) for s in said]


def _exchanges(site: Site, p: ParagraphReview, sources: dict[str, SourceRow]) -> list[dict[str, Any]]:
    """What either side could object, with our answer; a public position is a source of the page like any other."""
    rows = exchange_rows(site.review, p, site.t)
    for s in (s for row in rows for s in row.positions):
        sources.setdefault(s.id, statement_row(s, site.t))
    return [{**vars(row), "positions": [_history(s, site.t) for s in row.positions]} for row in rows]


def _block(site: Site, c: ClauseReview, findings: Sequence[Finding], sources: dict[str, SourceRow]) -> dict[str, Any]:
    """One indicator with its findings; States of which nothing is on record are named together."""
    t = site.t
    indicator = findings[0].indicator
    silent = [f for f in findings if indicator.method is Method.RECORD and f.outcome.reason == NO_DATA]
    spoken = [f for f in findings if f not in silent]
    return {
        "name": indicator.name.in_(t.code),
        "definition": indicator.definition.in_(t.code),
        "coders": coders_line(indicator.coders, None, t) if indicator.coders else "",
        "objections": indicator.objections.in_(t.code) if indicator.objections else "",
        "unknown": indicator.unknown.in_(t.code) if indicator.unknown else "",
        "changes_it": t.page(CHANGES.get(indicator.method, "change_status")),
        "silent": t.listed([t.subject(f.subject) for f in silent]),
        "findings": [
            _finding(site, c, f, sources)
            for f in sorted(spoken, key=lambda f: (f.context, t.subject(f.subject), f.part or ""))
        ],
    }


def _finding(site: Site, c: ClauseReview, f: Finding, sources: dict[str, SourceRow]) -> dict[str, Any]:
    t, o = site.t, f.outcome
    sentence = explain(f, c.clause, t)
    _cite(site, f, sources)
    verdict = o.verdict or ""
    adopted = site.review.catalogue.register.adopted.first
    described = t.of("forms", "semicolon").join(
        f"{t.date(s.as_of)}{t.of('forms', 'colon')}{t.figure(s)}" for s in plotted(f)
    )
    told = [s for s in o.not_chosen if s.form not in NUMERIC] if f.indicator.method is Method.CHANGE else []
    listed = o.evidence if f.indicator.method is Method.RECORD and len(o.evidence) > 1 else told
    return {
        "id": dom(f.id),
        "subject": " · ".join(filter(None, (t.subject(f.subject), t.of("parts", f.part) if f.part else None))),
        "context": f.context,
        "sentence": sentence,
        "verdict": verdict,
        "sign": t.of("signs", verdict) if verdict else "",
        "word": t.of("verdicts", verdict) if verdict else t.of("reasons", o.reason or ""),
        "reason": t.of("reasons", o.reason) if o.reason and verdict else "",
        "undetermined": verdict == UNDETERMINED,
        "chart": Markup(chart(f, t, adopted=adopted, title=plain(sentence), describe=described)),
        "caption": _caption(f, t),
        "table": [{"id": s.id, "date": t.date(s.as_of), "figure": t.figure(s)} for s in plotted(f)],
        "history": [_history(s, t) for s in _each_event_once(f, listed)],
        "tolerance": (Segment(t.tolerance(o.tolerance), computed(f)),) if o.tolerance is not None else (),
        "margin": _margin(f, t),
        "baselines": _baselines(f, t) if f.indicator.method is Method.CHANGE else [],
        "steps": _steps(site, f),
        "explain": f"stocktake explain {shlex.quote(f.id)}",
        "basis": t.of("forces", f.basis),
        "acceptance": _acceptance(site, f),
        "evidence": [s.id for s in o.evidence],
        "not_chosen": [s.id for s in o.not_chosen],
    }


def _steps(site: Site, f: Finding) -> list[dict[str, Any]]:
    """How the finding came about, step by step; nothing where no verdict is sought."""
    if f.indicator.method is Method.RECORD:
        return []
    return [
        {"text": step_text(s, site.t), "sum": sum_text(s), "refs": s.statements}
        for s in steps_of(site.review.catalogue, f, site.review.as_of)
    ]


def _each_event_once(f: Finding, statements: Sequence[Statement]) -> list[Statement]:
    """Latest first; where whoever is spoken of is listed, an event between two States is one event."""
    latest_first = sorted(statements, key=lambda s: (s.as_of, s.id), reverse=True)
    if f.indicator.subjects != "any":
        return latest_first
    return list({(s.as_of, s.publisher, s.document, s.act): s for s in latest_first}.values())


def _cite(site: Site, f: Finding, sources: dict[str, SourceRow]) -> None:
    """Add to the table of sources everything that the finding links to."""
    catalogue, as_of = site.review.catalogue, site.review.as_of.isoformat()
    rows = [statement_row(s, site.t) for s in (*f.outcome.evidence, *f.outcome.not_chosen)]
    rows += [acceptance_row(a, catalogue, site.t) for a in f.acceptance]
    if f.outcome.change is not None:
        rows.append(computed_row(f, catalogue.rules.version, as_of, site.t))
    for row in rows:
        sources.setdefault(row.id, row)


def _caption(f: Finding, t: Tongue) -> str:
    value = f.outcome.value
    if value is None or value.form not in NUMERIC:
        return ""
    return " · ".join(
        filter(None, (t.unit(value.unit), t.of("series", value.series_kind or "single"), t.speaker(value.speaker)))
    )


def _history(s: Statement, t: Tongue) -> dict[str, str]:
    text = t.text(s) or " ".join((t.figure(s), t.unit(s.unit))).strip()
    return {
        "id": s.id,
        "date": t.date(s.as_of),
        "text": text,
        "speaker": t.speaker(s.speaker),
        "verification": t.verification(s),
    }


def _margin(f: Finding, t: Tongue) -> Sentence:
    margin = f.outcome.margin
    if margin is None:
        return ()
    values = {
        "amount": t.number(round(margin.amount, 1)),
        "unit": t.unit(f.indicator.unit),
        "reason": t.of("margins", margin.reason),
    }
    return (Segment(plain(fill(t, "margin", values)), computed(f)),)


def _baselines(f: Finding, t: Tongue) -> list[Sentence]:
    """Change since adoption, since 2010 and since the peak: absolute, and as a share of that baseline."""
    value = f.outcome.value
    found: list[Sentence] = []
    for label, s in baselines(f.outcome):
        if value is not None and value.best is not None and s.best:
            change = value.best - s.best
            sign = "+" if change > 0 else "−" if change < 0 else ""
            values: dict[str, str | Sentence] = {
                "label": t.page(label),
                "figure": figure_of(s, t),
                "change": (Segment(t.signed(change), computed(f)),),
                "share": (Segment(f"{sign}{t.share(change / s.best)}", computed(f)),),
            }
            found.append(fill(t, "baseline", values))
    return found


def _acceptance(site: Site, f: Finding) -> list[Sentence]:
    """Each instrument behind the duty and how the subject stands to it, linked to the record of it."""
    t = site.t
    rows = [acceptance_row(a, site.review.catalogue, t).id for a in f.acceptance]
    said = [
        plain(fill(t, "accepted", {"how": t.of("accepted", a.how), "instrument": a.instrument})) for a in f.acceptance
    ]
    return [(Segment(text, id),) for text, id in zip(said, rows, strict=True)]


def _state(commitment: Commitment, t: Tongue) -> str:
    """What ended a commitment, or that it was never adopted; empty while it is live."""
    if not commitment.adopted:
        return str(t.page("not_adopted"))
    return commitment.event.in_(t.code) if commitment.event else ""


def _chain(site: Site, p: ParagraphReview) -> list[dict[str, Any]]:
    """The links behind the paragraph, earliest commitment first."""
    t, commitments = site.t, site.review.catalogue.commitments
    links = sorted(p.lineage, key=lambda link: (commitments[link.from_].year, link.from_, link.to))
    return [
        {
            "from": link.from_,
            "text": commitments[link.from_].paraphrase.in_(t.code),
            "edge": t.of("edges", link.edge.value),
            "to": link.to,
            "checked": t.page("checked" if link.checked else "unchecked"),
            "weaker": link.edge is Edge.RESTATES_WEAKER,
            "state": _state(commitments[link.from_], t),
        }
        for link in links
    ]


def _later(site: Site, p: ParagraphReview) -> list[dict[str, Any]]:
    """The links to what later texts made of the paragraph, earliest text first, in our words where we have them."""
    t, catalogue = site.t, site.review.catalogue
    own = {q.id: q.paraphrase for r in catalogue.registers.values() for q in r.paragraphs}
    words = {id: c.paraphrase for id, c in catalogue.commitments.items()} | own
    years = {id: c.year for id, c in catalogue.commitments.items()}
    years |= {q.id: r.adopted.first.year for r in catalogue.registers.values() for q in r.paragraphs}
    return [
        {
            "from": link.from_,
            "edge": t.of("edges", link.edge.value),
            "to": link.to,
            "text": words[link.to].in_(t.code),
            "checked": t.page("checked" if link.checked else "unchecked"),
            "weaker": link.edge is Edge.RESTATES_WEAKER,
        }
        for link in sorted(p.later, key=lambda k: (years[k.to], k.to, k.from_))
    ]
