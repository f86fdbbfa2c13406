"""`stocktake sample`: how many items to inspect, what was achieved, and a draw that neither side can steer."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from stocktake.cli.options import AsJson

app = typer.Typer(help="Plan an inspection, judge one, draw its sample jointly.", no_args_is_help=True)

FILE_HELP = "A question about several strata and instruments (stocktake.sampling/1)."
Items = Annotated[int | None, typer.Option("--items", metavar="N", help="Items in the stratum.")]
Identification = Annotated[
    str,
    typer.Option("--identification", metavar="P", help="Probability to recognise a falsified item that is measured."),
]
ItemList = Annotated[Path, typer.Option("--list", metavar="FILE", help="Names of the items, one a line.")]
Size = Annotated[int, typer.Option("--size", metavar="N", min=1, help="Size of the sample.")]


def _exactly(text: str, option: str) -> Fraction:
    from stocktake.secretariat.sampling import rational

    value = rational(text)
    if value is None:
        raise typer.BadParameter(f"{text!r} is not a decimal number", param_hint=option)
    return value


@app.command("plan")
def plan_sample(
    file: Annotated[Path | None, typer.Argument(help=FILE_HELP)] = None,
    items: Items = None,
    content: Annotated[str, typer.Option("--content", metavar="MASS", help="Mean content of an item.")] = "1",
    goal: Annotated[str, typer.Option("--goal", metavar="MASS", help="Goal amount, in the same unit.")] = "8",
    defect: Annotated[
        list[str] | None, typer.Option("--defect", metavar="SHARE", help="Share taken from an item; may be repeated.")
    ] = None,
    detection: Annotated[str, typer.Option("--detection", metavar="P", help="Wanted detection probability.")] = "0.9",
    identification: Identification = "1",
    as_json: AsJson = False,
) -> None:
    """Sample sizes: exact, by the usual formula and by the corrected one; or a plan for strata and instruments.

    Example: stocktake sample plan --items 50 --content 0.5 --goal 8 --defect 1 --defect 0.5
    """
    from stocktake.secretariat.sampling import open_question
    from stocktake.terminal import sampling as terminal
    from stocktake.terminal.console import console
    from stocktake.verification.planning import plan
    from stocktake.verification.sampling_report import plan_to_json, single_plan, single_to_json

    if (file is None) == (items is None):
        raise typer.BadParameter("give a file, or --items with the options of one stratum")
    if file is not None:
        found = plan(open_question(file)[0])
        if as_json:
            typer.echo(json.dumps(plan_to_json(found), ensure_ascii=False))
        else:
            terminal.print_plan(found, console())
        return
    beta = 1 - _exactly(detection, "--detection")
    masses = _exactly(goal, "--goal"), _exactly(content, "--content")
    defects = [_exactly(d, "--defect") for d in defect or ["1"]]
    rows = [single_plan(items or 0, *masses, d, beta, _exactly(identification, "--identification")) for d in defects]
    if as_json:
        typer.echo(json.dumps([single_to_json(row) for row in rows]))
    else:
        terminal.print_single(rows, console())


@app.command("achieved")
def achieved_by_sample(
    file: Annotated[Path | None, typer.Argument(help=f"{FILE_HELP} With what was measured.")] = None,
    items: Items = None,
    falsified: Annotated[int, typer.Option("--falsified", metavar="D", min=0, help="Items taken as falsified.")] = 1,
    measured: Annotated[int, typer.Option("--measured", metavar="N", min=0, help="Items that were measured.")] = 0,
    identification: Identification = "1",
    as_json: AsJson = False,
) -> None:
    """The detection probability that a finished inspection achieved.

    Example: stocktake sample achieved --items 50 --falsified 5 --measured 18 --identification 0.9
    """
    from stocktake.secretariat.sampling import open_question
    from stocktake.terminal import sampling as terminal
    from stocktake.terminal.console import console
    from stocktake.verification.planning import achieved
    from stocktake.verification.sampling import Measured, detection_probability
    from stocktake.verification.sampling_report import probability_to_json, worst_to_json

    if (file is None) == (items is None):
        raise typer.BadParameter("give a file, or --items with --falsified and --measured")
    if file is not None:
        question, samples = open_question(file)
        worst = achieved(question, samples)
        if as_json:
            typer.echo(json.dumps([worst_to_json(w) for w in worst], ensure_ascii=False))
        else:
            terminal.print_worst(worst, question.detection, console())
        return
    p = detection_probability(items or 0, falsified, [Measured(measured, _exactly(identification, "--identification"))])
    if as_json:
        typer.echo(json.dumps(probability_to_json(p)))
    else:
        terminal.print_achieved(p, console())


@app.command("seal")
def seal_secret(
    party: Annotated[str, typer.Option("--party", help="Name of your side.")],
    listed: ItemList,
    size: Size,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where your secret goes; keep it to yourself.")],
) -> None:
    """Draw your secret for a joint selection, and print the commitment to send to the other side.

    Example: stocktake sample seal --party Inspectorate --list items.txt --size 18 --out ours.json
    """
    from stocktake.secretariat.sampling import open_items, seal

    typer.echo(seal(party, open_items(listed), size, out))
    typer.echo("Send this line. Reveal the file only when you hold the other side's commitment.", err=True)


@app.command("draw")
def draw_sample(
    openings: Annotated[list[Path], typer.Argument(help="What each side revealed.")],
    listed: ItemList,
    size: Size,
    commitments: Annotated[
        list[str], typer.Option("--commitment", metavar="PARTY=HEX", help="As exchanged before; one for each side.")
    ],
    as_json: AsJson = False,
) -> None:
    """The items to inspect, from both secrets; both sides get the same, and neither could choose.

    Example: stocktake sample draw a.json b.json --list items.txt --size 18 --commitment A=5f.. --commitment B=c1..
    """
    from stocktake.secretariat.sampling import open_items, open_openings
    from stocktake.terminal.console import printable
    from stocktake.verification.selection import draw

    drawn = draw(open_items(listed), size, open_openings(openings, commitments))
    typer.echo(json.dumps(drawn, ensure_ascii=False) if as_json else "\n".join(map(printable, drawn)))
