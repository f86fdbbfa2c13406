"""The policy table: how strong a verb is taken to be, and the numbers that the rules leave to us. Versioned data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from stocktake.terms.words import Words


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Level(_Part):
    level: int = Field(ge=0, le=6)
    en: str
    zh: str

    def in_(self, language: str) -> str:
        return str(getattr(self, language))


class Strength(_Part):
    """Verb strength, apart from the legal force of the instrument: rankings disagree, so the table is replaceable."""

    scale: tuple[Level, ...]
    verbs: dict[str, int]
    note: Words | None = None

    def of(self, verb: str) -> Level | None:
        return next((s for s in self.scale if s.level == self.verbs.get(verb)), None)


class Rules(_Part):
    """``own_margin`` is the share of the baseline that a change must exceed where nothing better is known."""

    version: str
    own_margin: Decimal = Field(gt=0, lt=1, allow_inf_nan=False)


class Policy(_Part):
    version: str
    effective: Any = None
    strength: Strength
    rules: Rules
    default_register: str | None = None
