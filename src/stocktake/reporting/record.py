"""A report from JSON (``stocktake.report/1``), strictly: canonical forms only, every problem with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from stocktake.reporting.entries import Cell, Clerk, Entry
from stocktake.reporting.findings import FormProblem, FormRefused, Place, problem
from stocktake.reporting.form import FORM_LANGUAGES, Form, Line
from stocktake.reporting.handwriting import Typescript
from stocktake.reporting.reports import ANSWER_KEYS, FORMAT, HEAD_KEYS, SCALARS, Answer, Report

CYCLE = re.compile(r"(?:19|20|21)[0-9]{2}", re.ASCII)


def head_problems(head: Mapping[str, Any], form: Form, states: frozenset[str], place: Place) -> list[FormProblem]:
    """What is wrong with State, cycle, variant and language; one that is wrong says nothing."""
    expected: dict[str, tuple[str, Callable[[str], bool]]] = {
        "state": ("ISO 3166 alpha-3", lambda v: v in states),
        "cycle": ("YYYY", lambda v: CYCLE.fullmatch(v) is not None),
        "variant": (", ".join(form.variants), lambda v: v in form.variants),
        "language": (", ".join(FORM_LANGUAGES), lambda v: v in FORM_LANGUAGES),
    }
    return [
        problem("bad-head", place if place.sheet else Place(cell=key), key=key, expected=what)
        for key, (what, fits) in expected.items()
        if not (isinstance(head.get(key), str) and fits(head[key]))
    ]


def read_record(
    name: str, data: Any, form: Form, states: frozenset[str]
) -> tuple[Report | None, tuple[FormProblem, ...], Mapping[str, Place]]:
    """The report in a JSON value, its problems, and the place of each answer.

    Raises FormRefused for a value that is no report on this form, or on a version that this form cannot read.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise FormRefused("wrong-form", name, expected=f"{FORMAT}, {form.id} {form.version}")
    made = data.get("form")
    made = made if isinstance(made, dict) else {}
    if made.get("id") != form.id:
        raise FormRefused("wrong-form", name, expected=f"{form.id} {form.version}")
    version = made.get("version")
    if version not in form.reads:
        raise FormRefused("wrong-version", name, found=str(version), expected=", ".join(form.reads))
    problems = head_problems(data, form, states, Place())
    clerk = Clerk(form, Typescript(), states, lenient=False)
    answers, places = _answers(data.get("answers"), clerk)
    problems += clerk.problems
    if any(p.code == "bad-head" for p in problems):
        return None, tuple(problems), places
    extra = {k: v for k, v in data.items() if k not in HEAD_KEYS}
    report = Report(data["state"], data["cycle"], data["variant"], data["language"], version, answers, extra)
    return report, tuple(problems), places


def _answers(rows: Any, clerk: Clerk) -> tuple[tuple[Answer, ...], dict[str, Place]]:
    places: dict[str, Place] = {}
    found: dict[str, Answer] = {}
    if not isinstance(rows, list):
        clerk.note("not-text", Place(cell="answers"), found=type(rows).__name__, expected="a list")
        rows = []
    for n, row in enumerate(rows):
        place = Place(cell=f"answers[{n}]")
        line = _line(row, place, clerk)
        if line is None:
            continue
        if line.code in places:
            clerk.note("repeated-line", place, line, found=line.code, other=str(places[line.code]))
            continue
        places[line.code] = place
        answer = clerk.answer(_entry(line, row, place, clerk))
        if answer is not None:
            found[line.code] = answer
    return tuple(found[line.code] for line in clerk.form.lines if line.code in found), places


def _line(row: Any, place: Place, clerk: Clerk) -> Line | None:
    if not isinstance(row, dict):
        clerk.note("not-text", place, found=repr(row)[:60], expected="an object")
        return None
    field, item = row.get("field"), row.get("item")
    line = None
    if isinstance(field, str) and (item is None or isinstance(item, str)):
        line = clerk.form.by_address.get((field, item))
    if line is None:
        said = f"{field}" if item is None else f"{field} {item}"
        clerk.note("unknown-line", Place(cell=f"{place.cell}.field"), found=said)
    return line


def _entry(line: Line, row: Mapping[str, Any], place: Place, clerk: Clerk) -> Entry:
    entry = Entry(line, place)
    for key in ("state", *SCALARS):
        raw = row.get(key)
        if raw is not None:
            entry.cells[key] = Cell(raw, Place(cell=f"{place.cell}.{key}"))
    rows = row.get("rows")
    if rows is not None and not isinstance(rows, list):
        clerk.note("not-text", Place(cell=f"{place.cell}.rows"), line, found=repr(rows)[:60], expected="a list")
    for n, cells in enumerate(rows if isinstance(rows, list) else []):
        entry.rows.append(_cells(line, cells, f"{place.cell}.rows[{n}]", clerk))
    entry.extra = {k: v for k, v in row.items() if k not in ANSWER_KEYS}
    return entry


def _cells(line: Line, row: Any, pointer: str, clerk: Clerk) -> dict[str, Cell]:
    if not isinstance(row, dict) or not row:
        clerk.note("not-text", Place(cell=pointer), line, found=repr(row)[:60], expected="an object with cells")
        return {}
    for name in row:
        if name not in line.definition.columns:
            clerk.note("unknown-column", Place(cell=f"{pointer}.{name}"), line, found=str(name))
    return {
        name: Cell(raw, Place(cell=f"{pointer}.{name}"))
        for name, raw in row.items()
        if name in line.definition.columns and raw is not None
    }
