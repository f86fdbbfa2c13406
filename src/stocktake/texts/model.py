"""A UN document that has been read: values that cannot change, and their exchange format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from stocktake.texts.pages import Span, page_spans


@dataclass(frozen=True)
class Source:
    """The bytes that the text came from: name for messages, SHA-256 in hex, media type."""

    name: str
    sha256: str
    media_type: str = "text/plain"


@dataclass(frozen=True)
class Addressee:
    """Whom a main verb asks, in the words of the document; ``key`` is None where no key is agreed."""

    text: str
    key: str | None


@dataclass(frozen=True)
class SubItem:
    """One (a) or (i) of a paragraph, with what hangs below it."""

    label: str
    text: str
    sub_items: tuple[SubItem, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, clean and stitched. ``n`` is the printed number, or the place in the section.

    ``confidence``: that of the recognition of its characters, from 0 to 1, where a picture was read.
    """

    n: int
    label: str
    heading: str | None
    verbs: tuple[str, ...]
    text: str
    citations: tuple[str, ...]
    footnote_marks: tuple[int, ...]
    addressees: tuple[Addressee, ...]
    sub_items: tuple[SubItem, ...]
    spans: tuple[Span, ...]
    confidence: float | None = None


@dataclass(frozen=True)
class Footnote:
    """A footnote with the symbols that stand in it and nowhere else."""

    n: int
    text: str
    citations: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Annex:
    """What follows the resolution under a title of its own."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Notice:
    """Something that the reader of a document must know; ``code`` is stable, ``spans`` is the place."""

    code: str
    message: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Header:
    """What a resolution says of itself; None where it does not say, never a guess."""

    symbol: str | None = None
    title: str | None = None
    session: int | None = None
    agenda_item: str | None = None
    adopted: str | None = None
    meeting: str | None = None
    report_symbol: str | None = None
    report_paragraph: int | None = None


@dataclass(frozen=True)
class Document:
    """A resolution as read from one text in one language.

    ``page_lengths``: how many characters each page has, where the source has pages; spans count in the pages joined by
    one character each.
    """

    language: str
    header: Header
    source: Source
    preambular: tuple[Paragraph, ...]
    operative: tuple[Paragraph, ...]
    footnotes: tuple[Footnote, ...]
    furniture: tuple[Span, ...]
    annexes: tuple[Annex, ...]
    warnings: tuple[Notice, ...]
    page_lengths: tuple[int, ...] = ()


def to_json(document: Document) -> dict[str, Any]:
    """The document as ``stocktake.document/1``: a new mapping of plain JSON values, keys in the order of the format.

    The text of a sub-item begins with its label, so that a chapeau and its items, one after another, are the words of
    the paragraph as printed.
    """
    values: dict[str, Any] = _plain(asdict(document))
    lengths = values.pop("page_lengths")
    if lengths:
        _on_pages(values, lengths)
    for p in (*values["preambular"], *values["operative"], *(p for a in values["annexes"] for p in a["paragraphs"])):
        _with_labels(p["sub_items"])
        if p["confidence"] is None:
            del p["confidence"]
    header = values.pop("header")
    first = {"format": "stocktake.document/1", "symbol": header.pop("symbol"), "language": values.pop("language")}
    return {**first, **header, **values}


def _on_pages(value: Any, lengths: Sequence[int]) -> None:
    """Every span below a value as [page, start, end]."""
    if isinstance(value, list):
        for item in value:
            _on_pages(item, lengths)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("spans", "furniture"):
                value[key] = _plain(page_spans(item, lengths))
            else:
                _on_pages(item, lengths)


def _with_labels(items: list[dict[str, Any]]) -> None:
    for item in items:
        item["text"] = f"{item['label']} {item['text']}".rstrip()
        _with_labels(item["sub_items"])


def joined(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Spans in order, with neighbours that only white space parts made one."""
    if not spans:
        return ()
    out: list[Span] = []
    first, last = spans[0]
    for start, end in spans[1:]:
        if text[last:start].strip():
            out.append((first, last))
            first = start
        last = end
    return (*out, (first, last))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
