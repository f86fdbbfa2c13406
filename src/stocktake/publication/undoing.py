"""Irreversibility as data and as what a page or a terminal shows: a measure a row, an axis a column, nothing added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from stocktake.assessment.irreversibility import Agreement, OnAxis, Undoing, agreement, undoings
from stocktake.assessment.review import Catalogue
from stocktake.publication.document import statement_document
from stocktake.publication.phrases import Tongue
from stocktake.publication.sources import SourceRow, statement_row

FORMAT = "stocktake.irreversibility/1"


class CodingOut(BaseModel):
    """One coder's word, with the statements on which it rests."""

    coder: str
    word: str
    statements: list[str]
    note: dict[str, str] | None


class AxisOut(BaseModel):
    """One measure on one axis; ``verdict`` and ``reason`` stand where nothing is coded."""

    axis: str
    codings: list[CodingOut]
    verdict: str | None
    reason: str | None


class MeasureOut(BaseModel):
    id: str
    name: dict[str, str]
    subject: str
    paragraphs: list[str]
    axes: list[AxisOut]
    objections: dict[str, str]


class AgreementOut(BaseModel):
    """``kappa`` is null where it is not available: one coder, nothing coded by all, or no room beyond chance."""

    axis: str
    coders: int
    shared: int
    kappa: float | None


class IrreversibilityOut(BaseModel):
    """``stocktake.irreversibility/1``: measures on four axes as of a day; there is no total."""

    format: str = FORMAT
    as_of: str
    known_at: dict[str, Any]
    axes: list[dict[str, Any]]
    measures: list[MeasureOut]
    agreement: list[AgreementOut]
    statements: dict[str, dict[str, Any]]


def undoing_document(catalogue: Catalogue, as_of: date, known_at: dict[str, Any]) -> IrreversibilityOut:
    """Irreversibility as the published document."""
    made = undoings(catalogue, as_of)
    used = sorted({s.id for u in made for a in u.axes for s in a.statements})
    return IrreversibilityOut(
        as_of=as_of.isoformat(),
        known_at=known_at,
        axes=[a.model_dump() for a in catalogue.irreversibility.axes],
        measures=[
            MeasureOut(
                id=u.measure.id,
                name=u.measure.name.model_dump(),
                subject=u.measure.subject,
                paragraphs=list(u.measure.paragraphs),
                axes=[_axis(a) for a in u.axes],
                objections=u.measure.objections.model_dump(),
            )
            for u in made
        ],
        agreement=[
            AgreementOut(
                axis=a.axis, coders=a.coders, shared=a.shared, kappa=None if a.kappa is None else round(a.kappa, 3)
            )
            for a in agreements(catalogue, made)
        ],
        statements={id: statement_document(catalogue.archive[id]) for id in used},
    )


def _axis(a: OnAxis) -> AxisOut:
    codings = [
        CodingOut(
            coder=c.coder, word=c.word, statements=list(c.statements), note=c.note.model_dump() if c.note else None
        )
        for c in a.codings
    ]
    return AxisOut(
        axis=a.axis.id,
        codings=codings,
        verdict=None if codings else "undetermined",
        reason=None if codings else "no data",
    )


def agreements(catalogue: Catalogue, made: Sequence[Undoing]) -> list[Agreement]:
    """Agreement of the coders, axis by axis."""
    scheme = catalogue.irreversibility
    return [agreement(scheme, tuple(made), axis) for axis in scheme.axes]


def undoing_view(catalogue: Catalogue, made: Iterable[Undoing], t: Tongue) -> dict[str, Any]:
    """The table of measures, what the words mean, how far coders agree, and the sources."""
    made = sorted(made, key=lambda u: (t.subject(u.measure.subject), u.measure.id))
    sources: dict[str, SourceRow] = {}
    for s in (s for u in made for a in u.axes for s in a.statements):
        sources.setdefault(s.id, statement_row(s, t))
    agreed = {a.axis: a for a in agreements(catalogue, made)}
    return {
        "axes": [
            {
                "name": a.name.in_(t.code),
                "definition": a.definition.in_(t.code),
                "words": [(w.name.in_(t.code), w.definition.in_(t.code)) for w in a.words],
                "coders": coders_line(agreed[a.id].coders, agreed[a.id].kappa, t),
            }
            for a in catalogue.irreversibility.axes
        ],
        "measures": [
            {
                "subject": t.subject(u.measure.subject),
                "name": u.measure.name.in_(t.code),
                "cells": [_cell(a, t) for a in u.axes],
                "objections": u.measure.objections.in_(t.code),
            }
            for u in made
        ],
        "sources": list(sources.values()),
    }


def coders_line(coders: int, kappa: float | None, t: Tongue) -> str:
    """How many coders there are, and how far they agree, or that this is not available."""
    said = t.page("coders_none") if kappa is None else f"κ {kappa:.2f}"
    return str(t.page("coders").format(n=coders, kappa=said))


def _cell(a: OnAxis, t: Tongue) -> dict[str, Any]:
    names = {w.id: w.name.in_(t.code) for w in a.axis.words}
    words = t.of("forms", "semicolon").join(names[w] for w in a.words)
    notes = t.of("forms", "semicolon").join(c.note.in_(t.code) for c in a.codings if c.note)
    return {
        "axis": a.axis.name.in_(t.code),
        "word": words or t.page("undoing_unknown"),
        "known": bool(a.codings),
        "note": notes,
        "ids": [s.id for s in a.statements],
    }
