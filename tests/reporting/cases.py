"""Reports of every shape that the form allows, for property tests; and a full one, for speed and for corruption."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from stocktake.reporting.entries import CARRIES
from stocktake.reporting.form import AnswerState, ChoiceColumn, Line
from stocktake.reporting.record import read_record
from stocktake.reporting.reports import FORMAT, Report
from stocktake.secretariat.form_catalogue import FormDesk, load_form

DESK: FormDesk = load_form()
FORM = DESK.form

_LETTERS = st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\ufffe\uffff")
_TRAPS = ["=1+1", "@SUM(A1)", "-2", "2.10", "2026", "TRUE", "#REF!", "a\nb", "_x000D_", "'x", "66.80", "C", "2.9:1"]
texts = (st.text(_LETTERS, min_size=1, max_size=60) | st.sampled_from(_TRAPS)).map(str.strip).filter(bool)
whole = st.integers(0, 10**18 - 1).map(str)
dates = st.dates().map(str) | st.integers(1945, 2100).map(str) | st.integers(1, 12).map(lambda m: f"2024-{m:02d}")
JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | texts, lambda inner: st.lists(inner, max_size=3), max_leaves=5
)


@st.composite
def numbers(draw: st.DrawFn, line: Line) -> str:
    if FORM.whole(line):
        return draw(whole)
    head, tail = draw(st.integers(0, 10**9)), draw(st.text("0123456789", max_size=8))
    return f"{head}.{tail}" if tail else str(head)


@st.composite
def cells(draw: st.DrawFn, name: str, line: Line) -> str:
    kind = FORM.columns[name]
    if isinstance(kind, ChoiceColumn):
        return draw(st.sampled_from(FORM.choices[kind.choice]))
    match kind:
        case "number":
            return draw(numbers(line))
        case "date":
            return draw(dates)
        case "year":
            return draw(st.integers(1945, 2100).map(str))
        case "state":
            return draw(st.sampled_from(sorted(DESK.states)))
    return draw(texts)


@st.composite
def values(draw: st.DrawFn, line: Line) -> str:
    match line.definition.kind:
        case "quantity":
            return draw(numbers(line))
        case "choice":
            return draw(st.sampled_from(FORM.choices[line.definition.choice or ""]))
        case "state":
            return draw(st.sampled_from(sorted(DESK.states)))
        case "period":
            first, last = sorted(draw(st.tuples(st.dates(), st.dates())))
            return f"{first}/{last}"
    return draw(texts)


@st.composite
def answers(draw: st.DrawFn, line: Line) -> dict[str, Any]:
    """An answer to a line, of any kind that it can have."""
    state = draw(st.sampled_from(line.states))
    said: dict[str, Any] = {"field": line.field} | ({"item": line.item} if line.item else {}) | {"state": state.value}
    if state is AnswerState.VALUE and line.definition.kind == "table":
        said["rows"] = draw(st.lists(rows(line), min_size=1, max_size=4))
    elif state is AnswerState.VALUE:
        said["value"] = draw(values(line))
    elif state is AnswerState.RANGE:
        bounds = sorted((draw(numbers(line)), draw(numbers(line))), key=Decimal)
        low, high = {"low": bounds[0]}, {"high": bounds[1]}
        said |= draw(st.sampled_from([low, high, low | high]))
    elif state is AnswerState.INCLUDED_ELSEWHERE:
        said["where"] = draw(texts)
    elif state is AnswerState.SEALED:
        said["seal"] = "sha256:" + draw(st.text("0123456789abcdef", min_size=64, max_size=64))
    if line.definition.kind == "quantity" and "unit" in CARRIES[state]:
        said["unit"] = "EUR" if line.definition.unit == FORM.currency_unit else line.definition.unit
    if state is AnswerState.NARRATIVE or draw(st.booleans()):
        said["text"] = draw(texts)
    frame = {"as_of": dates, "definition": texts, "source": texts, "supersedes": texts, "remark": texts}
    for key in draw(st.sets(st.sampled_from(sorted(frame)))):
        said[key] = draw(frame[key])
    if draw(st.booleans()):
        said["language"] = draw(st.sampled_from(["fr", "en", "zh"]))
    if draw(st.integers(0, 9)) == 0:
        said["x-own"] = draw(JSON_VALUES)
    return said


@st.composite
def rows(draw: st.DrawFn, line: Line) -> dict[str, str]:
    names = draw(st.sets(st.sampled_from(line.definition.columns), min_size=1))
    return {name: draw(cells(name, line)) for name in line.definition.columns if name in names}


@st.composite
def report_documents(draw: st.DrawFn, most: int = 12) -> dict[str, Any]:
    """A valid ``stocktake.report/1`` with some lines answered, in the order of the form."""
    wanted = draw(st.sets(st.sampled_from(range(len(FORM.lines))), max_size=most))
    head: dict[str, Any] = {
        "format": FORMAT,
        "form": {"id": FORM.id, "version": FORM.version},
        "variant": "nuclear-weapon",
    }
    head |= {
        "state": draw(st.sampled_from(["CHN", "FRA", "GBR", "RUS", "USA"])),
        "cycle": draw(st.sampled_from(["2015", "2022", "2026"])),
        "language": draw(st.sampled_from(sorted(DESK.words))),
        "answers": [draw(answers(FORM.lines[n])) for n in sorted(wanted)],
    }
    return head | draw(st.sampled_from([{}, {"x-note": {"a": [1, "b"]}}]))


def report_of(document: dict[str, Any]) -> Report:
    report, problems, _ = read_record("test", document, FORM, DESK.states)
    assert report is not None and problems == (), problems
    return report


def simple_answer(line: Line, **said: Any) -> dict[str, Any]:
    """A plain answer of the first kind that the line has."""
    answer: dict[str, Any] = {"field": line.field} | ({"item": line.item} if line.item else {})
    match line.definition.kind:
        case "table":
            row = {name: _plain_cell(name, line) for name in line.definition.columns}
            answer |= {"state": "value", "rows": [row]}
        case "text":
            answer |= {"state": "narrative", "text": f"words on {line.code}"}
        case "quantity":
            unit = "EUR" if line.definition.unit == FORM.currency_unit else line.definition.unit
            answer |= {"state": "value", "value": "12", "unit": unit}
        case "choice":
            answer |= {"state": "value", "value": FORM.choices[line.definition.choice or ""][0]}
        case "state":
            answer |= {"state": "value", "value": "FRA"}
        case "period":
            answer |= {"state": "value", "value": "2021-01-01/2025-12-31"}
        case _:
            answer |= {"state": "value", "value": "NPT/CONF.2026"}
    frame = {
        "as_of": "2025-12-31",
        "definition": "SDRF glossary 1",
        "source": "National report, p. 3",
        "language": "fr",
    }
    return answer | frame | said


def _plain_cell(name: str, line: Line) -> str:
    kind = FORM.columns[name]
    if isinstance(kind, ChoiceColumn):
        return FORM.choices[kind.choice][0]
    return {"number": "7", "date": "2024-05-01", "year": "2024", "state": "DEU"}.get(kind, f"{name} of {line.code}")


def full_document(state: str = "FRA", cycle: str = "2026", language: str = "en") -> dict[str, Any]:
    """A report with a plain answer to every line."""
    return {
        "format": FORMAT,
        "form": {"id": FORM.id, "version": FORM.version},
        "state": state,
        "cycle": cycle,
        "variant": "nuclear-weapon",
        "language": language,
        "answers": [simple_answer(line) | ({"value": state} if line.code == "1.1" else {}) for line in FORM.lines],
    }
