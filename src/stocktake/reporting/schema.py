"""The JSON Schema of ``stocktake.report/1``, made from the form, so that anyone can validate a report without us.

It states for each line what each kind of answer carries. What needs arithmetic (low not above high, sums) or the whole
report (a line answered twice) is beyond a schema and left to ``stocktake form check``.
"""

from __future__ import annotations

from typing import Any

from stocktake.reporting.entries import CARRIES, CONTENT
from stocktake.reporting.form import FORM_LANGUAGES, AnswerState, ChoiceColumn, Form, Line
from stocktake.reporting.handwriting import MOST_CHARACTERS
from stocktake.reporting.reports import FORMAT

_DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_NUMBER = r"(0|[1-9][0-9]*)(\.[0-9]+)?"
_WHOLE = r"(0|[1-9][0-9]*)(\.0+)?"


def _pattern(pattern: str, most: int | None = None) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern}$"} | ({"maxLength": most} if most else {})


_TEXT: dict[str, Any] = {"type": "string", "maxLength": MOST_CHARACTERS}
_SAID: dict[str, Any] = _TEXT | {"pattern": r"\S"}


def report_schema(form: Form) -> dict[str, Any]:
    """JSON Schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{form.id} {form.version}: a national report ({FORMAT})",
        "type": "object",
        "required": ["format", "form", "state", "cycle", "variant", "language", "answers"],
        "properties": {
            "format": {"const": FORMAT},
            "form": {
                "type": "object",
                "required": ["id", "version"],
                "properties": {"id": {"const": form.id}, "version": {"enum": list(form.reads)}},
            },
            "state": _pattern("[A-Z]{3}"),
            "cycle": _pattern("(19|20|21)[0-9]{2}"),
            "variant": {"enum": list(form.variants)},
            "language": {"enum": list(FORM_LANGUAGES)},
            "answers": {"type": "array", "items": {"oneOf": [_line(form, line) for line in form.lines]}},
        },
    }


def _line(form: Form, line: Line) -> dict[str, Any]:
    """What an answer to one line is: its address, and one of the kinds of answer that it can have."""
    address: dict[str, Any] = {"field": {"const": line.field}}
    address |= {"item": {"const": line.item}} if line.item else {"item": False}
    return {
        "title": line.code,
        "type": "object",
        "required": ["field", "state", *(["item"] if line.item else [])],
        "properties": address | _frame(),
        "oneOf": [_kind(form, line, state) for state in line.states],
    }


def _frame() -> dict[str, Any]:
    return {
        "text": _TEXT,
        "as_of": _pattern(_DATE),
        "definition": _TEXT,
        "source": _TEXT,
        "language": _pattern("[a-z]{2,3}"),
        "supersedes": _TEXT,
        "remark": _TEXT,
    }


def _kind(form: Form, line: Line, state: AnswerState) -> dict[str, Any]:
    kind = line.definition.kind
    carried = set(CARRIES[state]) - ({"value"} if kind == "table" else {"rows"})
    carried -= set() if kind == "quantity" else {"unit"}
    properties: dict[str, Any] = {key: False for key in CONTENT if key not in carried}
    properties |= {key: schema for key, schema in _content(form, line).items() if key in carried}
    properties["state"] = {"const": state.value}
    needed = {
        AnswerState.VALUE: ["rows"] if kind == "table" else ["value"],
        AnswerState.NARRATIVE: ["text"],
        AnswerState.INCLUDED_ELSEWHERE: ["where"],
        AnswerState.SEALED: ["seal"],
    }.get(state, [])
    needed = [*needed, *(["unit"] if "unit" in carried else [])]
    found: dict[str, Any] = {"properties": properties, "required": needed}
    if state is AnswerState.NARRATIVE:
        properties["text"] = _SAID
    if state is AnswerState.RANGE:
        found["anyOf"] = [{"required": ["low"]}, {"required": ["high"]}]
    return found


def _content(form: Form, line: Line) -> dict[str, Any]:
    number = _pattern(_WHOLE if form.whole(line) else _NUMBER, 19)
    value = {
        "quantity": number,
        "choice": {"enum": list(form.choices.get(line.definition.choice or "", ()))},
        "state": _pattern("[A-Z]{3}"),
        "period": _pattern(f"{_DATE}/{_DATE}"),
    }.get(line.definition.kind, _SAID)
    unit = _pattern("[A-Z]{3}") if line.definition.unit == form.currency_unit else {"const": line.definition.unit}
    cells = {name: _cell(form, name, number) for name in line.definition.columns}
    row = {"type": "object", "properties": cells, "additionalProperties": False, "minProperties": 1}
    return {
        "value": value,
        "low": number,
        "high": number,
        "unit": unit,
        "where": _SAID,
        "seal": _pattern("sha256:[0-9a-f]{64}"),
        "rows": {"type": "array", "minItems": 1, "items": row},
    }


def _cell(form: Form, name: str, number: dict[str, Any]) -> dict[str, Any]:
    kind = form.columns[name]
    if isinstance(kind, ChoiceColumn):
        return {"enum": list(form.choices[kind.choice])}
    return {"number": number, "date": _pattern(_DATE), "year": _pattern("[0-9]{4}"), "state": _pattern("[A-Z]{3}")}.get(
        kind, _TEXT
    )
