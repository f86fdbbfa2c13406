"""Faults of what others wrote: one thing wrong at one place, and how values are read and shown on the way."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

SHOWN = 20  # faults a list; the rest are counted

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One thing wrong at one place of the parsed input."""

    path: Path
    code: str
    message: str


@dataclass
class Faults:
    """All faults so far."""

    found: list[Fault] = field(default_factory=list)

    def add(self, path: Path, code: str, message: str) -> None:
        self.found.append(Fault(path, code, message))


def kind_of(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")


def shown(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def number_of(value: object) -> float | None:
    """A JSON number or a decimal string; None for anything else. May be infinite or not a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str):
        try:
            return float(Decimal(value)) if len(value) <= 60 else None
        except (InvalidOperation, OverflowError):
            return None
    try:
        return float(value)
    except OverflowError:
        return math.inf
