"""From a report to statements: what a State declares on this form, as rows of evidence, speaker the State itself.

The one place that knows both shapes. Only lines that name a quantity (``evidence`` in the form) become statements. A
refusal of what was public before is stated as a withdrawal, whatever the word that the State chose; a seal states
nothing about the value, and becomes no statement until it is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from stocktake.evidence.statements import Form as StatementForm
from stocktake.evidence.statements import Statement
from stocktake.reporting.form import AnswerState, Evidence, Form, FormWords, Line
from stocktake.reporting.measures import Withdrawal, withdrawals
from stocktake.reporting.reports import Answer, Report
from stocktake.terms.dates import PartialDate
from stocktake.terms.provenance import Seen, Verification

# Sentences of ours for a refusal; every statement has its words in English and Chinese.
_SILENT = {
    StatementForm.WITHHELD: ("{state} withholds: {label}", "{state}未公开：{label}"),
    StatementForm.WITHDRAWN: ("{state} no longer makes public: {label}", "{state}不再公开：{label}"),
    StatementForm.STATUS: ("{state} declares: {label}: {answer}", "{state}声明：{label}：{answer}"),
}


def declared_statements(
    report: Report,
    form: Form,
    words: Mapping[str, FormWords],
    names: Mapping[str, str],
    *,
    earlier: Sequence[Report] = (),
    stated_on: PartialDate,
) -> tuple[Statement, ...]:
    """The statements that a report yields, in the order of the form.

    ``names`` maps a language to the name of the State, ``earlier`` are its reports before, ``stated_on`` is the day on
    which the report was filed.
    """
    lost = {w.line: w for w in withdrawals(report, earlier, form)}
    return tuple(
        statement
        for line in form.lines
        if line.definition.evidence is not None
        for statement in _statements(
            report, line, line.definition.evidence, words, names, lost.get(line.code), stated_on
        )
    )


def _statements(
    report: Report,
    line: Line,
    evidence: Evidence,
    words: Mapping[str, FormWords],
    names: Mapping[str, str],
    lost: Withdrawal | None,
    stated_on: PartialDate,
) -> Iterator[Statement]:
    answer = report.by_line.get(line.code)
    given = _numbers(answer) or _refusal(answer, lost) or _status(answer, line)
    if given is None:
        return
    form = given["form"]
    bound = form in (StatementForm.CEILING, StatementForm.FLOOR, StatementForm.RANGE) or (
        lost is not None and lost.before.state is AnswerState.RANGE
    )
    text = _SILENT.get(form)
    said = _sentences(text, answer, line, words, names) if text else {}
    quantity = evidence.bound if bound else evidence.value
    yield Statement(
        id=f"sdrf-{report.state.lower()}-{report.cycle}-{line.code}",
        quantity=f"{quantity}-{line.item}" if line.item else quantity,
        subject=report.state,
        as_of=_as_of(report, answer, stated_on),
        stated_on=stated_on,
        speaker=report.state,
        verification=Verification.DECLARED,
        seen=Seen.ORIGINAL,
        publisher=names["en"],
        document=_flat(answer.source if answer else None) or f"National report, cycle {report.cycle}",
        place=f"field {line.code}",
        note=_flat(answer.definition if answer else None),
        **given,
        **said,
    )


def _flat(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


def _sentences(
    text: tuple[str, str], answer: Answer | None, line: Line, words: Mapping[str, FormWords], names: Mapping[str, str]
) -> dict[str, str]:
    return {
        f"text_{lang}": pattern.format(
            state=names[lang], label=words[lang].label(line), answer=_name(answer, line, words[lang])
        )
        for lang, pattern in zip(("en", "zh"), text, strict=True)
    }


def _name(answer: Answer | None, line: Line, words: FormWords) -> str:
    value = answer.value if answer and answer.value else ""
    return words.choices.get(line.definition.choice or "", {}).get(value, value)


def _as_of(report: Report, answer: Answer | None, stated_on: PartialDate) -> PartialDate:
    """The day of the figure; of a refusal, the day on which it was made."""
    if answer is not None and answer.interval is not None:
        if answer.date is not None:
            return answer.date
        if report.period is not None:
            return report.period[1]
    return stated_on


def _numbers(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None or answer.interval is None:
        return None
    low, high = answer.low, answer.high
    if answer.state is AnswerState.VALUE:
        return {"form": StatementForm.NUMBER, "best": Decimal(answer.value or "0"), "unit": answer.unit}
    form = StatementForm.RANGE if low and high else StatementForm.FLOOR if low else StatementForm.CEILING
    bounds = {k: Decimal(v) for k, v in (("low", low), ("high", high)) if v is not None}
    return {"form": form, "unit": answer.unit, **bounds}


def _refusal(answer: Answer | None, lost: Withdrawal | None) -> dict[str, Any] | None:
    if lost is not None:
        return {"form": StatementForm.WITHDRAWN}
    state = answer.state if answer else None
    found = {AnswerState.WITHHELD: StatementForm.WITHHELD, AnswerState.WITHDRAWN: StatementForm.WITHDRAWN}
    return {"form": found[state]} if state in found else None


def _status(answer: Answer | None, line: Line) -> dict[str, Any] | None:
    if answer is None or answer.state is not AnswerState.VALUE or line.definition.kind != "choice":
        return None
    return {"form": StatementForm.STATUS, "act": answer.value}
