"""Opening a material balance: a file into a Balance, or every problem of it with its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stocktake.secretariat.json_files import lines_of, read_json
from stocktake.terms.problems import Problem
from stocktake.verification.balance import Balance
from stocktake.verification.errors import RefusedInput
from stocktake.verification.faults import Fault
from stocktake.verification.intake import ErrorTable, balance_from

REFUSAL = "nothing was evaluated"


def open_balance(path: Path, table: ErrorTable | None = None) -> Balance:
    """The balance in a JSON file of `stocktake.balance/1`; raises RefusedInput with every problem and its line."""
    data, text = read_json(path, REFUSAL)
    return checked(balance_from(data, table), path.name, data, text)


def checked(found: Balance | tuple[Fault, ...], name: str, data: Any, text: str) -> Balance:
    if isinstance(found, Balance):
        return found
    raise RefusedInput(REFUSAL, problems_of(found, name, data, text))


def problems_of(faults: Sequence[Fault], name: str, data: Any, text: str) -> list[Problem]:
    """Faults with the line of the nearest place that exists; a missing key is reported where its object begins."""
    places = {fault: _existing(fault.path, data) for fault in faults}
    lines = lines_of(text, places.values())
    return [Problem(name, lines.get(places[f], 0), f.code, said(f, data)) for f in faults]


def _existing(path: tuple[str | int, ...], data: Any) -> tuple[str | int, ...]:
    found: list[str | int] = []
    for step in path:
        if not _holds(data, step):
            break
        data = data[step]
        found.append(step)
    return tuple(found)


def _holds(data: Any, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def said(fault: Fault, data: Any) -> str:
    """A fault in words, with its place in the data and the location that it concerns."""
    where = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" if i else str(s) for i, s in enumerate(fault.path))
    name = ""
    if len(fault.path) > 1 and isinstance(fault.path[1], int):
        row = data.get(fault.path[0])[fault.path[1]]
        if isinstance(row, dict) and isinstance(row.get("location"), str):
            name = f" ({' '.join(row['location'][:60].split())})"
    return f"{where}{name}: {fault.message}" if where else fault.message
