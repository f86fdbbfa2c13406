"""Files of an inspection: the question that a plan answers, the list of items, and what a party seals and opens."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from stocktake.secretariat.balances import problems_of
from stocktake.secretariat.json_files import read_json
from stocktake.terms.problems import Problem
from stocktake.verification.errors import ImpossiblePlan, RefusedInput
from stocktake.verification.faults import Fault
from stocktake.verification.planning import Instrument, Question, Samples, Stratum
from stocktake.verification.selection import SECRET_BYTES, Opening, commitment_of

QUESTION = "stocktake.sampling/1"
OPENING = "stocktake.selection-opening/1"
REFUSAL = "nothing was planned"
MOST_LISTED = 1_000_000


def rational(value: Any) -> Fraction | None:
    """A decimal number or a fraction as written ("0.1", "1/3"), exactly; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)) or len(str(value)) > 40:
        return None
    text = str(value)
    if "e" in text.lower():  # no 1e999999999
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def open_question(path: Path) -> tuple[Question, Samples]:
    """The question in a file of `stocktake.sampling/1`, and what was measured, where it says so.

    Raises RefusedInput with every problem and its line.
    """
    data, text = read_json(path, REFUSAL)
    faults: list[Fault] = []
    if not isinstance(data, dict) or data.get("format") != QUESTION:
        faults.append(Fault((), "format", f"expected an object with format {QUESTION!r}"))
        raise RefusedInput(REFUSAL, problems_of(faults, path.name, data, text))
    goal = _rational(data, "goal", (), faults)
    detection = _rational(data, "detection_probability", (), faults)
    unit = _text(data, "mass_unit", (), faults)
    strata = [
        Stratum(
            _text(row, "stratum", at, faults), _count(row, "items", at, faults), _rational(row, "content", at, faults)
        )
        for at, row in _rows(data, "strata", faults)
    ]
    instruments = [
        Instrument(
            _text(row, "name", at, faults),
            _text(row, "defect_class", at, faults),
            _rational(row, "smallest_defect", at, faults),
            _rational(row, "identification", at, faults, Fraction(1)),
            _rational(row, "cost", at, faults, Fraction(1)),
        )
        for at, row in _rows(data, "instruments", faults)
    ]
    measured = {
        (_text(row, "stratum", at, faults), _text(row, "instrument", at, faults)): _count(row, "n", at, faults)
        for at, row in (_rows(data, "measured", faults) if "measured" in data else ())
    }
    if faults:
        raise RefusedInput(REFUSAL, problems_of(faults, path.name, data, text))
    return Question(goal, unit, detection, tuple(strata), tuple(instruments)), measured


Row = dict[str, Any]
At = tuple[str | int, ...]


def _rows(data: Row, key: str, faults: list[Fault]) -> list[tuple[At, Row]]:
    rows = data.get(key)
    if not isinstance(rows, list) or not rows:
        faults.append(Fault((key,), "missing", "expected a list with at least one row"))
        return []
    faults.extend(
        Fault((key, i), "row", "expected an object") for i, row in enumerate(rows) if not isinstance(row, dict)
    )
    return [((key, i), row) for i, row in enumerate(rows) if isinstance(row, dict)]


def _text(row: Row, key: str, at: At, faults: list[Fault]) -> str:
    value = row.get(key)
    if isinstance(value, str) and value.strip():
        return value
    faults.append(Fault((*at, key), "missing", f"{key}: expected a name, found {value!r:.40}"))
    return ""


def _count(row: Row, key: str, at: At, faults: list[Fault]) -> int:
    value = row.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_LISTED:
        return value
    faults.append(Fault((*at, key), "count", f"{key}: expected a whole number of items, found {value!r:.40}"))
    return 0


def _rational(row: Row, key: str, at: At, faults: list[Fault], default: Fraction | None = None) -> Fraction:
    if key not in row and default is not None:
        return default
    value = rational(row.get(key))
    if value is None or value < 0:
        said = f'{key}: expected a number of 0 or more, as a decimal ("0.5"), found {row.get(key)!r:.40}'
        faults.append(Fault((*at, key), "number", said))
        return Fraction(1)
    return value


def open_items(path: Path) -> list[str]:
    """The names of items, one a line; empty lines are passed over. Raises RefusedInput where they are no list."""
    if not path.is_file() or path.stat().st_size > 32_000_000:
        raise RefusedInput(REFUSAL, [Problem(path.name, 0, "no-file", "expected a text file with a name a line")])
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        said = f"byte {error.start:,} is not UTF-8. Save the list as UTF-8"
        raise RefusedInput(REFUSAL, [Problem(path.name, 0, "encoding", said)]) from None
    seen: dict[str, int] = {}
    problems = []
    for number, line in enumerate(lines, 1):
        name = line.strip()
        if name in seen:
            said = f"{name[:60]!r} stands in line {seen[name]} already; each item needs a name of its own"
            problems.append(Problem(path.name, number, "item-twice", said))
        elif name:
            seen[name] = number
    if not seen:
        problems.append(Problem(path.name, 0, "empty", "no item in the list; give a name a line"))
    if problems:
        raise RefusedInput(REFUSAL, problems)
    return list(seen)


def seal(party: str, items: Sequence[str], size: int, out: Path) -> str:
    """Draw a secret, keep it in ``out`` (readable by its owner only, never overwritten), and return the commitment."""
    secret = secrets.token_bytes(SECRET_BYTES)
    commitment = commitment_of(party, secret, items, size)
    opening = {"format": OPENING, "party": party, "secret": secret.hex(), "commitment": commitment}
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ImpossiblePlan(f"{out} is there already; a secret is never overwritten. Choose another --out.") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(opening, ensure_ascii=False, indent=1) + "\n")
    return commitment


def open_openings(paths: Sequence[Path], commitments: Sequence[str]) -> list[Opening]:
    """What the parties revealed, each against the commitment that was exchanged before (``PARTY=HEX``).

    The commitment in the file of an opening is not believed: it could have been written after the other's secret was
    seen. Raises RefusedInput where a file is no opening or a party's commitment was not given.
    """
    exchanged = dict(c.rpartition("=")[::2] for c in commitments)
    found, problems = [], []
    for path in paths:
        data, _ = read_json(path, "nothing was drawn")
        row = data if isinstance(data, dict) and data.get("format") == OPENING else {}
        party, secret = row.get("party"), row.get("secret")
        if not isinstance(party, str) or not isinstance(secret, str) or not _is_secret(secret):
            said = f"expected {OPENING!r} with a party and a secret of {SECRET_BYTES} bytes in hexadecimal"
            problems.append(Problem(path.name, 0, "opening", said))
        elif party not in exchanged:
            said = f"no commitment of {party!r} was given; add --commitment '{party}=...' as it was exchanged"
            problems.append(Problem(path.name, 0, "commitment", said))
        else:
            found.append(Opening(party, bytes.fromhex(secret), exchanged[party].strip().lower()))
    if problems:
        raise RefusedInput("nothing was drawn", problems)
    return found


def _is_secret(value: str) -> bool:
    return len(value) == 2 * SECRET_BYTES and all(c in "0123456789abcdef" for c in value)
