"""A text of ours in the languages of the site."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

LANGUAGES = ("en", "zh")


class Words(BaseModel):
    """The same sentence in every language of the site; a missing one is a mistake of the catalogue, not a blank."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str
    zh: str

    def in_(self, language: str) -> str:
        return str(getattr(self, language))
