"""A UN document that has been read: values that cannot change, and their exchange format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

Span = tuple[int, int]
"""Half-open [start, end] in characters of the decoded text."""


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
    """One paragraph, clean and stitched. ``n`` is the printed number, or the place in the section."""

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
    """A resolution as read from one text in one language."""

    language: str
    header: Header
    source: Source
    preambular: tuple[Paragraph, ...]
    operative: tuple[Paragraph, ...]
    footnotes: tuple[Footnote, ...]
    furniture: tuple[Span, ...]
    annexes: tuple[Annex, ...]
    warnings: tuple[Notice, ...]


def to_json(document: Document) -> dict[str, Any]:
    """The document as ``stocktake.document/1``: a new mapping of plain JSON values, keys in the order of the format."""
    values: dict[str, Any] = _plain(asdict(document))
    header = values.pop("header")
    first = {"format": "stocktake.document/1", "symbol": header.pop("symbol"), "language": values.pop("language")}
    return {**first, **header, **values}


def joined(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Spans in order, with neighbours that only white space parts made one."""
    out: list[Span] = []
    for start, end in spans:
        if out and not text[out[-1][1] : start].strip():
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return tuple(out)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
