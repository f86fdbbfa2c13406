"""States by their United Nations short names, and dated rosters of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class State:
    """``iso3`` is ISO 3166 alpha-3; ``names`` maps a language to the UN short name, never a flag or a nickname."""

    iso3: str
    names: tuple[tuple[str, str], ...]
    un_member: bool

    def name(self, language: str) -> str:
        return dict(self.names)[language]


@dataclass(frozen=True)
class Membership:
    """One State on one roster over one half-open period; ``None`` is an open end."""

    roster: str
    iso3: str
    since: date | None
    until: date | None
    source: str

    def holds(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


def roster(memberships: Iterable[Membership], name: str, on: date) -> tuple[str, ...]:
    """ISO codes on roster ``name`` on that day, in alphabetical order, each once."""
    return tuple(sorted({m.iso3 for m in memberships if m.roster == name and m.holds(on)}))
