"""A text of ours in the languages of the site."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

LANGUAGES = ("en", "zh")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _printable(text: str) -> str:
    """Text for a page and a terminal; a control character could move a cursor or hide what stands there.

    So could one that turns the direction of what follows (U+202A to U+202E, U+2066 to U+2069).
    """
    bad = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") or c in _TURNS), None)
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
