"""The mirror as data and as what a page or a terminal shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from stocktake.assessment.findings import Finding, Outcome
from stocktake.assessment.mirror import Mirrored, Reporting
from stocktake.assessment.review import ClauseReview, ParagraphReview
from stocktake.publication.document import ParagraphOut, paragraph_document, statement_document
from stocktake.publication.phrases import Tongue
from stocktake.publication.sentences import explain, fill, plain
from stocktake.publication.sources import SourceRow, statement_row
from stocktake.publication.summary import in_order
from stocktake.terms.ids import ParagraphId

FORMAT = "stocktake.mirror/1"


class AnswerOut(BaseModel):
    """What is on record of one party in one cycle; ``evidence`` are ids of statements."""

    verdict: str | None
    reason: str | None
    evidence: list[str]


class CycleOut(BaseModel):
    """One review cycle; ``tally`` counts verdicts, and the reasons of what is undetermined after a colon."""

    name: dict[str, str]
    indicator: str
    opens: str | None
    closes: str | None
    tally: dict[str, int]
    parties: dict[str, AnswerOut]


class RegisterOut(BaseModel):
    """What one register asks of the subjects; ``also`` are paragraphs that are put to no State alone."""

    symbol: str
    paragraphs: list[ParagraphOut]
    also: list[str]


class MirrorOut(BaseModel):
    """``stocktake.mirror/1``: paragraphs in the form of `stocktake.review/1`, narrowed to the subjects."""

    format: str = FORMAT
    subjects: list[str]
    as_of: str
    known_at: dict[str, Any]
    rules: dict[str, str]
    registers: list[RegisterOut]
    reporting: list[CycleOut]
    statements: dict[str, dict[str, Any]]


def mirror_document(made: Mirrored, tongues: list[Tongue], known_at: dict[str, Any]) -> MirrorOut:
    """The mirror as the published document."""
    registers = [
        RegisterOut(
            symbol=r.catalogue.register.symbol,
            paragraphs=[paragraph_document(p, r, tongues) for p in r.paragraphs],
            also=list(made.also[r.catalogue.register.symbol]),
        )
        for r in made.reviews
    ]
    reporting = [_cycle(made, r) for r in made.reporting]
    used = {id for r in registers for p in r.paragraphs for f in p.findings for id in (*f.evidence, *f.not_chosen)}
    used |= {id for c in reporting for a in c.parties.values() for id in a.evidence}
    return MirrorOut(
        subjects=list(made.subjects),
        as_of=made.as_of.isoformat(),
        known_at=known_at,
        rules={"version": made.catalogue.rules.version},
        registers=registers,
        reporting=reporting,
        statements={id: statement_document(made.catalogue.archive[id]) for id in sorted(used)},
    )


def _cycle(made: Mirrored, r: Reporting) -> CycleOut:
    indicator = made.catalogue.indicators[r.cycle.indicator]
    return CycleOut(
        name=r.cycle.name.model_dump(),
        indicator=indicator.id,
        opens=indicator.from_,
        closes=indicator.deadline,
        tally=dict(sorted(Counter(map(_word, r.outcomes.values())).items())),
        parties={
            state: AnswerOut(verdict=o.verdict, reason=o.reason, evidence=[s.id for s in o.evidence])
            for state, o in r.outcomes.items()
        },
    )


def _word(o: Outcome) -> str:
    return f"{o.verdict}: {o.reason}" if o.reason else o.verdict or ""


def mirror_view(made: Mirrored, t: Tongue) -> dict[str, Any]:
    """What is shown: each question with an answer a State, then who else is addressed, then the reports by cycle."""
    sources: dict[str, SourceRow] = {}
    parts = [_part(p, c, t) for r in made.reviews for p in r.paragraphs for c in p.clauses]
    cited = [s for r in made.reviews for p in r.paragraphs for f in p.findings for s in f.outcome.evidence]
    cited += [s for r in made.reporting for o in r.outcomes.values() for s in o.evidence]
    for s in cited:
        sources.setdefault(s.id, statement_row(s, t))
    return {
        "who": t.listed([t.subject(s) for s in made.subjects]),
        "parts": parts,
        "also": [f"{symbol}{t.of('forms', 'colon')}{_listed(ids, t)}" for symbol, ids in made.also.items() if ids],
        "cycles": [_reports(r, t) for r in made.reporting],
        "sources": list(sources.values()),
    }


def _listed(ids: Sequence[str], t: Tongue) -> str:
    keys = [ParagraphId.parse(id) for id in ids]
    return t.listed([t.page(key.prefix).format(n=key.number) for key in keys])


def _part(p: ParagraphReview, c: ClauseReview, t: Tongue) -> dict[str, Any]:
    key = p.paragraph.key
    own = {f.question: f for f in p.findings if f.clause == c.clause.n}.values()
    return {
        "label": f"{key.symbol} {t.page(key.prefix).format(n=key.number)}",
        "asked": c.clause.asked.in_(t.code),
        "duty": t.of("duties", c.clause.duty.value),
        "tally": [(t.of("signs", v), n, t.of("verdicts", v), v) for v, n in in_order(dict(c.tally)).items()],
        "lines": [_line(f, c, t) for f in sorted(own, key=lambda f: (t.subject(f.subject), f.indicator.id))],
    }


def _line(f: Finding, c: ClauseReview, t: Tongue) -> dict[str, Any]:
    verdict = f.outcome.verdict
    accepted = [
        plain(fill(t, "accepted", {"how": t.of("accepted", a.how), "instrument": a.instrument})) for a in f.acceptance
    ]
    return {
        "verdict": verdict or "record",
        "sign": t.of("signs", verdict) if verdict else "·",
        "sentence": explain(f, c.clause, t),
        "basis": t.of("forces", f.basis),
        "accepted": t.of("forms", "semicolon").join(accepted),
        "ids": [s.id for s in f.outcome.evidence],
    }


def _reports(r: Reporting, t: Tongue) -> dict[str, Any]:
    on_record = {state: o for state, o in r.outcomes.items() if o.evidence}
    rest = Counter((o.verdict or "", o.reason or "") for state, o in r.outcomes.items() if state not in on_record)
    named = sorted(on_record.items(), key=lambda item: t.subject(item[0]))
    return {
        "name": r.cycle.name.in_(t.code),
        "on_record": [
            {"name": t.subject(s), "word": f"{t.of('signs', v)} {t.of('verdicts', v)}", "id": o.evidence[-1].id}
            for s, o in named
            for v in (o.verdict or "",)
        ],
        "rest": [_counted(verdict, reason, n, t) for (verdict, reason), n in sorted(rest.items())],
    }


def _counted(verdict: str, reason: str, n: int, t: Tongue) -> str:
    said = (t.of("verdicts", verdict), t.of("reasons", reason) if reason else "", t.page("mirror_parties").format(n=n))
    return t.of("forms", "colon").join(filter(None, said))
