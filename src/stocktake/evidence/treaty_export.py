"""The UNODA treaty export as JSON: State by State, treaty by treaty, one list of acts with its dates and places."""

from __future__ import annotations

import json
from typing import Any

from stocktake.evidence.remarks import Remark, fault
from stocktake.evidence.tables import MAX_BYTES, Table

HEADER = ("state", "treaty", "action", "date", "place")


def read_export(data: bytes, file: str) -> tuple[Table | None, list[Remark]]:
    """One row an act, numbered by the place of its State in the file, from 1: the file may be one long line."""
    if len(data) > MAX_BYTES:
        return None, [fault(file, (), "too-large", f"the file is larger than {MAX_BYTES:,} bytes")]
    try:
        states = json.loads(data)
    except UnicodeDecodeError as error:
        return None, [fault(file, (), "wrong-encoding", f"byte {error.start} is not UTF-8 text")]
    except RecursionError:
        return None, [fault(file, (), "broken-json", "nested deeper than any export")]
    except ValueError as error:
        return None, [fault(file, (getattr(error, "lineno", 0),), "broken-json", f"the file is not JSON ({error})")]
    if not isinstance(states, dict) or not all(isinstance(value, dict) for value in states.values()):
        return None, [fault(file, (), "unknown-layout", "a mapping of States to treaties is expected")]
    columns: dict[str, list[str]] = {name: [] for name in HEADER}
    rows: list[int] = []
    remarks: list[Remark] = []
    for number, (state, treaties) in enumerate(states.items(), start=1):
        for treaty, record in treaties.items():
            if not isinstance(record, dict):  # counts and means that the harvester added
                continue
            acts, trouble = _acts(record)
            if trouble:
                remarks.append(fault(file, (number,), "invalid-record", f"{state}, {treaty}: {trouble}"))
            for action, day, place in acts:
                for name, cell in zip(HEADER, (state, treaty, action, day, place), strict=True):
                    columns[name].append(cell)
                rows.append(number)
    if not rows and not remarks:
        remarks.append(fault(file, (), "empty-file", "there is no act of any State in it"))
    return Table(file, HEADER, columns, rows), remarks


def _acts(record: dict[str, Any]) -> tuple[list[tuple[str, str, str]], str]:
    lists = [record.get(name, []) for name in ("actions", "dates", "places")]
    if not all(isinstance(cells, list) and all(isinstance(c, str) for c in cells) for cells in lists):
        return [], "actions, dates and places are lists of text"
    if len({len(cells) for cells in lists}) > 1:
        return [], f"{len(lists[0])} actions, {len(lists[1])} dates, {len(lists[2])} places; they belong together"
    return list(zip(*lists, strict=True)), ""
