"""From the sheets of a workbook to a report, with every problem by sheet and cell.

Sheets are told by the codes in them, columns by their headings in any of the six languages; both may be renamed, moved
or interrupted. Nothing that was typed is passed over in silence: what stands outside the cells of the form is reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from stocktake.reporting.entries import Cell, Clerk, Entry
from stocktake.reporting.findings import FormProblem, FormRefused, Place
from stocktake.reporting.form import Form, FormWords, Line
from stocktake.reporting.handwriting import Handwriting, Unread, folded, plain_number
from stocktake.reporting.layout import (
    ANSWERED,
    AT,
    CODE,
    COLUMNS,
    RECORD_SHEET,
    SHARED_BY_MERGE,
    Sheet,
    cell_name,
    table_positions,
)
from stocktake.reporting.record import head_problems
from stocktake.reporting.reports import ANSWER_KEYS, HEAD_KEYS, Answer, Report

COVER = ("state", "cycle", "variant", "version", "language")  # what the cover says, beside its name
LEAST_HEADINGS = 4  # a row with so many headings of ours is the row of headings
# What a spreadsheet would take for a formula if it were typed into a cell: "=1+1", "@SUM(1)", "-cmd|'/C calc'!A0".
FORMULA_LIKE = re.compile(r"\s*(?:[=@]|[+-][^\s]*[(|!])")


@dataclass(frozen=True)
class Read:
    """What was read: the report as far as it could be, and the problems. ``places`` says where each answer stands."""

    report: Report | None
    problems: tuple[FormProblem, ...]
    places: Mapping[str, Place]


@dataclass
class Identity:
    """What the workbook says of itself: from its hidden sheet, else from the cover."""

    said: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)


def read_workbook(
    name: str, sheets: Sequence[Sheet], form: Form, words: Mapping[str, FormWords], states: frozenset[str]
) -> Read:
    """The report in a workbook.

    Raises FormRefused for a workbook that is not this form, or was made with a version that this form cannot read.
    """
    identity = _identity(sheets, form, words)
    if identity.said.get("form") != form.id:
        raise FormRefused("wrong-form", name, expected=f"{form.id} {form.version}")
    version = identity.said.get("version", "")
    if version not in form.reads:
        raise FormRefused("wrong-version", name, found=version or "?", expected=", ".join(form.reads))
    language = identity.said.get("language", "en")
    language = language if language in words else "en"
    reader = Handwriting(words, language)
    clerk = Clerk(form, reader, states, lenient=True)
    table = _Desk(form, words, clerk)
    for sheet in sheets:
        if sheet.name.casefold() != RECORD_SHEET:
            table.lay(sheet)
    head = {key: identity.said.get(key) for key in ("state", "cycle", "variant", "language")}
    problems = head_problems(head, form, states, Place(sheets[0].name if sheets else None, "A1"))
    answers = []
    for line in form.lines:
        if line.code in table.entries:
            entry = table.entries[line.code]
            entry.extra = _kept(identity.kept.get(f"extra:{line.code}"), ANSWER_KEYS)
            answer = clerk.answer(entry)
            if answer is not None:
                answers.append(_exact(answer, line, identity.kept))
    problems += clerk.problems
    if any(value is None for value in head.values()):
        return Read(None, tuple(problems), table.places)
    extra = _kept(identity.kept.get("extra"), HEAD_KEYS)
    text = {k: str(v) for k, v in head.items()}
    return Read(
        Report(form_version=version, answers=tuple(answers), extra=extra, **text), tuple(problems), table.places
    )


def _identity(sheets: Sequence[Sheet], form: Form, words: Mapping[str, FormWords]) -> Identity:
    found = Identity()
    labels = {folded(w.phrase(key)): key for w in words.values() for key in COVER}
    for sheet in sorted(sheets, key=lambda s: s.name.casefold() != RECORD_SHEET):
        own = sheet.name.casefold() == RECORD_SHEET
        for row in sheet.rows[:2000] if own else sheet.rows[:40]:
            texts = [str(c).strip() for c in row[:4] if isinstance(c, str) and c.strip()]
            if own and len(texts) >= 2 and (":" in texts[0] or texts[0] == "extra"):
                found.kept[texts[0]] = found.kept.get(texts[0], "") + texts[1]
            elif own and len(texts) >= 2:
                found.said.setdefault(texts[0], texts[1])
            elif len(texts) >= 2 and (key := labels.get(folded(texts[0]))):
                _from_cover(found.said, key, texts[1], words)
    return found


def _from_cover(said: dict[str, str], key: str, text: str, words: Mapping[str, FormWords]) -> None:
    """A row of the cover: the name of the thing, then its code in brackets or alone: ``France (FRA)``."""
    if key == "version":
        form, _, version = text.partition(" ")
        said.setdefault("form", form)
        said.setdefault("version", version.strip())
        return
    code = text[text.rfind("(") + 1 : -1] if text.endswith(")") else text
    said.setdefault(key, code.strip())


def _kept(text: str | None, known: Sequence[str]) -> dict[str, Any]:
    """Keys of a report that no cell can hold, as the hidden sheet keeps them; nothing of ours is taken from there."""
    if not text:
        return {}
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {k: v for k, v in data.items() if k not in known} if isinstance(data, dict) else {}


def _exact(answer: Answer, line: Line, kept: Mapping[str, str]) -> Answer:
    """Give numbers back the digits with which they were stated: a workbook keeps 66.80 as 66.8."""

    def stated(key: str, now: str) -> str:
        before = kept.get(f"exact:{line.code}:{key}", "")
        try:
            return before if Decimal(plain_number(before, whole=False)) == Decimal(now) else now
        except Unread:
            return now

    if not any(k.startswith(f"exact:{line.code}:") for k in kept):
        return answer
    if line.definition.kind == "quantity":
        given: dict[str, Any] = {k: v for k in ("value", "low", "high") if (v := getattr(answer, k)) is not None}
        exact: dict[str, Any] = {k: stated(k, v) for k, v in given.items()}
        return replace(answer, **exact)
    rows = tuple(
        tuple((c, stated(f"{n}:{c}", text) if c == "number" else text) for c, text in row)
        for n, row in enumerate(answer.rows)
    )
    return replace(answer, rows=rows)


class _Desk:
    """Sheets laid out: which cell belongs to which line, and what belongs to none."""

    def __init__(self, form: Form, words: Mapping[str, FormWords], clerk: Clerk) -> None:
        self.form, self.words, self.clerk = form, words, clerk
        self.entries: dict[str, Entry] = {}
        self.places: dict[str, Place] = {}
        self.headings = {folded(w.columns[key]): key for w in words.values() for key in COLUMNS}
        self.titles = {folded(text) for w in words.values() for text in _titles(w)}
        self.printed = {folded(text) for w in words.values() for text in _printed(w)} | self.titles

    def lay(self, sheet: Sheet) -> None:
        grid = _with_merged(sheet)
        top = next((r for r, row in enumerate(grid[:60]) if len(self._keys(row)) >= LEAST_HEADINGS), None)
        codes_at = min(self._keys(grid[top]), default=0) if top is not None else 0
        if not any(self._code(row, codes_at) for row in grid):
            return self._foreign(sheet, grid)
        columns = self._columns(sheet, grid[top], top) if top is not None else dict(enumerate(COLUMNS))
        at = {key: n for n, key in columns.items()}
        shift = at.get("code", codes_at)
        table: tuple[Entry, dict[int, str]] | None = None
        for r, row in enumerate(grid):
            if r == top:
                continue
            code = self._code(row, shift)
            if code is None and any(isinstance(v, str) and folded(v) in self.titles for v in row[: shift + 3]):
                table = None
            elif code is None:
                if table is not None and top is not None and r > top:
                    self._table_row(sheet, r, row, table, shift)
                else:
                    self._stray(sheet, r, row)
            else:
                table = self._coded(sheet, r, row, code, columns, at, shift, table)
        return None

    def _keys(self, row: Sequence[Any]) -> dict[int, str]:
        return {
            c: self.headings[folded(v)] for c, v in enumerate(row) if isinstance(v, str) and folded(v) in self.headings
        }

    def _code(self, row: Sequence[Any], at: int) -> tuple[str, bool, int] | None:
        """Code, whether a table is meant, and the row of the table (0 its head)."""
        raw = row[at] if at < len(row) else None
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            return None
        match = CODE.fullmatch(str(raw).strip())
        return (match[1], bool(match[2]), int(match[3] or 0)) if match else None

    def _columns(self, sheet: Sheet, row: Sequence[Any], r: int) -> dict[int, str]:
        """Headings by column; a heading that was renamed in its place is read as what stood there, and reported."""
        found: dict[int, str] = {}
        for c, key in self._keys(row).items():
            if key not in found.values():
                found[c] = key
        shift = min(found) if found else 0
        for c, raw in enumerate(row):
            if c in found or raw in (None, ""):
                continue
            usual = COLUMNS[c - shift] if 0 <= c - shift < len(COLUMNS) else None
            if usual and usual not in found.values():
                found[c] = usual
                expected = self._word("columns", usual)
                self.clerk.warn("altered-label", self._place(sheet, r, c), None, found=str(raw), expected=expected)
            else:
                self.clerk.note("unknown-column", self._place(sheet, r, c), None, found=str(raw))
        return found

    def _word(self, kind: str, key: str) -> str:
        reader = self.clerk.reader
        words = reader.words if isinstance(reader, Handwriting) else self.words["en"]
        return str(getattr(words, kind)[key])

    def _coded(
        self,
        sheet: Sheet,
        r: int,
        row: Sequence[Any],
        code: tuple[str, bool, int],
        columns: Mapping[int, str],
        at: Mapping[str, int],
        shift: int,
        table: tuple[Entry, dict[int, str]] | None,
    ) -> tuple[Entry, dict[int, str]] | None:
        """A row that carries a code: a line, the head of a table, or one of its rows."""
        name, of_table, n = code
        line = self.form.by_code.get(name)
        place = self._place(sheet, r, shift)
        if line is None or (of_table and line.definition.kind != "table"):
            self.clerk.note("unknown-line", place, None, found=name)
            return table
        if not of_table:
            self._line(sheet, r, row, line, columns, place)
            return table
        entry = self.entries.setdefault(name, Entry(line, place))
        if n == 0 or table is None or table[0] is not entry:
            table = (entry, self._table_columns(sheet, r, row, line, shift) if n == 0 else self._default(line, shift))
        if n:
            self._table_row(sheet, r, row, table, shift)
        return table

    def _default(self, line: Line, shift: int) -> dict[int, str]:
        return {shift + c: name for name, c in table_positions(self.form, line.definition.columns).items()}

    def _table_columns(self, sheet: Sheet, r: int, row: Sequence[Any], line: Line, shift: int) -> dict[int, str]:
        """Columns of a table, by their headings where these are known."""
        known = {folded(w.table_columns[name]): name for w in self.words.values() for name in line.definition.columns}
        default = self._default(line, shift)
        named = {c: known[folded(v)] for c, v in enumerate(row) if isinstance(v, str) and folded(v) in known}
        for c, name in default.items():
            if name not in named.values() and c not in named:
                named[c] = name
                found = str(row[c]) if c < len(row) and row[c] is not None else ""
                expected = self._word("table_columns", name)
                self.clerk.warn("altered-label", self._place(sheet, r, c), line, found=found, expected=expected)
        for c, raw in enumerate(row):
            if c not in named and c != shift and raw not in (None, ""):
                self.clerk.note("unknown-column", self._place(sheet, r, c), line, found=str(raw))
        return named

    def _line(
        self, sheet: Sheet, r: int, row: Sequence[Any], line: Line, columns: Mapping[int, str], place: Place
    ) -> None:
        entry = self.entries.setdefault(line.code, Entry(line, place))
        again = line.code in self.places
        if again and any(k in ANSWERED for k, _ in self._filled(row, columns)):
            self.clerk.note("repeated-line", place, line, found=line.code, other=str(self.places[line.code]))
            return
        if again:
            return
        self.places[line.code] = place
        entry.place = place
        for c, raw in enumerate(row):
            key = columns.get(c)
            where = self._place(sheet, r, c)
            if self._unreadable(sheet, r, c, line):
                entry.broken = True
                continue
            if raw in (None, ""):
                continue
            if key == "label":
                self._compare(raw, line, where)
            elif key in ANSWERED or key == "unit":
                entry.cells["main" if key == "value" else key] = self._take(raw, where, line)
            elif key is None:
                self.clerk.warn("stray-content", where, line, found=str(raw))

    @staticmethod
    def _filled(row: Sequence[Any], columns: Mapping[int, str]) -> Iterator[tuple[str, Any]]:
        return ((columns[c], raw) for c, raw in enumerate(row) if c in columns and raw not in (None, ""))

    def _compare(self, raw: Any, line: Line, place: Place) -> None:
        if folded(str(raw)) not in {folded(w.label(line)) for w in self.words.values()}:
            reader = self.clerk.reader
            words = reader.words if isinstance(reader, Handwriting) else self.words["en"]
            self.clerk.warn("altered-label", place, line, found=str(raw), expected=words.label(line))

    def _table_row(
        self, sheet: Sheet, r: int, row: Sequence[Any], table: tuple[Entry, dict[int, str]], shift: int
    ) -> None:
        entry, columns = table
        cells = {}
        for c, raw in enumerate(row):
            if c == shift and self._code(row, shift):
                continue
            if self._unreadable(sheet, r, c, entry.line):
                entry.broken = True
                continue
            if raw in (None, ""):
                continue
            place = self._place(sheet, r, c)
            if c in columns:
                cells[columns[c]] = self._take(raw, place, entry.line)
            elif folded(str(raw)) not in self.printed:
                self.clerk.warn("stray-content", place, entry.line, found=str(raw))
        if cells:
            entry.rows.append(cells)

    def _unreadable(self, sheet: Sheet, r: int, c: int, line: Line | None) -> bool:
        """Note a formula or an error in place of a value. Formulas are not computed, their last result is not taken."""
        if (r, c) in sheet.formulas:
            self.clerk.note("formula", self._place(sheet, r, c), line, found=sheet.formulas[r, c])
            return True
        if (r, c) in sheet.errors:
            self.clerk.note("error-value", self._place(sheet, r, c), line, found=sheet.errors[r, c])
            return True
        return False

    def _take(self, raw: Any, place: Place, line: Line) -> Cell:
        if isinstance(raw, str) and FORMULA_LIKE.match(raw):
            self.clerk.warn("formula-like", place, line, found=raw)
        return Cell(raw, place)

    def _stray(self, sheet: Sheet, r: int, row: Sequence[Any]) -> None:
        for c, raw in enumerate(row):
            if self._unreadable(sheet, r, c, None) or raw in (None, ""):
                continue
            if folded(str(raw)) not in self.printed:
                self.clerk.warn("stray-content", self._place(sheet, r, c), None, found=str(raw))

    def _foreign(self, sheet: Sheet, grid: Sequence[Sequence[Any]]) -> None:
        """A sheet without a line of ours: the cover, or one that people added. Its first unknown cell is reported."""
        labels = {folded(w.phrase(k)) for w in self.words.values() for k in COVER}
        for r, row in enumerate(grid):
            if any(isinstance(v, str) and folded(v) in labels for v in row[:3]):
                continue
            for c, raw in enumerate(row):
                if (
                    not self._unreadable(sheet, r, c, None)
                    and raw not in (None, "")
                    and folded(str(raw)) not in self.printed
                ):
                    self.clerk.warn("stray-content", self._place(sheet, r, c), None, found=str(raw))
                    return

    @staticmethod
    def _place(sheet: Sheet, r: int, c: int) -> Place:
        return Place(sheet.name, cell_name(r, c))


def _with_merged(sheet: Sheet) -> list[list[Any]]:
    """The cells, with one cell merged downwards over several lines speaking for each of them."""
    grid = [list(row) for row in sheet.rows]
    shared = {AT[key] for key in SHARED_BY_MERGE}
    for top, left, bottom, right in sheet.merged:
        if left in shared and left == right and top < len(grid) and left < len(grid[top]):
            for r in range(top + 1, min(bottom + 1, len(grid))):
                if left < len(grid[r]) and grid[r][0] not in (None, ""):
                    grid[r][left] = grid[top][left]
    return grid


def _printed(words: FormWords) -> Iterator[str]:
    """Every text that the form itself prints outside its lines."""
    for value in words.form.values():
        yield from (value,) if isinstance(value, str) else value
    for names in (words.sections, words.columns, words.table_columns, words.variants):
        yield from names.values()
    yield from (f"{n}. {name}" for n, name in words.sections.items())
    for name, meaning in words.states.values():
        yield from (name, meaning)


def _titles(words: FormWords) -> Iterator[str]:
    """The line above each table."""
    for code, (label, _) in words.fields.items():
        yield words.phrase("table").format(code=f"{code} {label}")
