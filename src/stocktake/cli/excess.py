"""`stocktake excess`: a State's account of the fissile material that it named as excess."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import AsJson, AsOf, day_of, folder_of


def excess(
    state: Annotated[str | None, typer.Argument(help="A State (ISO alpha-3); default: all with an account.")] = None,
    as_of: AsOf = None,
    book: Annotated[Path | None, typer.Option("--book", metavar="DIR", help="A book of accounts of your own.")] = None,
    as_json: AsJson = False,
) -> None:
    """Held, designated as excess, under verification, disposed of, and what is left: by statements only.

    Example: stocktake excess GBR --as-of 2026-11-22
    """
    from stocktake.assessment.excess import to_json
    from stocktake.secretariat.excess import open_accounts
    from stocktake.terminal.console import console
    from stocktake.terminal.excess import print_accounts

    found, kinds, names = open_accounts(folder_of(book), day_of(as_of))
    chosen = [a for a in found if state is None or a.state == state]
    if as_json:
        typer.echo(json.dumps([to_json(a, kinds) for a in chosen], ensure_ascii=False, indent=1))
        return
    print_accounts(chosen, kinds, names, state, console())
