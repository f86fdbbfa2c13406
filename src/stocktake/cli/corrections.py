"""`stocktake corrections`: what took the place of what, our own corrections included."""

from __future__ import annotations

import typer

from stocktake.cli.options import AsJson, Folder, KnownAt, Lang, folder_of, known_of, language_of


def corrections(
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """Every statement that supersedes another one, and every correction of our own tables. Nothing is removed.

    Example: stocktake corrections
    """
    from stocktake.publication.corrections import corrections_document, corrections_view
    from stocktake.secretariat.correcting import own_corrections
    from stocktake.secretariat.log_catalogue import what_was_known
    from stocktake.secretariat.reviewing import tongue_of
    from stocktake.terminal.console import console
    from stocktake.terminal.corrections import print_corrections

    lang = language_of(lang)
    known = what_was_known(folder_of(folder), known_of(known_at))
    archive, own = known.catalogue.archive, own_corrections(known.records)
    if as_json:
        typer.echo(corrections_document(archive, own).model_dump_json(indent=1))
        return
    t = tongue_of(archive, known.states, lang)
    print_corrections(corrections_view(archive, own, t), t, console())
