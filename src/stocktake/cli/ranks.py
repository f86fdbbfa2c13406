"""`stocktake rank`: States ordered by the weights of whoever asks, as ranges of ranks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import (
    AsJson,
    AsOf,
    Folder,
    KnownAt,
    Lang,
    Register,
    day_of,
    folder_of,
    known_of,
    language_of,
)

WEIGHTS_HELP = "Your weights (stocktake.weights/1, YAML or JSON); there are none of ours."


def rank(
    weights: Annotated[Path | None, typer.Option("--weights", metavar="FILE", help=WEIGHTS_HELP)] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
    register: Register = None,
) -> None:
    """Give each State the range of ranks that it can have by your weights, whatever is still undetermined.

    Example: stocktake rank --weights my-weights.yaml --as-of 2026-11-22
    """
    from stocktake.secretariat.ranking import rank_by
    from stocktake.terminal.console import console
    from stocktake.terminal.ranking import print_ranks, ranks_document

    day, lang = day_of(as_of), language_of(lang)
    ranked = rank_by(weights, as_of=day, folder=folder_of(folder), register=register, known_at=known_of(known_at))
    if as_json:
        typer.echo(json.dumps(ranks_document(ranked), ensure_ascii=False, indent=1))
    else:
        print_ranks(ranked, ranked.tongue(lang), console())
