"""`stocktake chain`: the earlier commitments behind a paragraph."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from stocktake.cli.options import AsJson, Folder, Lang, folder_of, language_of


def chain(
    id: Annotated[str, typer.Argument(help="A paragraph or a commitment: 'A/RES/75/65#op20', or NPT#VI.")],
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """Print what was promised before, what each later text did with it, and where it grew weaker.

    Example: stocktake chain 'A/RES/75/65#op20'
    """
    from stocktake.secretariat.registers import open_chain
    from stocktake.terminal.console import console

    lang = language_of(lang)
    found = open_chain(id, folder_of(folder))
    if as_json:
        from stocktake.register.chains import to_json

        typer.echo(json.dumps(to_json(found), ensure_ascii=False, indent=1))
        return
    from stocktake.terminal.registers import print_chain

    print_chain(found, lang, console())
