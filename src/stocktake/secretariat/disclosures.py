"""What the five have really said: the rows of ``catalogue/reports`` as reports on this form, silences included.

Nobody has filed on this form yet. Each row puts a public figure, a refusal or a withdrawal on the line where the form
asks for it, and takes figures, dates and sources from the statement of the evidence tables that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from stocktake.assessment.disclosure import Row, asked_quantities, disclosure
from stocktake.assessment.review import Catalogue
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Form as StatementForm
from stocktake.evidence.statements import Statement
from stocktake.reporting.comparing import Filing
from stocktake.reporting.form import AnswerState, Form
from stocktake.reporting.measures import RECONSTRUCTED
from stocktake.reporting.record import read_record
from stocktake.reporting.reports import FORMAT, Report
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.desk import Desk
from stocktake.secretariat.form_catalogue import FormDesk, load_form
from stocktake.terms.problems import InvalidCatalogue
from stocktake.terms.provenance import Verification
from stocktake.terms.states import roster

ANSWERS, FILINGS = "reports/answers.csv", "reports/filings.csv"
_FRAME = ("as_of", "definition", "source", "text")


@dataclass(frozen=True)
class Disclosures:
    """Reports as they would read on this form, and which meetings were given a report."""

    reports: tuple[Report, ...]
    filings: tuple[Filing, ...]
    archive: Archive


@cache
def load_disclosures() -> Disclosures:
    """The bundled record of public answers; raises InvalidCatalogue with every problem."""
    catalogue, _, _ = load_catalogue()
    return disclosures(files("stocktake").joinpath("catalogue"), load_form(), catalogue.archive)


def disclosures(folder: Traversable, form: FormDesk, archive: Archive) -> Disclosures:
    desk = Desk(folder)
    statements = {s.id: s for s in archive.statements}
    answers: dict[tuple[str, str], dict[str, dict[str, object]]] = {}
    lines: dict[tuple[str, str], int] = {}
    for row, (key, answer) in desk.rows(ANSWERS, lambda r: _answer(r, statements, form.form)):
        lines.setdefault(key, row)
        _join(answers.setdefault(key, {}), str(answer.pop("code")), answer)
    reports = []
    for key, found in answers.items():
        document = _document(key, found, form)
        report, problems, _ = read_record(ANSWERS, document, form.form, form.states)
        for p in problems:
            desk.report(ANSWERS, lines[key], "invalid-row", f"{' '.join(key)} {p.line}: {p.code} {dict(p.said)}")
        if report is not None:
            reports.append(report)
    filings = tuple(f for _, f in desk.rows(FILINGS, _filing))
    if desk.problems:
        raise InvalidCatalogue(desk.problems)
    return Disclosures(tuple(reports), filings, archive)


def _filing(row: Mapping[str, str | None]) -> Filing:
    if row["filed"] not in ("yes", "no"):
        raise ValueError("filed is yes or no")
    said = {k: row[k] or "" for k in ("state", "cycle", "meeting", "on", "symbol", "source")}
    return Filing(filed=row["filed"] == "yes", **said)


def _document(key: tuple[str, str], answers: Mapping[str, dict[str, object]], form: FormDesk) -> dict[str, object]:
    state, cycle = key
    own = {"field": "1.1", "state": "value", "value": state}
    return {
        "format": FORMAT,
        "form": {"id": form.form.id, "version": form.form.version},
        "state": state,
        "cycle": cycle,
        "variant": form.variant_of(state),
        "language": "en",
        RECONSTRUCTED: True,
        "answers": [own, *answers.values()],
    }


def _answer(
    row: Mapping[str, str | None], statements: Mapping[str, Statement], form: Form
) -> tuple[tuple[str, str], dict[str, object]]:
    """A row as an answer of a report, in JSON; ``code`` is the line that it belongs to."""
    code, kind = row["line"] or "", AnswerState(row["kind"] or "")
    if code not in form.by_code:
        raise ValueError(f"there is no line {code!r} in the form")
    line, statement = form.by_code[code], None
    if row["statement"]:
        statement = statements.get(row["statement"])
        if statement is None:
            raise ValueError(f"there is no statement {row['statement']!r} in the evidence")
    elif not row["document"]:
        raise ValueError("a row without a statement needs its document")
    answer: dict[str, object] = {"code": code, "field": line.field, "state": kind.value}
    if line.item:
        answer["item"] = line.item
    answer |= {k: v for k, v in _content(row, statement, kind).items() if v is not None}
    if line.definition.kind == "table" and kind is AnswerState.VALUE:
        answer["rows"] = [_cells(row, statement, line.definition.columns)]
        answer = {k: v for k, v in answer.items() if k not in ("value", "unit", "text", "as_of")}
    answer["x-checked"] = statement.checked if statement else row["checked"] == "yes"
    if row["note"]:
        answer["x-note"] = row["note"]
    return (str(row["state"]), str(row["cycle"])), answer


def _content(row: Mapping[str, str | None], s: Statement | None, kind: AnswerState) -> dict[str, str | None]:
    if s is None:
        keys = ("value", "low", "high", "unit", "text", "as_of", "definition")
        return {k: row[k] for k in keys} | {"source": _source(row["document"], row["place"], row["url"])}
    found: dict[str, str | None] = {
        "as_of": row["as_of"] or str(s.as_of),
        "definition": row["definition"],
        "source": _source(s.document, s.place, s.url),
        "text": row["text"] or (s.text_en if kind not in (AnswerState.VALUE, AnswerState.RANGE) else None),
    }
    if kind is AnswerState.VALUE:
        found["value"] = str(s.best) if s.form is StatementForm.NUMBER else s.act
    if kind is AnswerState.RANGE:
        found |= {k: None if v is None else str(v) for k, v in (("low", s.low), ("high", s.high))}
    if kind in (AnswerState.VALUE, AnswerState.RANGE):
        found["unit"] = s.unit
    return found


def _source(*parts: str | None) -> str:
    return ", ".join(p for p in parts if p)


def _cells(row: Mapping[str, str | None], s: Statement | None, columns: Iterable[str]) -> dict[str, str]:
    """A row of a table from a statement: what happened, when, how many, where it can be read."""
    if s is None:
        raise ValueError("a row of a table needs its statement")
    said = {
        "what": s.text_en,
        "number": None if s.best is None else str(s.best),
        "year": str(s.as_of)[:4],
        "date": str(s.as_of),
        "reference": s.document,
        "symbol": s.document,
    }
    return {name: text for name in columns if (text := said.get(name))}


def _join(found: dict[str, dict[str, object]], code: str, answer: dict[str, object]) -> None:
    """Several rows on one table are its rows; several on another line are a mistake of the catalogue."""
    if code not in found:
        found[code] = answer
        return
    before, rows = found[code].get("rows"), answer.get("rows")
    if not isinstance(before, list) or not isinstance(rows, list):
        raise ValueError(f"line {code} is answered twice")
    before += rows


POSSESSORS = "STATES-POSSESSING-NW"


def what_is_public(catalogue: Catalogue, as_of: date) -> tuple[Row, ...]:
    """For each State that possesses nuclear weapons on that day, what it makes public of itself."""
    form = load_form().form
    asked = asked_quantities(form, catalogue.indicators.values())
    states = roster(catalogue.memberships, POSSESSORS, as_of) if asked else ()
    return disclosure(catalogue, asked, states, as_of=as_of, sealed=_sealed(load_disclosures().reports, form, as_of))


def _sealed(reports: Iterable[Report], form: Form, as_of: date) -> frozenset[tuple[str, str]]:
    """States and lines whose value is sealed in the State's latest report up to that year."""
    latest: dict[str, Report] = {}
    for report in sorted((r for r in reports if r.cycle <= str(as_of.year)), key=lambda r: r.cycle):
        latest[report.state] = report
    return frozenset(
        (state, form.by_code[line].field)
        for state, report in latest.items()
        for line, answer in report.by_line.items()
        if answer.state is AnswerState.SEALED
    )


def estimates(archive: Archive, form: Form, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str, str], str]:
    """The latest estimate by others as of the end of each cycle, by State, cycle and line: ``FAS 290 (2020)``."""
    by_quantity: dict[tuple[str, str], list[Statement]] = {}
    for s in archive.statements:
        if s.verification is Verification.ESTIMATED and s.interval is not None:
            by_quantity.setdefault((s.subject, s.quantity), []).append(s)
    found = {}
    for state, cycle in wanted:
        for line in form.lines:
            if line.definition.evidence is None or line.item:
                continue
            some = [
                s for s in by_quantity.get((state, line.definition.evidence.value), []) if str(s.as_of)[:4] <= cycle
            ]
            if some:
                found[state, cycle, line.code] = _estimate(
                    max(some, key=lambda s: (s.as_of, str(s.vintage or ""), s.id))
                )
    return found


def _estimate(s: Statement) -> str:
    numbers = [n for n in (s.low, s.best, s.high) if n is not None]
    figure = f"{s.best:,}" if s.best is not None else "–".join(f"{n:,}" for n in dict.fromkeys(numbers))
    return f"{s.speaker} {figure} ({s.as_of})"
