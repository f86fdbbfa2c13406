"""`stocktake form`: the standard reporting form as a template, checked, converted, compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stocktake.cli.options import AsJson

if TYPE_CHECKING:
    from stocktake.reporting.form import FormWords
    from stocktake.secretariat.form_catalogue import FormDesk

app = typer.Typer(help="The standard reporting form: template, check, convert, compare.", no_args_is_help=True)

StateOption = Annotated[str, typer.Option("--state", metavar="ISO3", help="The reporting State, such as FRA.")]
CycleOption = Annotated[
    str, typer.Option("--cycle", metavar="YEAR", help="Year of the Review Conference of the cycle.")
]
FormLang = Annotated[str, typer.Option("--lang", metavar="ar|zh|en|fr|ru|es", help="Language of the words.")]
Previous = Annotated[
    Path | None, typer.Option("--previous", metavar="FILE", help="The State's report before this one.")
]
OUT_HELP = "Default: sdrf-STATE-CYCLE-LANG.xlsx."
ReportFile = Annotated[Path, typer.Argument(help="A report: XLSX, ODS or JSON.")]


def _words(desk: FormDesk, lang: str) -> FormWords:
    if lang not in desk.words:
        raise typer.BadParameter(f"{lang!r} is not one of {', '.join(desk.words)}", param_hint="--lang")
    return desk.words[lang]


def _refused(path: Path, error: Exception, words: FormWords) -> typer.Exit:
    from stocktake.reporting.findings import FormRefused, message, remedy
    from stocktake.terminal.console import printable

    if not isinstance(error, FormRefused):
        raise error
    typer.echo(printable(f"{path.name}: {message(error.problem, words)}. {remedy(error.problem, words)}"), err=True)
    return typer.Exit(1)


@app.command("template")
def template(
    state: StateOption,
    cycle: CycleOption,
    lang: FormLang = "en",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Default: sdrf-STATE-CYCLE-LANG.xlsx.")
    ] = None,
    previous: Previous = None,
    variant: Annotated[str | None, typer.Option("--variant", help="Default: by the rosters.")] = None,
) -> None:
    """Write the form as a workbook to fill in: a sheet a section, drop-downs, what was said before in grey.

    Example: stocktake form template --state FRA --cycle 2026 --lang fr
    """
    from stocktake.reporting.findings import FormRefused
    from stocktake.secretariat.form_catalogue import load_form
    from stocktake.secretariat.form_workbook import write_form
    from stocktake.secretariat.forms import write_new
    from stocktake.secretariat.reports_desk import begin_report, earlier_report

    desk = load_form()
    words = _words(desk, lang)
    if state not in desk.states:
        raise typer.BadParameter(f"{state!r} is no ISO 3166 code that we know, such as FRA", param_hint="--state")
    if not (cycle.isascii() and cycle.isdecimal() and len(cycle) == 4):
        raise typer.BadParameter(f"{cycle!r} is no year, such as 2026", param_hint="--cycle")
    if variant is not None and variant not in desk.form.variants:
        raise typer.BadParameter(f"choose one of {', '.join(desk.form.variants)}", param_hint="--variant")
    try:
        before = earlier_report(desk, state, cycle, previous)
    except FormRefused as error:
        raise _refused(previous or Path(state), error, words) from None
    report = begin_report(desk, state, cycle, lang, variant or desk.variant_of(state))
    path = out or Path(f"sdrf-{state}-{cycle}-{lang}.xlsx")
    write_new(path, write_form(desk, report, before, lang))
    typer.echo(f"{path}: {len(desk.form.lines_of(report.variant))} fields")


@app.command("check")
def check(
    file: ReportFile,
    lang: Annotated[str | None, typer.Option("--lang", help="Language; default: that of the report.")] = None,
    previous: Previous = None,
    comments: Annotated[
        Path | None, typer.Option("--comments", metavar="FILE", help="Write a copy with each problem as a comment.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List every problem of a report: sheet and cell, how grave, what to do. Exit code 1 if errors block it.

    Example: stocktake form check sdrf-FRA-2026-fr.xlsx --comments checked.xlsx
    """
    from stocktake.reporting.findings import FormRefused
    from stocktake.secretariat.form_catalogue import load_form
    from stocktake.secretariat.forms import blocking, commented, write_new
    from stocktake.secretariat.reports_desk import checked_report
    from stocktake.terminal.console import console
    from stocktake.terminal.forms import print_problems, print_summary, problems_document

    desk = load_form()
    words = _words(desk, lang or "en")
    try:
        opened = checked_report(file, desk, previous)
    except FormRefused as error:
        raise _refused(file, error, words) from None
    if lang is None and opened.report is not None:
        words = desk.words[opened.report.language]
    if as_json:
        said = problems_document(file.name, opened.problems, opened.report, desk.form, words)
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        to = console()
        print_problems(opened.problems, words, to)
        print_summary(opened.problems, opened.report, desk.form, words, to)
    if comments is not None:
        if opened.workbook is None:
            raise typer.BadParameter("a JSON report has no cells to comment", param_hint="--comments")
        write_new(comments, commented(opened.workbook, opened.problems, words))
    if opened.report is None or blocking(opened.problems):
        raise typer.Exit(1)


