"""The answers through time, in a terminal: a line a question, each answer with the day from which it holds."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from rich.console import Console
from rich.text import Text

from stocktake.assessment.findings import EVIDENCE_ONLY
from stocktake.publication.history import HistoryOut, PeriodOut, QuestionOut
from stocktake.publication.phrases import Tongue
from stocktake.register.indicators import Indicator
from stocktake.terminal.console import hanging, style_of
from stocktake.terms.dates import PartialDate


def print_history(document: HistoryOut, indicators: dict[str, Indicator], t: Tongue, to: Console) -> None:
    """Questions with a verdict to give, by paragraph and indicator; what is only recorded is left out."""
    judged = [q for q in document.questions if any(p.reason != EVIDENCE_ONLY and p.verdict for p in q.periods)]
    for (paragraph, indicator), questions in groupby(judged, key=lambda q: (q.paragraph, q.indicator)):
        to.print(Text(f"\n{paragraph} · {indicators[indicator].name.in_(t.code)}", style="bold"))
        for q in questions:
            to.print(hanging("", _line(q, t)))


def _line(q: QuestionOut, t: Tongue) -> Text:
    label = t.of("readings", q.reading)
    part = f", {t.of('parts', q.part.removeprefix('protocol:'))}" if q.part else ""
    who = f"{t.subject(q.subject)}{part}{t.of('forms', 'open') + label + t.of('forms', 'close') if label else ''}"
    said = [_said(p, t) for p in q.periods]
    return Text(f"{who}{t.of('forms', 'colon')}") + Text(t.of("forms", "semicolon")).join(said)


def _said(period: PeriodOut, t: Tongue) -> Text:
    day = t.date(PartialDate(date.fromisoformat(period.from_), period.from_))
    if period.verdict is None and period.reason is None:
        return Text(f"{t.page('not_put')} {day}", style="dim")
    word = t.of("verdicts", period.verdict) if period.verdict else t.of("reasons", period.reason or "")
    why = f"{t.of('forms', 'open')}{t.of('reasons', period.reason)}{t.of('forms', 'close')}" if period.reason else ""
    sign = t.of("signs", period.verdict) if period.verdict else "·"
    return Text(
        f"{sign} {word}{why if period.verdict else ''} {t.page('since').format(day=day)}",
        style=style_of(period.verdict),
    )
