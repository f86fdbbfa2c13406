"""What each State makes public, as a document (``stocktake.disclosure/1``), and in the words of a language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from stocktake.assessment.disclosure import Cell, Row
from stocktake.evidence.statements import NUMERIC, Statement
from stocktake.publication.document import statement_document
from stocktake.publication.phrases import Tongue

FORMAT = "stocktake.disclosure/1"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class CellOut(_Part):
    """``weight``: a value counts one, a range low / high. ``measurable`` is null where no indicator weighs it."""

    line: str
    quantity: str
    status: str
    figure: str | None
    weight: str
    disclosed: bool
    comparable_with_own: bool
    comparable_with_others: bool
    measurable: bool | None
    verdict: str | None
    refusals: list[str]


class RowOut(_Part):
    state: str
    complete: str
    of: int
    sealed: int
    cells: list[CellOut]


class DisclosureOut(_Part):
    """States by quantities of the reporting form that an indicator uses; no ranking and no mark."""

    format: str = FORMAT
    as_of: str
    states: list[RowOut]
    statements: dict[str, dict[str, Any]]


def disclosure_document(rows: Sequence[Row], as_of: date) -> DisclosureOut:
    named = {s.id: s for r in rows for c in r.cells for s in (c.figure, *c.refusals) if s is not None}
    return DisclosureOut(
        as_of=as_of.isoformat(),
        states=[
            RowOut(state=r.state, complete=str(r.complete), of=r.of, sealed=r.sealed, cells=[_cell(c) for c in r.cells])
            for r in rows
        ],
        statements={id: statement_document(s) for id, s in sorted(named.items())},
    )


def _cell(c: Cell) -> CellOut:
    return CellOut(
        line=c.asked.line,
        quantity=c.asked.id,
        status=c.status.value,
        figure=c.figure.id if c.figure else None,
        weight=str(c.weight),
        disclosed=c.disclosed,
        comparable_with_own=c.comparable_with_own,
        comparable_with_others=c.comparable_with_others,
        measurable=c.measurable if c.weighed else None,
        verdict=c.verdict,
        refusals=[s.id for s in c.refusals],
    )


def disclosure_view(rows: Sequence[Row], t: Tongue) -> dict[str, Any]:
    """For a page or a terminal: the matrix in words, States by name, and every refusal with its date and words."""
    ordered = sorted(rows, key=lambda r: t.subject(r.state))
    refusals = {s.id: s for r in ordered for c in r.cells for s in c.refusals}
    return {
        "quantities": [t.quantity(c.asked.id) for c in ordered[0].cells] if ordered else [],
        "rows": [
            {
                "state": t.subject(r.state),
                "complete": t.page("dis_complete").format(n=t.number(round(r.complete, 1)), all=r.of),
                "sealed": t.page("dis_sealed").format(n=r.sealed) if r.sealed else "",
                "cells": [cell_words(c, t) for c in r.cells],
            }
            for r in ordered
        ],
        "refusals": [_refusal(s, t) for s in sorted(refusals.values(), key=lambda s: (s.as_of, s.id))],
    }


def cell_words(c: Cell, t: Tongue) -> dict[str, str]:
    """A cell in words: what stands there, and whether it can be compared and measured."""
    comparable = "both" if c.comparable_with_own and c.comparable_with_others else ""
    comparable = comparable or ("own" if c.comparable_with_own else "others" if c.comparable_with_others else "no")
    measured = t.of("verdicts", c.verdict) if c.verdict else t.page("dis_not_measurable")
    return {
        "quantity": t.quantity(c.asked.id),
        "status": t.of("disclosures", c.status.value),
        "figure": _figure(c.figure, t) if c.figure is not None and c.figure.form in NUMERIC else "",
        "comparable": t.of("comparable", comparable) if c.figure is not None and c.figure.form in NUMERIC else "",
        "measurable": t.page("dis_measurable").format(verdict=measured) if c.weighed and c.figure is not None else "",
    }


def _figure(s: Statement, t: Tongue) -> str:
    return f"{t.stated(s)}{t.of('forms', 'open')}{t.date(s.as_of)}{t.of('forms', 'close')}"


def _refusal(s: Statement, t: Tongue) -> dict[str, str]:
    return {
        "id": s.id,
        "when": t.date(s.as_of),
        "what": f"{t.subject(s.subject)} · {t.quantity(s.quantity)}",
        "kind": t.of("disclosures", s.form.value),
        "words": t.text(s),
        "who": t.of("forms", "semicolon").join((t.speaker(s.speaker), t.verification(s))),
        "document": f"{s.publisher}, {s.document}",
        "url": s.url or "",
    }
