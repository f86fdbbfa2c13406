"""`stocktake.balance/1`: parsed values into a Balance, or every fault of them with its path.

The only place that knows the keys of the format. What is read is data of others: nothing in it is repaired, nothing
guessed, and a value that is missing is never zero.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from stocktake.verification.balance import (
    Balance,
    Floats,
    Inventory,
    Measurement,
    RelativeErrors,
    Stratum,
    Stream,
    Transfers,
)
from stocktake.verification.faults import SHOWN, Fault, Faults, Path, kind_of, number_of, shown

FORMAT = "stocktake.balance/1"
MASS_UNITS = ("mg", "g", "kg", "t")
TIME_UNITS = ("s", "min", "h", "hour", "hours", "d", "day", "days", "week", "weeks", "month", "months", "year", "years")
ELEMENT = re.compile(r"[A-Z][a-z]?(-?[0-9]{1,3})?", re.ASCII)
MOST_PERIODS = 2_000
MOST_CALIBRATIONS = 1_000_000
MOST_WORK = 400_000_000  # locations times periods squared
LARGEST = 1e30  # of a mass, a rate or a time: beyond it squares overflow
MOST_NOTED = 5  # unknown keys named


@dataclass(frozen=True)
class MethodErrors:
    """A row of a table of errors: what one method does to a measurement, and where that is published."""

    random: float
    systematic: float
    source: str


ErrorTable = Mapping[str, MethodErrors]

TOP = {"format", "mass_unit", "time_unit", "element", "periods", "opening_inventory", "receipts", "shipments",
       "inventories", "error_table"}  # fmt: skip
LOCATION = {"location", "random", "systematic", "calibration_period", "method", "times", "values", "rates", "kind",
            "measurement", "element", "mass_unit", "time_unit"}  # fmt: skip


def balance_from(data: object, table: ErrorTable | None = None) -> Balance | tuple[Fault, ...]:
    """The balance that ``data`` describes, or all that is wrong with it.

    ``table`` gives the errors of a method to locations that name a ``method`` instead of their own errors.
    """
    faults = Faults()
    if not isinstance(data, dict):
        return (Fault((), "not-a-balance", f"expected a JSON object with format {FORMAT!r}, not {kind_of(data)}"),)
    if data.get("format") != FORMAT:
        faults.add(("format",), "format", f"expected {FORMAT!r}, found {shown(data.get('format'))}")
    head = {
        "mass_unit": _word(data, "mass_unit", MASS_UNITS, "wrong-unit", faults),
        "time_unit": _word(data, "time_unit", TIME_UNITS, "wrong-unit", faults),
        "element": _element(data, faults),
    }
    boundaries = _periods(data.get("periods"), faults)
    opening = _word(data, "opening_inventory", ("measured", "exact"), "opening", faults)
    table = {**_table(data.get("error_table"), faults), **(table or {})}
    reader = _Reader(head, boundaries, table, faults)
    flows = [
        flow
        for key, stratum in (("receipts", Stratum.RECEIPT), ("shipments", Stratum.SHIPMENT))
        for flow in reader.flows(data, key, stratum)
    ]
    inventories = reader.inventories(data)
    locations, periods = len(flows) + len(inventories), 0 if boundaries is None else len(boundaries) - 1
    if locations * periods**2 > MOST_WORK:
        faults.add((), "too-many", f"{locations:,} locations over {periods:,} periods; split the run, or join some")
    if faults.found or boundaries is None:
        return tuple(faults.found)
    notes = (*_unknown_keys(data, TOP), *reader.notes, *_twice_named(flows, inventories))
    return Balance(
        head["mass_unit"], head["time_unit"], head["element"], boundaries, opening == "exact",
        tuple(flows), tuple(inventories), notes,
    )  # fmt: skip


def _word(data: Mapping[str, object], key: str, allowed: tuple[str, ...], code: str, faults: Faults) -> str:
    value = data.get(key)
    if isinstance(value, str) and value in allowed:
        return value
    advice = {
        "wrong-unit": "Convert the masses and times, or name the unit as listed",
        "opening": "Say whether the opening inventory is measured or exact",
    }[code]
    faults.add((key,), code, f"expected one of {', '.join(allowed)}; found {shown(value)}. {advice}")
    return ""


def _element(data: Mapping[str, object], faults: Faults) -> str:
    value = data.get("element")
    if isinstance(value, str) and ELEMENT.fullmatch(value):
        return value
    faults.add(
        ("element",), "mixed-elements",
        f"expected one element or isotope (Pu, U, U-235), found {shown(value)}. "
        "One element a balance: make a file for each",
    )  # fmt: skip
    return ""


def _periods(value: object, faults: Faults) -> Floats | None:
    if not isinstance(value, list) or not value:
        faults.add(("periods",), "periods", f"expected a list of [start, end), found {shown(value)}. Give at least one")
        return None
    if len(value) > MOST_PERIODS:
        faults.add(("periods",), "too-many", f"{len(value):,} periods; at most {MOST_PERIODS:,}. Split the run")
        return None
    before, pairs = len(faults.found), []
    for i, pair in enumerate(value):
        numbers = [number_of(n) for n in pair] if isinstance(pair, list) and len(pair) == 2 else []
        ends = [n for n in numbers if n is not None and abs(n) <= LARGEST]
        if len(ends) != 2:
            faults.add(("periods", i), "period", f"expected two numbers [start, end), found {shown(pair)}")
        elif ends[0] >= ends[1]:
            faults.add(("periods", i), "period", f"ends at {ends[1]:g}, not after its start {ends[0]:g}")
        pairs.append(ends if len(ends) == 2 else None)
    for i, (one, two) in enumerate(pairwise(pairs), 1):
        if one is None or two is None or one[1] == two[0]:
            continue
        code, word = ("overlapping-periods", "overlaps") if two[0] < one[1] else ("gap", "leaves a gap after")
        faults.add(
            ("periods", i), code,
            f"[{two[0]:g}, {two[1]:g}) {word} [{one[0]:g}, {one[1]:g}); periods are adjacent and in order. "
            f"Start it at {one[1]:g}",
        )  # fmt: skip
    if len(faults.found) > before:
        return None
    whole = [p for p in pairs if p is not None]
    return np.array([whole[0][0], *(p[1] for p in whole)])


def _fraction(row: Mapping[str, object], key: str, path: Path, faults: Faults) -> float:
    value = number_of(row.get(key))
    if value is None or not math.isfinite(value):
        faults.add(
            (*path, key) if key in row else path, "missing-error",
            f"{key}: expected a relative standard deviation as a fraction, found {shown(row.get(key))}. "
            "Give it (0 only where it is known to be none), or name a method of the error table",
        )  # fmt: skip
        return 0.0
    if not 0 <= value <= 1:
        hint = "write 1 % as 0.01" if value > 1 else "a standard deviation is not negative"
        faults.add((*path, key), "error-not-a-fraction", f"{key} is {value:g}; expected 0 to 1: {hint}")
    return value


def _table(value: object, faults: Faults) -> dict[str, MethodErrors]:
    if value is None:
        return {}
    path: Path = ("error_table",)
    if not isinstance(value, dict) or not isinstance(value.get("methods"), dict):
        faults.add(path, "error-table", "expected an object with title, edition, table and methods")
        return {}
    cited = [value.get(k) for k in ("title", "edition", "table")]
    if not all(isinstance(c, str) and c.strip() for c in cited):
        faults.add(path, "error-table", "a table of errors is cited: give title, edition and table as text")
    source = ", ".join(str(c) for c in cited)
    found = {}
    for name, row in value["methods"].items():
        place = (*path, "methods", name)
        if not isinstance(row, dict):
            faults.add(place, "error-table", f"expected random and systematic, found {shown(row)}")
            continue
        random, systematic = _fraction(row, "random", place, faults), _fraction(row, "systematic", place, faults)
        found[str(name)] = MethodErrors(random, systematic, f"{source}, {name}")
    return found


@dataclass
class _Reader:
    """Reads locations; knows the head, the boundaries (None where they are wrong) and the table of errors."""

    head: Mapping[str, str]
    boundaries: Floats | None
    table: ErrorTable
    faults: Faults
    notes: list[str] = field(default_factory=list)

    def _rows(self, data: Mapping[str, object], key: str) -> list[tuple[Path, dict[str, object], str]]:
        rows = data.get(key)
        if not isinstance(rows, list):
            self.faults.add((key,), "missing", f"expected a list, found {shown(rows)}. Write [] where there is none")
            return []
        found, seen = [], set()
        for i, row in enumerate(rows):
            path: Path = (key, i)
            if not isinstance(row, dict):
                self.faults.add(path, "location", f"expected an object, found {kind_of(row)}")
                continue
            name = row.get("location")
            if not isinstance(name, str) or not name.strip():
                self.faults.add(path, "location", f"location: expected a name, found {shown(name)}")
                name = ""
            elif name in seen:
                self.faults.add(
                    (*path, "location"), "location-twice",
                    f"{name!r} stands twice among {key}, and its calibration would be shared; join the two",
                )  # fmt: skip
            seen.add(name)
            self._same_head(row, path)
            self.notes.extend(
                f"{key}[{i}]: the key {shown(k)} is not of {FORMAT} and was not read." for k in row if k not in LOCATION
            )
            found.append((path, row, name))
        return found

    def _same_head(self, row: Mapping[str, object], path: Path) -> None:
        for key, code in (("element", "mixed-elements"), ("mass_unit", "wrong-unit"), ("time_unit", "wrong-unit")):
            if key in row and row[key] != self.head[key]:
                self.faults.add(
                    (*path, key), code,
                    f"{shown(row[key])} in a balance of {self.head[key] or 'unknown'}; one {key} a balance. "
                    "Convert it, or move it into its own file",
                )  # fmt: skip

    def _errors(self, row: Mapping[str, object], path: Path) -> RelativeErrors:
        calibration = self._calibration(row, path)
        method = row.get("method")
        if method is not None and "random" not in row and "systematic" not in row:
            known = self.table.get(method) if isinstance(method, str) else None
            if known is None:
                have = ", ".join(sorted(self.table)) or "no method at all"
                self.faults.add(
                    (*path, "method"), "missing-error-table",
                    f"no errors for method {shown(method)}; the table has {have}. "
                    "Add it to error_table, with its source",
                )  # fmt: skip
                return RelativeErrors(0, 0, calibration)
            return RelativeErrors(known.random, known.systematic, calibration, known.source)
        random, systematic = (_fraction(row, k, path, self.faults) for k in ("random", "systematic"))
        return RelativeErrors(random, systematic, calibration)

    def _calibration(self, row: Mapping[str, object], path: Path) -> float | None:
        if row.get("calibration_period") is None:
            return None
        value = number_of(row["calibration_period"])
        if value is None or not math.isfinite(value) or value <= 0:
            self.faults.add(
                (*path, "calibration_period"), "calibration",
                f"expected a positive length of time or null, found {shown(row['calibration_period'])}",
            )  # fmt: skip
            return None
        span = float(self.boundaries[-1] - self.boundaries[0]) if self.boundaries is not None else 0.0
        if span / value > MOST_CALIBRATIONS:
            self.faults.add(
                (*path, "calibration_period"), "calibration",
                f"{value:g} {self.head['time_unit']} would be {span / value:.3g} calibrations; "
                f"at most {MOST_CALIBRATIONS:,}",
            )  # fmt: skip
            return None
        return value

    def _numbers(self, row: Mapping[str, object], key: str, path: Path, *, masses: bool) -> Floats | None:
        """The numbers of a list, or None where it has faults."""
        value, place = row.get(key), (*path, key)
        if not isinstance(value, list):
            self.faults.add(
                place if key in row else path, "missing", f"{key}: expected a list of numbers, found {shown(value)}"
            )
            return None
        if set(map(type, value)) <= {int, float}:
            try:
                numbers = np.array(value, dtype=np.float64)
            except OverflowError:
                numbers = np.array([number_of(v) for v in value], dtype=np.float64)
            no_number = np.zeros(len(value), dtype=bool)
        else:
            read = [number_of(v) for v in value]
            no_number = np.array([n is None for n in read], dtype=bool)
            numbers = np.array([0.0 if n is None else n for n in read], dtype=np.float64)
        infinite = ~(np.abs(numbers) <= LARGEST)
        negative = (numbers < 0) & ~infinite if masses else np.zeros(len(value), dtype=bool)
        self._each(
            place, no_number, value, "not-a-number", "is no number; a missing measurement is left out, not guessed"
        )
        self._each(
            place,
            infinite,
            value,
            "not-finite",
            "is no finite number of usual size; leave the measurement out, or use a larger unit",
        )
        self._each(
            place, negative, value, "negative-mass", "is negative; a mass is 0 or more. What leaves is a shipment"
        )
        return None if (no_number | infinite | negative).any() else numbers

    def _each(self, path: Path, wrong: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], values: list[object],
              code: str, words: str) -> None:  # fmt: skip
        places = np.flatnonzero(wrong)
        for i in places[:SHOWN]:
            self.faults.add((*path, int(i)), code, f"{shown(values[i])} {words}")
        if len(places) > SHOWN:
            self.faults.add(path, code, f"{len(places) - SHOWN:,} more in this list: the same")

    def _series(self, row: Mapping[str, object], key: str, path: Path) -> tuple[Floats, Floats] | None:
        """Times and amounts, sorted by time; None where they have faults."""
        times = self._numbers(row, "times", path, masses=False)
        amounts = self._numbers(row, key, path, masses=True)
        given = row.get("times"), row.get(key)
        if isinstance(given[0], list) and isinstance(given[1], list) and len(given[0]) != len(given[1]):
            self.faults.add(path, "lengths", f"{len(given[0]):,} times and {len(given[1]):,} {key}; give one for each")
            return None
        if times is None or amounts is None:
            return None
        order = np.argsort(times, kind="stable")
        return _on_boundaries(times[order], self.boundaries), amounts[order]

    def flows(self, data: Mapping[str, object], key: str, stratum: Stratum) -> list[Transfers | Stream]:
        found: list[Transfers | Stream] = []
        for path, row, name in self._rows(data, key):
            errors = self._errors(row, path)
            kind = row.get("kind")
            if kind == "discrete":
                how = self._measurement(row, path, (Measurement.PER_TRANSFER, Measurement.PER_PERIOD))
                series = self._series(row, "values", path)
                if series is not None and how is not None:
                    found.append(Transfers(name, stratum, *series, how, errors))
            elif kind == "continuous":
                how = self._measurement(row, path, (Measurement.PER_PERIOD, Measurement.PER_SAMPLE))
                series = self._series(row, "rates", path)
                if series is not None and self._covers(series[0], path) and how is not None:
                    found.append(Stream(name, stratum, *series, how, errors))
            else:
                self.faults.add(path, "kind", f"kind: expected discrete or continuous, found {shown(kind)}")
        return found

    def _measurement(
        self, row: Mapping[str, object], path: Path, allowed: tuple[Measurement, ...]
    ) -> Measurement | None:
        value = row.get("measurement")
        if isinstance(value, str) and value in allowed:
            return Measurement(value)
        self.faults.add(
            path, "measurement",
            f"measurement: expected {' or '.join(allowed)} for a {row.get('kind')} flow, found {shown(value)}. "
            "Declare what one random error belongs to",
        )  # fmt: skip
        return None

    def _covers(self, times: Floats, path: Path) -> bool:
        before = len(self.faults.found)
        twice = np.flatnonzero(np.diff(times) <= 0)
        if len(twice):
            self.faults.add(
                path, "time-twice",
                f"{len(twice):,} time(s) with two rates, the first at {times[twice[0]]:g}. Keep one of them",
            )  # fmt: skip
        if len(times) < 2:
            self.faults.add(path, "not-covered", f"{len(times)} rate(s); a stream needs two or more to be integrated")
        elif self.boundaries is not None and (times[0] > self.boundaries[0] or times[-1] < self.boundaries[-1]):
            self.faults.add(
                path, "not-covered",
                f"rates from {times[0]:g} to {times[-1]:g} do not cover the periods, {self.boundaries[0]:g} to "
                f"{self.boundaries[-1]:g}; what is not sampled is unknown, not zero. "
                "Add samples, with rate 0 where nothing flowed",
            )  # fmt: skip
        return len(self.faults.found) == before

    def inventories(self, data: Mapping[str, object]) -> list[Inventory]:
        found = []
        for path, row, name in self._rows(data, "inventories"):
            errors = self._errors(row, path)
            series = self._series(row, "values", path)
            if series is None or self.boundaries is None:
                continue
            masses = self._at_boundaries(*series, path)
            if masses is not None:
                found.append(Inventory(name, masses, errors))
        return found

    def _at_boundaries(self, times: Floats, masses: Floats, path: Path) -> Floats | None:
        if self.boundaries is None:
            return None
        twice = times[1:][np.diff(times) <= 0]
        missing = np.setdiff1d(self.boundaries, times)
        if len(twice):
            self.faults.add(path, "time-twice", f"two inventories at {twice[0]:g}; keep the one that counts")
        for t in missing[:SHOWN]:
            self.faults.add(
                path, "no-inventory",
                f"no inventory at {t:g}, where a period begins or ends; none is interpolated. Add the measured value",
            )  # fmt: skip
        if len(missing) > SHOWN:
            self.faults.add(path, "no-inventory", f"{len(missing) - SHOWN:,} more boundaries without an inventory")
        if len(twice) or len(missing):
            return None
        unused = len(times) - len(self.boundaries)
        if unused:
            self.notes.append(
                f"{'.'.join(map(str, path))}: {unused:,} inventory value(s) between boundaries are not used."
            )
        return masses[np.searchsorted(times, self.boundaries)]


def _on_boundaries(times: Floats, boundaries: Floats | None) -> Floats:
    """Times that differ from a boundary by rounding of their last digits are that boundary."""
    if boundaries is None or not len(times):
        return times
    right = np.clip(np.searchsorted(boundaries, times), 0, len(boundaries) - 1)
    nearest = boundaries[right]
    left = boundaries[np.maximum(right - 1, 0)]
    nearest = np.where(np.abs(left - times) < np.abs(nearest - times), left, nearest)
    return np.where(np.abs(nearest - times) <= 4 * np.spacing(np.abs(nearest)), nearest, times)


def _unknown_keys(row: Mapping[str, object], known: set[str], where: str = "") -> list[str]:
    keys = [k for k in row if k not in known]
    more = f" and {len(keys) - MOST_NOTED} more" if len(keys) > MOST_NOTED else ""
    named = ", ".join(map(shown, keys[:MOST_NOTED]))
    return [f"{where}not of {FORMAT} and not read: {named}{more}."] if keys else []


def _twice_named(flows: list[Transfers | Stream], inventories: list[Inventory]) -> list[str]:
    names = Counter(x.location for x in (*flows, *inventories))
    shared = sorted(name for name, count in names.items() if count > 1)
    return [f"{', '.join(shared)}: one name in several strata; taken as separate measurement points."] if shared else []
