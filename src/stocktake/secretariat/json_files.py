"""JSON that others wrote: read within limits, and the line of any place in it."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from stocktake.terms.problems import Problem
from stocktake.verification.errors import RefusedInput

MAX_BYTES = 32_000_000
MOST_LOCATED = 5_000_000  # characters in which lines are looked up
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+|"')

Place = tuple[str | int, ...]


def read_json(path: Path, what: str) -> tuple[Any, str]:
    """The parsed value and the text of a file; NaN and Infinity are kept, to be refused where they stand.

    Raises RefusedInput where it is too large, not UTF-8, not JSON, or names one key twice.
    """

    def refuse(row: int, code: str, message: str) -> RefusedInput:
        return RefusedInput(what, [Problem(path.name, row, code, message)])

    if not path.is_file():
        raise refuse(0, "no-file", f"there is no file at {path}. Give the path of a JSON or CSV file")
    if path.stat().st_size > MAX_BYTES:
        raise refuse(
            0, "too-large",
            f"{path.stat().st_size:,} bytes; at most {MAX_BYTES:,} are read. Sum samples to periods, or split the run",
        )  # fmt: skip
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(0, "encoding", f"byte {error.start:,} is not UTF-8. Save the file as UTF-8") from None
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_constant), text
    except json.JSONDecodeError as error:
        raise refuse(error.lineno, "not-json", f"{error.msg} at column {error.colno}. Mend the JSON") from None
    except RecursionError:
        raise refuse(0, "too-deep", "lists or objects nested too deeply. Give the format as documented") from None
    except ValueError as error:
        raise refuse(0, "not-json", f"{error}. Mend the JSON") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return found


def _constant(name: str) -> float:
    return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}[name]


def lines_of(text: str, wanted: Collection[Place]) -> dict[Place, int]:
    """The line, from 1, on which each wanted place of valid JSON begins; nothing where the text is too long to walk."""
    if len(text) > MOST_LOCATED:
        return {}
    wanted = set(wanted)
    found: dict[Place, int] = {}
    stack: list[str | int] = []
    keys: list[bool] = []  # whether each open bracket is of an object
    line, seen, expects_key = 1, 0, False
    for token in _TOKEN.finditer(text):
        line += text.count("\n", seen, token.start())
        seen, word = token.start(), token[0]
        if word in "}]":
            keys.pop()
            stack.pop()
            expects_key = False
        elif word == ",":
            if keys and not keys[-1] and isinstance(stack[-1], int):
                stack[-1] += 1
            expects_key = bool(keys and keys[-1])
        elif word == ":":
            expects_key = False
        elif expects_key:
            stack[-1] = json.loads(word)
        else:
            place = tuple(stack)
            if place in wanted:
                found.setdefault(place, line)
            if word in "{[":
                keys.append(word == "{")
                stack.append("" if word == "{" else 0)
                expects_key = word == "{"
    return found
