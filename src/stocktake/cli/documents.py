"""`stocktake read`: a UN document into paragraphs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import AsJson


def read(
    file: Annotated[Path, typer.Argument(help="Text of a UN resolution in Chinese (UTF-8, UTF-16 or GB18030).")],
    as_json: AsJson = False,
    lines: Annotated[bool, typer.Option("--lines", help="Each line is one paragraph out of context.")] = False,
    language: Annotated[str, typer.Option("--lang", help="The language of the lines.")] = "zh",
) -> None:
    """Read a UN document into paragraphs, footnotes, verbs, citations and addressees.

    Example: stocktake read A_RES_75_65.zh.txt --json
    """
    from stocktake.secretariat.documents import open_document, open_lines

    if lines:
        for reading in open_lines(file, language):
            typer.echo(json.dumps(asdict(reading), ensure_ascii=False))
        return
    document = open_document(file)
    if as_json:
        from stocktake.texts.model import to_json

        typer.echo(json.dumps(to_json(document), ensure_ascii=False, indent=1))
    else:
        from stocktake.terminal.console import console
        from stocktake.terminal.documents import print_document

        print_document(document, console())
