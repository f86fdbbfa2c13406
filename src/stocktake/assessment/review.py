"""The review of one register: every clause, every reading, every addressee, weighed as of a date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from stocktake.assessment.acceptance import DISPUTED, acceptance_of
from stocktake.assessment.findings import UNDETERMINED, Finding
from stocktake.assessment.probability import probability_of
from stocktake.assessment.states_of_affairs import is_current
from stocktake.assessment.weighing import weigh
from stocktake.evidence.archive import Archive
from stocktake.evidence.error_models import ErrorModel
from stocktake.evidence.irreversibility import Irreversibility
from stocktake.evidence.records import RecordType
from stocktake.evidence.statements import Statement
from stocktake.register.benchmarks import Benchmark
from stocktake.register.commitments import (
    Clause,
    Commitment,
    Duty,
    Link,
    Paragraph,
    Reading,
    Register,
    chain_ahead,
    chain_behind,
)
from stocktake.register.indicators import Indicator
from stocktake.register.mirrors import Mirror
from stocktake.register.policy import Rules
from stocktake.terms.problems import StocktakeError
from stocktake.terms.states import Membership, roster


class NothingToReview(StocktakeError):
    """A day on which there was nothing to review yet."""

    code = "nothing-to-review"


class UnknownReading(StocktakeError):
    """A reading that a paragraph does not have."""

    code = "unknown-reading"


@dataclass(frozen=True)
class Catalogue:
    """All bundled facts, parsed and checked; the value that the rooms are given."""

    register: Register
    indicators: Mapping[str, Indicator]
    commitments: Mapping[str, Commitment]
    links: tuple[Link, ...]
    memberships: tuple[Membership, ...]
    votes: Mapping[tuple[str, str], str]
    archive: Archive
    rules: Rules
    benchmarks: Mapping[str, Benchmark] = field(default_factory=dict)
    records: tuple[RecordType, ...] = ()
    error_models: tuple[ErrorModel, ...] = ()
    registers: Mapping[str, Register] = field(default_factory=dict)
    mirror: Mirror = field(default_factory=Mirror)
    irreversibility: Irreversibility = field(default_factory=Irreversibility)


@dataclass(frozen=True)
class ReadingReview:
    """Whom a reading addresses on the day of the review, and what was found of them.

    ``disputed`` are States whose place on the roster is itself disputed: named, and not counted among the rest.
    ``outside`` are those of the wider group, where the reading names one, who are neither; ``unnamed`` those of them
    whom no clause of the paragraph names.
    """

    id: str
    key: str
    addressees: tuple[str, ...]
    disputed: tuple[str, ...]
    tally: Mapping[str, int]
    outside: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClauseReview:
    """A clause with its readings; its tally counts each question once, however many readings ask it."""

    clause: Clause
    readings: tuple[ReadingReview, ...]
    tally: Mapping[str, int]


@dataclass(frozen=True)
class ParagraphReview:
    """One paragraph's whole answer. ``later`` are the links to what texts adopted by then made of it."""

    paragraph: Paragraph
    clauses: tuple[ClauseReview, ...]
    lineage: tuple[Link, ...]
    findings: tuple[Finding, ...]
    later: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Review:
    """The whole review; the same inputs give the same value."""

    catalogue: Catalogue
    as_of: date
    paragraphs: tuple[ParagraphReview, ...]

    @property
    def questions(self) -> tuple[Finding, ...]:
        """Counted findings of the whole review, one for each question asked."""
        unique = {(p.paragraph.id, *f.question): f for p in self.paragraphs for f in p.findings if f.is_counted}
        return tuple(unique.values())


def review(catalogue: Catalogue, *, as_of: date) -> Review:
    """Weigh every clause of the register as of that day.

    What happened or was so after ``as_of`` is left out; editions published later may restate what was so before.
    Raises NothingToReview for a day before the register's adoption.
    """
    refuse_before_adoption(catalogue, as_of)
    return Review(catalogue, as_of, tuple(_paragraph(catalogue, p, as_of) for p in catalogue.register.paragraphs))


