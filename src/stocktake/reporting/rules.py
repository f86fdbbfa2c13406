"""Whether a report agrees with itself, with the one before, and with the form. Each rule says why it is there.

Errors block: they are contradictions. Warnings want an answer: the explanation in the text of the line, or in its
column for answers to warnings (``remark``); they may be right. Notes want nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from stocktake.reporting.findings import FormProblem, Place, Severity, problem
from stocktake.reporting.form import AnswerState, Form, Line
from stocktake.reporting.handwriting import folded
from stocktake.reporting.layout import CODE
from stocktake.reporting.measures import withdrawals
from stocktake.reporting.reports import Answer, Report
from stocktake.terms.intervals import Interval

WARNING, NOTE, ERROR = Severity.WARNING, Severity.NOTE, Severity.ERROR
REASONED = (AnswerState.WITHHELD, AnswerState.WITHDRAWN, AnswerState.NOT_APPLICABLE)


def inconsistencies(
    report: Report,
    form: Form,
    *,
    earlier: Sequence[Report] = (),
    others: Sequence[Report] = (),
    places: Mapping[str, Place] | None = None,
) -> tuple[FormProblem, ...]:
    """Every inconsistency of a report.

    ``earlier`` are the State's own reports before, ``others`` those of other States to the same cycle, ``places`` where
    each line stands in the file.
    """
    at = places or {}
    before = max(
        (r for r in earlier if r.state == report.state and r.cycle < report.cycle), key=lambda r: r.cycle, default=None
    )
    found = [
        *_identity(report),
        *_frames(report, form),
        *_silences(report, form),
        *_references(report, form),
        *_totals(report, form),
        *_changes(report, before, form),
        *_withdrawn(report, earlier, form),
        *_definitions(report, others, form),
    ]
    return tuple(_placed(p, report, at) for p in found)


def _placed(p: FormProblem, report: Report, at: Mapping[str, Place]) -> FormProblem:
    answer = report.by_line.get(p.line or "")
    answered = p.severity is WARNING and answer is not None and bool(answer.remark)
    return replace(p, place=at.get(p.line or "", Place(cell=p.line)), answered=answered)


def _said(code: str, line: str, severity: Severity, **said: str) -> FormProblem:
    return problem(code, Place(), line, severity, **said)


def _identity(report: Report) -> Iterator[FormProblem]:
    """Field 1.1 and the head of the file name one State: a report filed under another name is no report."""
    own = report.by_line.get("1.1")
    if own is not None and own.value is not None and own.value != report.state:
        yield _said("head-differs", "1.1", ERROR, other="1.1", found=own.value, expected=report.state)


def _frames(report: Report, form: Form) -> Iterator[FormProblem]:
    """A figure without day, definition and source cannot be compared (comparability problems 1 to 4 of the field)."""
    period = report.period
    for answer in report.answers:
        if answer.interval is not None:
            for key, code in (
                ("as_of", "missing-as-of"),
                ("definition", "missing-definition"),
                ("source", "missing-source"),
            ):
                if not getattr(answer, key):
                    yield _said(code, answer.line, WARNING)
        day = answer.date
        if (
            period
            and day
            and answer.interval is not None
            and not (period[0].first <= day.last and day.first <= period[1].last)
        ):
            expected = f"{period[0]}/{period[1]}"
            yield _said("outside-period", answer.line, WARNING, found=str(day), expected=expected)
        if answer.state in REASONED and not answer.text:
            yield _said("missing-reason", answer.line, NOTE, found=answer.state.value)


def _silences(report: Report, form: Form) -> Iterator[FormProblem]:
    """Silence on a core field differs from a refusal; the State is asked which one it means."""
    for line in form.lines_of(report.variant):
        if line.definition.core and line.code not in report.by_line:
            yield _said("silent-core", line.code, WARNING)


def _references(report: Report, form: Form) -> Iterator[FormProblem]:
    """ "Included elsewhere" has to lead to an answer, not round in a circle."""
    for answer in report.answers:
        where = (answer.where or "").strip()
        if CODE.fullmatch(where):
            other = report.by_line.get(where)
            if other is None or other.state is AnswerState.INCLUDED_ELSEWHERE:
                yield _said("where-unknown", answer.line, ERROR, found=where)


def _totals(report: Report, form: Form) -> Iterator[FormProblem]:
    """A part is never more than its whole; parts that make up a whole come to it. Only figures of one date and unit."""
    for total in form.totals:
        whole = _figure(report, total.whole, form)
        if whole is None:
            continue
        parts = {code: found for code in total.parts if (found := _figure(report, code, form, like=whole)) is not None}
        over = [code for code, (part, _) in parts.items() if _exceeds(part, whole[0])]
        for code in over:
            part = parts[code][0]
            yield _said(
                "part-over-total", code, ERROR, found=_written(part), other=_written(whole[0]), expected=total.whole
            )
        if not over and not _fits(
            [p for p, _ in parts.values()], whole[0], whole_given=total.exact and len(parts) == len(total.parts)
        ):
            explained = bool(report.by_line[total.whole].text)
            severity = WARNING if explained else ERROR
            sum_of = " + ".join(_written(p) for p, _ in parts.values())
            yield _said("parts-not-total", total.whole, severity, found=sum_of, other=_written(whole[0]))


_Figure = tuple[Interval, Answer]


def _figure(report: Report, code: str, form: Form, like: _Figure | None = None) -> _Figure | None:
    """The figure of a line, or the sum of its table; none where date or unit differ from ``like``."""
    answer = report.by_line.get(code)
    if answer is None:
        return None
    interval = answer.interval
    if answer.rows and "number" in form.by_code[code].definition.columns:
        numbers = [Decimal(text) for row in answer.rows for name, text in row if name == "number"]
        interval = Interval.point(sum(numbers, Decimal(0))) if len(numbers) == len(answer.rows) else None
    if interval is None:
        return None
    if like is not None:
        dates = {answer.as_of, like[1].as_of} - {None}
        units = {answer.unit, like[1].unit} - {None}
        if len(dates) > 1 or len(units) > 1:
            return None
    return interval, answer


def _exceeds(part: Interval, whole: Interval) -> bool:
    return part.low is not None and whole.high is not None and part.low > whole.high


def _fits(parts: Sequence[Interval], whole: Interval, *, whole_given: bool) -> bool:
    least = sum((p.low or Decimal(0) for p in parts), Decimal(0))
    if whole.high is not None and least > whole.high:
        return False
    if not whole_given or whole.low is None or any(p.high is None for p in parts):
        return True
    return sum((p.high or Decimal(0) for p in parts), Decimal(0)) >= whole.low


def _written(interval: Interval) -> str:
    if interval.low == interval.high:
        return str(interval.low)
    return f"{interval.low if interval.low is not None else ''}..{interval.high if interval.high is not None else ''}"


def _changes(report: Report, before: Report | None, form: Form) -> Iterator[FormProblem]:
    """What changed since the report before is explained; a text that did not change is not passed off as new."""
    for answer in report.answers if before else ():
        old = before.by_line.get(answer.line) if before else None
        if old is None:
            continue
        now, then = answer.interval, old.interval
        if now is not None and then is not None and now != then and not answer.text:
            yield _said("change-unexplained", answer.line, WARNING, found=_written(now), other=_written(then))
        if (
            answer.definition
            and old.definition
            and not answer.text
            and folded(answer.definition) != folded(old.definition)
        ):
            yield _said("definition-changed", answer.line, WARNING, other=old.definition)
        if answer.state is AnswerState.NARRATIVE and answer.text and answer.text == old.text:
            yield _said("refiled", answer.line, NOTE)


def _withdrawn(report: Report, earlier: Sequence[Report], form: Form) -> Iterator[FormProblem]:
    """What was public before and is closed now is recorded as withdrawn, whatever the word that was chosen for it."""
    for found in withdrawals(report, earlier, form):
        said = found.now is not None and found.now.state is AnswerState.WITHDRAWN and bool(found.now.text)
        if not said:
            yield _said("now-withheld", found.line, WARNING, other=f"{_short(found.before)}, {found.before_cycle}")


def _short(answer: Answer) -> str:
    interval = answer.interval
    return _written(interval) if interval else answer.value or answer.text or answer.state.value


def _definitions(report: Report, others: Sequence[Report], form: Form) -> Iterator[FormProblem]:
    """A figure by another definition than the others' stands beside theirs and cannot be compared with them."""
    for line in form.lines:
        own = report.by_line.get(line.code)
        if own is None or own.interval is None or not own.definition:
            continue
        said = _other_definitions(line, own, others)
        if said:
            yield _said("definition-differs", line.code, NOTE, other=", ".join(said))


def _other_definitions(line: Line, own: Answer, others: Sequence[Report]) -> list[str]:
    return [
        other.state
        for other in others
        if (a := other.by_line.get(line.code)) is not None
        and a.interval is not None
        and a.definition
        and folded(a.definition) != folded(own.definition or "")
    ]
