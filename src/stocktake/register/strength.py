"""How strong the verbs of a paragraph are, by the policy table, and what force its instrument has; two things apart.

Scholars rank verbs differently and languages have no verb for verb, so a verb that the language file or the table does
not have gets no strength, and the reason why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stocktake.register.policy import Force, Level, Policy, Strength
from stocktake.texts.concepts import act
from stocktake.texts.language import Language


@dataclass(frozen=True)
class Verb:
    """A main verb as printed, the act that it performs, and the strength of that; None with the reason in ``why``."""

    text: str
    act: str | None
    level: Level | None
    why: str | None = None


def strength_of(verb: str, table: Strength, language: Language) -> Verb:
    """The strength of one main verb, adverbs left aside."""
    key = act(verb, language)
    if key is None:
        return Verb(verb, None, None, f"the {language.name} verbs that have an act in the language file do not fit")
    level = table.of_act(key)
    return Verb(verb, key, level, None if level else f"the policy table does not rank the act {key!r}")


def strengths(verbs: Iterable[str], table: Strength, language: Language) -> tuple[Verb, ...]:
    """The strength of each main verb of a paragraph, in order."""
    return tuple(strength_of(verb, table, language) for verb in verbs)


def strongest(verbs: Iterable[Verb]) -> Verb | None:
    """The verb with the highest level, the first of several; None if none has a level."""
    ranked = [(v.level.level, v) for v in verbs if v.level]
    return max(ranked, key=lambda r: r[0])[1] if ranked else None


def force_of(symbol: str | None, policy: Policy) -> tuple[Force | None, str | None]:
    """The force of the instrument as a whole, or None and the reason."""
    if symbol is None:
        return None, "the document does not state its symbol"
    force = policy.force_of(symbol)
    return force, None if force else f"the policy table says nothing of instruments with a symbol such as {symbol}"
