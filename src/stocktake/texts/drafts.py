"""Which lines make one paragraph: beginnings found by number, by opener and by what the line before ended with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stocktake.texts.footnotes import without_trailing_mark
from stocktake.texts.language import Language
from stocktake.texts.layout import Line, Wrapping, is_cut, stitched, wrapping
from stocktake.texts.numbering import number
from stocktake.texts.verbs import opens

_LONGEST_HEADING = 40
_LARGEST_GAP = 40
# letters that recognition takes digits for
_DIGITS = str.maketrans({"l": "1", "I": "1", "i": "1", "|": "1", "O": "0", "o": "0", "S": "5", "B": "8", "Z": "2"})
_LOOKS_LIKE_A_NUMBER = re.compile(r"(?P<whole>(?P<n>[0-9lIi|OoSBZ]{1,3})[.,]?)\s{1,4}")


@dataclass
class Draft:
    """A paragraph in the making: its lines in order; ``n`` is None where no number is printed.

    ``damaged``: the number as its line has it, where that is no label and only its neighbours prove it.
    """

    lines: list[Line]
    n: int | None = None
    label: str = ""
    heading: str | None = None
    damaged: str = ""
    has_items: bool = field(default=False)

    def text(self, language: Language) -> str:
        """The lines, one below the other, without the number; footnote marks still there."""
        text = stitched((line.text for line in self.lines), language)
        if self.damaged:
            return text.removeprefix(self.damaged).lstrip()
        match = language.label.match(text) if self.label else None
        return text[match.end() :] if match else text


def drafts(lines: Sequence[Line], body: Sequence[bool], language: Language) -> list[Draft]:
    """The paragraphs of one part of a document. ``body`` says which lines are neither furniture nor footnote.

    Text that stands between furniture or footnotes goes on with the paragraph before, unless it begins as paragraphs do
    and the one before has ended. Where each line is a paragraph, a line begins one if the line before ended a clause;
    where lines are wrapped, it must also look like an opening.
    """
    printed = [line for line, is_body in zip(lines, body, strict=True) if is_body]
    wrapped = wrapping(printed, language)
    labels = {line.start: match for line in printed if (match := language.label.match(line.text))}
    headings = _headings(printed, labels, language)
    following = _following(printed, labels, language)
    out: list[Draft] = []
    heading: str | None = None
    broken, last = False, 0
    for line, is_body in zip(lines, body, strict=True):
        if not is_body:
            broken = True
            continue
        tail = _tail(out, language)
        match = labels.get(line.start)
        printed_number = _number(match, tail, last, language) if match else None
        if printed_number is not None:
            out.append(Draft([line], printed_number, match[0].strip() if match else "", heading))
            last, heading = printed_number, None
        elif (damaged := _damaged(line, tail, last, following[line.start], language)) is not None:
            last += 1
            bare = damaged if damaged.isdecimal() else f"{last}."
            out.append(Draft([line], last, bare, heading, damaged))
            heading = None
        elif line.start in headings and tail[-1:] in (language.paragraph_ends if last else language.ends):
            heading = f"{heading} {line.text}" if heading else line.text
        elif not out or _begins(
            line,
            out[-1],
            tail,
            last > 0,
            following[line.start] > last + 1,
            broken or line.after_break,
            wrapped,
            language,
        ):
            out.append(Draft([line], heading=heading))
            heading = None
        else:
            out[-1].lines.append(line)
            out[-1].has_items |= _is_item(line, language)
        broken = False
    return out


def _following(printed: Sequence[Line], labels: Mapping[int, re.Match[str]], language: Language) -> dict[int, int]:
    """For the beginning of each line the number that is printed next below it before a verb; 0 if none is."""
    found, n = {}, 0
    for line in reversed(printed):
        found[line.start] = n
        match = labels.get(line.start)
        if match and opens(line.text[match.end() :], language):
            n = number(match["n"], language) or 0
    return found


def _tail(out: Sequence[Draft], language: Language) -> str:
    """How the paragraph before ends so far; empty where there is none, or no more of it than its number."""
    if not out or (out[-1].label and len(out[-1].lines) == 1 and not out[-1].text(language)):
        return ""
    last = out[-1].lines[-2:]
    tail = without_trailing_mark(last[-1].text, language) or without_trailing_mark(last[0].text, language)
    return _without_trailing_and(tail, language)


def _without_trailing_and(tail: str, language: Language) -> str:
    """The end of a paragraph without the "and" that may lead to the next one, where an end of a clause is before it."""
    for word in language.citations.and_words:
        if tail.endswith(f" {word}") and tail[: -len(word)].rstrip()[-1:] in language.ends:
            return tail[: -len(word)].rstrip()
    return tail


def _number(match: re.Match[str], tail: str, last: int, language: Language) -> int | None:
    """The printed number, if it can be that of the next paragraph; a number out of turn needs a verb after it."""
    n, rest = number(match["n"], language) or 0, match.string[match.end() :]
    ended = not tail or tail[-1] in (language.paragraph_ends if last else language.ends)
    verb = opens(rest, language)
    if n == last + 1:
        return n if ended or verb else None
    return n if ended and verb and 0 < n <= last + _LARGEST_GAP else None


def _damaged(line: Line, tail: str, last: int, below: int, language: Language) -> str | None:
    """The number of the next paragraph as its line has it: without its point, or with letters for digits (ll. is 11).

    Only the gap proves it: the number below is the next but one, the paragraph before has ended, a verb follows.
    """
    if not last or below != last + 2 or tail[-1:] not in language.paragraph_ends:
        return None
    match = _LOOKS_LIKE_A_NUMBER.match(line.text)
    if match is None or not opens(line.text[match.end() :], language):
        return None
    digits = match["n"].translate(_DIGITS)
    return match["whole"] if digits.isdecimal() and int(digits) == last + 1 else None


def _begins(
    line: Line, before: Draft, tail: str, numbered: bool, gap: bool, broken: bool, wrapped: Wrapping, language: Language
) -> bool:
    if (
        not tail
        or tail[-1] not in language.ends
        or tail[-1:] in language.writing.opening_ends
        or _is_item(line, language)
        or is_cut(before.lines[-1].text, line.text, language)
    ):
        return False
    opener = opens(line.text, language)
    # a capital after the end of a clause is where a paragraph begins, however full the line before
    ended = (
        bool(language.writing.capitals)
        or not wrapped
        or line.after_blank
        or not (wrapped.spaced or wrapped.full(before.lines[-1], line, language))
    )
    if numbered:
        return opener and ended and (gap or not before.has_items) and tail[-1] in language.paragraph_ends
    if wrapped or language.spaced:
        return opener and (ended or broken)
    return opener or not broken


def _is_item(line: Line, language: Language) -> bool:
    return language.item_label.match(line.text) is not None


def _headings(printed: Sequence[Line], labels: Mapping[int, re.Match[str]], language: Language) -> frozenset[int]:
    """Where short lines without an end begin that lead, alone or one after another, to a numbered paragraph."""
    found: set[int] = set()
    leads = False
    for line in reversed(printed):
        if line.start in labels:
            leads = True
            continue
        if not leads or len(line.text) > _LONGEST_HEADING:
            leads = False
            continue
        ended = without_trailing_mark(line.text, language)[-1:]
        headed = ended != "" and ended not in language.ends
        leads = headed and not opens(line.text, language) and not _is_item(line, language)
        if leads:
            found.add(line.start)
    return frozenset(found)
