"""Reports side by side in a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stocktake.reporting.comparing import Column, Comparison, cell_in_words
from stocktake.reporting.form import Form, FormWords
from stocktake.terminal.console import printable

MOST = 160  # characters of one cell; the whole text stands in the CSV and on the page


def print_comparison(
    comparison: Comparison, form: Form, words: FormWords, names: Mapping[str, str], to: Console
) -> None:
    """A row a field that someone answered, then the measures of each report."""
    table = Table(box=None, pad_edge=False, header_style="dim", show_lines=False)
    table.add_column(words.page["field"], overflow="fold", ratio=2)
    for column in comparison.columns:
        table.add_column(f"{names[column.state]} {column.cycle}", overflow="fold", ratio=3)
    for row in comparison.answered:
        mark = f" ≠ {words.page['definitions']}" if row.definitions_differ else ""
        cells = [_short(cell_in_words(cell, row.line, words)) for cell in row.cells]
        table.add_row(printable(f"{row.line.code} {words.label(row.line)}{mark}"), *map(printable, cells))
    table.add_section()
    for label, texts in measure_rows(comparison, words):
        table.add_row(Text(label, style="dim"), *texts)
    to.print(table)
    done, of = comparison.comparable
    to.print(f"{words.page['comparability']}: {done} / {of}")
    if comparison.reconstructed:
        to.print(words.page["reconstructed"])
    to.print(words.page["all_fields"].format(shown=len(comparison.answered), all=len(form.lines)))


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST else flat[: MOST - 1] + "…"


def measure_rows(comparison: Comparison, words: FormWords) -> list[tuple[str, list[str]]]:
    """Label and one text a column for each measure; a report that is not there has none."""
    page = words.page
    return [
        (page["completeness"], [_completeness(c) for c in comparison.columns]),
        (page["sealed_share"], [_count(c, "sealed") for c in comparison.columns]),
        (page["refused"], [_count(c, "refused") for c in comparison.columns]),
        (page["silence"], [_count(c, "silent") for c in comparison.columns]),
        (page["withdrawals"], [str(len(c.withdrawn)) if c.report else "–" for c in comparison.columns]),
        (page["days_before"], [_filed(c) for c in comparison.columns]),
    ]


def _completeness(column: Column) -> str:
    found = column.completeness
    return f"{found.score:.1f} / {found.of}" if found else "–"


def _count(column: Column, key: str) -> str:
    return str(getattr(column.completeness, key)) if column.completeness else "–"


def _filed(column: Column) -> str:
    said = [f"{f.meeting}: {f.symbol or f.on}" if f.filed else f"{f.meeting}: –" for f in column.filings]
    return "; ".join(said) or "?"
