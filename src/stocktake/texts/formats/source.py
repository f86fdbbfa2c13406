"""The text of a file as every format gives it, and the way back from the joined text to its pages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from stocktake.texts.model import Notice, Span

PageSpan = tuple[int, int, int]
"""[page, start, end): page from 1, start and end in characters of the text of that page."""

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Footnote marks are written as superscript digits, one for one, so that no character moves."""


@dataclass(frozen=True)
class SourceText:
    """The text of a file: its pages in order, or one page where the format has none (``paged`` is false).

    Footnote marks are superscript digits in their place, and a footnote begins a line with them. ``scans``: pages,
    from 1, with a picture and no text that can be used. ``confidence``: for each page the confidence of
    each of its lines in [0, 1], None for a line that was not read from a picture; None where nothing was.
    """

    pages: tuple[str, ...]
    media_type: str
    paged: bool = False
    notices: tuple[Notice, ...] = ()
    scans: tuple[int, ...] = ()
    confidence: tuple[tuple[float | None, ...], ...] | None = None

    @property
    def text(self) -> str:
        """The pages, with a form feed between two of them; no page holds a form feed of its own if it is paged."""
        return "\f".join(self.pages)


def page_spans(spans: Iterable[Span], pages: Sequence[str]) -> tuple[PageSpan, ...]:
    """Spans of the joined text as spans of its pages; one that runs over pages becomes one a page.

    ``spans`` count in ``"\\f".join(pages)``. A form feed belongs to no page; an empty piece is left out. Raises
    ValueError for a span that is not within the text.
    """
    starts = [0, *accumulate(len(page) + 1 for page in pages)]
    out: list[PageSpan] = []
    for start, end in spans:
        if not 0 <= start <= end <= max(0, starts[-1] - 1):
            raise ValueError(f"span {start}-{end} is not within the {max(0, starts[-1] - 1)} characters of the pages")
        for i in range(bisect_right(starts, start) - 1, len(pages)):
            if starts[i] >= end:
                break
            first, last = max(start, starts[i]) - starts[i], min(end, starts[i] + len(pages[i])) - starts[i]
            if first < last:
                out.append((i + 1, first, last))
    return tuple(out)
