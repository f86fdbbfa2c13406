"""`stocktake calibration`: how near estimators came where a figure was later revealed."""

from __future__ import annotations

import typer

from stocktake.cli.options import AsJson, AsOf, Folder, KnownAt, Lang, day_of, folder_of, known_of, language_of


def calibration(
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = "en",
    folder: Folder = None,
) -> None:
    """Estimates set beside figures that a State itself, or a verifying body, revealed later.

    Example: stocktake calibration
    """
    from stocktake.assessment.calibration import calibration as calibrate
    from stocktake.publication.calibration import calibration_document, calibration_view
    from stocktake.secretariat.log_catalogue import what_was_known
    from stocktake.secretariat.reviewing import tongue_of
    from stocktake.terminal.calibration import print_calibration
    from stocktake.terminal.console import console

    day, lang = day_of(as_of), language_of(lang)
    known = what_was_known(folder_of(folder), known_of(known_at))
    found = calibrate(known.catalogue.archive, as_of=day)
    if as_json:
        typer.echo(calibration_document(found, day).model_dump_json(indent=1))
        return
    t = tongue_of(known.catalogue.archive, known.states, lang)
    print_calibration(calibration_view(found, t), t, console())
