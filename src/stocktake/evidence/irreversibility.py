"""How hard a measure would be to undo, on four axes: opinions of coders, each resting on statements.

The axes are not rungs of one ladder and are never added: a treaty may bind what stands intact, and what is gone may be
bound by nothing. On each axis the words stand in an order, from what is easiest to undo.
"""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stocktake.terms.words import Words

AXES = ("physical", "verification", "bond", "reversal")


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OrdinalWord(_Row):
    """One word of a scale, with what it means."""

    id: str = Field(pattern=r"^[a-z-]+$")
    name: Words
    definition: Words


class Axis(_Row):
    """One axis with its words, from what is easiest to undo to what is hardest."""

    id: str
    name: Words
    definition: Words
    words: tuple[OrdinalWord, ...] = Field(min_length=2)


class Coding(_Row):
    """One coder's word for one axis, and the statements on which it rests; it holds from the last of these on."""

    axis: str
    coder: str
    word: str
    statements: tuple[str, ...] = Field(min_length=1)
    note: Words | None = None


class Measure(_Row):
    """Something that a State did or undertook. ``paragraphs`` are those under which it is shown."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: Words
    subject: str
    paragraphs: tuple[str, ...] = ()
    codings: tuple[Coding, ...] = Field(min_length=1)
    objections: Words


class Irreversibility(_Row):
    """The axes, and every measure that was coded."""

    axes: tuple[Axis, ...] = ()
    measures: tuple[Measure, ...] = ()

    @model_validator(mode="after")
    def _words_are_of_their_axis(self) -> Self:
        if self.measures and tuple(a.id for a in self.axes) != AXES:
            raise ValueError(f"axes: expected {', '.join(AXES)}, in this order")
        words = {a.id: {w.id for w in a.words} for a in self.axes}
        for m in self.measures:
            for c in m.codings:
                if c.word not in words.get(c.axis, set()):
                    known = ", ".join(sorted(words.get(c.axis, set()))) or ", ".join(AXES)
                    raise ValueError(f"{m.id}: {c.word!r} is no word of the axis {c.axis!r}; expected {known}")
        if len({m.id for m in self.measures}) != len(self.measures):
            raise ValueError("measures: an id stands twice")
        return self

    @property
    def coders(self) -> tuple[str, ...]:
        """Who coded, each once."""
        return tuple(sorted({c.coder for m in self.measures for c in m.codings}))
