"""`stocktake disclosure`: what each State makes public of itself."""

from __future__ import annotations

import typer

from stocktake.cli.options import AsJson, AsOf, Folder, KnownAt, Lang, day_of, folder_of, known_of, language_of


def disclosure(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """Disclosed, comparable, measurable: State by State, for each quantity of the form that an indicator uses.

    Example: stocktake disclosure --as-of 2021-12-31
    """
    from stocktake.publication.disclosure import disclosure_document, disclosure_view
    from stocktake.secretariat.disclosures import what_is_public
    from stocktake.secretariat.log_catalogue import what_was_known
    from stocktake.secretariat.reviewing import tongue_of
    from stocktake.terminal.console import console
    from stocktake.terminal.disclosure import print_disclosure

    day, lang = day_of(as_of), language_of(lang)
    known = what_was_known(folder_of(folder), known_of(known_at))
    rows = what_is_public(known.catalogue, day)
    if as_json:
        typer.echo(disclosure_document(rows, day).model_dump_json(indent=1))
        return
    t = tongue_of(known.catalogue.archive, known.states, lang)
    print_disclosure(disclosure_view(rows, t), t, console())
