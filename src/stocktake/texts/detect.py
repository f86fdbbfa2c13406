"""Which language a text is in: by the script of its letters, then by frequent small words; never by the file name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_SAMPLE = 12_000
_WORD, _BEYOND_ASCII = re.compile(r"\w+"), re.compile(r"[^\x00-\x7f]+")
_NO_LETTERS = bytes(c for c in range(128) if not chr(c).isalpha())


@dataclass(frozen=True)
class Signs:
    """How a language of UN documents is known: code, name, script as Unicode names it, small words, organs."""

    language: str
    name: str
    script: str
    words: tuple[str, ...]
    organs: tuple[str, ...]


def script_of(text: str) -> str | None:
    """The script of most letters in the text (first word of the Unicode name: LATIN ...); None without letters."""
    scripts: Counter[str] = Counter()
    sample = text[:_SAMPLE]
    # the letters of ASCII are many and all of one script: counted together
    if ascii_letters := len(sample.encode("ascii", "ignore").translate(None, _NO_LETTERS)):
        scripts["LATIN"] = ascii_letters
    for char, times in Counter("".join(_BEYOND_ASCII.findall(sample))).items():
        if char.isalpha():
            scripts[unicodedata.name(char, "UNKNOWN").split()[0]] += times
    return scripts.most_common(1)[0][0] if scripts else None


def detect(text: str, known: Sequence[Signs]) -> Signs | None:
    """The language whose script and small words fit best; None if its script is that of no language known."""
    sample, script = text[:_SAMPLE], script_of(text)
    candidates = [signs for signs in known if signs.script == script]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    small = {word for signs in candidates for word in signs.words}
    pieces = Counter(sample.casefold().split())
    words = Counter({word: pieces[word] for word in small})
    for piece, times in pieces.items():
        if not piece.isalnum():
            for word in small.intersection(_WORD.findall(piece)):
                words[word] += times * _WORD.findall(piece).count(word)
    return max(candidates, key=lambda signs: sum(words[w] for w in signs.words), default=None)


def names_an_organ(text: str, signs: Signs) -> bool:
    """True if a text in this language names a body that adopts resolutions."""
    sample = text[:_SAMPLE]
    return any(organ in sample for organ in signs.organs)
