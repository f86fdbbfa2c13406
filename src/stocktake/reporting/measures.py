"""How much a report says, and how well reports can be laid side by side. Measures, never one mark.

Completeness looks at core fields and counts what a reader can use: a value is one; a closed range counts by its width,
``low / high``; a ceiling or a floor alone, a seal and a refusal count nothing and are shown apart. So a State that
seals or withholds everything scores nothing, and a range that says nothing scores next to nothing. Ours; architecture:
"hiding a bad value never improves a State's page".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from stocktake.reporting.form import AnswerState, Form, Line
from stocktake.reporting.handwriting import folded
from stocktake.reporting.layout import CODE
from stocktake.reporting.reports import Answer, Report

PUBLIC = frozenset({AnswerState.VALUE, AnswerState.RANGE, AnswerState.NARRATIVE})
CLOSED = frozenset({AnswerState.WITHHELD, AnswerState.WITHDRAWN, AnswerState.NOT_REPORTED})
RECONSTRUCTED = "x-reconstructed"  # key of a report that nobody filed: put together from what was said in public
ENOUGH = 3  # reports with the same definition, unit and year: comparable (or all of them, where there are fewer)


@dataclass(frozen=True)
class Completeness:
    """``score`` of ``of`` core lines, the others by what stands there; ``of`` leaves out what does not apply."""

    score: Decimal
    of: int
    sealed: int
    bounds: int
    refused: int
    silent: int
    not_applicable: int

    @property
    def share(self) -> Decimal | None:
        """Between 0 and 1; None where no core field applies."""
        return self.score / self.of if self.of else None


def completeness(report: Report, form: Form) -> Completeness:
    core = [line for line in form.lines_of(report.variant) if line.definition.core]
    answers = [(line, report.by_line.get(line.code)) for line in core]
    states = Counter(a.state if a else None for _, a in answers)
    not_applicable = sum(1 for _, a in answers if a and a.state is AnswerState.NOT_APPLICABLE and a.text)
    return Completeness(
        sum((_weight(line, a, report, form) for line, a in answers), Decimal(0)),
        len(core) - not_applicable,
        states[AnswerState.SEALED],
        sum(1 for _, a in answers if a and a.state is AnswerState.RANGE and (a.low is None or a.high is None)),
        sum(states[s] for s in CLOSED),
        states[None],
        not_applicable,
    )


def _weight(line: Line, answer: Answer | None, report: Report, form: Form) -> Decimal:
    match answer.state if answer else None:
        case AnswerState.VALUE:
            return Decimal(1)
        case AnswerState.NARRATIVE:
            return Decimal(line.definition.kind == "text")
        case AnswerState.RANGE if answer and answer.low and answer.high:
            high = Decimal(answer.high)
            return Decimal(answer.low) / high if high else Decimal(1)
        case AnswerState.INCLUDED_ELSEWHERE:
            other = included_in(answer, report, form)
            if other is not None and other.state is not AnswerState.INCLUDED_ELSEWHERE:
                return _weight(form.by_code[other.line], other, report, form)
    return Decimal(0)


def included_in(answer: Answer | None, report: Report, form: Form) -> Answer | None:
    """The answer that includes this one, where it stands in the same report."""
    code = (answer.where or "").strip() if answer else ""
    return report.by_line.get(code) if CODE.fullmatch(code) and code in form.by_code else None


@dataclass(frozen=True)
class Withdrawal:
    """A line that was public in an earlier report and is closed, or passed over in silence, in this one."""

    line: str
    before: Answer
    before_cycle: str
    now: Answer | None


def withdrawals(report: Report, earlier: Sequence[Report], form: Form) -> tuple[Withdrawal, ...]:
    """What was public at the last time that an earlier report spoke of it, and no longer is.

    A sealed answer is no withdrawal: it binds the State to the value. In a report that was put together from public
    sources (``x-reconstructed``) silence is a gap of the record, not an act of the State. ``earlier`` in any order.
    """
    found = []
    before = sorted((r for r in earlier if r.state == report.state and r.cycle < report.cycle), key=lambda r: r.cycle)
    for line in form.lines_of(report.variant):
        now = report.by_line.get(line.code)
        if now is None and report.extra.get(RECONSTRUCTED):
            continue
        if now is not None and now.state not in CLOSED:
            continue
        last = next(((r, a) for r in reversed(before) if (a := r.by_line.get(line.code)) is not None), None)
        if last is not None and last[1].state in PUBLIC:
            found.append(Withdrawal(line.code, last[1], last[0].cycle, now))
    return tuple(found)


def comparability(reports: Sequence[Report], form: Form) -> tuple[int, int]:
    """On how many core quantities enough reports agree in definition, unit and year; and how many there are.

    Fewer than two reports cannot be compared: then (0, n).
    """
    lines = [line for line in form.lines if line.definition.core and line.definition.kind == "quantity"]
    needed = max(2, min(ENOUGH, len(reports)))
    return sum(_agreeing(line, reports) >= needed for line in lines), len(lines)


def _agreeing(line: Line, reports: Sequence[Report]) -> int:
    keys = Counter(
        (folded(a.definition), a.unit, a.as_of[:4])
        for r in reports
        if (a := r.by_line.get(line.code)) is not None and a.interval is not None and a.definition and a.as_of
    )
    return max(keys.values(), default=0)
