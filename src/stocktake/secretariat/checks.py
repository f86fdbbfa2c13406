"""What must hold between the files of a catalogue; each breach is a problem with its file and row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from stocktake.assessment.findings import REASONS
from stocktake.assessment.review import Catalogue
from stocktake.evidence.archive import is_numeric
from stocktake.evidence.records import faults_of, record_type
from stocktake.evidence.statements import Statement
from stocktake.register.commitments import Clause, Reading, Register
from stocktake.register.indicators import FITTING, VERDICTS, Indicator, Method
from stocktake.register.objections import Objection
from stocktake.terms.dates import PartialDate
from stocktake.terms.ids import ARTICLE, RECITAL
from stocktake.terms.problems import InvalidTerm, Problem
from stocktake.terms.states import State

Places = Mapping[tuple[str, str], tuple[str, int]]
# A record of each addressee is a page of rows: a clause to all States is reviewed through a body or the world.
MOST_SUBJECTS = 20


def cross_references(
    catalogue: Catalogue, registers: Sequence[Register], states: Sequence[State], places: Places
) -> list[Problem]:
    """Every reference that leads nowhere, quantity in two units, verdict word that does not fit its duty."""
    return [
        *(problem for register in registers for problem in _of_numbering(register)),
        *(problem for register in registers for problem in _of_paragraphs(catalogue, register, places)),
        *(problem for register in registers for problem in _of_objections(catalogue, register, states, places)),
        *_of_mirror(catalogue, registers),
        *_of_irreversibility(catalogue, registers, states),
        *_of_indicators(catalogue, registers, places),
        *_of_statements(catalogue, states, places),
        *_of_records(catalogue, places),
        *_of_benchmarks(catalogue, places),
        *_of_links(catalogue, registers, places),
        *_in_circles(catalogue, places),
        *_of_rosters(catalogue, states, places),
        *_of_votes(catalogue, registers, states, places),
    ]


def _at(places: Places, kind: str, id: str, code: str, message: str) -> Problem:
    file, row = places.get((kind, id), ("catalogue", 0))
    return Problem(file, row, code, f"{id}: {message}")


def _of_numbering(register: Register) -> Iterator[Problem]:
    for section in ("operative", "preambular"):
        own = [p.key for p in register.paragraphs if p.key.section == section]
        # A treaty has articles and recitals on other matters, which its register leaves out.
        numbers = sorted(key.n for key in own if key.prefix not in (ARTICLE, RECITAL))
        missing = sorted(set(range(1, len(numbers) + 1)) - set(numbers))
        if missing:
            yield Problem(
                "register",
                0,
                "numbering-gap",
                f"{register.symbol}: {section} paragraphs {', '.join(map(str, missing))} are missing",
            )


def _of_paragraphs(catalogue: Catalogue, register: Register, places: Places) -> Iterator[Problem]:
    for paragraph in register.paragraphs:
        for clause in paragraph.clauses:
            for message in _of_clause(catalogue, clause):
                yield _at(places, "paragraph", paragraph.id, "broken-reference", f"clause {clause.n}: {message}")


def _of_mirror(catalogue: Catalogue, registers: Sequence[Register]) -> Iterator[Problem]:
    """A mirror asks every State of a roster: what is too much for a page of a register is what it is for."""
    known = {p.id for r in registers for p in r.paragraphs} | catalogue.commitments.keys()
    states = {m.iso3 for m in catalogue.memberships}
    said = [(g.id, f"{iso!r} is no State") for g in catalogue.mirror.groups for iso in g.members if iso not in states]
    for asked in catalogue.mirror.asked:
        if asked.pack not in catalogue.registers:
            said.append((asked.pack, "there is no such register"))
        for p in asked.paragraphs:
            if p.id not in known:
                said.append((p.id, "there is no such paragraph or commitment"))
            clauses = (c.model_copy(update={"telling": ()}) for c in p.clauses)
            said += [(p.id, fault) for c in clauses for fault in _of_clause(catalogue, c, one_by_one=True)]
    for id, fault in said:
        yield Problem("mirror.yaml", 0, "broken-reference", f"{id}: {fault}")


def _of_irreversibility(
    catalogue: Catalogue, registers: Sequence[Register], states: Iterable[State]
) -> Iterator[Problem]:
    paragraphs, iso = {p.id for r in registers for p in r.paragraphs}, {s.iso3 for s in states}
    for m in catalogue.irreversibility.measures:
        faults = [f"{m.subject!r} is no State"] if m.subject not in iso else []
        faults += [f"there is no paragraph {id!r}" for id in m.paragraphs if id not in paragraphs]
        cited = (id for c in m.codings for id in c.statements)
        faults += [f"there is no statement {id!r}" for id in cited if id not in catalogue.archive]
        for fault in faults:
            yield Problem("irreversibility.yaml", 0, "broken-reference", f"{m.id}: {fault}")


def _of_clause(catalogue: Catalogue, clause: Clause, *, one_by_one: bool = False) -> Iterator[str]:
    for id in clause.indicators:
        indicator = catalogue.indicators.get(id)
        if indicator is None:
            yield f"there is no indicator {id!r}"
        elif indicator.method not in FITTING[clause.duty]:
            yield f"indicator {id!r} is weighed by {indicator.method}, which does not fit the duty {clause.duty}"
        elif indicator.subjects == "addressees" and not one_by_one:
            yield from _too_many(catalogue, clause, indicator)
    for telling in clause.telling:
        if telling.indicator not in clause.indicators:
            yield f"the telling figure is of {telling.indicator!r}, which is no indicator of the clause"
        if telling.statement and telling.statement not in catalogue.archive:
            yield f"the telling statement {telling.statement!r} is not there"
    if clause.recalls and clause.recalls not in catalogue.commitments:
        yield f"there is no commitment {clause.recalls!r} to recall"
    for reading in clause.readings:
        yield from _of_reading(catalogue, reading)


BODIES = frozenset({"CD", "NPT-RC", "GA", "SG", "IAEA-DG"})


def _of_reading(catalogue: Catalogue, reading: Reading) -> Iterator[str]:
    known = {m.iso3 for m in catalogue.memberships}
    if isinstance(reading.addressees, tuple):
        yield from (f"reading {reading.id!r}: {iso!r} is no State" for iso in reading.addressees if iso not in known)
    elif reading.outside and not any(m.roster == reading.outside for m in catalogue.memberships):
        yield f"reading {reading.id!r}: there is no roster {reading.outside!r}"
    elif reading.addressees not in BODIES and not any(m.roster == reading.addressees for m in catalogue.memberships):
        yield f"reading {reading.id!r}: there is no roster {reading.addressees!r}"


def _too_many(catalogue: Catalogue, clause: Clause, indicator: Indicator) -> Iterator[str]:
    for reading in clause.readings:
        size = len({m.iso3 for m in catalogue.memberships if m.roster == reading.addressees})
        if size > MOST_SUBJECTS:
            yield f"indicator {indicator.id!r} would ask {size} States one by one; give it subjects"


def _of_objections(
    catalogue: Catalogue, register: Register, states: Sequence[State], places: Places
) -> Iterator[Problem]:
    known = {s.iso3 for s in states} | catalogue.archive.speakers.keys() | {m.roster for m in catalogue.memberships}
    asked = {p.id: {id for c in p.clauses for id in c.indicators} for p in register.paragraphs}
    for o in register.objections:
        messages = [] if o.of in known else [f"{o.of!r} is neither a State, a roster nor a speaker"]
        if o.paragraph not in asked:
            messages.append(f"there is no paragraph {o.paragraph!r}")
        messages += [f"there is no statement {id!r}" for id in o.statements if id not in catalogue.archive]
        messages += _of_when(catalogue, o, asked.get(o.paragraph, set()))
        for message in messages:
            yield _at(places, "objection", o.id, "broken-reference", message)


def _of_when(catalogue: Catalogue, o: Objection, indicators: set[str]) -> Iterator[str]:
    if o.when is None:
        return
    indicator = catalogue.indicators.get(o.when.indicator)
    if indicator is None or indicator.id not in indicators:
        yield f"when: {o.when.indicator!r} is no indicator of {o.paragraph}"
        return
    possible = VERDICTS[indicator.method] | REASONS
    for word in sorted(set(o.when.outcomes) - possible):
        yield f"when: {word!r} is no outcome of {indicator.id!r}; it gives {_listed(possible)}"


def _of_indicators(catalogue: Catalogue, registers: Sequence[Register], places: Places) -> Iterator[Problem]:
    used = {id for register in registers for p in register.paragraphs for c in p.clauses for id in c.indicators}
    used |= catalogue.mirror.indicators
    quantities = {s.quantity for s in catalogue.archive.statements}
    for indicator in catalogue.indicators.values():
        if indicator.id not in used:
            yield _at(places, "indicator", indicator.id, "unused", "no clause uses this indicator")
        if indicator.quantity not in quantities:
            yield _at(
                places,
                "indicator",
                indicator.id,
                "no-evidence",
                f"no statement is about the quantity {indicator.quantity!r}",
            )
        for act, word in indicator.acts.items():
            if word not in VERDICTS[indicator.method]:
                yield _at(
                    places,
                    "indicator",
                    indicator.id,
                    "wrong-verdict",
                    f"act {act!r} gives {word!r}; {indicator.method} gives {_listed(VERDICTS[indicator.method])}",
                )
        if indicator.method is Method.STATUS and not indicator.acts:
            yield _at(places, "indicator", indicator.id, "no-acts", "a status needs acts")
        yield from _of_window(indicator, places)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _of_window(indicator: Indicator, places: Places) -> Iterator[Problem]:
    if indicator.method is Method.DEADLINE and not indicator.deadline:
        yield _at(places, "indicator", indicator.id, "no-deadline", "an act by a date needs its date")
    for day in filter(None, (indicator.from_, indicator.deadline)):
        try:
            PartialDate.parse(day)
        except InvalidTerm as error:
            yield _at(places, "indicator", indicator.id, "invalid-date", str(error))


def _of_statements(catalogue: Catalogue, states: Sequence[State], places: Places) -> Iterator[Problem]:
    iso = {s.iso3 for s in states}
    speakers = iso | catalogue.archive.speakers.keys()
    indicators: dict[str, list[Indicator]] = {}
    for indicator in catalogue.indicators.values():
        indicators.setdefault(indicator.quantity, []).append(indicator)
    units: dict[str, tuple[str, str]] = {}
    for s in catalogue.archive.statements:
        if s.speaker not in speakers:
            yield _at(
                places,
                "statement",
                s.id,
                "unknown-speaker",
                f"speaker {s.speaker!r} is neither a State nor in speakers.csv",
            )
        if s.supersedes and s.supersedes not in catalogue.archive:
            yield _at(
                places, "statement", s.id, "broken-reference", f"it supersedes {s.supersedes!r}, which is not there"
            )
        yield from _of_dates(s, places)
        if is_numeric(s) and s.unit:
            unit, first = units.setdefault(s.quantity, (s.unit, s.id))
            if unit != s.unit:
                yield _at(
                    places,
                    "statement",
                    s.id,
                    "two-units",
                    f"{s.quantity} is in {s.unit!r} here and in {unit!r} at {first}",
                )
        acts = {act for i in indicators.get(s.quantity, []) for act in i.acts}
        if (
            s.act
            and acts
            and s.act not in acts
            and not any(i.method is Method.RECORD for i in indicators.get(s.quantity, []))
        ):
            yield _at(places, "statement", s.id, "unknown-act", f"act {s.act!r} is none of {', '.join(sorted(acts))}")


def _of_records(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    for s in catalogue.archive.statements if catalogue.records else ():
        kind = record_type(s, catalogue.records)
        if kind is None:
            yield _at(
                places, "statement", s.id, "no-record-type", f"no type in records.yaml takes {s.quantity}, {s.form}"
            )
        else:
            for message in faults_of(s, kind):
                yield _at(places, "statement", s.id, "incomplete-record", message)


def _of_benchmarks(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    rosters = {m.roster for m in catalogue.memberships}
    for b in catalogue.benchmarks.values():
        if b.indicator not in catalogue.indicators:
            yield _at(places, "benchmark", b.id, "broken-reference", f"there is no indicator {b.indicator!r}")
        for id in b.commitments:
            if id not in catalogue.commitments:
                yield _at(places, "benchmark", b.id, "broken-reference", f"there is no commitment {id!r}")
        if isinstance(b.applies_to, str) and b.applies_to not in rosters:
            yield _at(places, "benchmark", b.id, "broken-reference", f"there is no roster {b.applies_to!r}")


def _of_dates(s: Statement, places: Places) -> Iterator[Problem]:
    if s.published and s.stated_on and s.published.last < s.stated_on.first:
        yield _at(
            places,
            "statement",
            s.id,
            "dates-out-of-order",
            f"published on {s.published}, before it was stated on {s.stated_on}",
        )


def _of_links(catalogue: Catalogue, registers: Sequence[Register], places: Places) -> Iterator[Problem]:
    known = catalogue.commitments.keys() | {p.id for register in registers for p in register.paragraphs}
    for link in catalogue.links:
        for end in (link.from_, link.to):
            if end not in known:
                yield _at(places, "link", f"{link.from_} -> {link.to}", "broken-reference", f"there is no {end!r}")


def _in_circles(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """Links that lead back to where they came from: a commitment cannot come before itself."""
    after: dict[str, set[str]] = {}
    for link in catalogue.links:
        after.setdefault(link.from_, set()).add(link.to)
    for link in catalogue.links:
        reached, waiting = {link.to}, [link.to]
        while waiting:
            onward = after.get(waiting.pop(), set()) - reached
            reached |= onward
            waiting += onward
        if link.from_ in reached:
            id = f"{link.from_} -> {link.to}"
            yield _at(places, "link", id, "circle", "this link closes a circle: a commitment cannot come before itself")


def _of_rosters(catalogue: Catalogue, states: Iterable[State], places: Places) -> Iterator[Problem]:
    iso = {s.iso3 for s in states}
    for m in catalogue.memberships:
        id = f"{m.roster} {m.iso3}"
        if m.iso3 not in iso:
            yield _at(places, "membership", id, "unknown-state", "there is no such State in states.csv")
        if m.since and m.until and m.until <= m.since:
            yield _at(places, "membership", id, "dates-out-of-order", "it ends before it begins")


def _of_votes(
    catalogue: Catalogue, registers: Sequence[Register], states: Iterable[State], places: Places
) -> Iterator[Problem]:
    iso = {s.iso3 for s in states}
    for symbol, code in catalogue.votes:
        if code not in iso:
            yield _at(places, "vote", f"{symbol} {code}", "unknown-state", "there is no such State in states.csv")
    for register in (r for r in registers if r.tally):
        own = Counter(how for (symbol, _), how in catalogue.votes.items() if symbol == register.symbol)
        stated = {{"for": "voted for"}.get(k, k): v for k, v in register.tally.items()}
        counted = {k: own[k] for k in stated}
        if counted != stated:
            said = f"the roll-call counts {counted}, the register {register.symbol} says {stated}"
            yield Problem("votes.csv", 0, "tally-differs", said)
