"""What layout did to words: hyphens at which a line was broken, spaces that the text layer of a page put inside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from stocktake.texts.language import Language

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u00ad\u2010]\n\s*([^\W\d_]+)")
_LOOSE_HYPHEN = re.compile(r"(?<=[^\W\d_]) -(?=[^\W\d_])")
_ENDS = ".,;:)”"
_SHORTEST = 6


def vocabulary(text: str, language: Language) -> Mapping[str, int]:
    """How often each word stands in a document, in lower case; empty where words are not parted by spaces."""
    return Counter(_WORD.findall(text.casefold())) if language.spaced else {}


def repaired(text: str, words: Mapping[str, int], language: Language) -> str:
    """A paragraph with the words that its layout broke made whole.

    A hyphen at the end of a line goes if the document has the word without it, or has it nowhere with it and the first
    part is none that keeps one. Two pieces become a word if the document has that word and one of the pieces nowhere
    else.
    """
    if not words:
        return text
    text = _LOOSE_HYPHEN.sub("-", _BROKEN.sub(lambda m: _unbroken(m[1], m[2], words, language), text))
    return _without_stray_spaces(text, words)


def _without_stray_spaces(text: str, words: Mapping[str, int]) -> str:
    pieces = text.split(" ")
    out = [pieces[0]]
    for piece in pieces[1:]:
        # cheap first: hardly any two neighbours are one word
        if f"{out[-1]}{piece}".casefold().rstrip(_ENDS) in words and _is_word(out[-1], piece.rstrip(_ENDS), words):
            out[-1] += piece
        else:
            out.append(piece)
    return " ".join(out)


def _unbroken(first: str, rest: str, words: Mapping[str, int], language: Language) -> str:
    whole, hyphened = f"{first}{rest}", f"{first}-{rest}"
    last = first.rpartition("-")[2].casefold()
    kept = "-" in first or last in language.writing.keeps_hyphen or rest[0].isupper()
    with_hyphen, without = words.get(hyphened.casefold(), 0), words.get(whole.casefold(), 0)
    if with_hyphen != without:
        return hyphened if with_hyphen > without else whole
    return hyphened if kept else whole


def _is_word(first: str, rest: str, words: Mapping[str, int]) -> bool:
    whole = f"{first}{rest}".casefold()
    if len(whole) < _SHORTEST or whole not in words or not rest[:1].islower():
        return False
    return words.get(first.casefold(), 0) <= 1 or words.get(rest.casefold(), 0) <= 1
