"""What the reader of a document must know: numbers missing or repeated, an end or a footnote that is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stocktake.texts.language import Language
from stocktake.texts.model import Footnote, Notice, Paragraph, SubItem
from stocktake.texts.pages import Span


def notices(
    preambular: Sequence[Paragraph],
    operative: Sequence[Paragraph],
    footnotes: Sequence[Footnote],
    name: str,
    language: Language,
) -> tuple[Notice, ...]:
    """Every notice about a document; ``name`` is what messages call it."""
    if not operative:
        return (*_without_operative(preambular, name), *_missing_footnotes(preambular, {f.n for f in footnotes}, name))
    return (
        *_numbering(preambular, operative, name),
        *_supplied(operative, name),
        *_truncated(operative[-1], name, language),
        *_missing_footnotes([*preambular, *operative], {f.n for f in footnotes}, name),
    )


def _numbering(preambular: Sequence[Paragraph], operative: Sequence[Paragraph], name: str) -> Iterator[Notice]:
    first = operative[0]
    if first.n > 1:
        before = preambular[-1].spans[-1][1] if preambular else 0
        yield _gap(0, first.n, (before, first.spans[0][0]), name, preambular[-1].text if preambular else "")
    for earlier, after in pairwise(operative):
        place = (earlier.spans[-1][1], after.spans[0][0])
        if after.n > earlier.n + 1:
            yield _gap(earlier.n, after.n, place, name, _last_words(earlier))
        elif after.n <= earlier.n:
            again = (after.spans[0][0], after.spans[-1][1])
            yield Notice(
                "numbering-repeat",
                f"{name}: operative paragraph {after.n} comes again after {earlier.n} ({_place(again)}).\n"
                "One of the two may belong to an annex or to another resolution. Compare another copy of the document.",
                (again,),
            )


def _without_operative(preambular: Sequence[Paragraph], name: str) -> Iterator[Notice]:
    place = (preambular[0].spans[0][0], preambular[-1].spans[-1][1]) if preambular else (0, 0)
    yield Notice(
        "operative-missing",
        f"{name}: {len(preambular)} preambular paragraphs and no operative one ({_place(place)}).\n"
        "The end of the document may be missing; no preambular paragraph was taken for an operative one. "
        "Compare another copy of the document.",
        (place,),
    )


def _supplied(operative: Sequence[Paragraph], name: str) -> Iterator[Notice]:
    """Paragraphs without a printed number among others that have one."""
    if not any(p.label for p in operative):
        return
    for p in operative:
        if not p.label:
            place = (p.spans[0][0], p.spans[-1][1])
            yield Notice(
                "numbering-supplied",
                f"{name}: no number is printed before the operative paragraph that is counted as {p.n} "
                f"({_place(place)}).\nIts number follows from its place alone. "
                "Compare another copy of the document before you cite it by this number.",
                p.spans,
            )


def _gap(before: int, after: int, span: Span, name: str, words: str) -> Notice:
    which = f"paragraph {before + 1} is" if after == before + 2 else f"paragraphs {before + 1} to {after - 1} are"
    where = f"between {before} and {after}" if before else f"before {after}"
    return Notice(
        "numbering-gap",
        f"{name}: operative {which} missing {where} ({_place(span)}).\n"
        f'A page break after "...{words[-12:]}" may have swallowed it. '
        "Compare another copy of the document, or go on with --allow-gaps.",
        (span,),
    )


def _truncated(last: Paragraph, name: str, language: Language) -> Iterator[Notice]:
    words = _last_words(last)
    if words[-1:] not in tuple(language.writing.sentence_ends):
        yield Notice(
            "truncated",
            f'{name}: the last operative paragraph, {last.n}, ends without a full stop after "...{words[-12:]}" '
            f"({_place(last.spans[-1])}).\nThe end of the document may be missing. Compare another copy of it.",
            last.spans[-1:],
        )


def _missing_footnotes(paragraphs: Sequence[Paragraph], known: set[int], name: str) -> Iterator[Notice]:
    for p in paragraphs:
        place = _place((p.spans[0][0], p.spans[-1][1]))
        for n in p.footnote_marks:
            if n not in known:
                message = (
                    f"{name}: footnote {n} is called for in a paragraph ({place}) and is not in the text.\n"
                    "Its citations are lost. Compare another copy of the document."
                )
                yield Notice("footnote-missing", message, p.spans)


def _last_words(paragraph: Paragraph) -> str:
    """The text that comes last in a paragraph, however deep it hangs."""
    part: Paragraph | SubItem = paragraph
    while part.sub_items:
        part = part.sub_items[-1]
    return part.text


def _place(span: Span) -> str:
    return f"characters {span[0]:,}-{span[1]:,}"
