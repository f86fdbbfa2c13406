"""The book of excess material: which statement feeds which line, bundled or in a folder of one's own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from stocktake.assessment.excess import AXES, AccountLine, Entry, ExcessAccount, accounts
from stocktake.evidence.archive import Archive
from stocktake.evidence.statements import Statement
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.desk import Desk
from stocktake.terms.problems import InvalidCatalogue
from stocktake.terms.provenance import SpeakerKind


def open_accounts(
    book: Traversable | None, as_of: date
) -> tuple[tuple[ExcessAccount, ...], dict[str, SpeakerKind], dict[str, str]]:
    """The accounts as of a day, the kinds of speakers, and the names of States.

    A book is a folder with ``excess.csv``, ``statements.csv`` and ``speakers.csv``; the bundled one may also use every
    statement of the catalogue. Raises InvalidCatalogue with every problem.
    """
    catalogue, states, _ = load_catalogue()
    desk = Desk(book or files("stocktake").joinpath("catalogue/accountancy"))
    own = [s for _, s in desk.rows("statements.csv", lambda row: Statement.model_validate(_present(row)))]
    archive = Archive([*(() if book else catalogue.archive.statements), *own])
    if book:
        kinds = {k: v for _, (k, v) in desk.rows("speakers.csv", lambda row: (row["id"], SpeakerKind(row["kind"])))}
    else:
        kinds = {s.id: s.kind for s in catalogue.archive.speakers.values()}
    entries = []
    for line, row in desk.rows("excess.csv", dict):
        try:
            entries.append(_entry(row, archive))
        except ValueError as error:
            desk.report("excess.csv", line, "invalid-row", str(error))
    if desk.problems:
        raise InvalidCatalogue(desk.problems, "stocktake excess")
    return accounts(entries, as_of=as_of, kinds=kinds), kinds, {s.iso3: s.name("en") for s in states}


def _present(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if v is not None}


def _entry(row: dict[str, Any], archive: Archive) -> Entry:
    name = row["statement"] or ""
    if name not in archive:
        raise ValueError(f"no statement {name!r}; add it to statements.csv")
    statement, line = archive[name], AccountLine(row["line"])
    amount = Decimal(row["amount"]) if row["amount"] else None
    if amount is not None and row["amount"] not in (statement.text_en or "") and amount != statement.best:
        raise ValueError(f"the amount {amount} stands neither in the words nor in the figure of {name}")
    if amount is None and statement.unit != "t" and line not in AXES:
        raise ValueError(f"{name} is in {statement.unit}; an account is kept in tonnes (t)")
    return Entry(row["state"], row["material"], line, row["detail"], amount, statement, row["note"])
