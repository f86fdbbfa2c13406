"""`stocktake catalogue`: the bundled facts, or a catalogue of your own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import AsJson, AsOf, day_of, folder_of

app = typer.Typer(help="The facts: registers, indicators, statements with sources.", no_args_is_help=True)

CHECKED_HELP = "A catalogue folder; default: the one that ships with Stocktake."


@app.command("check")
def catalogue_check(folder: Annotated[Path | None, typer.Argument(help=CHECKED_HELP)] = None) -> None:
    """Validate ids, cross-references, units, dates and sources, with file and row; and the releases of its log."""
    from importlib.resources import files

    from stocktake.ledger.errors import ProofFails
    from stocktake.secretariat.catalogue import load_catalogue
    from stocktake.secretariat.log_catalogue import broken_release, releases

    place = folder_of(folder) or Path(str(files("stocktake") / "catalogue"))
    catalogue, states, _ = load_catalogue(folder_of(folder))
    fault = broken_release(place)
    if fault is not None:
        raise ProofFails(f"{place / 'ledger'}: {fault}. Releases are only added, by: stocktake catalogue release")
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
        "releases of its log": len(releases(place)),
    }
    typer.echo("No problem found: " + ", ".join(f"{n} {what}" for what, n in counts.items()) + ".")


@app.command("stats")
def catalogue_stats(
    folder: Annotated[Path | None, typer.Argument(help=CHECKED_HELP)] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Count commitments, clauses, chains, indicators, benchmarks and statements; and the share that was checked."""
    from stocktake.secretariat.registers import statistics
    from stocktake.terminal.console import console
    from stocktake.terminal.registers import print_statistics

    found = statistics(day_of(as_of), folder_of(folder))
    if as_json:
        share = {
            "carrying": found.carrying,
            "checked": found.carrying_checked,
            "share_checked": round(found.share_checked, 4),
        }
        typer.echo(json.dumps({"counts": found.counts, "statements_that_carry_a_verdict": share}, ensure_ascii=False))
        return
    print_statistics(found, console())


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
