"""Whom a paragraph asks: the words after a main verb, and the key that the register knows them by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from stocktake.texts.language import Language, VerbForm
from stocktake.texts.model import Addressee
from stocktake.texts.verbs import Act

_PARTIES, _STATE = "PARTIES", "STATE"


def addressees(text: str, found: tuple[Act, ...], language: Language) -> tuple[Addressee, ...]:
    """Those whom the main verbs of a clean paragraph ask, each once, in order.

    Parties without a treaty are parties to the first treaty that the paragraph names; without one they have no key.
    A list (India, Israel and Pakistan) gives one addressee for each name.
    """
    out: dict[Addressee, None] = {}
    for act in found:
        for form in act.forms:
            if form.asks:
                out |= dict.fromkeys(_asked(text, act.end, form, language))
    return tuple(out)


def _asked(text: str, at: int, form: VerbForm, language: Language) -> list[Addressee]:
    found: list[Addressee] = []
    at += len(text[at : at + 2]) - len(text[at : at + 2].lstrip())
    while (step := _known(text, at, language)) is not None:
        found.append(step[0])
        at = step[1]
        joint = language.addressee_joins.match(text, at)
        if joint is None:
            break
        at = joint.end()
    if not found and (other := _unknown(text, at, language)) is not None:
        found, at = [other], at + len(other.text)
    return found if form.after.match(text, at) else []


def _known(text: str, at: int, language: Language) -> tuple[Addressee, int] | None:
    for key, pattern in language.addressee_patterns:
        match = pattern.match(text, at)
        if match and not language.addressee_ends_not.match(text, match.end()):
            return Addressee(match[0], _key(key, match[0], text, language)), match.end()
    return None


def _key(key: str, words: str, text: str, language: Language) -> str | None:
    if key == _STATE:
        words = words.replace("’", "'")
        return next(code for name, code in _states(language) if name in words)
    if key == _PARTIES:
        treaty = _treaty(words, language) or _treaty(text, language)
        return f"{treaty}-SP" if treaty else None
    return key


@lru_cache(maxsize=16)
def _states(language: Language) -> Sequence[tuple[str, str]]:
    """The names of States with their codes, the longest first."""
    names = [(name, code) for code, names in language.states.items() for name in names]
    return sorted(names, key=lambda state: -len(state[0]))


@lru_cache(maxsize=256)
def _treaty(text: str, language: Language) -> str | None:
    """The treaty that the text names first; of two names at one place the longer."""
    places = [
        (text.find(name), -len(name), key) for key, names in language.treaties.items() for name in names if name in text
    ]
    return min(places)[2] if places else None


def _unknown(text: str, at: int, language: Language) -> Addressee | None:
    """Somebody without a key: the words up to the first head noun that possesses nothing; never words of an act."""
    match = language.unknown_addressee.match(text, at)
    return Addressee(match[0], None) if match else None
