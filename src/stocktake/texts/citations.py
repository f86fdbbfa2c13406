"""Symbols that a text cites, in canonical form: A/RES/71/54, A/DEC/73/546, S/RES/687(1991), UNTS 729/10485."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from stocktake.texts.language import Language, alternatives, unnamed
from stocktake.texts.numbering import number, roman

_SYMBOL = re.compile(
    r"[A-Z](?<![A-Za-z0-9/.\-][A-Z])[A-Z]{0,7}(?:\s?\(\d{1,3}\))?(?:/[A-Za-z0-9]{1,20}(?:[.\-][A-Za-z0-9]{1,20}){0,6}){1,8}"
    r"(?:\s?\((?:(?:Vols?|Parts?|Corrected|Rev|Rome)\b[^()\n]{0,40}|\d{4}|[IVXLC]{1,8}|[A-Z]-[IVXLC]{1,8})\)[A-Z]?(?![A-Za-z0-9])(?:/(?:Corr|Add|Rev)\.\d{1,3}){0,3})?"
)
# the number of a resolution: 71/54, 71/54 A, S-10/2, 2003/14; 687(1991), 1(I); J(70)
_NUMBER = (
    r"(?:(?:(?:ES|S)-)?\d{1,4}/\d{1,4}(?:\s?[A-Z](?![A-Za-z]))?"
    r"|\d{1,4}\s?[A-Z]?\s?[(（]\s?(?:\d{4}|[IVXLC]{1,8})\s?[)）]|[A-Z]\s?[(（]\d{1,3}[)）])"
)


def citations(text: str, language: Language) -> tuple[str, ...]:
    """Canonical symbols in the order in which the text cites them, each once.

    A list shares the noun that comes after its last number. A number of another body (a name with "committee" and so on
    directly before the list) is left out unless the language file knows its series.
    """
    numbered = _listed if language.citations.noun_first else _numbered
    found = [*_symbols(text, language), *numbered(text, language), *_others(text, language)]
    return tuple(dict.fromkeys(symbol for _, symbol in sorted(found, key=lambda f: f[0])))


def canonical(symbol: str, language: Language) -> str:
    """A printed symbol without spaces, full-width brackets or words of the language inside the brackets."""
    symbol = symbol.replace("（", "(").replace("）", ")")
    head, bracket, tail = symbol.partition("(")
    for word in language.citations.and_words:
        tail = tail.replace(word, "and")
    return re.sub(r"\s", "", head + bracket + tail)


def is_symbol(text: str) -> bool:
    """True if the whole text is one document symbol."""
    match = _SYMBOL.fullmatch(text)
    return match is not None and any(c.isdigit() for c in text)


def _symbols(text: str, language: Language) -> Iterator[tuple[int, str]]:
    for match in _SYMBOL.finditer(text) if "/" in text else ():
        if any(c.isdigit() for c in match[0]):
            yield match.start(), canonical(match[0].rstrip(".-"), language)


def _others(text: str, language: Language) -> Iterator[tuple[int, str]]:
    for other in language.citations.other:
        for match in re.finditer(other.pattern, text):
            yield match.start(), other.canonical.format(**match.groupdict())


def _numbered(text: str, language: Language) -> Iterator[tuple[int, str]]:
    """Resolutions and decisions cited by number; a list is read backwards for its noun and forwards for its body."""
    series: list[str | None] = []
    groups = [match for match in _group(language).finditer(text) if match["close"]]
    for before, group in zip([None, *groups], groups, strict=False):
        linked = before is not None and _between(language).fullmatch(text, before.end(), group.start()) is not None
        own = _body(text[max(0, group.start() - 400) : group.start()], group["numbers"], language)
        series.append(series[-1] if linked and own == language.citations.default else own)
    noun, after = None, len(text)
    out = []
    for group, body in zip(reversed(groups), reversed(series), strict=True):
        linked = _between(language).fullmatch(text, group.end(), after) is not None
        noun, after = group["noun"] or (noun if linked else None), group.start()
        if noun is not None:
            kind = language.citations.nouns[noun]
            numbers = [_printed(m[0], language) for m in _one(language).finditer(group["numbers"])]
            out += [
                (group.start() + i, symbol) for i, n in enumerate(numbers) if (symbol := _resolution(n, kind, body))
            ]
    return iter(out)


def _listed(text: str, language: Language) -> Iterator[tuple[int, str]]:
    """Resolutions and decisions cited by number after their noun; a number without a year has that of the next one.

    The body is the one named directly before the noun or directly after the list.
    """
    c = language.citations
    for noun in _noun(language).finditer(text):
        numbers = list(_numbers_after(text, noun.end(), language))
        if not numbers:
            continue
        after = _body_after(language).match(text, numbers[-1].end())
        before = _body(text[max(0, noun.start() - 120) : noun.start()], numbers[0][0], language)
        foreign = None if after else _foreign_after(language).match(text, numbers[-1].end())
        body = _series(language)[after["known"]] if after else None if foreign else before
        year = None
        for match in reversed(numbers):
            printed = _printed(match[0], language)
            year = match["year"] or (year if printed.isdecimal() else None)
            if printed.isdecimal() and year:
                printed = f"{printed}({year})"
            if not printed.isdecimal() and (symbol := _resolution(printed, c.nouns[noun[1]], body)):
                yield match.start(), symbol


def _numbers_after(text: str, at: int, language: Language) -> Iterator[re.Match[str]]:
    """The numbers of the list that begins at a place: joined as lists are, none of them a number of something else."""
    between, one = _between(language), _in_list(language)
    while (gap := between.match(text, at)) and (match := one.match(text, gap.end())):
        yield match
        at = match.end()


def _resolution(printed: str, kind: str, body: str | None) -> str | None:
    """The symbol, as the form of the number or else the body says; None for a body whose symbols we do not know."""
    if re.search(r"\(\d{4}\)", printed):
        return f"S/{kind}/{printed}"
    if body is None or (body == "A" and re.match(r"[A-Z]\(", printed)):
        return None
    if re.match(r"(?:19|20)\d\d/", printed) and body == "A":
        body = "E"
    return f"{body}/{kind}/{printed}"


def _body(before: str, numbers: str, language: Language) -> str | None:
    """The series of the body that stands directly before a number; the default if none does, None for a foreign one.

    A number such as J(70) is never of the default series: it belongs to the body with a series that was named last.
    """
    bodies = _series(language)
    match = _body_before(language).search(before[-80:])
    if match is not None:
        return bodies.get(match["known"])
    if re.match(r"[A-Z]\s?[(（]", numbers) is None:
        return language.citations.default
    named = [
        bodies[m[0]] for m in re.finditer(alternatives(bodies), before) if bodies[m[0]] != language.citations.default
    ]
    return named[-1] if named else None


def _printed(text: str, language: Language) -> str:
    """A number with plain brackets; ordinals of the language as digits, its session in Roman numerals."""
    text = re.sub(r"\s", "", text).replace("（", "(").replace("）", ")")
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    head, bracket, session = text.rstrip(")").partition("(")
    value, ordinal = number(head, language), number(session, language)
    if not bracket or session.isascii():
        return text
    return f"{value}({roman(ordinal or 0)})"


@lru_cache(maxsize=16)
def _series(language: Language) -> Mapping[str, str]:
    return {name: body.series for body in language.citations.bodies for name in body.names}


@lru_cache(maxsize=16)
def _one(language: Language) -> re.Pattern[str]:
    numerals = re.escape("".join([*language.numbers.digits, *language.numbers.units]))
    in_words = rf"|(?:[{numerals}]{{1,5}}|\d{{1,4}})\s?[(（][{numerals}]{{1,5}}[)）]" if numerals else ""
    return re.compile(_NUMBER + in_words)


@lru_cache(maxsize=16)
def _group(language: Language) -> re.Pattern[str]:
    """One or more numbers under one ordinal and one counter, with the noun if it comes directly after."""
    c, one = language.citations, _one(language).pattern
    joins = rf"\s?(?:{c.joins})\s?(?:{c.open}\s?)?"
    noun = alternatives(c.nouns)
    return re.compile(
        rf"(?:{c.open}\s?)?(?P<numbers>(?:{one})(?:{joins}(?:{one})){{0,40}})(?P<close>\s?{c.close}\s?(?P<noun>{noun})?)?"
    )


@lru_cache(maxsize=16)
def _noun(language: Language) -> re.Pattern[str]:
    # the first letter comes first, so that the search can jump from one to the next
    nouns = sorted(language.citations.nouns, key=lambda noun: (-len(noun), noun))
    words = "|".join(rf"{noun[0]}(?<!\w{noun[0]}){re.escape(noun[1:])}" for noun in nouns)
    return re.compile(rf"({words})(?!\w)")


@lru_cache(maxsize=16)
def _in_list(language: Language) -> re.Pattern[str]:
    """A number of a list; one without a year only where another number of the list follows."""
    bare = rf"\d{{1,4}}(?=(?:{language.citations.joins})\d{{1,4}}\s?(?:\(|,|and))"
    return re.compile(rf"(?:\d{{1,4}}\s?\((?P<year>(?:19|20)\d\d)\)|{_NUMBER}|{bare})(?![\w/])")


@lru_cache(maxsize=16)
def _body_after(language: Language) -> re.Pattern[str]:
    names = alternatives(_series(language))
    return re.compile(language.filled(language.citations.body_after).replace("{body}", names) or "(?!)")


@lru_cache(maxsize=16)
def _foreign_after(language: Language) -> re.Pattern[str]:
    c = language.citations
    return re.compile(language.filled(c.body_after).replace("{body}", c.foreign) or "(?!)")


@lru_cache(maxsize=16)
def _between(language: Language) -> re.Pattern[str]:
    return re.compile(unnamed(language.filled(language.citations.between)))


@lru_cache(maxsize=16)
def _body_before(language: Language) -> re.Pattern[str]:
    """A body at the end of a text, with at most a date after it; the leftmost name is the longest."""
    c, date = language.citations, unnamed(language.filled("{date}"))
    known = alternatives(name for body in c.bodies for name in body.names)
    return re.compile(rf"(?:(?P<known>{known})|(?:{c.foreign}))\s?(?:{date})?\s?\Z")
