"""What the catalogue holds, counted; and the chain behind a paragraph of any of its registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable

from stocktake.assessment.findings import UNDETERMINED
from stocktake.assessment.review import Catalogue, review
from stocktake.evidence.records import tally
from stocktake.register.chains import Chain, chain_to
from stocktake.register.commitments import Register, UnknownParagraph
from stocktake.secretariat.catalogue import load_catalogue, load_registers


@dataclass(frozen=True)
class Statistics:
    """Counts by heading, and how much of what carries verdicts was looked at twice."""

    counts: Mapping[str, Mapping[str, int]]
    carrying: int
    carrying_checked: int

    @property
    def share_checked(self) -> float:
        """Share of the statements that carry a verdict which were checked, from 0 to 1."""
        return self.carrying_checked / self.carrying if self.carrying else 0.0


def statistics(as_of: date, folder: Traversable | None = None) -> Statistics:
    """What the catalogue holds. Statements carry a verdict when a determined, counted finding of a review as of that
    day rests on them, in any of the registers."""
    catalogue = load_catalogue(folder)[0]
    registers = load_registers(folder)
    archive = catalogue.archive
    carrying = {
        s.id
        for name, register in registers.items()
        if register.adopted.first <= as_of
        for p in review(load_catalogue(folder, name)[0], as_of=as_of).paragraphs
        for f in p.findings
        if f.is_counted and f.outcome.verdict != UNDETERMINED
        for s in f.outcome.evidence
    }
    checked = sum(archive[id].checked for id in carrying)
    return Statistics(_counts(catalogue, registers), len(carrying), checked)


def _counts(catalogue: Catalogue, registers: Mapping[str, Register]) -> dict[str, dict[str, int]]:
    archive, commitments = catalogue.archive, catalogue.commitments.values()
    clauses = [c for r in registers.values() for p in r.paragraphs for c in p.clauses]
    ends = [p.id for r in registers.values() for p in r.paragraphs]
    chains = [c for c in (chain_to(end, catalogue.commitments, catalogue.links) for end in ends) if c.steps]
    return {
        "registers": {r.symbol: len(r.paragraphs) for r in registers.values()},
        "commitments by instrument": _tally(c.instrument for c in commitments),
        "commitments by validity": _tally(c.validity if c.adopted else "not adopted" for c in commitments),
        "commitments by pillar": _tally(c.pillar for c in commitments),
        "clauses by duty": _tally(c.duty.value for c in clauses),
        "chains": {
            "paragraphs with a chain": len(chains),
            "links": len(catalogue.links),
            "links checked": sum(k.checked for k in catalogue.links),
            "links that weaken": sum(k.edge == "restates_weaker" for k in catalogue.links),
        },
        "links by edge": _tally(k.edge.value for k in catalogue.links),
        "indicators by method": _tally(i.method.value for i in catalogue.indicators.values()),
        "benchmarks by basis": _tally(b.basis for b in catalogue.benchmarks.values()),
        "statements by speaker": _tally(archive.speaker_kind(s).value for s in archive.statements),
        "statements by verification": _tally(s.verification.value for s in archive.statements),
        "statements by seen": _tally(s.seen.value for s in archive.statements),
        "statements by speaker, verification, seen": _tally(
            f"{archive.speaker_kind(s).value} · {s.verification.value} · {s.seen.value}" for s in archive.statements
        ),
        "records by type": dict(tally(archive.statements, catalogue.records)),
    }


def _tally(words: Iterable[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())


def open_chain(id: str, folder: Traversable | None = None) -> Chain:
    """The chain that ends at a paragraph of any register, or at a commitment.

    Raises UnknownParagraph for an id that is neither; ``op20`` means the paragraph of the default register.
    """
    catalogue = load_catalogue(folder)[0]
    registers = load_registers(folder)
    known = catalogue.commitments.keys() | {p.id for r in registers.values() for p in r.paragraphs}
    end = id if "#" in id or id in known else f"{catalogue.register.symbol}#{id}"
    if end not in known:
        near = sorted(k for k in known if k.split("#")[0].casefold() == end.split("#")[0].casefold())
        hint = (
            f"; of {near[0].split('#')[0]} there are {', '.join(k.split('#')[-1] for k in near[:40])}" if near else ""
        )
        raise UnknownParagraph(f"There is no paragraph or commitment {id!r}{hint}.")
    return chain_to(end, catalogue.commitments, catalogue.links)
