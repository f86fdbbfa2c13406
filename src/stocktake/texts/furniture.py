"""Which lines are text of a paragraph, and which are printed on every page around it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from stocktake.texts.header import is_masthead
from stocktake.texts.language import Language
from stocktake.texts.layout import Line, without_folio

_NEAR = 2
_HEADER_LINES = 60


def body_lines(
    lines: Sequence[Line], printed: Sequence[bool], noted: Collection[int], organ: int, language: Language
) -> list[bool]:
    """For each line whether it may be text of a paragraph: no footnote, no furniture, no running title.

    ``printed`` says which lines are furniture by themselves, ``noted`` are the indexes of the lines of footnotes,
    ``organ`` that of the line on which the body speaks. A running title repeats words of the header, and counts as one
    only beside other furniture or with a symbol on its line.
    """
    furniture = [i in noted or printed[i] or is_masthead(line, language) for i, line in enumerate(lines)]
    header = "".join("".join(line.text.split()) for line in lines[: min(organ, _HEADER_LINES)])
    running = [i > organ and _is_in(header, line.text) for i, line in enumerate(lines)]
    titles = [running[i] and (_with_folio(line) or _beside(furniture, running, i)) for i, line in enumerate(lines)]
    return [not (out or title) for out, title in zip(furniture, titles, strict=True)]


def _is_in(header: str, text: str) -> bool:
    # nearly every line begins with a word that no title has; only a symbol or a number may be left out before it
    if "/" not in text and (first := text.split(None, 1)[0]).isalpha() and first not in header:
        return False
    bare = "".join(without_folio(text).split())
    return len(text) <= 100 and (len(bare) >= 4 or not bare) and len(text) >= 4 and bare in header


def _with_folio(line: Line) -> bool:
    return line.after_break or len(without_folio(line.text)) < len(line.text)


def _beside(furniture: Sequence[bool], running: Sequence[bool], i: int) -> bool:
    near = range(max(0, i - _NEAR), min(len(furniture), i + _NEAR + 1))
    return any(furniture[j] or (running[j] and j != i) for j in near)
