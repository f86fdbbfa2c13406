"""Several statements about one thing: which of them agree, and which one a stated rule puts forward.

Nothing is thrown away: what is not put forward stands beside it. Rule of choice, version 1, in this order: a statement
that another one supersedes yields; memory yields to what was seen; a mandated body's record of a legal fact comes
first; of one speaker, the later edition; the original before a copy, a copy before the press. Where that decides
nothing, nothing is put forward.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stocktake.evidence.archive import Archive, carries, is_numeric
from stocktake.evidence.statements import Form, Statement
from stocktake.terms.provenance import Seen, Verification

VERSION = "1"
_SEEN = (Seen.ORIGINAL, Seen.COPY, Seen.PRESS, Seen.MEMORY)


@dataclass(frozen=True)
class Choice:
    """``chosen`` is None when the rule decides nothing; ``beside`` are the others, none of them lost."""

    chosen: Statement | None
    beside: tuple[Statement, ...]
    reason: str


def occasion(statement: Statement) -> tuple[str, str, str]:
    """What a statement is about, so that two of them can conflict: a figure of one date, or one single event."""
    single = statement.series_kind == "single" and statement.series is not None and not is_numeric(statement)
    when = str(statement.series if single else statement.as_of)
    part = statement.series if statement.series and statement.series.startswith("protocol:") else ""
    return statement.quantity, statement.subject, f"{when} {part}".strip()


def said(statement: Statement) -> str:
    """What is stated, short: a number with its bounds, a keyword, or the day of a single event."""
    if is_numeric(statement):
        low, best, high = statement.low, statement.best, statement.high
        numbers = {
            Form.NUMBER: f"{best}",
            Form.RANGE: f"{low} to {high}",
            Form.CEILING: f"at most {high}",
            Form.FLOOR: f"at least {low}",
        }[statement.form]
        return f"{numbers} {statement.unit}"
    what = statement.act or statement.form.value
    return f"{what} {statement.as_of}" if statement.series_kind == "single" else what


def conflicts(statements: Iterable[Statement]) -> list[tuple[Statement, ...]]:
    """Groups that state different things of one occasion, the groups in order of what they are about."""
    groups: dict[tuple[str, str, str], list[Statement]] = {}
    for s in statements:
        if is_numeric(s) or s.act:
            groups.setdefault(occasion(s), []).append(s)
    return [tuple(group) for _, group in sorted(groups.items()) if _differ(group)]


def _differ(group: Sequence[Statement]) -> bool:
    """Whether statements contradict each other. One speaker who keeps two series (a year's count, a running total)
    and gives a figure in each says two things, not one thing twice."""
    series = [s.series for s in group]
    one_speaker = len({s.speaker for s in group}) == 1
    two_series = None not in series and len(set(series)) == len(series)
    return len({said(s) for s in group}) > 1 and not (one_speaker and two_series and all(map(is_numeric, group)))


def choose(statements: Sequence[Statement]) -> Choice:
    """One statement to put forward, by the rule at the top of this module; order and repetition do not matter."""
    known = sorted({s.id: s for s in statements}.values(), key=lambda s: s.id)
    superseded = {s.supersedes for s in known}
    left = [s for s in known if s.id not in superseded]
    reasons = ["another one supersedes the rest"] if len(left) < len(known) else []
    for reason, kept in (
        ("the rest is from memory", [s for s in left if carries(s)]),
        ("a mandated body records a legal fact", [s for s in left if s.verification is Verification.VERIFIED]),
    ):
        better = [s for s in kept if s in left]
        if better and len(better) < len(left):
            left, reasons = better, [*reasons, reason]
    later = [s for s in left if not any(_later_edition(other, s) for other in left)]
    if len(later) < len(left):
        left, reasons = later, [*reasons, "the later edition of the same speaker"]
    best = min((_SEEN.index(s.seen) for s in left), default=0)
    nearer = [s for s in left if _SEEN.index(s.seen) == best]
    if len(nearer) < len(left):
        left, reasons = nearer, [*reasons, f"seen in the {_SEEN[best]}"]
    if len({said(s) for s in left}) != 1:
        return Choice(None, tuple(known), "the rule decides nothing; all stand side by side")
    chosen = left[0]
    return Choice(chosen, tuple(s for s in known if s is not chosen), "; ".join(reasons) or "all agree")


def _later_edition(other: Statement, one: Statement) -> bool:
    return (
        other.speaker == one.speaker
        and other.vintage is not None
        and one.vintage is not None
        and other.vintage.first > one.vintage.first
    )


def standing(archive: Archive, quantity: str, subjects: Iterable[str], as_of: date) -> Mapping[str, Statement | None]:
    """For each subject, the last status or event with a keyword up to that day; None where nothing is stated.

    A status that was so at some time holds until another is stated.
    """
    found: dict[str, Statement | None] = {}
    for subject in sorted(set(subjects)):
        acts = [s for s in archive.about(quantity, subject, as_of=as_of) if s.act and s.as_of.last <= as_of]
        found[subject] = max(acts, key=lambda s: (s.as_of, s.id), default=None)
    return found
