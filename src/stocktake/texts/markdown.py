"""A document as Markdown that a person can read and the reader reads again as the same document.

The facts of the header stand in a block between rules; everything below is text as the reader knows it: the body that
speaks, paragraphs with their labels, headings, sub-items, annexes, and footnotes as Markdown writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from typing import Any

from stocktake.texts.language import Language
from stocktake.texts.model import Annex, Document, Header, Paragraph, Source, SubItem
from stocktake.texts.reader import read_document

_SPECIAL = re.compile(r"[\\`*_\[\]<>]")
_FACTS = re.compile(r"\A---\n((?:[a-z_]+:[^\n]*\n)*)---\n")
_LITERAL = re.compile(r"\w+")
_NUMBERS = frozenset({"session", "report_paragraph"})


def to_markdown(document: Document, language: Language) -> str:
    """The document in its language; spans, which are of the source, are not in it."""
    facts = "".join(f"{k}: {v}\n" for k, v in asdict(document.header).items() if v is not None)
    blocks = [
        f"---\n{facts}---",
        _organ(document.header.symbol or "", language),
        *(block for p in (*document.preambular, *document.operative) for block in _paragraph(p)),
        *(block for annex in document.annexes for block in _annex(annex, language)),
        *(f"[^{note.n}]: {_escaped(note.text)}" for note in document.footnotes),
    ]
    return "\n\n".join(blocks) + "\n"


def facts_of(markdown: str) -> Header | None:
    """The header that ``to_markdown`` wrote; None where the text does not begin with such a block."""
    block = _FACTS.match(markdown)
    if block is None:
        return None
    found = dict(line.split(": ", 1) for line in block[1].splitlines() if ": " in line)
    if any(not found[k].isdecimal() for k in _NUMBERS & found.keys()):
        return None
    values: dict[str, Any] = {k: int(v) if k in _NUMBERS else v for k, v in found.items()}
    return Header(**values) if values.keys() <= {f.name for f in fields(Header)} else None


def read_markdown(markdown: str, language: Language, *, source: Source) -> Document:
    """The document of which this is the Markdown: paragraphs by the reader, the header from its block if it has one."""
    document, facts = read_document(markdown, language, source=source), facts_of(markdown)
    return document if facts is None else replace(document, header=facts)


def _organ(symbol: str, language: Language) -> str:
    """The body whose series the symbol begins with; without a symbol, the first body of the language."""
    fits = [o for o in language.organs if symbol.startswith(f"{o.series}/")]
    organ = max(fits, key=lambda o: len(o.series), default=language.organs[0])
    return f"{organ.names[0]}{language.writing.clause_ends[0]}"


def _paragraph(p: Paragraph) -> Iterator[str]:
    """Heading, chapeau, a block an item; the marks stand after the last word, since their places are not kept."""
    if p.heading:
        yield f"## {_escaped(p.heading)}"
    blocks = [f"{p.label} {_escaped(p.text)}".strip(), *(b for item in p.sub_items for b in _item(item))]
    yield from blocks[:-1]
    yield blocks[-1] + " ".join(f"[^{n}]" for n in p.footnote_marks)


def _item(item: SubItem) -> Iterator[str]:
    yield f"{item.label} {_escaped(item.text)}".strip()
    for below in item.sub_items:
        yield from _item(below)


def _annex(annex: Annex, language: Language) -> Iterator[str]:
    word = _LITERAL.match(language.header.annex[0])
    yield f"# {word[0] if word else annex.title}"
    if annex.title:
        yield f"## {_escaped(annex.title)}"
    for p in annex.paragraphs:
        yield from _paragraph(p)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)
