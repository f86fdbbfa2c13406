"""Weights of a user, by which States can be ordered: every one of them the user's, none of ours."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from stocktake.register.benchmarks import no_flag
from stocktake.terms.words import Line

FORMAT = "stocktake.weights/1"
Weight = Annotated[Decimal, BeforeValidator(no_flag), Field(max_digits=18, allow_inf_nan=False)]
Share = Annotated[Decimal, BeforeValidator(no_flag), Field(ge=0, max_digits=18, allow_inf_nan=False)]


class Weights(BaseModel):
    """``words``: points of a verdict word, more is better. The rest say how much a question counts; none of them: one.

    A question counts by the product of the weights that its paragraph (``op5``), clause (``op5.1``) and indicator have.
    A table that is given counts only what it names.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = Field(pattern=f"^{FORMAT}$")
    author: Line
    words: dict[Line, Weight] = Field(min_length=1)
    paragraphs: dict[Line, Share] | None = None
    clauses: dict[Line, Share] | None = None
    indicators: dict[Line, Share] | None = None
    note: Line | None = None

    @model_validator(mode="after")
    def _something_counts(self) -> Self:
        tables = (self.paragraphs, self.clauses, self.indicators)
        if all(t is None for t in tables):
            raise ValueError("give weights to paragraphs, clauses or indicators; there are none of ours")
        if any(t is not None and not any(t.values()) for t in tables):
            raise ValueError("a table in which every weight is zero counts nothing")
        return self

    def of(self, paragraph: str, clause: int, indicator: str) -> Decimal:
        """How much a question counts; zero where a table that was given does not name it.

        >>> Weights(format=FORMAT, author="A", words={"kept": 1}, clauses={"op5.1": 2}).of("op5", 1, "x")
        Decimal('2')
        """
        found = Decimal(1)
        named = (self.paragraphs, paragraph), (self.clauses, f"{paragraph}.{clause}"), (self.indicators, indicator)
        for table, key in named:
            if table is not None:
                found *= table.get(key, Decimal(0))
        return found
