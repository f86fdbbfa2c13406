"""What changed between two reviews as a document: ``stocktake.changes/1``."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from stocktake.assessment.changes import Change, Comparison, Moment
from stocktake.assessment.findings import Finding
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Statement
from stocktake.publication.document import statement_document

FORMAT = "stocktake.changes/1"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class MomentOut(_Part):
    """A day, what was known then (``reconstructed``: before the log began), and the rules in force."""

    as_of: str
    known_at: dict[str, Any]
    rules: dict[str, str]


class AnswerOut(_Part):
    """A finding in short; ``figure`` and ``baseline`` name statements."""

    verdict: str | None
    reason: str | None
    baseline: str | None
    figure: str | None
    tolerance: str | None
    evidence: list[str]


class ReasonOut(_Part):
    """A cause; ``statements`` are those that cannot be left out; ``was`` and ``now`` versions, where rules changed."""

    cause: str
    statements: list[str]
    was: str | None
    now: str | None


class StageOut(_Part):
    """The answer after the pieces of this cause, and of those before it in the list, are laid on."""

    cause: str
    verdict: str | None
    reason: str | None


class ChangeOut(_Part):
    paragraph: str
    clause: int
    indicator: str
    subject: str
    part: str | None
    extent: str
    before: AnswerOut | None
    after: AnswerOut | None
    reasons: list[ReasonOut]
    stages: list[StageOut]


class ChangesOut(_Part):
    """Every finding that changed, with why; of so many questions. ``statements`` holds all that are named."""

    format: str = FORMAT
    register_symbol: str
    from_: MomentOut = Field(alias="from")
    to: MomentOut
    questions: int
    changes: list[ChangeOut]
    statements: dict[str, dict[str, Any]]


def changes_document(found: Comparison, known_from: dict[str, Any], known_to: dict[str, Any]) -> ChangesOut:
    """The comparison with every statement that made a finding change."""
    return ChangesOut(
        register_symbol=found.after.catalogue.register.symbol,
        from_=_moment(found.before, known_from),
        to=_moment(found.after, known_to),
        questions=found.questions,
        changes=[_change(c) for c in found.changes],
        statements={s.id: statement_document(s) for s in named(found)},
    )


def named(found: Comparison) -> list[Statement]:
    """The statements that made a finding change, each once, as they are now, or were where they are gone."""
    ids = dict.fromkeys(id for c in found.changes for r in c.reasons for id in r.statements)
    return [statement_of(id, found.before.catalogue.archive, found.after.catalogue.archive) for id in ids]


def statement_of(id: str, before: Archive, after: Archive) -> Statement:
    return after[id] if id in after else before[id]


def _moment(moment: Moment, known_at: dict[str, Any]) -> MomentOut:
    rules = moment.catalogue.rules
    said = {"version": rules.version, "effective": rules.effective.isoformat()}
    return MomentOut(as_of=moment.as_of.isoformat(), known_at=known_at, rules=said)


def _answer(finding: Finding | None) -> AnswerOut | None:
    if finding is None:
        return None
    o = finding.outcome
    return AnswerOut(
        verdict=o.verdict,
        reason=o.reason,
        baseline=o.baseline.id if o.baseline else None,
        figure=o.value.id if o.value else None,
        tolerance=None if o.tolerance is None else str(o.tolerance),
        evidence=[s.id for s in o.evidence],
    )


def _change(c: Change) -> ChangeOut:
    q = c.question
    return ChangeOut(
        paragraph=q.paragraph,
        clause=q.clause,
        indicator=q.indicator,
        subject=q.subject,
        part=q.part,
        extent=c.extent.value,
        before=_answer(c.before),
        after=_answer(c.after),
        reasons=[
            ReasonOut(cause=r.cause.value, statements=list(r.statements), was=r.was, now=r.now) for r in c.reasons
        ],
        stages=[StageOut(cause=s.cause.value, verdict=s.verdict, reason=s.reason) for s in c.stages],
    )
