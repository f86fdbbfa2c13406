"""Places in a text: spans of the whole, and spans of its pages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

Span = tuple[int, int]
"""Half-open [start, end] in characters of the decoded text."""

PageSpan = tuple[int, int, int]
"""[page, start, end): page from 1, start and end in characters of the text of that page."""


def page_spans(spans: Iterable[Span], lengths: Sequence[int]) -> tuple[PageSpan, ...]:
    """Spans of the joined text as spans of its pages; one that runs over pages becomes one a page.

    ``spans`` count in ``"\\f".join(pages)``. A form feed belongs to no page; an empty piece is left out. Raises
    ValueError for a span that is not within the text.
    """
    starts = [0, *accumulate(length + 1 for length in lengths)]
    out: list[PageSpan] = []
    for start, end in spans:
        if not 0 <= start <= end <= max(0, starts[-1] - 1):
            raise ValueError(f"span {start}-{end} is not within the {max(0, starts[-1] - 1)} characters of the pages")
        for i in range(bisect_right(starts, start) - 1, len(lengths)):
            if starts[i] >= end:
                break
            first, last = max(start, starts[i]) - starts[i], min(end, starts[i] + lengths[i]) - starts[i]
            if first < last:
                out.append((i + 1, first, last))
    return tuple(out)
