"""Footnotes: which lines hold their texts, and which characters of a paragraph are their marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from stocktake.texts.language import Language
from stocktake.texts.layout import Line, Wrapping, is_cut, stitched, wrapping
from stocktake.texts.verbs import opens

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_UP = str.maketrans("0123456789", _RAISED)
# 1) and (1), full width too; a number in a circle
_STYLES = (
    re.compile(r"(?P<n>\d{1,3})[)）]"),
    re.compile(r"[(（](?P<n>\d{1,3})[)）]"),
    re.compile(r"(?P<n>[\u2460-\u2473])"),
)
_STYLED = re.compile(r"[\d(（\u2460-\u2473]")
# the point of an abbreviation in an open bracket ends no sentence
_ABBREVIATED = re.compile(r"\([^()]{1,12}\.\Z")
_RAISED_OR_SPACE = _RAISED + "".join(filter(str.isspace, map(chr, range(0x3001))))
_PLAIN = str.maketrans(_RAISED, "0123456789")
_MARK = re.compile(rf"[{_RAISED}]{{1,3}}")
# a raised number after a unit (m², km²) or a minus is no mark; what parts the marks of a group: "⁷ ⁸" and "⁷,⁸"
_AFTER_WORD = r"(?:(?<=[^\W\d_]{3})|(?<![A-Za-z⁻]))"
_MARKS = re.compile(rf"{_AFTER_WORD}(?P<marks>[{_RAISED}]{{1,3}}(?:\s?[,，、]?\s?[{_RAISED}]{{1,3}}){{0,8}})")
_RAISED_START = re.compile(rf"([{_RAISED}]{{1,3}})\s*(.*)", re.DOTALL)
_RULES = "_\u2500\u2015"
_RULE = re.compile(rf"[{_RULES}]{{5,}}")
# a plain number, and one that is no part of a word, a figure or a symbol
_NUMBER, _NUMBER_ALONE = re.compile(r"[1-9][0-9]{0,2}"), re.compile(r"[1-9]\d{0,2}(?![\w./(-]|,\d)")
_YEAR_END, _LISTED = re.compile(r"(?<!\d)\d{4}\Z"), re.compile(r"(?<!\d)\d{1,3},\Z")
_LONGEST_BLOCK, _MOST_ON_A_PAGE, _FAR = 60, 12, 40
_PLAIN_START = re.compile(r"(\d{1,3})\s*(\D.*)", re.DOTALL)


@dataclass(frozen=True)
class Note:
    """The lines of one footnote. ``text`` is without its mark."""

    n: int
    text: str
    lines: tuple[int, ...]


def with_raised_marks(lines: Sequence[Line], language: Language) -> list[Line]:
    """The lines with footnote marks as superscripts, where the document prints them as 1) or in a circle.

    A way of printing is that of the marks if lines with words of a footnote begin with it, counting up, and the same
    mark stands within the text as well, where no sub-item can begin.
    """
    beginnings = [line for line in lines if _STYLED.match(line.text)]
    for style in _STYLES if beginnings else ():
        numbers = _footnotes_in(style, beginnings, language)
        if not numbers:
            continue
        items = re.escape(language.writing.item_ends + language.writing.opening_ends)
        word = rf"(?<=[^\s\d./\-(（{items}])\s?"
        mark = re.compile(rf"(?:{word}|(?<=[{items}])(?=\S{{1,5}}\Z))(?:{style.pattern})")
        called = {_value(m) for line in lines for m in mark.finditer(line.text)}
        if numbers & called:
            return [_raised(line, style, mark, numbers & called) for line in lines]
    return list(lines)


def _footnotes_in(style: re.Pattern[str], lines: Sequence[Line], language: Language) -> frozenset[int]:
    begins, last = language.note_begins, 0
    found = set()
    for line in lines:
        match = style.match(line.text)
        if match and begins.match(line.text[match.end() :].lstrip()) and last < _value(match) <= last + 3:
            last = _value(match)
            found.add(last)
    return frozenset(found)


def _raised(line: Line, style: re.Pattern[str], mark: re.Pattern[str], numbers: frozenset[int]) -> Line:
    def raised(match: re.Match[str]) -> str:
        return str(_value(match)).translate(_UP) if _value(match) in numbers else match[0]

    first = style.match(line.text)
    head = f"{raised(first)} " if first and _value(first) in numbers else ""
    return line._replace(
        text=head + mark.sub(raised, line.text[first.end() :].lstrip() if head and first else line.text)
    )


def _value(match: re.Match[str]) -> int:
    return int(unicodedata.normalize("NFKC", match["n"]))


def notes(lines: Sequence[Line], furniture: Sequence[bool], language: Language) -> tuple[Note, ...]:
    """Footnotes in the order of the page; the numbers are indexes into ``lines``, of which some are ``furniture``.

    A raised number at the beginning of a line is a footnote if words of a footnote follow, or nothing of a paragraph
    is going on. A plain number must moreover be the next of its kind. A footnote goes on over the next line while it
    has no full stop and nothing else begins.
    """
    found: list[Note] = []
    open_note = False
    apart = True
    wrapped = cache(lambda: wrapping(lines, language))  # for documents with footnotes only
    blocks = {note.lines[0]: note for note in scrambled(lines, furniture, language)}
    taken = {i for note in blocks.values() for i in note.lines}
    for i, line in enumerate(lines):
        if i in taken:
            found += [blocks[i]] if i in blocks else []
            open_note, apart = False, True
            continue
        start = _start(line, found[-1].n if found else 0, apart or line.after_blank, language)
        if start is not None:
            found.append(Note(*start, (i,)))
        elif open_note and _goes_on(line, lines[i - 1], found[-1], wrapped, language):
            last = found.pop()
            found.append(Note(last.n, stitched([last.text, line.text], language).strip(), (*last.lines, i)))
        else:
            open_note, apart = False, furniture[i] or line.after_break
            continue
        open_note, apart = not _is_ended(found[-1].text, language), True
    return tuple(found)


def scrambled(lines: Sequence[Line], furniture: Sequence[bool], language: Language) -> list[Note]:
    """The footnotes below a rule whose marks stand alone on their lines, before, between or after the texts.

    Marks in rising order belong to the texts in the order of the page.
    """
    out: list[Note] = []
    for rule in (i for i, line in enumerate(lines) if line.text[0] in _RULES and _RULE.fullmatch(line.text)):
        marks, texts = _block(lines, furniture, rule, max((note.n for note in out), default=0), language)
        for (n, at), text in zip(sorted(marks), texts, strict=False):
            words = stitched((lines[i].text for i in text), language)
            out.append(Note(n, words, tuple(sorted([at, *text]))))
    return out


def _block(
    lines: Sequence[Line], furniture: Sequence[bool], rule: int, last: int, language: Language
) -> tuple[list[tuple[int, int]], list[list[int]]]:
    """The marks, each with its line, and the texts, as indexes of lines, of the block that begins at a rule."""
    begins = language.note_begins
    marks: list[tuple[int, int]] = []
    texts: list[list[int]] = []
    after_mark, is_open = False, False
    for i in range(rule + 1, min(len(lines), rule + _LONGEST_BLOCK)):
        line = lines[i]
        if line.after_break or _RULE.fullmatch(line.text):
            break
        if re.fullmatch(r"\d{1,3}", line.text) and last < int(line.text) <= last + _MOST_ON_A_PAGE:
            marks.append((int(line.text), i))
            after_mark = True
        elif furniture[i]:
            continue
        elif is_open and not (after_mark and begins.match(line.text)):
            texts[-1].append(i)
            is_open = _continues(lines, i, language)
        elif begins.match(line.text) and (after_mark or not texts or len(texts) < len(marks)):
            texts.append([i])
            after_mark, is_open = False, _continues(lines, i, language)
        else:
            break
    return marks, texts


def _continues(lines: Sequence[Line], i: int, language: Language) -> bool:
    """True if the text of a footnote goes on below: no sentence ends here, or the next line is the middle of one."""
    text, after = lines[i].text, lines[i + 1].text[:1] if i + 1 < len(lines) else ""
    return text[-1:] not in tuple(language.writing.sentence_ends) or after == "(" or after.islower()


def _start(line: Line, last: int, apart: bool, language: Language) -> tuple[int, str] | None:
    begins = language.note_begins
    if raised := _RAISED_START.match(line.text):
        if apart or begins.match(raised[2]):
            return int(raised[1].translate(_PLAIN)), raised[2]
        return None
    marked = _PLAIN_START.match(line.text)
    if marked and begins.match(marked[2]) and (last < int(marked[1]) <= last + 3 or (language.spaced and not last)):
        return int(marked[1]), marked[2]
    return None


def _goes_on(line: Line, before: Line, note: Note, wrapped: Callable[[], Wrapping], language: Language) -> bool:
    if not note.text:
        return True
    if line.after_blank or line.after_break or len(note.lines) >= 40:
        return False
    if note.text[-1] in language.writing.sentence_ends:
        return is_cut(before.text, line.text, language) or _ABBREVIATED.search(note.text[-14:]) is not None
    if before.text[-1] not in language.ends and wrapped() and wrapped().full(before, line, language):
        return True
    return not (language.label.match(line.text) or opens(line.text, language))


def _is_ended(text: str, language: Language) -> bool:
    """True if a sentence ends here for sure: an ASCII point may stand within a symbol."""
    return text[-1:] in tuple(language.writing.sentence_ends) and text[-1] != "."


def without_trailing_mark(text: str, language: Language) -> str:
    """Text without the marks at its end, so that its last character says how the clause ends."""
    if text and text[-1].isalpha():  # as most lines do
        return text[-40:]
    text = text[-40:].rstrip(_RAISED_OR_SPACE)
    return language.plain_mark_at_end.sub("", text) if text[-1:].isdecimal() else text


def marks_of(
    texts: Sequence[str], numbers: frozenset[int], language: Language, *, raised: bool = False
) -> list[tuple[str, tuple[int, ...]]]:
    """Each text without its footnote marks, and the marks in order.

    Raised numbers are marks, except after a unit (m²). A footnote that no raised number calls for is
    looked for as a plain number, between the marks of its neighbours, where a number of the text cannot stand: directly
    after a word or a punctuation mark, and not before a unit or a counter. ``raised``: every mark is a raised number.
    """
    places: dict[int, tuple[int, int, int]] = {}
    marks: list[list[tuple[int, int, int]]] = [[] for _ in texts]
    with_raised = [i for i, text in enumerate(texts) if _MARK.search(text)]
    for i in with_raised:
        for group in _MARKS.finditer(texts[i]):
            numbers_here = _numbers_in(group["marks"], numbers, places.keys())
            marks[i] += [(group.start(), group.end(), n) for n in numbers_here]
            for n in numbers_here:
                places.setdefault(n, (i, group.start(), group.end()))
    missing = sorted(numbers - places.keys())
    plain = _plain_marks(missing, texts, language) if missing else {}
    for n in missing:
        place = _between_neighbours(n, plain.get(n, ()), len(texts), places, language)
        if place is not None:
            places[n] = place
            marks[place[0]].append((place[1], place[2], n))
    if language.spaced and not raised and not with_raised:
        known = {(i, *mark) for i, found in enumerate(marks) for mark in found}
        lost = [(i, a, b, int(texts[i][a:b])) for i, a, b in _candidates(texts, language)]
        middle = sorted(n for *_, n in lost)[len(lost) // 2] if lost else 0
        for i, start, end, n in lost:
            # the footnotes of a few pages have neighbouring numbers; one far off is a number of the text (flight 103)
            if (i, start, end, n) not in known and abs(n - middle) <= _FAR and _is_near(n, numbers):
                marks[i].append((start, end, n))
    return [_cut(text, sorted(found)) for text, found in zip(texts, marks, strict=True)]


def _is_near(n: int, numbers: frozenset[int]) -> bool:
    """True if a mark may have lost its footnote: none is known, or some are and not all from the first one on."""
    if numbers == frozenset(range(1, len(numbers) + 1)):
        return not numbers
    return min(numbers) - _FAR <= n <= max(numbers) + _FAR


def _numbers_in(marks: str, numbers: frozenset[int], seen: Collection[int]) -> list[int]:
    """The marks of a group; one that the end of a line cut is whole again unless its parts are marks not yet seen."""
    found: list[int] = []
    for line in marks.split("\n"):
        here = [m[0].translate(_PLAIN) for m in _MARK.finditer(line)]
        if found and here and (whole := int(f"{found[-1]}{here[0]}")) in numbers and whole <= 999:
            parts = (found[-1], int(here[0]))
            if parts[0] >= parts[1] or not numbers.issuperset(parts) or parts[0] in seen:
                found[-1:] = [whole]
                here = here[1:]
        found += map(int, here)
    return found


def _between_neighbours(
    n: int,
    found: Sequence[tuple[int, int, int]],
    texts: int,
    places: Mapping[int, tuple[int, int, int]],
    language: Language,
) -> tuple[int, int, int] | None:
    """The first place of a number that is after the mark before it and before the mark after it."""
    first = max((p for m, p in places.items() if m < n), default=(0, 0, 0))
    last = min((p for m, p in places.items() if m > n), default=(texts - 1, 1 << 60, 0))
    edge = 2 if language.spaced else 1
    return next((c for c in found if first[::2] <= (c[0], c[edge]) and c[:2] < last[:2]), None)


def _plain_marks(
    numbers: Sequence[int], texts: Sequence[str], language: Language
) -> Mapping[int, Sequence[tuple[int, int, int]]]:
    """For each of the numbers the places where it may be a mark, from one pass over the texts."""
    wanted = frozenset(map(str, numbers))
    places = _candidates(texts, language, wanted) if language.spaced else _beside_words(texts, language, wanted)
    out: dict[int, list[tuple[int, int, int]]] = {}
    for i, start, end in places:
        out.setdefault(int(texts[i][start:end]), []).append((i, start, end))
    return out


def _beside_words(texts: Sequence[str], language: Language, wanted: Collection[str]) -> Iterator[tuple[int, int, int]]:
    """Where one of the numbers may be a mark in a text without spaces: beside a word, and no number that counts."""
    pattern = language.mark_beside_word
    for i, text in enumerate(texts):
        for number in _NUMBER.finditer(text, 1):
            if number[0] not in wanted:
                continue
            start = number.start() - text[number.start() - 1].isspace()
            match = pattern.match(text, start)
            if match and not (match[0][0].isspace() and text[start - 1] not in language.ends):
                yield i, start, match.end()


def _candidates(
    texts: Sequence[str], language: Language, wanted: Collection[str] | None = None
) -> Iterator[tuple[int, int, int]]:
    """Where a plain number may be a mark: after a word that takes none, and before what may follow a mark.

    One that is ``wanted``, since its footnote is there, may also follow a year.
    """
    not_after, before = language.not_before_mark, language.after_mark
    for i, text in enumerate(texts):
        for number in _NUMBER_ALONE.finditer(text):
            start = _after_word(text, number.start())
            if start is None or (wanted is not None and number[0] not in wanted):
                continue
            head = text[max(0, start - 40) : start]
            after_year = wanted is not None and _YEAR_END.search(head)
            listed = head.endswith(",") and _LISTED.search(head)
            if not listed and (after_year or before.match(text, number.end())) and not not_after.search(head):
                yield i, start, number.end()


def _after_word(text: str, at: int) -> int | None:
    """Where the mark begins whose digits do: there or at the space before; None if no word is beside it."""
    start = at - 1 if at and text[at - 1] in " \n" else at
    before = text[start - 1] if start else " "
    if before.isspace() or before in "(/." or (start == at and (before.isalnum() or before == "_")):
        return None
    return start


def _cut(text: str, marks: list[tuple[int, int, int]]) -> tuple[str, tuple[int, ...]]:
    if not marks:
        return text, ()
    out, at = [], 0
    for start, end, _ in marks:
        out.append(text[at:start])
        at = max(at, end)
    return "".join([*out, text[at:]]), tuple(dict.fromkeys(n for _, _, n in marks))
