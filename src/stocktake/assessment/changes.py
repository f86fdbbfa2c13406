"""What changed between two reviews, and why: each finding is weighed again with what came between, piece by piece.

What came between are *pieces*: another version of the rules, another definition, another roster, and every statement
that was added, reworded or taken back. The pieces that changed a finding are those that cannot be left out: with them
and no other, the finding that was becomes the finding that is; without any one of them it does not. The passing of time
is a reason of its own where it, and no piece, gives the other answer (a figure has grown old, a deadline has passed).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from stocktake.assessment.findings import Finding, Outcome
from stocktake.assessment.review import Catalogue, addressees, review, subjects_of
from stocktake.assessment.states_of_affairs import said_on
from stocktake.assessment.weighing import weigh
from stocktake.evidence.archive import Archive
from stocktake.evidence.corrections import corrections
from stocktake.evidence.statements import Statement
from stocktake.register.commitments import Clause
from stocktake.register.indicators import Indicator, Method
from stocktake.terms.problems import StocktakeError


class WrongOrder(StocktakeError):
    """Two days in the wrong order."""

    code = "wrong-order"


class Cause(StrEnum):
    """Why a finding is another one, in the order in which the pieces are laid on."""

    RULE = "new rule"  # another version of the rules, or another definition of what is asked or looked at
    CORRECTION = "correction"  # a statement corrected, reworded or taken back
    REVISION = "estimate revised"  # a later edition of a figure of the same date
    EVIDENCE = "new evidence"  # about the time before, said or taken in since
    EVENT = "event"  # of the time since: something happened, or a later figure was given
    ROSTER = "roster"  # somebody is asked, or no longer asked
    TIME = "time"  # nothing was said: a figure has grown old, or a deadline has passed


class Extent(StrEnum):
    """How much of the finding is another one; the first that applies."""

    ASKED = "asked"  # it was not asked before, or is not asked any more
    VERDICT = "verdict"
    FIGURES = "figures"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Moment:
    """A day, and the catalogue as it was known then, with the rules in force."""

    catalogue: Catalogue
    as_of: date


@dataclass(frozen=True, order=True)
class Question:
    """What is asked, under whichever reading."""

    paragraph: str
    clause: int
    indicator: str
    subject: str
    part: str | None


@dataclass(frozen=True)
class Reason:
    """A cause with the statements that made it count; ``was`` and ``now`` name versions or rosters, for the others."""

    cause: Cause
    statements: tuple[str, ...] = ()
    was: str | None = None
    now: str | None = None


@dataclass(frozen=True)
class Stage:
    """The answer after the pieces of one more cause are laid on."""

    cause: Cause
    verdict: str | None
    reason: str | None


@dataclass(frozen=True)
class Change:
    """One finding that is another one than it was; ``before`` or ``after`` is None where the question was not put."""

    question: Question
    before: Finding | None
    after: Finding | None
    extent: Extent
    reasons: tuple[Reason, ...]
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Comparison:
    """Two reviews set against each other: what changed, of how many questions."""

    before: Moment
    after: Moment
    questions: int
    changes: tuple[Change, ...]


def compare(before: Moment, after: Moment) -> Comparison:
    """Everything that changed between the two reviews, in the order of the register, with why; nothing unchanged.

    A finding has changed when its word or reason, its figures, its tolerance, or the statements that it rests on (in
    what they say, not in where they can be read) are others. Raises WrongOrder when ``after`` is the earlier day.
    """
    if after.as_of < before.as_of:
        raise WrongOrder(f"{after.as_of} lies before {before.as_of}; give the earlier day first.")
    was, now = _findings(before), _findings(after)
    asked = list(dict.fromkeys([*now, *was]))
    places = {p.id: n for n, p in enumerate(after.catalogue.register.paragraphs)}
    found = [
        _change(q, was.get(q), now.get(q), _Trial(q, before, after))
        for q in sorted(asked, key=lambda q: (places.get(q.paragraph, len(places)), asked.index(q)))
        if _essence(was.get(q)) != _essence(now.get(q))
    ]
    return Comparison(before, after, len(asked), tuple(found))


def _findings(moment: Moment) -> dict[Question, Finding]:
    found: dict[Question, Finding] = {}
    for p in review(moment.catalogue, as_of=moment.as_of).paragraphs:
        for f in p.findings:
            found.setdefault(Question(p.paragraph.id, f.clause, f.indicator.id, f.subject, f.part), f)
    return found


# What a statement says; the rest says where it can be read and who has checked that.
_SAID = (
    "id", "quantity", "subject", "form", "low", "best", "high", "unit", "act", "direction", "text_en", "text_zh",
    "as_of", "stated_on", "speaker", "verification", "seen", "series", "series_kind", "vintage",
)  # fmt: skip


def _said(s: Statement | None) -> tuple[Any, ...] | None:
    return None if s is None else tuple(getattr(s, name) for name in _SAID)


def _figures(o: Outcome) -> tuple[Any, ...]:
    return (_said(o.baseline), _said(o.value), o.change, o.tolerance, o.margin)


def _essence(found: Finding | Outcome | None) -> tuple[Any, ...] | None:
    """All of a finding that can change; what the rule saw and left is no part of it."""
    if found is None:
        return None
    o = found.outcome if isinstance(found, Finding) else found
    return (o.verdict, o.reason, _figures(o), tuple(map(_said, o.evidence)), tuple(map(_said, o.support)))


def _answer(found: Finding | Outcome | None) -> tuple[str | None, str | None] | None:
    if found is None:
        return None
    o = found.outcome if isinstance(found, Finding) else found
    return (o.verdict, o.reason)


def _extent(before: Finding | None, after: Finding | None) -> Extent:
    if before is None or after is None:
        return Extent.ASKED
    if _answer(before) != _answer(after):
        return Extent.VERDICT
    return Extent.FIGURES if _figures(before.outcome) != _figures(after.outcome) else Extent.EVIDENCE


@dataclass(frozen=True)
class _Piece:
    """Something that came between: a statement as it was and as it is, or a part of the ground by its cause."""

    cause: Cause
    name: str
    was: Statement | None = None
    now: Statement | None = None


class _Trial:
    """One question, weighed as it was put and answered before, with any pieces of what came between laid on."""

    def __init__(self, question: Question, before: Moment, after: Moment) -> None:
        self.question, self.before, self.after = question, before, after
        self._was, self._now = self._rows(before), self._rows(after)
        self.pieces = (*self._ground(), *self._statements())

    def outcome(self, pieces: Iterable[_Piece], as_of: date | None = None) -> Outcome | None:
        """What the question is answered with these pieces on the day of ``after``; None where it is not put."""
        laid, day = tuple(pieces), as_of or self.after.as_of
        names = {p.name for p in laid}
        ground = (self.after if _DEFINITION in names else self.before).catalogue
        found = _asked(self.question, ground, self.after if _ROSTER in names else self.before)
        if found is None:
            return None
        rows = dict(self._was)
        for piece in laid:
            if piece.now is not None:
                rows[piece.name] = piece.now
            elif piece.was is not None:
                rows.pop(piece.name, None)
        statements = _of_part(found, self.question.part, rows.values())
        if statements is None:
            return None
        rules = (self.after if _RULES in names else self.before).catalogue.rules
        adopted = ground.register.adopted.first
        return weigh(found, statements, ground.archive, rules, adopted=adopted, as_of=day)

    def needed(self, target: Any, measure: Any, pieces: Sequence[_Piece] | None = None) -> list[_Piece]:
        """The pieces none of which can be left out if ``measure`` of the outcome is to be ``target``."""
        kept = list(self.pieces if pieces is None else pieces)
        shrinking = True
        while shrinking:
            shrinking = False
            for piece in list(kept):
                fewer = [p for p in kept if p is not piece]
                if measure(self.outcome(fewer)) == target:
                    kept, shrinking = fewer, True
        return kept

    def _ground(self) -> list[_Piece]:
        one, other = self.before.catalogue, self.after.catalogue
        found = []
        if one.rules != other.rules:
            found.append(_Piece(Cause.RULE, _RULES))
        here, there = (_definition(self.question, c) for c in (one, other))
        if here != there or one.archive.speakers != other.archive.speakers:
            found.append(_Piece(Cause.RULE, _DEFINITION))
        if (one.memberships, self.before.as_of) != (other.memberships, self.after.as_of):
            found.append(_Piece(Cause.ROSTER, _ROSTER))
        return found

    def _rows(self, moment: Moment) -> dict[str, Statement]:
        """The statements that the question may see at that moment; of a disclosure, those that had been made."""
        indicators = (m.catalogue.indicators.get(self.question.indicator) for m in (self.before, self.after))
        rows: dict[str, Statement] = {}
        for indicator in indicators:
            if indicator is not None:
                subject = None if indicator.subjects == "any" else self.question.subject
                about = moment.catalogue.archive.about(indicator.quantity, subject, as_of=moment.as_of)
                public = indicator.method is not Method.DISCLOSURE
                rows |= {s.id: s for s in about if public or said_on(s) <= moment.as_of}
        return rows

    def _statements(self) -> list[_Piece]:
        ids = sorted({*self._was, *self._now}, key=lambda id: ((self._now.get(id) or self._was[id]).as_of, id))
        pairs = [(id, self._was.get(id), self._now.get(id)) for id in ids]
        pieces = [_Piece(self._cause(was, now), id, was, now) for id, was, now in pairs if was != now]
        return sorted(pieces, key=lambda p: _ORDER.index(p.cause))

    def _cause(self, was: Statement | None, now: Statement | None) -> Cause:
        known = self.before.catalogue.archive
        if was is not None or now is None or corrections([now], known):
            return Cause.CORRECTION
        if now.as_of.first > self.before.as_of:
            return Cause.EVENT
        if now.id in known and known[now.id] != now:
            return Cause.CORRECTION
        return Cause.REVISION if _restates(now, known) else Cause.EVIDENCE


_RULES, _DEFINITION, _ROSTER = "rules", "definition", "roster"
_ORDER = tuple(Cause)


def _definition(question: Question, catalogue: Catalogue) -> tuple[Clause, Indicator, date] | None:
    clauses = {(p.id, c.n): c for p in catalogue.register.paragraphs if p.id == question.paragraph for c in p.clauses}
    clause = clauses.get((question.paragraph, question.clause))
    if clause is None or question.indicator not in clause.indicators:
        return None
    return clause, catalogue.indicators[question.indicator], catalogue.register.adopted.first


def _asked(question: Question, ground: Catalogue, roster: Moment) -> Indicator | None:
    """The indicator, where the question is put to its subject, by the roster of that moment."""
    found = _definition(question, ground)
    if found is None:
        return None
    clause, indicator, _ = found
    for reading in clause.readings:
        if question.subject in subjects_of(indicator, reading, addressees(roster.catalogue, reading, roster.as_of)):
            return indicator
    return indicator if question.subject in indicator.context else None


def _of_part(indicator: Indicator, part: str | None, rows: Iterable[Statement]) -> list[Statement] | None:
    """The statements of one part of the question; None where it is not put in that part."""
    about = sorted(rows, key=lambda s: (s.as_of, s.id))
    series = {s.series for s in about if s.series} if indicator.per_series else set()
    if not series:
        return about if part is None else None
    names = {name for name in series if name.removeprefix("protocol:") == part}
    return [s for s in about if s.series in names] if names else None


def _restates(s: Statement, known: Archive) -> bool:
    """Whether an earlier edition of the same figure had been known."""
    earlier = (
        e
        for e in known.about(s.quantity, s.subject, as_of=date.max)
        if (e.speaker, e.series, e.as_of.text) == (s.speaker, s.series, s.as_of.text)
    )
    return s.vintage is not None and any(e.vintage is not None and e.vintage.first < s.vintage.first for e in earlier)


def _change(question: Question, before: Finding | None, after: Finding | None, trial: _Trial) -> Change:
    kept = trial.needed(_essence(after), _essence)
    time = _by_time(before, after, trial, kept)
    causes = [c for c in Cause if any(p.cause is c for p in kept)] + ([Cause.TIME] if time else [])
    return Change(
        question,
        before,
        after,
        _extent(before, after),
        tuple(_reason(c, kept, trial) for c in causes),
        tuple(_stages(causes, kept, trial)),
    )


def _by_time(before: Finding | None, after: Finding | None, trial: _Trial, kept: Sequence[_Piece]) -> bool:
    """Whether the passing of time is a reason: no piece is, or the pieces of the answer do not give it a day earlier.

    A piece that is dated after the first day brings its own time with it.
    """
    if not kept:
        return True
    if before is None or after is None or _answer(before) == _answer(after):
        return False
    needed = trial.needed(_answer(after), _answer, kept)
    since = trial.before.as_of
    if any(p.now is not None and max(p.now.as_of.first, said_on(p.now)) > since for p in needed):
        return False
    return _answer(trial.outcome(needed, since)) != _answer(after)


def _reason(cause: Cause, kept: Sequence[_Piece], trial: _Trial) -> Reason:
    names = [p.name for p in kept if p.cause is cause]
    one, other = trial.before.catalogue, trial.after.catalogue
    statements = tuple(n for n in names if n not in (_RULES, _DEFINITION, _ROSTER))
    if _RULES in names:
        return Reason(cause, statements, one.rules.version, other.rules.version)
    if cause is Cause.ROSTER:
        put = [_asked(trial.question, m.catalogue, m) is not None for m in (trial.before, trial.after)]
        return Reason(cause, statements, *("asked" if p else "not asked" for p in put))
    return Reason(cause, statements)


def _stages(causes: Sequence[Cause], kept: Sequence[_Piece], trial: _Trial) -> Iterable[Stage]:
    """The answer as the causes are laid on one after another; the day moves with the first that belongs to it."""
    laid: list[_Piece] = []
    for cause in causes:
        laid += [p for p in kept if p.cause is cause]
        last = cause is causes[-1]
        moved = last or cause in (Cause.EVENT, Cause.ROSTER, Cause.TIME)
        found = trial.outcome(laid, None if moved else trial.before.as_of)
        yield Stage(cause, found.verdict if found else None, found.reason if found else "not asked")
