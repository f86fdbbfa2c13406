"""The problems of a report in a terminal, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from stocktake.reporting.findings import FormProblem, Severity, label_of, message, remedy
from stocktake.reporting.form import Form, FormWords
from stocktake.reporting.reports import Report
from stocktake.terminal.console import printable

STYLES = {Severity.ERROR: "yellow", Severity.WARNING: "", Severity.NOTE: "dim"}


def print_problems(problems: Iterable[FormProblem], words: FormWords, to: Console) -> None:
    """A problem a paragraph: how grave, where, which field, what is wrong, what to do."""
    for p in in_order(problems):
        label = f" · {p.line} {label_of(p.line, words)}" if p.line else ""
        answered = " ✓" if p.answered else ""
        head = f"{words.severities[p.severity]}{answered} · {p.place}{label}"
        to.print(Text(printable(head), style=STYLES[p.severity] or "default"))
        to.print(Text(f"  {printable(message(p, words))}. {printable(remedy(p, words))}"))


def in_order(problems: Iterable[FormProblem]) -> list[FormProblem]:
    """Errors first, then warnings, then notes; in the order of the file within each."""
    return sorted(problems, key=lambda p: list(Severity).index(p.severity))


def print_summary(
    problems: Sequence[FormProblem], report: Report | None, form: Form, words: FormWords, to: Console
) -> None:
    page = words.page
    to.print(Text(page["summary"].format(**counts(problems, report, form))))
    blocked = any(p.severity is Severity.ERROR for p in problems)
    to.print(Text(page["blocked" if blocked else "accepted"], style="bold"))


def counts(problems: Sequence[FormProblem], report: Report | None, form: Form) -> dict[str, int]:
    """How many problems of each kind, and how many lines are answered."""
    lines = form.lines_of(report.variant) if report else form.lines
    answered = {a.line for a in report.answers} if report else set()
    return {
        "errors": sum(p.severity is Severity.ERROR for p in problems),
        "warnings": sum(p.severity is Severity.WARNING for p in problems),
        "answered": sum(p.severity is Severity.WARNING and p.answered for p in problems),
        "notes": sum(p.severity is Severity.NOTE for p in problems),
        "answers": sum(line.code in answered for line in lines),
        "lines": len(lines),
        "core": sum(line.code in answered for line in lines if line.definition.core),
        "core_lines": sum(line.definition.core for line in lines),
    }


def problems_document(
    name: str, problems: Sequence[FormProblem], report: Report | None, form: Form, words: FormWords
) -> dict[str, Any]:
    """The same as data: ``stocktake.form-check/1``."""
    return {
        "format": "stocktake.form-check/1",
        "file": name,
        "accepted": report is not None and not any(p.severity is Severity.ERROR for p in problems),
        **counts(problems, report, form),
        "problems": [
            {
                "code": p.code,
                "severity": p.severity.value,
                "sheet": p.place.sheet,
                "cell": p.place.cell,
                "line": p.line,
                "message": message(p, words),
                "remedy": remedy(p, words),
                "answered": p.answered,
            }
            for p in in_order(problems)
        ],
    }
