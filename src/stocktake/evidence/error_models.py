"""How far a series of estimates may err, where somebody has published it: the only ground for a probability."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stocktake.evidence.statements import Statement
from stocktake.terms.provenance import Seen
from stocktake.terms.words import Line


class ErrorModel(BaseModel):
    """The relative standard error of a speaker's figures, as a source states it.

    ``sigma`` is a share of the figure (0.1: 10 %); for ``lognormal`` it is the standard deviation of the logarithm.
    ``correlation`` is that of the errors of two figures of the series, -1 to 1: 1 where one bias runs through both, 0
    where they err independently; ``correlation_reason`` says on what it rests. Refused: a model seen only from memory.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    speaker: Line
    quantity: Line
    series: Line | None = None
    subjects: tuple[Line, ...] = ()
    distribution: str = Field(pattern="^(normal|lognormal)$")
    sigma: Decimal = Field(gt=0, lt=1, allow_inf_nan=False)
    correlation: Decimal = Field(ge=-1, le=1, allow_inf_nan=False)
    correlation_reason: Line
    publisher: Line
    document: Line
    place: Line
    seen: Seen

    @model_validator(mode="after")
    def _seen(self) -> Self:
        if self.seen is Seen.MEMORY:
            raise ValueError("seen: no probability rests on an error model that was seen only from memory")
        return self

    def covers(self, statement: Statement) -> bool:
        """Whether the model speaks of this figure."""
        return (
            statement.best is not None
            and (statement.speaker, statement.quantity) == (self.speaker, self.quantity)
            and self.series in (None, statement.series)
            and (not self.subjects or statement.subject in self.subjects)
        )
