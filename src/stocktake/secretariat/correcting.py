"""Corrections of our own tables, read off the catalogue's log: what stood there, what stands there, since when."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from stocktake.evidence.corrections import OwnCorrection
from stocktake.ledger.records import Kind, Record
from stocktake.secretariat.log_catalogue import CatalogueLog


def own_corrections(log: CatalogueLog) -> tuple[OwnCorrection, ...]:
    """Every correction and withdrawal in the log, in its order; nothing that was corrected is gone from it."""
    before: dict[str, Record] = {}
    found = []
    for moment, records in log.batches:
        on = None if moment is None else datetime.fromtimestamp(moment, UTC).date()
        for record in records:
            if record.kind is Kind.KEY:
                continue
            name = str(record.body.get("file") or record.body.get("id"))
            if record.kind in (Kind.CORRECTION, Kind.WITHDRAWAL) and name in before:
                found.append(_correction(name, on, before[name], record))
            before[name] = record
    return tuple(found)


def _correction(name: str, on: date | None, was: Record, now: Record) -> OwnCorrection:
    if now.kind is Kind.WITHDRAWAL:
        return OwnCorrection(name, on, (), str(now.fields.get("reason") or ""))
    if "text" in now.body:
        return OwnCorrection(name, on, (("lines", *_lines(str(was.body["text"]), str(now.body["text"]))),))
    keys = [k for k in dict.fromkeys([*was.body, *now.body]) if was.body.get(k) != now.body.get(k)]
    return OwnCorrection(name, on, tuple((k, _shown(was.body.get(k)), _shown(now.body.get(k))) for k in keys))


def _lines(was: str, now: str) -> tuple[str, str]:
    """How many lines are gone, and how many are new."""
    old, new = Counter(was.splitlines()), Counter(now.splitlines())
    return str((old - new).total()), str((new - old).total())


def _shown(value: object) -> str:
    return {True: "yes", False: "no", None: ""}.get(value, str(value)) if isinstance(value, bool | None) else str(value)
