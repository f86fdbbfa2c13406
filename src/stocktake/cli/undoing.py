"""`stocktake irreversibility`: how hard measures would be to undo, on four axes."""

from __future__ import annotations

from typing import Annotated

import typer

from stocktake.cli.options import AsJson, AsOf, Folder, KnownAt, Lang, day_of, folder_of, known_of, language_of


def irreversibility(
    subject: Annotated[str | None, typer.Argument(help="A State by its ISO code, such as GBR. Default: all.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """Print how hard measures would be to undo: physical state, verification, legal bond, time and cost to reverse.

    Example: stocktake irreversibility USA --as-of 2022-12-31
    """
    from stocktake.secretariat.undoing import make_undoings

    day, lang = day_of(as_of), language_of(lang)
    made = make_undoings(subject, as_of=day, folder=folder_of(folder), known_at=known_of(known_at))
    if as_json:
        typer.echo(made.document.model_dump_json(indent=1))
    else:
        from stocktake.terminal.console import console
        from stocktake.terminal.undoing import print_undoings

        print_undoings(made.catalogue, made.undoings, made.tongue(lang), console())
