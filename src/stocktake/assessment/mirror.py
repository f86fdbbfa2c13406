"""The mirror: the same rules, clauses and evidence, held up to any State that a clause addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from stocktake.assessment.findings import Outcome
from stocktake.assessment.review import Catalogue, Review, addressees, review
from stocktake.assessment.weighing import weigh
from stocktake.register.commitments import Clause, Paragraph, Reading, Register
from stocktake.register.mirrors import Cycle
from stocktake.terms.problems import StocktakeError
from stocktake.terms.states import roster


class UnknownSubject(StocktakeError):
    """A State or group to which no mirror can be held up."""

    code = "unknown-subject"


@dataclass(frozen=True)
class Reporting:
    """One review cycle: what is on record of each party of the day, by the rule for acts by a date."""

    cycle: Cycle
    outcomes: Mapping[str, Outcome]


@dataclass(frozen=True)
class Mirrored:
    """What was found of ``subjects``, register by register; the reporting of all parties beside it.

    ``also`` are paragraphs that address them as part of a body and are put to no State alone, by register.
    """

    catalogue: Catalogue
    subjects: tuple[str, ...]
    as_of: date
    reviews: tuple[Review, ...]
    also: Mapping[str, tuple[str, ...]]
    reporting: tuple[Reporting, ...]


def mirrored(catalogue: Catalogue, subjects: Sequence[str], *, as_of: date) -> Mirrored:
    """Every clause of every register in force on that day that addresses one of ``subjects``, reviewed for these alone.

    It is `review` on registers whose readings are narrowed to the subjects: no rule is added, none left out.
    """
    reviews, also = [], {}
    for name, register in sorted(catalogue.registers.items(), key=lambda item: item[1].adopted):
        if register.adopted.first > as_of:
            continue
        asked = (*register.paragraphs, *(p for a in catalogue.mirror.asked if a.pack == name for p in a.paragraphs))
        kept = [p for p in (_narrowed(catalogue, p, subjects, as_of) for p in asked) if p is not None]
        put = [p for p in kept if any(c.indicators for c in p.clauses)]
        joined = replace(catalogue, register=_of(register, _joined(put)))
        reviews.append(review(joined, as_of=as_of))
        also[register.symbol] = tuple(dict.fromkeys(p.id for p in kept if p.id not in {q.id for q in put}))
    return Mirrored(catalogue, tuple(subjects), as_of, tuple(reviews), also, reporting(catalogue, as_of))


def _of(register: Register, paragraphs: Sequence[Paragraph]) -> Register:
    return register.model_copy(update={"paragraphs": tuple(paragraphs), "objections": ()})


def _narrowed(catalogue: Catalogue, paragraph: Paragraph, subjects: Sequence[str], on: date) -> Paragraph | None:
    """The paragraph as it concerns the subjects; None when it addresses none of them.

    Only what is asked of each addressee stays: a figure of the world, or of a body, says nothing of one State.
    """
    clauses = []
    for clause in paragraph.clauses:
        readings = [r for r in (_reading(catalogue, r, subjects, on) for r in clause.readings) if r is not None]
        if readings:
            own = tuple(i for i in clause.indicators if catalogue.indicators[i].subjects == "addressees")
            clauses.append(clause.model_copy(update={"readings": tuple(readings), "indicators": own, "telling": ()}))
    return paragraph.model_copy(update={"clauses": tuple(clauses)}) if clauses else None


def _reading(catalogue: Catalogue, reading: Reading, subjects: Sequence[str], on: date) -> Reading | None:
    addressed = set(addressees(catalogue, reading, on))
    own = tuple(sorted(addressed.intersection(subjects)))
    return reading.model_copy(update={"addressees": own, "outside": None}) if own else None


def _joined(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Each paragraph once, with the clauses of its register first and those put to every State after them."""
    clauses: dict[str, list[Clause]] = {}
    for p in paragraphs:
        clauses.setdefault(p.id, []).extend(c for c in p.clauses if c.indicators)
    first = {p.id: p for p in reversed(paragraphs)}
    return [
        first[id].model_copy(
            update={"clauses": tuple(c.model_copy(update={"n": n}) for n, c in enumerate(own, start=1))}
        )
        for id, own in clauses.items()
    ]


def reporting(catalogue: Catalogue, as_of: date) -> tuple[Reporting, ...]:
    """Reports of all parties of the day by review cycle (2010 action 20); a cycle that had not begun is left out."""
    parties = roster(catalogue.memberships, "NPT-SP", as_of)
    found = []
    for cycle in catalogue.mirror.cycles:
        indicator = catalogue.indicators[cycle.indicator]
        opens = date.fromisoformat(indicator.from_ or "0001-01-01")
        if opens > as_of:
            continue
        outcomes = {
            state: weigh(
                indicator,
                catalogue.archive.about(indicator.quantity, state, as_of=as_of),
                catalogue.archive,
                catalogue.rules,
                adopted=opens,
                as_of=as_of,
            )
            for state in parties
        }
        found.append(Reporting(cycle, outcomes))
    return tuple(found)


def subjects_named(catalogue: Catalogue, names: Sequence[str]) -> tuple[str, ...]:
    """The States behind names of groups and ISO codes, each once. Raises UnknownSubject with what there is."""
    groups = {g.id: g.members for g in catalogue.mirror.groups}
    states = {m.iso3 for m in catalogue.memberships if m.roster == "ALL-STATES"}
    found: list[str] = []
    for name in names:
        if name not in groups and name not in states:
            known = ", ".join(sorted(groups)) or "none"
            raise UnknownSubject(f"{name!r} is no group (there are: {known}) and no State's code, such as NZL.")
        found += groups.get(name, (name,))
    return tuple(dict.fromkeys(found))
