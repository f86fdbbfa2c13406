"""A chain of commitments: what was promised earlier, what each later text did with it, and where it grew weaker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stocktake.register.commitments import Commitment, Edge, Link, chain_behind

DILUTES = frozenset({Edge.RESTATES_WEAKER})


@dataclass(frozen=True)
class Step:
    """One link of a chain. ``distance`` is how many links at most lie between ``link.to`` and the end of the chain."""

    link: Link
    earlier: Commitment | None
    distance: int

    @property
    def dilutes(self) -> bool:
        """Whether the later text says less than the earlier one."""
        return self.link.edge in DILUTES


@dataclass(frozen=True)
class Chain:
    """Every way to one paragraph: each commitment once, oldest first, with the links between them."""

    end: str
    steps: tuple[Step, ...]

    @property
    def diluted(self) -> int:
        """How many links of the chain weaken what they take up."""
        return sum(step.dilutes for step in self.steps)

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """The earlier commitments, each once, by year and id."""
        known = {s.earlier.id: s.earlier for s in self.steps if s.earlier is not None}
        return tuple(sorted(known.values(), key=lambda c: (c.year, c.id)))


def chain_to(end: str, commitments: Mapping[str, Commitment], links: Iterable[Link]) -> Chain:
    """The chain that ends at ``end``, a paragraph or a commitment; empty when nothing earlier is recorded."""
    behind = chain_behind(end, links)
    distance = _distances(end, behind)
    steps = [Step(link, commitments.get(link.from_), distance[link.to]) for link in behind]
    return Chain(end, tuple(sorted(steps, key=lambda s: (_year(s), s.link.from_, s.distance, s.link.to))))


def _year(step: Step) -> int:
    return step.earlier.year if step.earlier else 9999


def _distances(end: str, links: Iterable[Link]) -> dict[str, int]:
    known = list(links)
    distance = {end: 0}
    for step in range(len(known)):
        for link in known:
            if distance.get(link.to) == step:
                distance.setdefault(link.from_, step + 1)
    return distance


def to_json(chain: Chain) -> dict[str, Any]:
    """``stocktake.chain/1``: the commitments and the links between them, with edges, dilution and checked flags."""
    return {
        "format": "stocktake.chain/1",
        "id": chain.end,
        "diluted": chain.diluted,
        "commitments": [
            {
                "id": c.id,
                "year": c.year,
                "force": c.force,
                "adopted": c.adopted,
                "validity": c.validity,
                "event": c.event.model_dump() if c.event else None,
                "event_date": c.event_date,
                "paraphrase": c.paraphrase.model_dump(),
                "seen": c.seen,
                "checked": c.checked,
            }
            for c in chain.commitments
        ],
        "links": [
            {
                "from": s.link.from_,
                "to": s.link.to,
                "clause": s.link.clause,
                "edge": s.link.edge.value,
                "dilutes": s.dilutes,
                "checked": s.link.checked,
                "source": s.link.source,
            }
            for s in chain.steps
        ],
    }
