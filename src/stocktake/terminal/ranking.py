"""Ranges of ranks in a terminal, with whose weights they are; and the same as data."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stocktake.assessment.ranking import Standing
from stocktake.publication.phrases import Tongue
from stocktake.secretariat.ranking import Ranked

FORMAT = "stocktake.ranks/1"


def print_ranks(ranked: Ranked, t: Tongue, to: Console) -> None:
    """A line a State, by the best rank that it can have; one number only where nothing that is open can change it."""
    author = f"{ranked.weights.author}, SHA-256 {ranked.digest[:12]}"
    to.print(Text(f"{t.of('yardsticks', 'ranks_title')} · {t.page('reviewed')} {ranked.as_of}", style="bold"))
    to.print(Text(f"{t.of('yardsticks', 'weights_of')}{t.of('forms', 'colon')}{author}", style="dim"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    for key in ("rank", "subject", "points", "answers"):
        table.add_column(t.of("yardsticks", key), overflow="fold")
    for s in ranked.standings:
        answers = t.of("yardsticks", "open_of").format(n=len(s.open), all=len(s.counted))
        table.add_row(
            _range(s.best, s.worst), t.subject(s.subject), _range(_number(s, "low", t), _number(s, "high", t)), answers
        )
    to.print(table)
    to.print(Text(t.of("yardsticks", "ranks_note"), style="dim"))


def _range(first: object, last: object) -> str:
    return f"{first}" if first == last else f"{first} … {last}"


def _number(s: Standing, which: str, t: Tongue) -> str:
    return t.number(getattr(s, which))


def ranks_document(ranked: Ranked) -> dict[str, Any]:
    """``stocktake.ranks/1``: for each State the best and worst rank and points, what counted and what is open."""
    return {
        "format": FORMAT,
        "as_of": ranked.as_of.isoformat(),
        "weights": {"author": ranked.weights.author, "digest": ranked.digest},
        "standings": [
            {
                "subject": s.subject,
                "best_rank": s.best,
                "worst_rank": s.worst,
                "points": [str(s.low), str(s.high)],
                "counted": list(s.counted),
                "open": list(s.open),
            }
            for s in ranked.standings
        ],
    }
