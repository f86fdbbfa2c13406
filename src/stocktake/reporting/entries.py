"""From what stands in the cells of one line to one answer, with every problem found on the way.

Workbooks and JSON pass through the same rules; they differ in the reader of single cells, and in that a workbook has
one column for a value, the place of an included answer, and a seal (``main``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from stocktake.reporting.findings import FormProblem, Place, Severity, problem
from stocktake.reporting.form import AnswerState, ChoiceColumn, Form, Line
from stocktake.reporting.handwriting import Reader, Unread
from stocktake.reporting.reports import Answer, Row

SEAL = re.compile(r"sha256:[0-9a-f]{64}")
CURRENCY = re.compile(r"[A-Z]{3}")
STATE_CODE = re.compile(r"[A-Z]{3}")
PROSE = ("text", "definition", "source", "supersedes", "remark")
# What an answer of each kind may carry beside its frame; a table has rows where others have a value.
CARRIES: Mapping[AnswerState, tuple[str, ...]] = {
    AnswerState.VALUE: ("value", "rows", "unit", "text"),
    AnswerState.RANGE: ("low", "high", "unit", "text"),
    AnswerState.NARRATIVE: ("text",),
    AnswerState.INCLUDED_ELSEWHERE: ("where", "text"),
    AnswerState.NOT_APPLICABLE: ("text",),
    AnswerState.WITHHELD: ("text",),
    AnswerState.NOT_REPORTED: ("text",),
    AnswerState.WITHDRAWN: ("text",),
    AnswerState.SEALED: ("seal", "text"),
}
CONTENT = ("value", "low", "high", "unit", "where", "seal", "rows")


class Cell(NamedTuple):
    raw: Any
    place: Place


@dataclass
class Entry:
    """The filled cells of one line by column, and the rows of its table. ``place`` is where the line stands."""

    line: Line
    place: Place
    cells: dict[str, Cell] = field(default_factory=dict)
    rows: list[dict[str, Cell]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    broken: bool = False  # a cell of it could not be read at all, and was reported


class Clerk:
    """Reads entries into answers with one reader and notes what is wrong. ``states`` are the ISO codes that exist."""

    def __init__(
        self,
        form: Form,
        reader: Reader,
        states: frozenset[str],
        *,
        lenient: bool,
    ) -> None:
        self.form, self.reader, self.states, self.lenient = form, reader, states, lenient
        self.problems: list[FormProblem] = []
        self.errors = 0

    def note(self, code: str, place: Place, line: Line | None = None, **said: str) -> None:
        self.problems.append(problem(code, place, line.code if line else None, **said))
        self.errors += 1

    def warn(self, code: str, place: Place, line: Line | None = None, **said: str) -> None:
        self.problems.append(problem(code, place, line.code if line else None, Severity.WARNING, **said))

    def answer(self, entry: Entry) -> Answer | None:
        """The answer of an entry; None where there is none, or where a problem was noted instead."""
        if not (entry.cells.keys() - {"unit"}) and not entry.rows:
            return None
        before = self.errors
        state = self._state(entry)
        if state is None:
            return None
        if self.lenient:
            self._settle_main(entry, state)
        parts: dict[str, Any] = {k: v for k in PROSE if (v := self._read(entry, k, self.reader.text))}
        parts |= {"as_of": self._read(entry, "as_of", self.reader.date), "language": self._language(entry)}
        parts |= self._content(entry, state)
        if entry.broken:
            return None
        self._needs(entry, state, parts)
        if self.errors > before:
            return None
        return Answer(entry.line.code, state, extra=entry.extra, **parts)

    def _read(self, entry: Entry, key: str, read: Callable[[Any], str]) -> str | None:
        cell = entry.cells.get(key)
        if cell is None:
            return None
        try:
            return read(cell.raw) or None
        except Unread as error:
            self.note(error.problem_code, cell.place, entry.line, **error.said)
        return None

    def _names(self, states: Iterable[AnswerState]) -> str:
        return ", ".join(s.value for s in states)

    def _state(self, entry: Entry) -> AnswerState | None:
        cell, line = entry.cells.get("state"), entry.line
        if cell is None and entry.broken:
            return None
        if cell is None:
            return self._inferred(entry)
        try:
            state = self.reader.state(cell.raw)
        except Unread as error:
            said = {**error.said, "expected": self._names(line.states)}
            self.note(error.problem_code, cell.place, line, **said)
            return None
        if self.lenient and state is AnswerState.VALUE and line.definition.kind == "text":
            state = AnswerState.NARRATIVE  # people say "value" of a text
        if state not in line.states:
            self.note("kind-not-allowed", cell.place, line, found=state.value, expected=self._names(line.states))
            return None
        return state

    def _inferred(self, entry: Entry) -> AnswerState | None:
        """The kind of answer where nobody chose one and only one fits what stands there; asked for otherwise."""
        line = entry.line
        filled = {k for k in ("main", "value", "low", "high", "text") if k in entry.cells} | (
            {"rows"} if entry.rows else set()
        )
        fits = None
        if (line.definition.kind == "text" and filled and filled <= {"main", "text"}) or filled == {"text"}:
            fits = AnswerState.NARRATIVE
        elif filled <= {"low", "high", "text"} and line.definition.kind == "quantity" and filled & {"low", "high"}:
            fits = AnswerState.RANGE
        elif ("rows" in filled and filled <= {"rows", "text"}) or (
            "main" in filled and filled <= {"main", "text"} and line.definition.kind != "table"
        ):
            fits = AnswerState.VALUE
        place = next((c.place for k, c in entry.cells.items() if k != "unit"), entry.place)
        if fits is None or not self.lenient:
            self.note("missing-kind", place, line, expected=self._names(line.states))
            return None
        self.warn("kind-inferred", place, line, expected=fits.value)
        return fits

    def _settle_main(self, entry: Entry, state: AnswerState) -> None:
        """Give the one column for values the name of what it holds under this kind of answer."""
        cell = entry.cells.pop("main", None)
        if cell is None:
            return
        if state is AnswerState.NARRATIVE and "text" not in entry.cells:
            entry.cells["text"] = cell
        else:
            key = {AnswerState.INCLUDED_ELSEWHERE: "where", AnswerState.SEALED: "seal"}.get(state, "value")
            entry.cells[key] = cell

    def _language(self, entry: Entry) -> str | None:
        def read(raw: Any) -> str:
            code = self.reader.text(raw).lower()
            if not re.fullmatch(r"[a-z]{2,3}", code):
                raise Unread("unknown-choice", found=str(raw), expected="ar, zh, en, fr, ru, es")
            return code

        return self._read(entry, "language", read)

    def _content(self, entry: Entry, state: AnswerState) -> dict[str, Any]:
        """What the kind of answer carries, read by the kind of field; what it cannot carry is reported."""
        kind, whole = entry.line.definition.kind, self.form.whole(entry.line)
        carried = set(CARRIES[state]) - ({"value"} if kind == "table" else {"rows"})
        if kind != "quantity":
            carried.discard("unit")
            if self.lenient:
                entry.cells.pop("unit", None)
        if self.lenient and "unit" not in carried:
            entry.cells.pop("unit", None)  # printed on the form beside every figure
        for key in CONTENT:
            if key not in carried and (key in entry.cells or key == "rows"):
                self._refuse_spare(entry, key, state)
        read: dict[str, Callable[[Any], str]] = {
            "value": lambda raw: self._value(raw, entry.line),
            "low": lambda raw: self.reader.number(raw, whole=whole),
            "high": lambda raw: self.reader.number(raw, whole=whole),
            "unit": lambda raw: self._unit(raw, entry.line),
            "where": self.reader.text,
            "seal": self._seal,
        }
        parts: dict[str, Any] = {k: self._read(entry, k, read[k]) for k in carried & read.keys()}
        if "rows" in carried:
            parts["rows"] = self._rows(entry)
        self._order(entry, parts)
        return parts

    def _refuse_spare(self, entry: Entry, key: str, state: AnswerState) -> None:
        """Report the first cell that this kind of answer cannot have: a value that was meant to be withheld, say."""
        rows = (cell for row in entry.rows for cell in row.values())
        cell = next(rows, None) if key == "rows" else entry.cells[key]
        if cell is not None:
            self.note("spare-content", cell.place, entry.line, found=state.value, other=str(cell.raw))

    def _order(self, entry: Entry, parts: Mapping[str, Any]) -> None:
        low, high = parts.get("low"), parts.get("high")
        if low is not None and high is not None and Decimal(low) > Decimal(high):
            self.note("bounds-reversed", entry.cells["low"].place, entry.line, found=low, other=high)

    def _value(self, raw: Any, line: Line) -> str:
        match line.definition.kind:
            case "quantity":
                return self.reader.number(raw, whole=self.form.whole(line))
            case "choice":
                name = line.definition.choice or ""
                return self.reader.choice(raw, self.form.choices[name], name)
            case "state":
                return self._country(raw)
            case "period":
                return self.reader.period(raw)
            case _:
                return self.reader.text(raw)

    def _country(self, raw: Any) -> str:
        code = self.reader.text(raw)
        code = code.upper() if self.lenient else code
        if not STATE_CODE.fullmatch(code) or code not in self.states:
            raise Unread("unknown-choice", found=code, expected="ISO 3166 alpha-3")
        return code

    def _unit(self, raw: Any, line: Line) -> str:
        text = self.reader.text(raw)
        unit = line.definition.unit or ""
        if unit == self.form.currency_unit:
            code = text.upper() if self.lenient else text
            if not CURRENCY.fullmatch(code):
                raise Unread("wrong-unit", found=text, expected="ISO 4217")
            return code
        known = self._unit_names(unit) if self.lenient else {unit}
        if text.casefold() not in known:
            raise Unread("wrong-unit", found=text, expected=unit)
        return unit

    def _unit_names(self, unit: str) -> set[str]:
        words = getattr(self.reader, "all", {})
        return {unit.casefold(), *(w.units.get(unit, unit).casefold() for w in words.values())}

    def _seal(self, raw: Any) -> str:
        text = self.reader.text(raw)
        if not SEAL.fullmatch(text):
            raise Unread("bad-seal", found=text)
        return text

    def _rows(self, entry: Entry) -> tuple[Row, ...]:
        return tuple(row for cells in entry.rows if (row := self._row(entry, cells)))

    def _row(self, entry: Entry, cells: Mapping[str, Cell]) -> Row:
        found = []
        for name in entry.line.definition.columns:
            cell = cells.get(name)
            if cell is None:
                continue
            try:
                text = self._cell(name, cell.raw, entry.line)
            except Unread as error:
                self.note(error.problem_code, cell.place, entry.line, **error.said)
                continue
            if text:
                found.append((name, text))
        return tuple(found)

    def _cell(self, name: str, raw: Any, line: Line) -> str:
        kind = self.form.columns[name]
        if isinstance(kind, ChoiceColumn):
            return self.reader.choice(raw, self.form.choices[kind.choice], kind.choice)
        match kind:
            case "number":
                return self.reader.number(raw, whole=self.form.whole(line))
            case "date":
                return self.reader.date(raw)
            case "year":
                year = self.reader.date(raw)
                if len(year) != 4:
                    raise Unread("not-a-date", found=str(raw), expected="YYYY")
                return year
            case "state":
                return self._country(raw)
        return self.reader.text(raw)

    def _needs(self, entry: Entry, state: AnswerState, parts: Mapping[str, Any]) -> None:
        """Report what the kind of answer needs and has not; a cell that was filled and not read is reported already."""
        if state is AnswerState.RANGE:
            if not {"low", "high"} & entry.cells.keys():
                self._missing(entry, state, "low", "low, high")
            return self._need_unit(entry, state)
        key = {
            AnswerState.VALUE: "rows" if entry.line.definition.kind == "table" else "value",
            AnswerState.NARRATIVE: "text",
            AnswerState.INCLUDED_ELSEWHERE: "where",
            AnswerState.SEALED: "seal",
        }.get(state)
        if key == "rows":
            present = bool(parts.get("rows")) or any(entry.rows)
        else:
            present = key is None or (key in entry.cells and str(entry.cells[key].raw).strip() != "")
        if key and not present:
            self._missing(entry, state, key, key)
        if state is AnswerState.VALUE:
            self._need_unit(entry, state)
        return None

    def _need_unit(self, entry: Entry, state: AnswerState) -> None:
        if entry.line.definition.kind == "quantity" and "unit" not in entry.cells:
            self._missing(entry, state, "unit", entry.line.definition.unit or "unit")

    def _missing(self, entry: Entry, state: AnswerState, key: str, expected: str) -> None:
        place = entry.cells["state"].place if "state" in entry.cells else entry.place
        self.note("missing-content", place, entry.line, found=state.value, expected=expected)
