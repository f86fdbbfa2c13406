"""Statements in order, and the questions that a rule may ask of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from stocktake.evidence.statements import NUMERIC, Form, Statement
from stocktake.terms.provenance import Seen, SpeakerKind


@dataclass(frozen=True)
class Speaker:
    """Who speaks. ``group`` is a shared identity: two speakers of one group are not independent of each other."""

    id: str
    kind: SpeakerKind
    names: tuple[tuple[str, str], ...]
    group: str

    def name(self, language: str) -> str:
        return dict(self.names)[language]


class Archive:
    """All statements known, each id once, by date and id: order and repetition of the input do not matter."""

    def __init__(self, statements: Iterable[Statement], speakers: Iterable[Speaker] = ()) -> None:
        by_id = {s.id: s for s in statements}
        self.statements = tuple(sorted(by_id.values(), key=lambda s: (s.as_of, s.id)))
        self.speakers = {s.id: s for s in speakers}
        self._by_id = by_id
        self._by_quantity: dict[tuple[str, str], list[Statement]] = {}
        for s in self.statements:
            self._by_quantity.setdefault((s.quantity, s.subject), []).append(s)

    def __getitem__(self, id: str) -> Statement:
        return self._by_id[id]

    def __contains__(self, id: str) -> bool:
        return id in self._by_id

    def about(self, quantity: str, subject: str | None, *, as_of: date) -> tuple[Statement, ...]:
        """What is stated of ``subject`` (of anyone, if None) up to and on the day ``as_of``, oldest first."""
        if subject is None:
            rows = [s for s in self.statements if s.quantity == quantity]
        else:
            rows = self._by_quantity.get((quantity, subject), [])
        return tuple(s for s in rows if s.as_of.first <= as_of)

    def speaker_kind(self, statement: Statement) -> SpeakerKind:
        """Who says it, seen from the subject: a State is ``SELF`` about itself and ``ANOTHER_STATE`` about others."""
        if statement.speaker == statement.subject or statement.speaker in statement.subject.split("-"):
            return SpeakerKind.SELF
        speaker = self.speakers.get(statement.speaker)
        return speaker.kind if speaker else SpeakerKind.ANOTHER_STATE

    def independent(self, one: Statement, other: Statement) -> bool:
        """Whether two speakers share neither identity nor group: the same authors are not a second voice."""
        return self._group(one.speaker) != self._group(other.speaker)

    def _group(self, speaker: str) -> str:
        known = self.speakers.get(speaker)
        return (known.group if known else "") or speaker

    def without(self, ids: Iterable[str]) -> Archive:
        gone = set(ids)
        return Archive((s for s in self.statements if s.id not in gone), self.speakers.values())


def carries(statement: Statement) -> bool:
    """Whether a finding may rest on it: what was seen only from memory is shown, and carries nothing."""
    return statement.seen is not Seen.MEMORY


def is_numeric(statement: Statement) -> bool:
    return statement.form in NUMERIC


def is_ceiling(statement: Statement) -> bool:
    return statement.form is Form.CEILING
