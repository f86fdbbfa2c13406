"""The policy table: how strong a verb is taken to be, and the numbers that the rules leave to us. Versioned data."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

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
    acts: dict[str, int] = {}
    note: Words | None = None

    def of(self, verb: str) -> Level | None:
        return self._level(self.verbs.get(verb))

    def of_act(self, act: str) -> Level | None:
        """The level of an act of the language files (``urge``); None if the table does not rank it."""
        return self._level(self.acts.get(act))

    def _level(self, level: int | None) -> Level | None:
        return next((s for s in self.scale if s.level == level), None)


class Force(_Part):
    """What force in law an instrument with such a symbol has as a whole; ``key`` is stable."""

    symbol: str
    key: str
    en: str
    zh: str
    source: str
    checked: bool = False

    @field_validator("symbol")
    @classmethod
    def _compiles(cls, symbol: str) -> str:
        try:
            re.compile(symbol)
        except re.error as error:
            raise ValueError(f"symbol: the pattern does not compile ({error})") from None
        return symbol

    def in_(self, language: str) -> str:
        return str(getattr(self, language))


class Rules(_Part):
    """One version of the rules by which findings are made, in force from ``effective`` until the next version is.

    ``own_margin`` is the share of the baseline that a change must exceed where nothing better is known. A figure older
    than ``current_years`` no longer counts as current. A first figure within ``baseline_grace_days`` after adoption may
    stand for the figure at adoption. The rest are choices that a version makes; their reasons stand in policy.yaml.
    """

    version: str
    effective: date
    own_margin: Decimal = Field(gt=0, lt=1, allow_inf_nan=False)
    current_years: int = Field(default=2, ge=1, le=20)
    baseline_grace_days: int = Field(default=120, ge=0, le=366)
    closed_figures_first: bool = False
    open_bounds_conclude: bool = False
    lifted_refusals_yield: bool = False
    pending_before_deadline: bool = False
    year_of_adoption_counts: bool = False
    count_covers_every_year: bool = False
    own_revisions_widen_nothing: bool = False


class Policy(_Part):
    version: str
    effective: Any = None
    strength: Strength
    forces: tuple[Force, ...] = ()
    rules: tuple[Rules, ...] = Field(min_length=1)
    default_register: str | None = None

    @field_validator("rules", mode="before")
    @classmethod
    def _one_or_several(cls, rules: Any) -> Any:
        """The first release of the log holds one version that stands alone, and is still read."""
        return [rules] if isinstance(rules, dict) else rules

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [r.effective for r in self.rules]
        if days != sorted(set(days)) or len({r.version for r in self.rules}) != len(self.rules):
            raise ValueError("rules: versions differ, and stand in the order of the days from which they hold")
        return self

    def force_of(self, symbol: str) -> Force | None:
        """The force of the instrument with this symbol; None where the table says nothing of it."""
        return next((f for f in self.forces if re.fullmatch(f.symbol, symbol)), None)

    def rules_on(self, day: date | None) -> Rules:
        """The version in force on that day; the latest for None, and before the first one, when none was in force."""
        held = [r for r in self.rules if day is not None and r.effective <= day]
        return (held or self.rules)[-1]