@app.command("convert")
def convert(
    file: ReportFile,
    out: Annotated[Path, typer.Argument(help="The new file: .json or .xlsx.")],
    lang: Annotated[str | None, typer.Option("--lang", help="Language; default: that of the report.")] = None,
) -> None:
    """Write a report as JSON or XLSX, without loss. A report with errors is not converted.

    Example: stocktake form convert report.xlsx report.json
    """
    from stocktake.reporting.findings import FormRefused
    from stocktake.secretariat.form_catalogue import load_form
    from stocktake.secretariat.forms import blocking, open_report, report_file, write_new
    from stocktake.terminal.console import console
    from stocktake.terminal.forms import print_problems

    desk = load_form()
    words = _words(desk, lang or "en")
    try:
        opened = open_report(file, desk)
    except FormRefused as error:
        raise _refused(file, error, words) from None
    if opened.report is None or blocking(opened.problems):
        print_problems(opened.problems, words, console(stderr=True))
        raise typer.Exit(1)
    write_new(out, report_file(opened.report, desk, out.suffix.lower(), language=lang or opened.report.language))
    typer.echo(str(out))


@app.command("compare")
def compare(
    states: Annotated[list[str] | None, typer.Argument(help="ISO 3166 codes; default: the five.")] = None,
    cycles: Annotated[
        list[str] | None, typer.Option("--cycle", metavar="YEAR", help="May be repeated. Default: 2026.")
    ] = None,
    reports: Annotated[
        list[Path] | None, typer.Option("--reports", metavar="PATH", help="A report, or a folder of them; repeatable.")
    ] = None,
    lang: FormLang = "en",
    as_csv: Annotated[bool, typer.Option("--csv", help="Print every line of the form as CSV.")] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page that stands alone.")] = None,
) -> None:
    """Lay reports side by side: values, ceilings, refusals, withdrawals, silences; who differs in definition.

    What the five have said in public since 2010 is bundled. Example: stocktake form compare FRA GBR --cycle 2026
    """
    from stocktake.reporting.comparing import comparison_csv
    from stocktake.reporting.findings import FormRefused
    from stocktake.secretariat.form_catalogue import load_form
    from stocktake.secretariat.forms import write_new
    from stocktake.secretariat.reports_desk import compared, gather
    from stocktake.terminal.comparisons import print_comparison
    from stocktake.terminal.console import console

    desk = load_form()
    words = _words(desk, lang)
    try:
        gathered = gather(reports or [], desk)
    except FormRefused as error:
        raise _refused(Path(error.name), error, words) from None
    known = {*desk.rosters["NWS"], *(r.state for r in gathered.reports)}
    chosen = states or sorted(known, key=lambda s: desk.names[s][lang])
    unknown = [s for s in chosen if s not in desk.states]
    if unknown:
        raise typer.BadParameter(f"no ISO 3166 code that we know: {', '.join(unknown)}", param_hint="STATES")
    made = compared(desk, [(s, c) for c in cycles or ["2026"] for s in chosen], gathered.reports)
    names = {s: desk.names[s][lang] or s for s in chosen}
    for name in gathered.unusable:
        typer.echo(f"{name}: {words.page['blocked']} stocktake form check {name}", err=True)
    if html is not None:
        from stocktake.publication.reports_page import comparison_page

        write_new(html, comparison_page(made, words, names, lang).encode())
    if as_csv:
        typer.echo(comparison_csv(made, words), nl=False)
    else:
        print_comparison(made, desk.form, words, names, console())


@app.command("statements")
def statements(
    file: ReportFile,
    filed: Annotated[str, typer.Option("--filed", metavar="DATE", help="The day on which the report was filed.")],
    previous: Previous = None,
) -> None:
    """Print what a report declares as rows of evidence (CSV), speaker the State itself; withdrawals included.

    Example: stocktake form statements report.json --filed 2026-03-02 > CATALOGUE/evidence/sdrf-fra-2026.csv
    """
    from stocktake.reporting.findings import FormRefused
    from stocktake.secretariat.form_catalogue import load_form
    from stocktake.secretariat.forms import blocking
    from stocktake.secretariat.reports_desk import checked_report, evidence_rows
    from stocktake.terminal.console import console
    from stocktake.terminal.forms import print_problems
    from stocktake.terms.dates import PartialDate
    from stocktake.terms.problems import InvalidTerm

    desk = load_form()
    try:
        day = PartialDate.parse(filed)
    except InvalidTerm as error:
        raise typer.BadParameter(str(error), param_hint="--filed") from None
    try:
        opened = checked_report(file, desk, previous)
        if opened.report is None or blocking(opened.problems):
            print_problems(opened.problems, desk.words["en"], console(stderr=True))
            raise typer.Exit(1)
        typer.echo(evidence_rows(desk, opened.report, day, previous), nl=False)
    except FormRefused as error:
        raise _refused(file, error, desk.words["en"]) from None


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of a report (stocktake.report/1)."""
    from stocktake.reporting.schema import report_schema
    from stocktake.secretariat.form_catalogue import load_form

    typer.echo(json.dumps(report_schema(load_form().form), indent=1))
