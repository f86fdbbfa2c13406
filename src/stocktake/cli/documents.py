"""`stocktake read`: UN documents into paragraphs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from stocktake.secretariat.reading import Outcome, Wanted
    from stocktake.terminal.meaning import Beside
    from stocktake.texts.model import Document

INTERRUPTED = 130  # what a shell expects of a command that Ctrl-C ended
FILES_HELP = "Texts of UN documents; a folder means every document in it."
OUT_HELP = "Write one file a document into this folder, with a manifest; a later run reads only what is new or changed."
LINKS_HELP = "Say which known commitments each paragraph speaks of, by its meaning, with a score and reasons."
STRENGTH_HELP = "Say how strong each paragraph's verbs are, by the policy table, and the force of the whole in law."
JOBS_HELP = "How many processes read at the same time. Default: the processors of this machine."


def read(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help=FILES_HELP)],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON; of several documents, one object a line.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, which can be read again.")] = False,
    links: Annotated[bool, typer.Option("--links", help=LINKS_HELP)] = False,
    strength: Annotated[bool, typer.Option("--strength", help=STRENGTH_HELP)] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Each line is one paragraph out of context.")] = False,
    language: Annotated[str, typer.Option("--lang", help="The language of the lines.")] = "zh",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=OUT_HELP)] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, max=256, help=JOBS_HELP)] = None,
) -> None:
    """Read UN documents into paragraphs, footnotes, verbs, citations and addressees.

    Example: stocktake read A_RES_75_65.zh.txt --json
    """
    from stocktake.secretariat.reading import Wanted, expand

    if lines:
        _read_lines(files, language)
        return
    if as_json and markdown and out is None:
        raise typer.BadParameter("print one of --json and --markdown, or write both with --out DIR")
    if (links or strength) and (markdown or out is not None):
        raise typer.BadParameter(
            "links and strength go to the terminal or into --json; Markdown and --out hold the text alone"
        )
    paths = expand(files)
    if len(paths) == 1 and out is None and not Path(files[0]).is_dir():
        _read_one(paths[0], as_json, markdown, links, strength)
    else:
        wanted = Wanted(
            json=as_json or (out is not None and not markdown), markdown=markdown, links=links, strength=strength
        )
        _read_many(paths, wanted, out, jobs or _processors())


def _read_lines(files: list[str], language: str) -> None:
    from stocktake.secretariat.documents import open_lines

    for file in files:
        for reading in open_lines(Path(file), language):
            typer.echo(json.dumps(asdict(reading), ensure_ascii=False))


def _read_one(path: Path, as_json: bool, markdown: bool, links: bool, strength: bool) -> None:
    from stocktake.secretariat.apart import documents_apart
    from stocktake.secretariat.reading import json_of, markdown_of

    documents = documents_apart(path)
    for document in documents:
        if as_json:
            indent = 1 if len(documents) == 1 else None
            typer.echo(json.dumps(json_of(document, links, strength), ensure_ascii=False, indent=indent))
        elif markdown:
            typer.echo(markdown_of(document), nl=False)
        else:
            from stocktake.terminal.console import console
            from stocktake.terminal.documents import print_document

            print_document(document, console(), _beside(document, links, strength) if links or strength else None)


def _beside(document: Document, links: bool, strength: bool) -> Beside:
    from stocktake.register.strength import force_of
    from stocktake.secretariat.meaning import bundled_meanings, bundled_policy, links_of, strengths_of
    from stocktake.terminal.meaning import beside

    return beside(
        links_of(document, bundled_meanings()) if links else None,
        strengths_of(document) if strength else None,
        force_of(document.header.symbol, bundled_policy()) if strength else None,
    )


def _read_many(paths: tuple[Path, ...], wanted: Wanted, out: Path | None, jobs: int) -> None:
    """Show what comes of each file, in order; then what failed. Exit code 1 if anything did."""
    from stocktake.terminal.console import console
    from stocktake.terminal.documents import followed, print_failures, print_outcomes, print_total

    errors = console(stderr=True)
    outcomes: list[Outcome] = []
    interrupted = False
    try:
        for outcome in followed(_outcomes(paths, wanted, out, jobs), len(paths), errors):
            outcomes.append(outcome)
    except KeyboardInterrupt:
        interrupted = True
    place = {str(path): i for i, path in enumerate(paths)}
    outcomes.sort(key=lambda o: place[o.file])
    if out is None and (wanted.json or wanted.markdown):
        for outcome in outcomes:
            for document in outcome.documents:
                typer.echo("".join(document.renderings.values()).rstrip("\n"))
    elif not wanted.json and not wanted.markdown:
        print_outcomes(outcomes, console())
    print_failures(outcomes, errors)
    print_total(outcomes, len(paths), errors, out=out, interrupted=interrupted)
    if interrupted:
        raise typer.Exit(INTERRUPTED)
    if any(o.failure for o in outcomes):
        raise typer.Exit(1)


def _outcomes(paths: Iterable[Path], wanted: Wanted, out: Path | None, jobs: int) -> Iterator[Outcome]:
    from stocktake.secretariat.reading import read_many, results_in

    if out is None:
        yield from read_many(tuple(paths), wanted, jobs=jobs)
        return
    with results_in(out) as results:
        fresh = []
        for path in paths:
            kept = results.kept(path, wanted)
            if kept is None:
                fresh.append(path)
            else:
                yield kept
        for outcome in read_many(fresh, wanted, jobs=jobs):
            results.keep(outcome)
            yield outcome


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
