"""`stocktake account`: what went in, what went out, what is there, and whether that adds up."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import AsJson

FILE_HELP = "A material balance (stocktake.balance/1, JSON or tidy CSV), paired measurements, or an inventory listing."
ALARM_HELP = "False-alarm probability of each test over all periods. With --json: adds the key `decision`."
LOSS_HELP = "Mass lost, in the unit of the file. Default: one significant quantity."
MATERIAL_HELP = "Material whose significant quantity is lost (Pu, HEU, LEU, U-233, Th)."
DRAWS_HELP = "Realisations of the simulation."
ERRORS_HELP = "Errors by method (CSV: method, random, systematic, title, edition, table)."
PAGE_HELP = "Write a diagnosis page, one HTML file with its pictures."
SWEEP_HELP = "Simulate N whole histories, measured and evaluated each: how the tests behave here."


def account(
    file: Annotated[Path, typer.Argument(help=FILE_HELP)],
    as_json: AsJson = False,
    false_alarm: Annotated[float | None, typer.Option("--false-alarm", metavar="P", help=ALARM_HELP)] = None,
    loss: Annotated[float | None, typer.Option("--loss", metavar="MASS", help=LOSS_HELP)] = None,
    material: Annotated[str | None, typer.Option("--material", help=MATERIAL_HELP)] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32, help="Seed of the simulation.")] = 1,
    realisations: Annotated[int, typer.Option("--realisations", metavar="N", help=DRAWS_HELP)] = 50_000,
    sweep: Annotated[int | None, typer.Option("--sweep", metavar="N", min=1, help=SWEEP_HELP)] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Threads; no effect on the result.")] = 1,
    errors: Annotated[Path | None, typer.Option("--errors", metavar="FILE", help=ERRORS_HELP)] = None,
    page: Annotated[Path | None, typer.Option("--page", metavar="FILE", help=PAGE_HELP)] = None,
) -> None:
    """Evaluate material balances: MUF, its covariance, SITMUF, GEMUF and Page's test.

    Example: stocktake account balance.json --material Pu
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is loaded: the threads are ours
    from stocktake.secretariat.accounting import AlarmQuestion, evaluate_file

    alarm = 0.05 if false_alarm is None else false_alarm
    question = AlarmQuestion(alarm, loss, material, seed, realisations, sweep, workers)
    wanted = not as_json or any(x is not None for x in (false_alarm, loss, material, sweep, page))
    result = evaluate_file(file, errors=errors, question=question if wanted else None)
    if page is not None:
        result.write_page(page)
    if as_json:
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False, allow_nan=False))
        return
    from stocktake.terminal.accountancy import print_result
    from stocktake.terminal.console import console

    print_result(result, console())
    if page is not None:
        typer.echo(f"Diagnosis page: {page}")
