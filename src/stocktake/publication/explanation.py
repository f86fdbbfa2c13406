"""The derivation of a finding as a document: ``stocktake.explanation/1``; figures are exact, as decimal strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from stocktake.assessment.explaining import Explanation, Step, Trial
from stocktake.assessment.review import Review
from stocktake.publication.document import statement_document
from stocktake.publication.phrases import Tongue
from stocktake.register.commitments import Clause
from stocktake.terms.dates import PartialDate

FORMAT = "stocktake.explanation/1"
DIGITS = 6  # significant digits of a result that does not come out even
DATES = frozenset({"from", "to", "day", "adopted", "opens", "closes", "as_of"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class StepOut(_Part):
    """``sum`` = ``result`` is a calculation written out, where the step has one."""

    step: str
    values: dict[str, str | None]
    sum: str | None
    result: str | None
    statements: list[str]


class LimitOut(_Part):
    """The verdict falls when this figure alone reaches ``limit``: an error of ``share``."""

    statement: str
    stated: str
    limit: str
    share: str


class TrialOut(_Part):
    without: str
    statements: list[str]
    verdict: str | None
    reason: str | None
    turns: bool


class LeftOut(_Part):
    statement: str
    why: str


class ExplanationOut(_Part):
    """Everything that a finding rests on, and what it would be without any part of it."""

    format: str = FORMAT
    finding: str
    paragraph: str
    clause: int
    duty: str
    reading: str | None
    indicator: str
    subject: str
    adopted: str
    as_of: str
    rules: dict[str, str]
    verdict: str | None
    reason: str | None
    tolerance: str | None
    basis: str
    accepted_by_subject: str | None
    statements: dict[str, dict[str, Any]]
    steps: list[StepOut]
    not_chosen: list[LeftOut]
    limits: list[LimitOut]
    without_claim: list[TrialOut]
    without_source: list[TrialOut]


def explanation_document(found: Explanation, review: Review, paragraph: str, clause: Clause) -> ExplanationOut:
    """The derivation with every statement that it names."""
    f, rules = found.finding, review.catalogue.rules
    named = (*found.inputs, *(s for s, _ in found.left))
    return ExplanationOut(
        finding=f.id,
        paragraph=paragraph,
        clause=f.clause,
        duty=clause.duty.value,
        reading=f.reading,
        indicator=f.indicator.id,
        subject=f.subject,
        adopted=str(review.catalogue.register.adopted),
        as_of=review.as_of.isoformat(),
        rules={"version": rules.version, "effective": rules.effective.isoformat()},
        verdict=f.outcome.verdict,
        reason=f.outcome.reason,
        tolerance=_exact(f.outcome.tolerance),
        basis=f.basis,
        accepted_by_subject=f.accepted_by_subject,
        statements={s.id: statement_document(s) for s in named},
        steps=[_step(s) for s in found.steps],
        not_chosen=[LeftOut(statement=s.id, why=why) for s, why in found.left],
        limits=[
            LimitOut(statement=x.statement, stated=str(x.stated), limit=str(x.limit), share=str(x.share))
            for x in found.limits
        ],
        without_claim=[_trial(t) for t in found.claims],
        without_source=[_trial(t) for t in found.sources],
    )


def step_text(step: Step, t: Tongue) -> str:
    """A step as a sentence of the language, with its numbers; a speaker by name, an open bound as infinity."""

    def shown(key: str, value: object) -> str:
        if value is None:
            return "∞"
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if key == "speaker":
            return t.speaker(str(value))
        return t.date(PartialDate.parse(str(value))) if key in DATES else str(value)

    return t.of("steps", step.key).format(**{k: shown(k, v) for k, v in step.values.items()})


def sum_text(step: Step) -> str:
    """The calculation with its result; one that does not come out even is marked as rounded."""
    if step.sum_ is None or step.result is None:
        return ""
    rounded = Decimal(f"{step.result:.{DIGITS}g}")
    sign = "=" if rounded == step.result else "≈"
    return f"{step.sum_.replace('*', '×')} {sign} {rounded.normalize():f}"


def _exact(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _step(s: Step) -> StepOut:
    return StepOut(
        step=s.key,
        values={k: None if v is None else str(v) for k, v in s.values.items()},
        sum=s.sum_,
        result=_exact(s.result),
        statements=list(s.statements),
    )


def _trial(t: Trial) -> TrialOut:
    return TrialOut(without=t.without, statements=list(t.statements), verdict=t.verdict, reason=t.reason, turns=t.turns)
