"""What a text is about, in words that are the same for all languages: concepts, treaties, States, years.

Read only when asked for. Each search is one pass over the text: words in the patterns of the data files are bounded, so
that no text makes them slow.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from stocktake.texts.language import Language, alternatives

_YEAR = re.compile(r"(?<!\d)(?:19[4-9]\d|20[0-4]\d)(?!\d)")  # from the first resolution (1946) on
_QUOTED = re.compile('“[^“”]{0,600}”|«[^«»]{0,600}»|"[^"]{0,600}"')
_LONGEST_WORD = 40


def without_quotations(text: str) -> str:
    """A text without what stands between quotation marks: titles and words of others are not what it speaks of."""
    return _QUOTED.sub(" ", text)


def folded(text: str) -> str:
    """A text as the patterns of concepts expect it: lower case, plain apostrophes, a space for hyphens and white space.

    Vowel marks that stand beside their letter (Arabic) are left out, digits are plain.

    >>> folded("Nuclear-Weapon  States’")
    "nuclear weapon states'"
    """
    text = unicodedata.normalize("NFC", text).replace("’", "'").lower()
    text = "".join(_plain(c) for c in text) if not text.isascii() else text
    return " ".join(re.sub(r"[-\u2010-\u2015]", " ", text).split())


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if unicodedata.category(character) == "Mn" or character == "\u0640":  # vowel marks, and the stroke that stretches
        return ""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def concepts(text: str, language: Language) -> tuple[str, ...]:
    """Keys of the concepts that a folded text speaks of, in the order of the data file."""
    return tuple(key for key, pattern in _patterns(language).items() if pattern.search(text))


def act(verb: str, language: Language) -> str | None:
    """The key of the act that a main verb performs (urge, call-upon); None for a verb that the data file has not."""
    phrase = folded(verb)
    return next((key for key, pattern in _acts(language).items() if pattern.search(phrase)), None)


def treaties(text: str, language: Language) -> tuple[str, ...]:
    """Keys of the treaties that a folded text names, in the order in which it first names them."""
    return tuple(dict.fromkeys(_named(text, *_treaty_names(language))))


def states(text: str, language: Language) -> tuple[str, ...]:
    """Codes of the States that a folded text names, in the order in which it first names them."""
    return tuple(dict.fromkeys(_named(text, *_state_names(language))))


def years(text: str) -> tuple[str, ...]:
    """The years that a folded text names, each once, in order."""
    return tuple(dict.fromkeys(m[0] for m in _YEAR.finditer(text)))


def _named(text: str, pattern: re.Pattern[str], keys: Mapping[str, str]) -> Iterator[str]:
    return (keys[match["name"]] for match in pattern.finditer(text))


@lru_cache(maxsize=16)
def _patterns(language: Language) -> dict[str, re.Pattern[str]]:
    return _compiled(language.concepts.words, language)


@lru_cache(maxsize=16)
def _acts(language: Language) -> dict[str, re.Pattern[str]]:
    return _compiled(language.acts, language)


def _compiled(words: Mapping[str, str], language: Language) -> dict[str, re.Pattern[str]]:
    begins = language.concepts.begins
    return {key: re.compile(f"{begins}(?:{_bounded(pattern)})") for key, pattern in words.items()}


def _bounded(pattern: str) -> str:
    """The pattern with every run of word characters bounded by the length of a long word."""
    for run in (r"\w", r"\S"):
        pattern = pattern.replace(f"{run}*", f"{run}{{0,{_LONGEST_WORD}}}")
        pattern = pattern.replace(f"{run}+", f"{run}{{1,{_LONGEST_WORD}}}")
    return pattern


@lru_cache(maxsize=16)
def _treaty_names(language: Language) -> tuple[re.Pattern[str], Mapping[str, str]]:
    return _names(language.treaties, language)


@lru_cache(maxsize=16)
def _state_names(language: Language) -> tuple[re.Pattern[str], Mapping[str, str]]:
    return _names(language.states, language)


def _names(names: Mapping[str, tuple[str, ...]], language: Language) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern for any of the names as a folded text has them, and whose each is."""
    keys = {folded(name): key for key, own in names.items() for name in own}
    begins = language.concepts.names_begin
    ends = r"(?!\w)" if begins else ""
    return re.compile(f"{begins}(?P<name>{alternatives(keys)}){ends}" if keys else "(?P<name>(?!))"), keys
