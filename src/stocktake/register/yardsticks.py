"""A yardstick: anyone's benchmarks and timeline, with a title and an author, to be laid against the same evidence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from stocktake.register.benchmarks import Amount, Benchmark
from stocktake.terms.words import Line, Words

FORMAT = "stocktake.yardstick/1"


class Unit(BaseModel):
    """One of this unit is ``factor`` of the unit ``of``: one thousand warheads is 1,000 warheads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Line
    of: Line
    factor: Amount = Field(gt=0)
    source: Line | None = None


class Yardstick(BaseModel):
    """``basis`` says what it rests on (proposed, unless its author can name an instrument).

    A yardstick without benchmarks is one whose author names nothing that could be measured; ``without`` says so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = Field(pattern=f"^{FORMAT}$")
    title: Words
    author: Line
    basis: str = Field(default="proposed", pattern="^(treaty|consensus|vote|derived|proposed)$")
    source: Line
    seen: str = Field(default="original", pattern="^(original|copy|press|memory)$")
    checked: bool = False
    url: Line | None = Field(default=None, pattern="^https?://")
    note: Words | None = None
    without: Words | None = None
    units: tuple[Unit, ...] = ()
    benchmarks: tuple[Benchmark, ...] = Field(default=(), max_length=200)


def conversion(units: Mapping[str, Unit], unit: str, to: str) -> Decimal | None:
    """How many of ``to`` are in one ``unit``, exactly; None where the table knows no way.

    >>> thousand = Unit(id="thousand warheads", of="warheads", factor=Decimal(1000))
    >>> conversion({thousand.id: thousand}, "thousand warheads", "warheads")
    Decimal('1000')
    """
    if unit == to:
        return Decimal(1)
    there, back = units.get(unit), units.get(to)
    base, factor = (there.of, there.factor) if there else (unit, Decimal(1))
    if base == to:
        return factor
    if back is not None and back.of == base:
        return factor / back.factor
    return None
