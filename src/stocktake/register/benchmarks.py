"""Benchmarks: against what an indicator is to be read, whose measure it is, and by when.

A benchmark of the resolution's op 22 is a baseline, a direction, milestones and a date; one that nobody agreed says so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from stocktake.terms.dates import PartialDate
from stocktake.terms.words import Line, Words

YEARS = (1900, 2500)  # a benchmark speaks of years that people plan for


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _day(text: str) -> str:
    day = PartialDate.parse(text)
    if not YEARS[0] <= day.first.year <= YEARS[1]:
        raise ValueError(f"a year from {YEARS[0]} to {YEARS[1]} is expected, not {day.first.year}")
    return text


def _year(value: Any) -> Any:
    """A year alone is a number to YAML and JSON."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def no_flag(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("a number is expected, not yes or no")
    return value


Day = Annotated[Line, BeforeValidator(_year), AfterValidator(_day)]
Amount = Annotated[Decimal, BeforeValidator(no_flag), Field(ge=0, max_digits=18, allow_inf_nan=False)]


class Mark(_Row):
    """A value at a date, as baseline or milestone; an event has no value. ``share``: of the figure at the baseline."""

    date: Day
    value: Amount | None = None
    share: Amount | None = None
    source: Line

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.value is not None and self.share is not None:
            raise ValueError("give a value, or a share of the baseline, not both")
        return self


class OwnMargin(_Row):
    """How exact a figure must be taken to be, by the author of the benchmark: a share of it, or an amount."""

    share: Amount | None = None
    amount: Amount | None = None
    reason: Line

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.share is None) == (self.amount is None):
            raise ValueError("give a share or an amount, one of the two")
        return self


class Benchmark(_Row):
    """``basis`` is what it rests on; ``author`` who set it. ``deadline`` None: none was agreed, and that is said.

    It is read on an ``indicator``, or on the statements of a ``quantity`` by ``speakers``. ``acts`` are the keywords
    that fulfil an event. A limit holds ``until`` a day; an act after that day is of another occasion. ``set_by``
    are the States that set it for themselves.
    """

    id: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    name: Words
    indicator: Line | None = None
    quantity: Line | None = None
    speakers: str = Field(default="any", pattern="^(self|others|any)$")
    direction: str = Field(pattern="^(down|up|event|limit)$")
    target: Amount | None = None
    unit: Line | None = None
    applies_to: Line | tuple[Line, ...]
    baseline: Mark | None = None
    milestones: tuple[Mark, ...] = Field(default=(), max_length=50)
    deadline: Day | None = None
    until: Day | None = None
    acts: tuple[Line, ...] = ()
    margin: OwnMargin | None = None
    basis: str = Field(pattern="^(treaty|consensus|vote|derived|proposed)$")
    author: Line
    set_by: tuple[Line, ...] = ()
    commitments: tuple[str, ...] = ()
    source: Line
    seen: str = Field(pattern="^(original|copy|press|memory)$")
    checked: bool = False
    note: Words | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.indicator is None) == (self.quantity is None):
            raise ValueError("it is read on an indicator or on a quantity; give one of the two")
        numbers = [m.value for m in (*self.milestones, self.baseline) if m]
        if self.direction == "event":
            if self.target is not None or any(n is not None for n in numbers) or any(m.share for m in self.milestones):
                raise ValueError("an event has no number; it happens or not")
        elif (self.target is not None or any(n is not None for n in numbers)) and self.unit is None:
            raise ValueError("a target has its unit; give `unit`")
        elif self.target is None and self.unit is not None and all(n is None for n in numbers):
            raise ValueError("a target has its unit; a unit has its target")
        if self.direction == "limit" and self.target is None:
            raise ValueError("a limit has its target: the number that is not to be exceeded")
        if self.baseline is None and any(m.share is not None for m in self.milestones):
            raise ValueError("a share is of the baseline; give `baseline`")
        if self.basis in ("treaty", "consensus", "vote") and not self.commitments:
            raise ValueError("an agreed benchmark names the commitment that it comes from")
        dates = [PartialDate.parse(m.date).first for m in self.milestones]
        if dates != sorted(dates):
            raise ValueError("milestones stand in the order of their dates")
        return self
