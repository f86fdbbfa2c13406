"""The text of a file as every format gives it."""

from __future__ import annotations

from dataclasses import dataclass

from stocktake.texts.model import Notice

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
