"""A text of ours in the languages of the site."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

LANGUAGES = ("en", "zh")


def _printable(text: str) -> str:
    """Text for a page and a terminal; a control character could move a cursor or hide what stands there."""
    bad = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs")), None)
    if bad is not None:
        raise ValueError(f"the text has the control character U+{ord(bad):04X}")
    return text


Line = Annotated[str, AfterValidator(_printable)]


class Words(BaseModel):
    """The same sentence in every language of the site; a missing one is a mistake of the catalogue, not a blank."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: Line
    zh: Line

    def in_(self, language: str) -> str:
        return str(getattr(self, language))
