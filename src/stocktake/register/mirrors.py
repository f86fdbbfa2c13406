"""The mirror: what the texts ask of everyone, put State by State to those who ask it of others.

A register asks the States that possess nuclear weapons one by one, and everyone else as a body; the rows here say which
clauses can be put to each State alone, and by which indicators. Rules of their own they have none.
"""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from stocktake.register.commitments import Paragraph
from stocktake.terms.words import Words


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(_Row):
    """States that a mirror can be held up to by one name."""

    id: str
    name: Words
    members: tuple[str, ...]
    source: str


class Asked(_Row):
    """Paragraphs of one register, by its pack, with the clauses that are put to each State whom they address."""

    pack: str
    paragraphs: tuple[Paragraph, ...]


class Cycle(_Row):
    """A review cycle, by the indicator that asks for a report within it."""

    name: Words
    indicator: str


class Mirror(_Row):
    """The groups, what is asked, and the cycles in which parties report."""

    groups: tuple[Group, ...] = ()
    asked: tuple[Asked, ...] = ()
    cycles: tuple[Cycle, ...] = ()

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [g.id for g in self.groups]
        if len(set(names)) != len(names):
            raise ValueError("groups: a name stands twice")
        return self

    @property
    def indicators(self) -> frozenset[str]:
        """Every indicator that a row uses."""
        clauses = (c for a in self.asked for p in a.paragraphs for c in p.clauses)
        return frozenset(id for c in clauses for id in c.indicators) | {c.indicator for c in self.cycles}
