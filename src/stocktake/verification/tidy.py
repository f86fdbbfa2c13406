"""A material balance as a tidy table, a row a measurement, into `stocktake.balance/1`; every fault keeps its row.

Columns: ``role`` (period, opening, receipt, shipment, inventory), ``location``, ``time``, ``end`` (of a period),
``amount`` (mass, or rate of a continuous flow), ``kind`` (of a flow; of the opening: measured or exact),
``measurement``, ``random``, ``systematic``, ``calibration_period``, ``method``, ``mass_unit``, ``time_unit``,
``element``. What belongs to a location is written once or on each of its rows, always the same; an empty cell says
nothing. ``batch`` and ``stratum`` may stand beside. The order of rows has no meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from stocktake.verification.faults import Fault, Path
from stocktake.verification.intake import FORMAT

ROLES = {"receipt": "receipts", "shipment": "shipments", "inventory": "inventories"}
OF_A_LOCATION = ("kind", "measurement", "random", "systematic", "calibration_period", "method")
OF_ALL = ("mass_unit", "time_unit", "element")
COLUMNS = ("role", "location", "time", "end", "amount", *OF_A_LOCATION, *OF_ALL, "batch", "stratum")

Cells = dict[str, str]


@dataclass
class Tidy:
    """What was read: the balance as parsed JSON would be, the row of each path, and faults of the table itself."""

    data: dict[str, Any]
    rows: dict[Path, int] = field(default_factory=dict)
    faults: list[tuple[int, str, str]] = field(default_factory=list)

    def row_of(self, fault: Fault) -> int:
        """The row of a fault, or of the nearest thing above it; 0 where it concerns the whole table."""
        path = fault.path
        while path and path not in self.rows:
            path = path[:-1]
        return self.rows.get(path, 0)


def is_tidy(header: Sequence[str]) -> bool:
    return {"role", "time"} <= set(header)


def read_tidy(rows: Sequence[tuple[int, Cells]]) -> Tidy:
    """Gather the rows of each location; ``rows`` carry their line. Values are checked later, by `balance_from`."""
    found = Tidy({"format": FORMAT, "periods": [], **{key: [] for key in ROLES.values()}})
    places: dict[tuple[str, str], int] = {}
    for line, cells in rows:
        _set_once(found, found.data, cells, OF_ALL, line, ())
        role = cells.get("role", "")
        if role == "period":
            found.rows["periods", len(found.data["periods"])] = line
            found.data["periods"].append([_value(cells.get("time")), _value(cells.get("end"))])
        elif role == "opening":
            _set_once(found, found.data, {"opening_inventory": cells.get("kind", "")}, ("opening_inventory",), line, ())
        elif role in ROLES:
            _measured(found, places, ROLES[role], cells, line)
        else:
            found.faults.append(
                (line, "role", f"role: expected period, opening, {', '.join(ROLES)}; found {role!r:.40}")
            )
    for row in (row for key in ROLES.values() for row in found.data[key]):
        if row.get("kind") == "continuous":
            row["rates"] = row.pop("values")
    return found


def _measured(found: Tidy, places: dict[tuple[str, str], int], key: str, cells: Cells, line: int) -> None:
    name = cells.get("location", "")
    locations = found.data[key]
    if (key, name) not in places:
        places[key, name] = len(locations)
        found.rows[key, len(locations)] = line
        locations.append({"location": name, "times": [], "values": []})
    at = places[key, name]
    row = locations[at]
    _set_once(found, row, cells, OF_A_LOCATION, line, (key, at))
    found.rows.update({(key, at, series, len(row["times"])): line for series in ("times", "values", "rates")})
    row["times"].append(_value(cells.get("time")))
    row["values"].append(_value(cells.get("amount")))


def _set_once(found: Tidy, target: dict[str, Any], cells: Cells, names: Sequence[str], line: int, path: Path) -> None:
    for name in names:
        value = cells.get(name, "")
        if value and target.setdefault(name, value) != value:
            whole = "location" if path else "table"
            said = f"{name}: {value!r:.40}, but {target[name]!r:.40} above; one for the whole {whole}"
            code = "mixed-elements" if name == "element" else "wrong-unit" if name in OF_ALL else "not-the-same"
            found.faults.append((line, code, said))
        if value:
            found.rows.setdefault((*path, name), line)


def _value(cell: str | None) -> str | None:
    return cell or None
