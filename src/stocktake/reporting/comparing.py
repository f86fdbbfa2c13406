"""Reports side by side: a row a line, a column a report; gaps, refusals, withdrawals as visible as values."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stocktake.reporting.form import AnswerState, Form, FormWords, Line
from stocktake.reporting.handwriting import folded
from stocktake.reporting.measures import (
    RECONSTRUCTED,
    Completeness,
    Withdrawal,
    comparability,
    completeness,
    withdrawals,
)
from stocktake.reporting.reports import Answer, Report
from stocktake.reporting.saying import answer_in_words

_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


@dataclass(frozen=True)
class Filing:
    """Whether a report was filed with a meeting. ``on`` is a partial date, ``source`` who says so."""

    state: str
    cycle: str
    meeting: str
    filed: bool
    on: str
    symbol: str
    source: str


@dataclass(frozen=True)
class Column:
    """One State in one cycle; ``report`` is None where none is known."""

    state: str
    cycle: str
    report: Report | None
    completeness: Completeness | None
    withdrawn: Mapping[str, Withdrawal]
    filings: tuple[Filing, ...]


@dataclass(frozen=True)
class ComparedCell:
    """What a report says on a line. ``before`` is what was public and is closed now; ``estimate`` what others say."""

    answer: Answer | None
    filed: bool
    before: Withdrawal | None
    estimate: str | None


@dataclass(frozen=True)
class ComparedRow:
    line: Line
    cells: tuple[ComparedCell, ...]
    definitions_differ: bool

    @property
    def is_empty(self) -> bool:
        return all(cell.answer is None and cell.before is None for cell in self.cells)


@dataclass(frozen=True)
class Comparison:
    columns: tuple[Column, ...]
    rows: tuple[ComparedRow, ...]
    comparable: tuple[int, int]

    @property
    def reconstructed(self) -> bool:
        """Whether a report in it was put together from public statements, and filed by nobody."""
        return any(c.report is not None and c.report.extra.get(RECONSTRUCTED) for c in self.columns)

    @property
    def answered(self) -> tuple[ComparedRow, ...]:
        """Rows on which at least one report says something."""
        return tuple(row for row in self.rows if not row.is_empty)


def compare(
    reports: Sequence[Report],
    form: Form,
    wanted: Sequence[tuple[str, str]],
    *,
    filings: Sequence[Filing] = (),
    estimates: Mapping[tuple[str, str, str], str] | None = None,
) -> Comparison:
    """The reports of the wanted (State, cycle) pairs, in that order; where no report is known the column stays empty.

    ``reports`` holds earlier ones too, for what was public before. ``estimates`` maps State, cycle and line to the
    words of an estimate by others.
    """
    by_key = {(r.state, r.cycle): r for r in reports}
    own: dict[str, list[Report]] = {}
    for report in reports:
        own.setdefault(report.state, []).append(report)
    columns = [_column(key, by_key.get(key), own.get(key[0], []), form, filings) for key in wanted]
    said = estimates or {}
    rows = tuple(_row(line, columns, said) for line in form.lines)
    present = [c.report for c in columns if c.report is not None]
    return Comparison(tuple(columns), rows, comparability(present, form))


def _column(
    key: tuple[str, str], report: Report | None, own: Sequence[Report], form: Form, filings: Sequence[Filing]
) -> Column:
    state, cycle = key
    lost = withdrawals(report, own, form) if report else ()
    filed = tuple(f for f in filings if (f.state, f.cycle) == key)
    measured = completeness(report, form) if report else None
    return Column(state, cycle, report, measured, {w.line: w for w in lost}, filed)


def _row(line: Line, columns: Sequence[Column], estimates: Mapping[tuple[str, str, str], str]) -> ComparedRow:
    cells = tuple(
        ComparedCell(
            column.report.by_line.get(line.code) if column.report else None,
            column.report is not None,
            column.withdrawn.get(line.code),
            estimates.get((column.state, column.cycle, line.code)),
        )
        for column in columns
    )
    said = {folded(c.answer.definition) for c in cells if c.answer and c.answer.interval and c.answer.definition}
    return ComparedRow(line, cells, len(said) > 1)


def cell_in_words(cell: ComparedCell, line: Line, words: FormWords) -> str:
    """A cell in one sentence: the answer with its date, or what stands in its place; and what was public before."""
    page = words.page
    answer = cell.answer
    if answer is None:
        said = page["silence"] if cell.filed else page["no_report"]
    else:
        said = answer_in_words(answer, line, words)
        if answer.state not in (AnswerState.VALUE, AnswerState.RANGE, AnswerState.NARRATIVE) and answer.text:
            said += f": {answer.text}"
        said += f" ({answer.as_of})" if answer.as_of and not answer.rows else ""
    if cell.before is not None:
        before = answer_in_words(cell.before.before, line, words)
        said += f"; {page['before'].format(value=f'{before} ({cell.before.before.as_of or cell.before.before_cycle})')}"
    if cell.estimate:
        said += f"; {page['estimates']}: {cell.estimate}"
    return said


CSV_HEADER = (
    "line", "field", "state", "cycle", "kind", "value", "low", "high", "unit", "where", "text", "rows", "as_of",
    "definition", "source", "language", "supersedes", "withdrawn_from", "definitions_differ", "estimate",
)  # fmt: skip


def comparison_csv(comparison: Comparison, words: FormWords) -> str:
    """A row a line and report, every line of the form; text that a spreadsheet would run as a formula is disarmed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    for row in comparison.rows:
        for column, cell in zip(comparison.columns, row.cells, strict=True):
            writer.writerow([_disarmed(text) for text in _csv_row(row, column, cell, words)])
    return out.getvalue()


def _csv_row(row: ComparedRow, column: Column, cell: ComparedCell, words: FormWords) -> list[str]:
    answer = cell.answer
    kind = answer.state.value if answer else "silence" if cell.filed else "no-report"
    keys = ("value", "low", "high", "unit", "where", "text")
    rows = "; ".join(" | ".join(text for _, text in r) for r in answer.rows) if answer else ""
    frame = ("as_of", "definition", "source", "language", "supersedes")
    return [
        row.line.code,
        words.label(row.line),
        column.state,
        column.cycle,
        kind,
        *(getattr(answer, k, None) or "" for k in keys),
        rows,
        *(getattr(answer, k, None) or "" for k in frame),
        cell.before.before_cycle if cell.before else "",
        "yes" if row.definitions_differ else "no",
        cell.estimate or "",
    ]


def _disarmed(text: str) -> str:
    """Text with an apostrophe before what a spreadsheet would take for a formula (OWASP: CSV injection)."""
    return f"'{text}" if _FORMULA.match(text) else text
