"""Numbers and labels: numerals of a language, Roman numerals, sub-items."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from stocktake.texts.language import Language
from stocktake.texts.model import SubItem

_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def number(text: str, language: Language) -> int | None:
    """The value of decimal digits or of numerals of the language; None when it is neither.

    A numeral in one character, such as a circled one, is that number.
    Numerals may be multiplicative (seven-ten-five) or positional (two-zero-zero-five).
    """
    if text.isdecimal():
        return int(text)
    if len(text) == 1 and (value := unicodedata.numeric(text, 0.5)).is_integer():
        return int(value)
    if language.numbers.words:
        return _in_words(text, language)
    total, current = 0, 0
    for char in text:
        if char in language.numbers.units:
            total, current = total + (current or 1) * language.numbers.units[char], 0
        elif char in language.numbers.digits:
            current = current * 10 + language.numbers.digits[char]
        else:
            return None
    return total + current if text else None


def _in_words(text: str, language: Language) -> int | None:
    """The sum of the number words that a text consists of; None if there is anything else in it."""
    values = language.numbers.words
    words = sorted(values, key=len, reverse=True)
    total, rest = 0, text.casefold().strip()
    while rest:
        word = next((w for w in words if rest.startswith(w)), None)
        if word is None:
            return None
        total, rest = total + values[word], rest[len(word) :].lstrip(" -\u2010\u2011")
    return total or None


def roman(n: int) -> str:
    """Roman numeral of 1..399, as early sessions are cited: A/RES/1(I)."""
    out = ""
    for value, letters in _ROMAN:
        out, n = out + letters * (n // value), n % value
    return out


_NUMERALS = {roman(n).lower(): n for n in range(1, 60)}

_DEEPEST = 3


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    label: str
    kind: int
    value: int


def sub_items(text: str, language: Language) -> tuple[str, tuple[SubItem, ...]]:
    """The chapeau of a paragraph and its sub-items, three levels deep.

    ``text`` keeps a line feed where a line of the source ended. A label counts only at the beginning of a line or after
    the end of a clause, and only in a run that begins with the first label of its kind: a reference as in
    "9 (b)" is text.
    """
    found = _labels(text, language)
    if not found or found[0].value != 1:
        return text, ()
    run = _run(found, found[0].kind, text, language)
    if len(run) < 2 and not text[: run[0].start].rstrip().endswith(tuple(language.writing.opening_ends)):
        return text, ()
    stops = [*(item.start for item in run[1:]), len(text)]
    return text[: run[0].start], tuple(
        _item(i.label, text[i.end : stop], frozenset({i.kind}), language) for i, stop in zip(run, stops, strict=True)
    )


def _item(label: str, text: str, above: frozenset[int], language: Language) -> SubItem:
    inner = [f for f in _labels(text, language) if f.kind not in above] if len(above) < _DEEPEST else []
    if not inner or inner[0].value != 1 or len(run := _run(inner, inner[0].kind, text, language)) < 2:
        return SubItem(label, language.compact(text))
    stops = [*(item.start for item in run[1:]), len(text)]
    below = tuple(
        _item(i.label, text[i.end : stop], above | {i.kind}, language) for i, stop in zip(run, stops, strict=True)
    )
    return SubItem(label, language.compact(text[: run[0].start]), below)


def _run(found: Sequence[_Found], kind: int, text: str, language: Language) -> list[_Found]:
    """The labels of one kind that count up from one; a letter i after h is a letter.

    Where one is missing and a label that is none stands at the beginning of a line between its neighbours, it is that
    one, misread: (2) between (c) and (e).
    """
    run: list[_Found] = []
    for item in found:
        if item.kind != kind:
            continue
        if item.value == len(run) + 2 and run and (misread := _misread(run[-1], item, text, language)):
            run.append(misread)
        if item.value == len(run) + 1:
            run.append(item)
    return run


def _misread(before: _Found, after: _Found, text: str, language: Language) -> _Found | None:
    alphabet = next((a for a in language.numbers.letters if before.label[1:2] and before.label[1] in a), None)
    match = re.compile(r"\n[ \t]*\(\w{1,2}\)").search(text, before.end, after.start)
    if match is None or alphabet is None or before.kind or before.value >= len(alphabet):
        return None
    return _Found(match.start() + 1, match.end(), f"({alphabet[before.value]})", before.kind, before.value + 1)


def _labels(text: str, language: Language) -> list[_Found]:
    """Every label at a beginning, once for each kind that it may be of: an (i) is a letter and a numeral."""
    found = []
    places = [0, *(m.end() for m in language.before_item.finditer(text))]
    for place in places:
        for kind, pattern in enumerate(language.item_labels):
            m = pattern.match(text, place)
            value = _value(m["label"], language) if m else None
            if m and value is not None:
                found.append(_Found(m.start("whole"), m.end(), m["whole"], kind, value[kind > 0]))
    return found


def _value(label: str, language: Language) -> tuple[int, int] | None:
    """The label read as a letter and as a numeral."""
    for alphabet in language.numbers.letters:
        if label[0] in alphabet and len(set(label)) == 1:
            return alphabet.index(label[0]) + 1 + len(alphabet) * (len(label) - 1), _NUMERALS.get(label, 0)
    if label in _NUMERALS:
        return 0, _NUMERALS[label]
    value = number(label, language)
    return None if value is None else (value, value)
