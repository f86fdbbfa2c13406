"""Sentences of one document in several languages, a row each (lang, par, sent, text), as aligned corpora have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stocktake.texts.language import Language
from stocktake.texts.model import Document, Header, Notice, Paragraph, Source
from stocktake.texts.reader import read_line

_HEADING = "lang\tpar\tsent\ttext"


def is_table_of_fragments(text: str) -> bool:
    return text.startswith(_HEADING)


def read_fragments(text: str, load: Callable[[str], Language], *, source: Source) -> tuple[Document, ...]:
    """A document for each language of the table, in their order; ``load`` gives the language of a code.

    A row is read out of context: its section follows its own number and its last character. The number of a paragraph
    is that of the row, since the paragraphs between are not there.
    """
    rows: dict[str, list[tuple[Paragraph, str]]] = {}
    for code, paragraph, section in _rows(text, load):
        rows.setdefault(code, []).append((paragraph, section))
    whole = ((0, len(text)),)
    notice = Notice(
        "fragments", f"{source.name}: sentences without their context; what is between is not there.", whole
    )
    return tuple(
        Document(
            language=code,
            header=Header(),
            source=source,
            preambular=tuple(p for p, section in some if section == "preambular"),
            operative=tuple(p for p, section in some if section == "operative"),
            footnotes=(),
            furniture=(),
            annexes=(),
            warnings=(notice,),
        )
        for code, some in rows.items()
    )


def _rows(text: str, load: Callable[[str], Language]) -> Iterator[tuple[str, Paragraph, str]]:
    at = 0
    for line in text.splitlines(keepends=True):
        cells = line.rstrip("\r\n").split("\t", 3)
        if at and len(cells) == 4:
            code, n, _, words = cells
            start = at + len(line.rstrip("\r\n")) - len(words)
            read = read_line(words, load(code))
            body = words.strip().removeprefix(read.label).strip()
            yield (
                code,
                Paragraph(
                    n=int(n) if n.isdecimal() else 0,
                    label=read.label,
                    heading=None,
                    verbs=read.verbs,
                    text=load(code).compact(body),
                    citations=read.citations,
                    footnote_marks=(),
                    addressees=read.addressees,
                    sub_items=(),
                    spans=((start, start + len(words)),),
                ),
                read.section,
            )
        at += len(line)
