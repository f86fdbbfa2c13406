"""What an official of either side could object to a finding, and our answer: data of a register, never weighed.

The words are ours and no statement of any government; where a State has said it in public, the statement is cited.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from stocktake.terms.ids import ParagraphId
from stocktake.terms.words import Words


class Side(StrEnum):
    """Those of whom the paragraph asks something, or of whom a finding speaks; and those who ask it, the sponsors."""

    ASKED = "asked"
    ASKING = "asking"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class When(_Row):
    """The finding to which an objection belongs: it is made only where this came out, as a verdict or as a reason."""

    indicator: str
    subject: str
    outcomes: tuple[str, ...] = Field(min_length=1)


class Objection(_Row):
    """What an official of ``of`` (a State, a roster, a speaker) could object, and our answer.

    ``statements`` are public positions of the same side; without ``when`` the objection holds on every day.
    """

    id: str
    paragraph: Annotated[str, AfterValidator(lambda text: str(ParagraphId.parse(text)))]
    side: Side
    of: str
    objection: Words
    answer: Words
    when: When | None = None
    statements: tuple[str, ...] = ()
