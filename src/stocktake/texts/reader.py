"""From the text of a resolution to a Document: the conversation between the other modules of this room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stocktake.texts.addressees import addressees
from stocktake.texts.citations import citations
from stocktake.texts.drafts import Draft, drafts
from stocktake.texts.errors import EmptyDocument, NotAResolution, OversizedDocument, TruncatedDocument
from stocktake.texts.footnotes import Note, marks_of, notes, with_raised_marks, without_trailing_mark
from stocktake.texts.furniture import body_lines
from stocktake.texts.header import header, is_annex, is_closing, is_masthead, is_own_number
from stocktake.texts.language import Language
from stocktake.texts.layout import Line, is_furniture, lines_of
from stocktake.texts.model import Addressee, Annex, Document, Footnote, Paragraph, Source, joined
from stocktake.texts.notices import notices
from stocktake.texts.numbering import number, sub_items
from stocktake.texts.pages import Span
from stocktake.texts.repair import repaired, vocabulary
from stocktake.texts.verbs import acts, opens

MAX_CHARACTERS = 5_000_000
MAX_LINES = 20_000
_MOST_DOCUMENTS = 50


@dataclass(frozen=True)
class LineReading:
    """One paragraph out of context, as ``stocktake read --lines`` gives it."""

    section: str
    label: str
    verbs: tuple[str, ...]
    citations: tuple[str, ...]
    addressees: tuple[Addressee, ...]


@dataclass(frozen=True)
class _Parts:
    """Indexes into the lines, where the header ends, body and annexes begin, paragraphs end; the organ as printed."""

    head: int
    body: int
    end: int
    annex: int
    organ: str | None


def read_document(text: str, language: Language, *, source: Source) -> Document:
    """The resolution that the text holds, each paragraph with its place in the text.

    Section follows numbering and punctuation, never the verb. Without any number, the preamble lasts to
    the last paragraph that ends with a comma. Numbers that are missing or come twice are warnings; no paragraph is
    moved or made to fill a gap.

    A document in which no body speaks (a report, a declaration) begins with its first paragraph.

    Raises EmptyDocument, OversizedDocument, NotAResolution, TruncatedDocument.
    """
    return _read(text, (0, len(text)), _lines(text, (0, len(text)), language, source), language, source)


def _read(text: str, span: Span, lines: list[Line], language: Language, source: Source) -> Document:
    """The resolution in a part of the text, from its lines."""
    lines, language = _as_numbered(text, span, lines, language, source)
    lines = with_raised_marks(lines, language)
    organs = _organs(lines, language)
    parts = _parts(lines, organs[0] if organs else None, language, source)
    printed = [is_furniture(line, language) for line in lines]
    found = notes(lines, printed, language)
    body = body_lines(lines, printed, {i for note in found for i in note.lines}, parts.head, language)
    for i in organs:
        body[i] = False
    main = drafts(lines[parts.body : parts.end], body[parts.body : parts.end], language)
    if not main:
        place = f"characters {lines[-1].start:,}-{span[1]:,}"
        raise TruncatedDocument(
            f"{source.name}: no paragraph after the organ that speaks ({place}). "
            "The end of the document is missing. Give a whole copy of it."
        )
    first = _first_operative(main, language)
    annexed = _annexes(lines[parts.annex :], body[parts.annex :], language)
    every = [*main, *(d for _, some in annexed for d in some)]
    # the marks of a born-digital page are known by their size, so a plain number there belongs to the text
    raised = source.media_type == "application/pdf"
    clean = marks_of([d.text(language) for d in every], frozenset(note.n for note in found), language, raised=raised)
    words = vocabulary(text[slice(*span)], language)
    clean = [(repaired(c, words, language), marks) for c, marks in clean]
    sections = [main[:first], main[first:], *(some for _, some in annexed)]
    counted = [n for section in sections for n in _counted(section)]
    paragraphs = [
        _paragraph(d, n, *c, i >= first, language, text)
        for i, (d, n, c) in enumerate(zip(every, counted, clean, strict=True))
    ]
    preambular, operative = tuple(paragraphs[:first]), tuple(paragraphs[first : len(main)])
    annexes = _annex_values(annexed, paragraphs[len(main) :])
    footnotes = tuple(_footnote(note, lines, language, text) for note in found)
    used = {span for d in every for span in _spans(d)} | {lines[i][:2] for note in found for i in note.lines}
    return Document(
        language=language.language,
        header=header(lines[: parts.head], parts.organ, lines[parts.end :], language),
        source=source,
        preambular=preambular,
        operative=operative,
        footnotes=footnotes,
        furniture=joined([line[:2] for line in lines if line[:2] not in used], text),
        annexes=annexes,
        warnings=notices(preambular, operative, footnotes, source.name, language),
    )


def read_documents(text: str, language: Language, *, source: Source) -> tuple[Document, ...]:
    """Every resolution that the text holds, in order; spans count in the whole text.

    A further one begins with its own header, below the end of the one before, or else where a body speaks again.
    """
    whole = (0, len(text))
    lines = _lines(text, whole, language, source)
    cuts = _cuts(lines, language)
    if not cuts:
        return (_read(text, whole, lines, language, source),)
    spans = pairwise([0, *cuts, len(text)])
    return tuple(_read(text, span, _lines(text, span, language, source), language, source) for span in spans)


def _cuts(lines: Sequence[Line], language: Language) -> list[int]:
    """Where the second and each further resolution of a text begins."""
    organs = _organs(lines, language)
    cuts = []
    for before, organ in pairwise(organs[:_MOST_DOCUMENTS]):
        between = range(before + 1, organ)
        if not any(
            _looks_operative(lines[i], language) or lines[i].text[-1] in language.paragraph_ends for i in between
        ):
            continue
        headed = [i for i in between if is_own_number(lines[i], language)]
        closed = [i + 1 for i in between if is_closing(lines[i], language)]
        cuts.append(lines[headed[0] if headed else closed[-1] if closed else organ].start)
    return cuts


def read_line(line: str, language: Language) -> LineReading:
    """One paragraph out of context: it is operative if it has a number or ends as operative paragraphs end."""
    match = language.label.match(line.strip())
    label, text = (match[0].strip(), line.strip()[match.end() :]) if match else ("", line.strip())
    [(text, _)] = marks_of([text], frozenset(), language)
    chapeau = language.compact(sub_items(text, language)[0])
    found = acts(chapeau, language)
    section = "operative" if label or text.endswith(tuple(language.paragraph_ends)) else "preambular"
    asked = addressees(chapeau, found, language) if section == "operative" else ()
    return LineReading(
        section, label, tuple(a.phrase for a in found), citations(language.compact(text), language), asked
    )


def _lines(text: str, span: Span, language: Language, source: Source) -> list[Line]:
    if len(text) > MAX_CHARACTERS:
        raise OversizedDocument(
            f"{source.name}: {len(text):,} characters; at most {MAX_CHARACTERS:,} are read at once. "
            "Give one resolution a file."
        )
    lines = lines_of(text, language, MAX_LINES, *span)
    if len(lines) > MAX_LINES:
        place = f"characters {lines[-1].start:,}-{span[1]:,}"
        raise OversizedDocument(
            f"{source.name}: more than {MAX_LINES:,} lines; the rest ({place}) would not be read. "
            "Give one resolution a file."
        )
    if not lines:
        raise EmptyDocument(
            f"{source.name}: nothing but white space in {len(text):,} characters. Give the text of a UN document."
        )
    return lines


def _as_numbered(
    text: str, span: Span, lines: list[Line], language: Language, source: Source
) -> tuple[list[Line], Language]:
    """The lines, and the language with the way of numbering that the text has: the first in which a paragraph is 1.

    A number in words that stands alone (Article 1) above every other is that of the paragraphs; numbers below it are
    those of their parts.
    """
    numbered = next((i for i, line in enumerate(lines) if _looks_operative(line, language)), None)
    for other in () if numbered is None else language.with_other_labels:
        if any(_is_first_article(line, other) for line in lines[:numbered]):
            return _lines(text, span, other, source), other
    for other in () if numbered is not None else language.with_other_labels:
        marked = ((line, other.label.match(line.text)) for line in lines)
        if any(m and number(m["n"], other) == 1 and _looks_operative(line, other) for line, m in marked):
            return _lines(text, span, other, source), other
    return lines, language


def _is_first_article(line: Line, language: Language) -> bool:
    match = language.label.fullmatch(line.text)
    if match is None or number(match["n"], language) != 1:
        return False
    return any(c.isalpha() for c in match[0].replace(match["n"], ""))


def _organs(lines: Sequence[Line], language: Language) -> list[int]:
    """The lines on which a body begins to speak."""
    return [i for i, line in enumerate(lines) if language.organ.fullmatch(line.text)]


def _parts(lines: Sequence[Line], organ: int | None, language: Language, source: Source) -> _Parts:
    """Where the body speaks, where the paragraphs end (a date or a meeting that stands alone), where annexes begin."""
    body = organ + 1 if organ is not None else _beginning(lines, language)
    if organ is not None:
        # recitals may come first, and the body that proclaims after them, as in the Universal Declaration
        recitals = [i for i in range(organ) if _looks_preambular(lines[i], language)]
        opened = [i for i in range(organ) if opens(lines[i].text, language)]
        if len(opened) > 1 and any(_is_first_article(line, language) for line in lines[organ:]):
            recitals = opened  # a declaration in articles ends them as it likes
        body = recitals[0] if len(recitals) > 1 else body
    if body is None:
        raise NotAResolution(
            f"{source.name}: no line in {len(lines):,} lines is an organ that speaks or a numbered "
            f"operative paragraph in {language.name}. "
            "Give a resolution or a draft of one; the text must begin before its first paragraph."
        )
    end = next((i for i in range(body, len(lines)) if _is_end(lines[i], lines[i - 1], language)), len(lines))
    annex = next((i for i in range(end, len(lines)) if is_annex(lines[i], language)), len(lines))
    match = language.organ.match(lines[organ].text) if organ is not None else None
    spoken = language.folded(match["organ"]) if match else None
    head = body if organ is None else min(organ, body)
    return _Parts(head, body, end, annex, spoken)


def _beginning(lines: Sequence[Line], language: Language) -> int | None:
    """Where the paragraphs of a document begin in which no body speaks; None if nothing in it is one.

    A single number 1 is no sign: a second numbered paragraph or the words of a resolution must be there too.
    """
    said = [i for i, line in enumerate(lines) if _looks_operative(line, language) or _looks_preambular(line, language)]
    numbers = [(i, m) for i, line in enumerate(lines) if (m := language.label.match(line.text))]
    first = next((i for i, m in numbers if number(m["n"], language) == 1), None)
    counted = first is not None and any(number(m["n"], language) == 2 for i, m in numbers if i > first)
    starts = [*said[:1], *([first] if first is not None and counted else [])]
    return min(starts, default=None)


def _is_end(line: Line, before: Line, language: Language) -> bool:
    apart = line.after_blank or line.after_break
    if not apart and without_trailing_mark(before.text, language)[-1:] not in language.ends:
        return False
    return is_closing(line, language) or is_annex(line, language)


def _looks_operative(line: Line, language: Language) -> bool:
    match = language.label.match(line.text)
    rest = line.text[match.end() :] if match else ""
    return match is not None and (opens(rest, language) or (not rest and number(match["n"], language) == 1))


def _looks_preambular(line: Line, language: Language) -> bool:
    ends_so = bool(language.writing.capitals) or line.text[-1] in language.writing.clause_ends
    return opens(line.text, language) and ends_so


def _first_operative(main: Sequence[Draft], language: Language) -> int:
    """The index of the first operative paragraph; past the end if there is none."""
    numbered = next((i for i, d in enumerate(main) if d.n is not None), None)
    ends = [without_trailing_mark(d.lines[-1].text, language)[-1:] for d in main]
    last_comma = max((i for i, end in enumerate(ends[:numbered]) if end in language.writing.clause_ends), default=-1)
    if numbered is None:
        return last_comma + 1 if all(end in language.paragraph_ends for end in ends[last_comma + 1 : -1]) else len(main)
    lost = (main[numbered].n or 1) - 1
    return max(numbered - lost, last_comma + 1) if last_comma >= 0 else numbered


def _paragraph(
    draft: Draft, n: int, text: str, marks: tuple[int, ...], asks: bool, language: Language, whole: str
) -> Paragraph:
    chapeau, items = sub_items(text, language)
    clean = language.compact(chapeau)
    found = acts(clean, language)
    return Paragraph(
        n=n,
        label=draft.label,
        heading=draft.heading,
        verbs=tuple(a.phrase for a in found),
        text=clean,
        citations=citations(language.compact(text) if items else clean, language),
        footnote_marks=marks,
        addressees=addressees(clean, found, language) if asks else (),
        sub_items=items,
        spans=joined(_spans(draft), whole),
    )


def _counted(section: Sequence[Draft]) -> Iterator[int]:
    """The number of each paragraph: the printed one, else one more than the one before."""
    last = 0
    for draft in section:
        last = draft.n or last + 1
        yield last


def _footnote(note: Note, lines: Sequence[Line], language: Language, text: str) -> Footnote:
    clean = language.compact(note.text)
    return Footnote(note.n, clean, citations(clean, language), joined([lines[i][:2] for i in note.lines], text))


def _annexes(lines: Sequence[Line], body: Sequence[bool], language: Language) -> list[tuple[str, list[Draft]]]:
    """Each annex as its title and its paragraphs; a masthead ends the last one."""
    end = next((i for i, line in enumerate(lines) if is_masthead(line, language)), len(lines))
    starts = [i for i, line in enumerate(lines[:end]) if is_annex(line, language)]
    out = []
    for start, stop in zip(starts, [*starts[1:], end], strict=False):
        first = next((i for i in range(start + 1, stop) if _begins_annex_text(lines[i], language)), stop)
        first = min(first, start + 4)
        title = language.compact(" ".join(line.text for line in lines[start + 1 : first]))
        out.append((title, drafts(lines[first:stop], body[first:stop], language)))
    return out


def _begins_annex_text(line: Line, language: Language) -> bool:
    return line.text[-1] in language.ends or language.label.match(line.text) is not None


def _annex_values(annexed: Sequence[tuple[str, list[Draft]]], paragraphs: Sequence[Paragraph]) -> tuple[Annex, ...]:
    out, at = [], 0
    for title, some in annexed:
        out.append(Annex(title, tuple(paragraphs[at : at + len(some)])))
        at += len(some)
    return tuple(out)


def _spans(draft: Draft) -> list[Span]:
    return [line[:2] for line in draft.lines]
