"""Reports side by side as a page: static, without JavaScript or network, in the style of the review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from stocktake.reporting.comparing import ComparedCell, Comparison, cell_in_words
from stocktake.reporting.form import AnswerState, FormWords, Line

# How a cell is set: a refusal and a silence are as legible as a value, and told apart without colour.
_REFUSED = (AnswerState.WITHHELD, AnswerState.WITHDRAWN, AnswerState.NOT_REPORTED)


def comparison_page(comparison: Comparison, words: FormWords, names: Mapping[str, str], lang: str) -> str:
    """One page with every field that someone answered, by section, and the measures of each report."""
    environment = Environment(
        loader=PackageLoader("stocktake.publication", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    done, of = comparison.comparable
    return environment.get_template("reports.html").render(
        words=words,
        page=words.page,
        lang=lang,
        columns=[{"name": names[c.state], "cycle": c.cycle, "column": c} for c in comparison.columns],
        sections=_sections(comparison, words),
        reconstructed=words.page["reconstructed"] if comparison.reconstructed else "",
        comparable=f"{done} / {of}",
        shown=words.page["all_fields"].format(shown=len(comparison.answered), all=len(comparison.rows)),
        style=environment.get_template("style.css").render(),
    )


def _sections(comparison: Comparison, words: FormWords) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in comparison.answered:
        cells = [_cell(cell, row.line, words) for cell in row.cells]
        found.setdefault(row.line.section, []).append(
            {"code": row.line.code, "label": words.label(row.line), "differs": row.definitions_differ, "cells": cells}
        )
    return [{"n": n, "title": words.sections[n], "rows": rows} for n, rows in found.items()]


def _cell(cell: ComparedCell, line: Line, words: FormWords) -> dict[str, Any]:
    answer = cell.answer
    refused = answer is not None and answer.state in _REFUSED
    return {
        "text": cell_in_words(cell, line, words),
        "kind": "silent" if answer is None else "refused" if refused else answer.state.value,
        "source": (answer.source or "") if answer else "",
        "definition": (answer.definition or "") if answer else "",
        "checked": answer.extra.get("x-checked") if answer else None,
        "lost": cell.before is not None,
    }
