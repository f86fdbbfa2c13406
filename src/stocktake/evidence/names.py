"""Which State or group a name in a data set means; what is not known is said, and what is spelt oddly too."""

from __future__ import annotations

import difflib
import html
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stocktake.terms.states import State


@dataclass(frozen=True)
class Name:
    """A name as data sets write it: an ISO alpha-3 code, ``WORLD``, ``GROUP``, or ``-`` for what is no State today."""

    text: str
    code: str
    source: str


@dataclass(frozen=True)
class Match:
    """The code, and whether the name had to be read with its spaces, letters or marks put right."""

    code: str
    oddly_spelt: bool = False


class Names:
    """Names in six languages, everyday names, and codes, each to the one code that it means."""

    def __init__(self, states: Iterable[State], others: Iterable[Name] = (), iso2: Mapping[str, str] | None = None):
        self._exact: dict[str, str] = {}
        self._iso2 = dict(iso2 or {})
        self.states = {s.iso3: s for s in states}
        for state in self.states.values():
            self._exact.update((text, state.iso3) for _, text in state.names)
        self._exact.update((n.text, n.code) for n in others)
        self._loose = {_loose(text): code for text, code in self._exact.items()}
        self.groups = frozenset(text for text, code in self._exact.items() if code == "GROUP")
        self.codes = frozenset((*self.states, *(c for c in self._exact.values() if c not in ("-", "GROUP"))))

    def by_name(self, text: str) -> Match | None:
        if (code := self._exact.get(text)) is not None:
            return Match(code)
        code = self._loose.get(_loose(text))
        return None if code is None else Match(code, oddly_spelt=True)

    def by_iso3(self, text: str) -> Match | None:
        return Match(text) if text in self.codes else None

    def by_iso2(self, text: str) -> Match | None:
        code = self._iso2.get(text)
        return Match(code) if code else None

    def like(self, text: str) -> str:
        """The closest known name, for a message; empty when none is close."""
        close = difflib.get_close_matches(text, self._exact, n=1, cutoff=0.75)
        return close[0] if close else ""


def _loose(text: str) -> str:
    """A name without case, marks, brackets of an article, accents and doubled spaces: only to recognise it."""
    plain = unicodedata.normalize("NFKD", html.unescape(text)).casefold()
    kept = "".join(c for c in plain if not unicodedata.combining(c) and c not in "*.,’'")
    return " ".join(kept.replace("&", " and ").replace("(the)", " ").split())
