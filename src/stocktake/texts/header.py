"""What a resolution says of itself around its paragraphs: symbol, title, session, agenda item, adoption, report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise, takewhile

from stocktake.texts.citations import canonical, citations, is_symbol
from stocktake.texts.language import Language
from stocktake.texts.layout import Line, is_furniture
from stocktake.texts.model import Header
from stocktake.texts.numbering import number

_MOST_LINES, _MOST_CHARACTERS, _LONGEST_MASTHEAD = 80, 4_000, 60


def header(head: Sequence[Line], organ: str | None, closing: Sequence[Line], language: Language) -> Header:
    """The facts that the lines before the organ and after the last paragraph state; None for each that they do not.

    ``organ`` is the body as printed, None if no organ line was found. The symbol is the one printed, or is made of the
    number before the title and the series of the organ. Session and agenda item are never derived from the symbol.
    """
    p, head = language.header, [line for line in head if line.text][-_MOST_LINES:]
    above, below = _joined(head, language), _joined(closing, language)
    whole = language.gap.join(above[: len(head)])[-_MOST_CHARACTERS:]
    report = _first(p.report, above, language) or _within(p.report, whole, language)
    # what is found within a line must not be part of the words on the report
    rest = whole[: report.start()] if report is not None and report.string is whole else whole
    adopted = _first(p.adopted, above, language) or _within(p.adopted[:1], rest, language)
    ended = next((m for line in below if (m := language.date.fullmatch(line))), None)
    session = _first(p.session, above, language) or _within(p.session, rest, language)
    agenda = _first(p.agenda_item, above, language) or _within(p.agenda_item[:1], rest, language)
    meeting = _first(p.meeting, [*below, *above], language)
    paragraph = number(report["paragraph"], language) if report and report["paragraph"] else None
    return Header(
        symbol=_symbol(head, organ, report["symbol"] if report else None, language),
        title=_title(head, closing, language),
        session=number(session["n"], language) if session else None,
        agenda_item=agenda["item"].replace("（", "(").replace("）", ")") if agenda else None,
        adopted=_iso(adopted, language) or _iso(ended, language),
        meeting=meeting["meeting"] if meeting else None,
        report_symbol=canonical(report["symbol"], language) if report else None,
        report_paragraph=paragraph,
    )


def is_closing(line: Line, language: Language) -> bool:
    """True for a line that is only a date or only a meeting, or says how the text was adopted."""
    text = language.folded(line.text)
    if _first(language.header.closing, [text], language):
        return True
    return len(text) < 40 and bool(language.date.fullmatch(text) or _first(language.header.meeting, [text], language))


def is_own_number(line: Line, language: Language) -> bool:
    """True for the line with the number of a resolution, with its title or the date of its adoption."""
    patterns = (*language.header.number_and_title, *language.header.own_symbol)
    return len(line.text) < 400 and _first(patterns, [language.compact(line.text)], language) is not None


def is_annex(line: Line, language: Language) -> bool:
    return len(line.text) < 20 and _first(language.header.annex, [language.folded(line.text)], language) is not None


def is_masthead(line: Line, language: Language) -> bool:
    """True for the name of the organization or of an organ that stands alone."""
    if not line.text.startswith(language.initials):
        return False
    return language.folded(line.text) in language.names


def _joined(lines: Iterable[Line], language: Language) -> list[str]:
    """Lines as the patterns expect them, and each with the next one, since header lines wrap."""
    texts = [language.folded(line.text) for line in lines if len(line.text) < 400]
    return [*texts, *(f"{a}{language.gap}{b}" for a, b in pairwise(texts))]


def _first(patterns: Sequence[str], texts: Iterable[str], language: Language) -> re.Match[str] | None:
    compiled = [language.compiled(pattern).fullmatch for pattern in patterns]
    for text in texts:
        for fits in compiled:
            if (match := fits(text)) is not None:
                return match
    return None


def _within(patterns: Sequence[str], text: str, language: Language) -> re.Match[str] | None:
    """The first match of a pattern within a header that was printed on fewer lines."""
    return next((m for pattern in patterns if (m := language.compiled(pattern).search(text))), None)


def _iso(match: re.Match[str] | None, language: Language) -> str | None:
    if match is None or "year" not in match.re.groupindex:
        return None
    month = language.header.months.get(match["month"].casefold()) or number(match["month"], language)
    parts = [number(match["year"], language) or 0, month or 0, number(match["day"], language) or 0]
    try:
        return date(*parts).isoformat()
    except ValueError:
        return None


def _symbol(head: Sequence[Line], organ: str | None, report: str | None, language: Language) -> str | None:
    bare = [canonical(line.text, language) for line in head]
    if any("/RES/" in text for text in bare):
        printed = (s for line in head for s in citations(line.text, language) if s != report and "/RES/" in s)
        if resolution := next((s for s in printed if any(s in text for text in bare)), None):
            return resolution
    series = next((o.series for o in language.organs if organ in o.names), None)
    lines = [language.compact(line.text) for line in head]
    numbered = _first([*language.header.number_and_title, *language.header.own_symbol], lines, language)
    if numbered and series:
        return canonical(f"{series}/RES/{numbered['number']}", language)
    alone = (canonical(line.text, language) for line in head if is_symbol(line.text))
    return next(alone, None) or _beside_masthead(head, language) or _number_within(head, series, language)


def _beside_masthead(head: Sequence[Line], language: Language) -> str | None:
    """The symbol that stands on one line with the name of the organization or of an organ."""
    for line in head:
        symbols = [word for word in line.text.split() if is_symbol(word)]
        named = any(name in language.folded(line.text) for name in language.names)
        if len(symbols) == 1 and named and len(line.text) < _LONGEST_MASTHEAD:
            return canonical(symbols[0], language)
    return None


def _number_within(head: Sequence[Line], series: str | None, language: Language) -> str | None:
    found = _numbered_within(head, language)
    return canonical(f"{series}/RES/{found['number']}", language) if found and series else None


def _numbered_within(head: Sequence[Line], language: Language) -> re.Match[str] | None:
    """The number of the resolution and its title, on a line with other words of the header."""
    text = language.compact(" ".join(line.text for line in head))[-_MOST_CHARACTERS:]
    patterns = [rf"(?<![\w/.\-]){pattern}\Z" for pattern in language.header.number_and_title]
    return _within(patterns, text, language)


def _title(head: Sequence[Line], closing: Sequence[Line], language: Language) -> str | None:
    """After the resolution's own number; else between report line and organ; else in a masthead that came last."""
    lines = [line for line in head if not is_furniture(line, language)]
    patterns = language.header.number_and_title
    for i, line in enumerate(lines):
        if match := _first(patterns, [language.compact(line.text)], language):
            return language.compact(" ".join([match["title"], *(rest.text for rest in lines[i + 1 :])]))
    if found := _numbered_within(lines, language):
        return language.compact(found["title"])
    adoption = [*language.header.report, *language.header.adopted]
    above = [i for i, line in enumerate(lines) if _first(adoption, [language.folded(line.text)], language)]
    above = above or [i for i, line in enumerate(lines) if _is_draft(line, language)]
    after = [*takewhile(lambda line: not is_masthead(line, language), lines[above[-1] + 1 :])] if above else []
    return language.compact(" ".join(line.text for line in after)) or _late_title(closing, language)


def _is_draft(line: Line, language: Language) -> bool:
    return _first(language.header.draft, [language.folded(line.text)], language) is not None


def _late_title(closing: Sequence[Line], language: Language) -> str | None:
    """The line below a masthead at the end, where the first page was put last."""
    mastheads = [i for i, line in enumerate(closing) if is_masthead(line, language)]
    if not mastheads or mastheads[-1] + 1 >= len(closing):
        return None
    return language.compact(closing[mastheads[-1] + 1].text)
