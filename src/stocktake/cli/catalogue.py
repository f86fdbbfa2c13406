"""`stocktake catalogue`: the bundled facts, or a catalogue of your own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import folder_of

app = typer.Typer(help="The facts: registers, indicators, statements with sources.", no_args_is_help=True)

CHECKED_HELP = "A catalogue folder; default: the one that ships with Stocktake."


@app.command("check")
def catalogue_check(folder: Annotated[Path | None, typer.Argument(help=CHECKED_HELP)] = None) -> None:
    """Validate ids, cross-references, units, dates and sources; report every problem with file and row."""
    from stocktake.secretariat.catalogue import load_catalogue

    catalogue, states, _ = load_catalogue(folder_of(folder))
    statements = catalogue.archive.statements
    counts = {
        "paragraphs": len(catalogue.register.paragraphs),
        "indicators": len(catalogue.indicators),
        "commitments": len(catalogue.commitments),
        "links": len(catalogue.links),
        "statements": len(statements),
        "of them checked": sum(s.checked for s in statements),
        "speakers": len(catalogue.archive.speakers),
        "States": len(states),
    }
    typer.echo("No problem found: " + ", ".join(f"{n} {what}" for what, n in counts.items()) + ".")


@app.command("release")
def catalogue_release(
    folder: Annotated[Path | None, typer.Argument(help=CHECKED_HELP)] = None,
) -> None:
    """Make a release of the catalogue's log: what has changed since the last one, with its checkpoint."""
    from importlib.resources import files

    from stocktake.secretariat.log_catalogue import write_release
    from stocktake.secretariat.log_desk import clock

    place = folder_of(folder) or Path(str(files("stocktake") / "catalogue"))
    name, point = write_release(place, clock())
    typer.echo(f"Release {name}: {point.size} records, root {point.root.hex()}. Commit {place / 'ledger'}.")