def refuse_before_adoption(catalogue: Catalogue, as_of: date) -> None:
    """Raise NothingToReview for a day before the register's adoption."""
    if as_of < catalogue.register.adopted.first:
        symbol, adopted = catalogue.register.symbol, catalogue.register.adopted
        there = [
            f"{r.symbol} of {r.adopted} (--register {name})"
            for name, r in sorted(catalogue.registers.items(), key=lambda item: item[1].adopted)
            if r.adopted.first <= as_of
        ]
        instead = f" There was already {', '.join(there)}." if there else ""
        raise NothingToReview(f"{symbol} was adopted on {adopted}; there is nothing to review as of {as_of}.{instead}")


def addressees(catalogue: Catalogue, reading: Reading, on: date) -> tuple[str, ...]:
    """ISO codes that a reading addresses on that day; empty when it addresses a body that is no group of States."""
    named = reading.addressees
    return tuple(sorted(named)) if isinstance(named, tuple) else roster(catalogue.memberships, named, on)


def _paragraph(catalogue: Catalogue, paragraph: Paragraph, as_of: date) -> ParagraphReview:
    reviewed = [_clause(catalogue, paragraph, clause, as_of) for clause in paragraph.clauses]
    findings = tuple(f for _, found in reviewed for f in found)
    return ParagraphReview(
        paragraph,
        tuple(c for c, _ in reviewed),
        chain_behind(paragraph.id, catalogue.links),
        findings,
        tuple(k for k in chain_ahead(paragraph.id, catalogue.links) if _adopted_by(catalogue, k.to, as_of)),
    )


def _adopted_by(catalogue: Catalogue, id: str, day: date) -> bool:
    """Whether a commitment, or a paragraph of a register, had been adopted by that day (a year counts from its end)."""
    if id in catalogue.commitments and catalogue.commitments[id].adopted:
        return date(catalogue.commitments[id].year, 12, 31) <= day
    return any(p.id == id for r in catalogue.registers.values() if r.adopted.first <= day for p in r.paragraphs)


def _clause(
    catalogue: Catalogue, paragraph: Paragraph, clause: Clause, as_of: date
) -> tuple[ClauseReview, list[Finding]]:
    readings: list[ReadingReview] = []
    found: list[Finding] = []
    seen: set[str] = set()
    for reading in clause.readings:
        members = addressees(catalogue, reading, as_of)
        own = [
            f
            for id in clause.indicators
            for f in _findings(catalogue, paragraph, clause, reading, members, catalogue.indicators[id], as_of)
        ]
        found += [f for f in own if f.id not in seen]
        seen |= {f.id for f in own}
        key = reading.addressees if isinstance(reading.addressees, str) else ",".join(reading.addressees)
        disputed = roster(catalogue.memberships, f"{key}{DISPUTED}", as_of)
        wider = roster(catalogue.memberships, reading.outside, as_of) if reading.outside else ()
        outside = tuple(s for s in wider if s not in (*members, *disputed))
        unnamed = tuple(s for s in outside if s not in named_in(paragraph))
        readings.append(ReadingReview(reading.id, key, members, disputed, tally(own), outside, unnamed))
    return ClauseReview(clause, tuple(readings), tally({f.question: f for f in found if f.is_counted}.values())), found


def named_in(paragraph: Paragraph) -> frozenset[str]:
    """The States that the paragraph addresses by name."""
    readings = (r.addressees for c in paragraph.clauses for r in c.readings)
    return frozenset(state for named in readings if isinstance(named, tuple) for state in named)


def of_reading(made: ParagraphReview, wanted: str) -> ParagraphReview:
    """What one reading of the paragraph gives: its clauses, addressees and findings, those in context beside them.

    Raises UnknownReading with the readings that there are.
    """
    known = sorted({r.id for c in made.clauses for r in c.readings})
    if wanted not in known:
        raise UnknownReading(f"{made.paragraph.id} has no reading {wanted!r}; it has {', '.join(known) or 'none'}.")
    clauses = [replace(c, readings=tuple(r for r in c.readings if r.id == wanted)) for c in made.clauses]
    kept = [replace(c, tally=c.readings[0].tally) for c in clauses if c.readings]
    numbers = {c.clause.n for c in kept}
    findings = (f for f in made.findings if f.clause in numbers and f.reading in (wanted, None))
    return replace(made, clauses=tuple(kept), findings=tuple(findings))


