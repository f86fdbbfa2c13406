"""What layout did to words: hyphens at which a line was broken, spaces that the text layer of a page put inside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from operator import add

from stocktake.texts.language import Language

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BREAK = re.compile(r"[-\u00ad\u2010]\n\s*([^\W\d_]+)")
_LOOSE_HYPHEN = re.compile(r"(?<=[^\W\d_]) -(?=[^\W\d_])")
_ENDS = ".,;:)”"
_SHORTEST, _LONGEST = 6, 200


def vocabulary(text: str, language: Language) -> Mapping[str, int]:
    """How often each word stands in a document, in lower case; empty where words are not parted by spaces."""
    if not language.spaced:
        return {}
    pieces = Counter(text.casefold().split())  # few of them differ, and most are words
    words = {piece: times for piece, times in pieces.items() if piece.isalpha()}
    for piece, times in pieces.items():
        if not piece.isalpha():
            for word in _WORD.findall(piece):
                words[word] = words.get(word, 0) + times
    return words


def repaired(text: str, words: Mapping[str, int], language: Language) -> str:
    """A paragraph with the words that its layout broke made whole.

    A hyphen at the end of a line goes if the document has the word without it, or has it nowhere with it and the first
    part is none that keeps one. Two pieces become a word if the document has that word and one of the pieces nowhere
    else.
    """
    if not words:
        return text
    text = _without_breaks(text, words, language)
    if " -" in text:
        text = _LOOSE_HYPHEN.sub("-", text)
    return _without_stray_spaces(text, words)


def _without_breaks(text: str, words: Mapping[str, int], language: Language) -> str:
    out, at = [], 0
    for match in _BREAK.finditer(text):
        # the word before is read from its end, so that a long one costs its length once
        before = _WORD.match(text[max(at, match.start() - _LONGEST) : match.start()][::-1])
        if before is not None:
            whole = _unbroken(before[0][::-1], match[1], words, language)
            out += [text[at : match.start() - before.end()], whole]
            at = match.end()
    return "".join([*out, text[at:]])


def _without_stray_spaces(text: str, words: Mapping[str, int]) -> str:
    folded = text.casefold().split(" ")
    neighbours = map(add, folded, [p if p[-1:].isalpha() else p.rstrip(_ENDS) for p in folded[1:]])
    if words.keys().isdisjoint(neighbours):  # as nearly always
        return text
    pieces = text.split(" ")
    out = [pieces[0]]
    for piece in pieces[1:]:
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
