"""Benchmarks: against what an indicator is to be read, whose measure it is, and by when.

A benchmark of the resolution's op 22 is a baseline, a direction, milestones and a date; one that nobody agreed says so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stocktake.terms.dates import PartialDate
from stocktake.terms.words import Line, Words


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mark(_Row):
    """A value at a date, as baseline or milestone; an event has no value."""

    date: Line
    value: Decimal | None = None
    source: Line

    @model_validator(mode="after")
    def _dated(self) -> Self:
        PartialDate.parse(self.date)
        return self


class Benchmark(_Row):
    """``basis`` is what it rests on; ``author`` who set it. ``deadline`` None: none was agreed, and that is said."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: Words
    indicator: Line
    direction: str = Field(pattern="^(down|up|event|limit)$")
    target: Decimal | None = None
    unit: Line | None = None
    applies_to: Line | tuple[str, ...]
    baseline: Mark | None = None
    milestones: tuple[Mark, ...] = ()
    deadline: Line | None = None
    basis: str = Field(pattern="^(treaty|consensus|vote|derived|proposed)$")
    author: Line
    commitments: tuple[str, ...] = ()
    source: Line
    seen: str = Field(pattern="^(original|copy|press|memory)$")
    checked: bool = False
    note: Words | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.deadline is not None:
            PartialDate.parse(self.deadline)
        if self.direction != "event" and (self.target is None) != (self.unit is None):
            raise ValueError("a target has its unit")
        if self.basis in ("treaty", "consensus", "vote") and not self.commitments:
            raise ValueError("an agreed benchmark names the commitment that it comes from")
        dates = [PartialDate.parse(m.date).first for m in self.milestones]
        if dates != sorted(dates):
            raise ValueError("milestones stand in the order of their dates")
        return self