def tally(findings: Iterable[Finding]) -> dict[str, int]:
    """How often each verdict word stands, most favourable word never first by design: in alphabetical order."""
    counts = Counter(f.outcome.verdict or "" for f in findings if f.is_counted)
    return dict(sorted(counts.items()))


def _findings(
    catalogue: Catalogue,
    paragraph: Paragraph,
    clause: Clause,
    reading: Reading,
    members: Sequence[str],
    indicator: Indicator,
    as_of: date,
) -> list[Finding]:
    subjects = subjects_of(indicator, reading, members)
    rows = [(s, False) for s in subjects] + [(s, True) for s in indicator.context if s not in subjects]
    return [
        f
        for subject, context in rows
        for f in _of_subject(catalogue, paragraph, clause, reading, indicator, subject, context, as_of)
    ]


def subjects_of(indicator: Indicator, reading: Reading, members: Sequence[str]) -> tuple[str, ...]:
    if isinstance(indicator.subjects, tuple):
        return indicator.subjects
    if indicator.subjects == "by-reading":
        return indicator.by_reading.get(reading.id, ())
    if indicator.subjects == "any":
        return (reading.addressees if isinstance(reading.addressees, str) else "+".join(reading.addressees),)
    return tuple(m for m in members if not indicator.only or m in indicator.only)


def _of_subject(
    catalogue: Catalogue,
    paragraph: Paragraph,
    clause: Clause,
    reading: Reading,
    indicator: Indicator,
    subject: str,
    context: bool,
    as_of: date,
) -> list[Finding]:
    about = catalogue.archive.about(indicator.quantity, None if indicator.subjects == "any" else subject, as_of=as_of)
    parts: dict[str | None, tuple[Statement, ...]] = {None: about}
    series = sorted({s.series for s in about if s.series})
    if indicator.per_series and series:
        parts = {name: tuple(s for s in about if s.series == name) for name in series}
    several = len(clause.readings) > 1 and not context
    acceptance = acceptance_of(
        subject,
        paragraph.id,
        clause,
        register=catalogue.register,
        links=catalogue.links,
        commitments=catalogue.commitments,
        memberships=catalogue.memberships,
        votes=catalogue.votes,
    )
    basis = _basis(catalogue, clause)
    found = []
    for part, statements in parts.items():
        label = part.removeprefix("protocol:") if part else None
        pieces = [
            paragraph.key.anchor,
            str(clause.n),
            *([reading.id] if several else []),
            indicator.id,
            subject,
            *([label] if label else []),
        ]
        outcome = weigh(
            indicator,
            statements,
            catalogue.archive,
            catalogue.rules,
            adopted=catalogue.register.adopted.first,
            as_of=as_of,
        )
        accepted = acceptance[0].how if acceptance else None
        id = ".".join(pieces)
        found.append(
            Finding(
                id,
                clause.n,
                None if context else reading.id,
                indicator,
                subject,
                context,
                outcome,
                basis,
                accepted,
                acceptance,
                label,
                outcome.value is not None and not is_current(outcome.value, as_of, catalogue.rules.current_years),
                probability_of(id, indicator, outcome, catalogue.error_models),
            )
        )
    return found


def _basis(catalogue: Catalogue, clause: Clause) -> str:
    if clause.derived:
        return "derived"
    return catalogue.commitments[clause.recalls].force if clause.recalls else catalogue.register.force


def asks_no_act(review: ParagraphReview) -> bool:
    """Whether the paragraph asks nothing of anyone: it notes, recalls or decides on the agenda."""
    return all(c.clause.duty is Duty.NONE for c in review.clauses)


def rests_on_evidence(review: ParagraphReview) -> bool:
    """Whether at least one finding of the paragraph has evidence."""
    return any(f.outcome.evidence for f in review.findings)


def undetermined(findings: Iterable[Finding]) -> dict[str, int]:
    """Reasons of the undetermined findings, with how often each stands."""
    return dict(sorted(Counter(f.outcome.reason or "" for f in findings if f.outcome.verdict == UNDETERMINED).items()))
