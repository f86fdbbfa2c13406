"""Pages beside those of the paragraphs: corrections, how near estimates came, what each State makes public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stocktake.assessment.calibration import calibration
from stocktake.assessment.disclosure import Row
from stocktake.assessment.review import Review
from stocktake.evidence.corrections import OwnCorrection
from stocktake.publication.calibration import calibration_view
from stocktake.publication.corrections import corrections_view
from stocktake.publication.disclosure import disclosure_view
from stocktake.publication.phrases import Tongue

TITLES = {
    "disclosure.html": "dis_title",
    "calibration.html": "cal_title",
    "corrections.html": "corrections_title",
}


@dataclass(frozen=True)
class Beside:
    """What these pages show and a review does not hold: our own corrections, and what is public of each State."""

    corrections: tuple[OwnCorrection, ...]
    disclosure: tuple[Row, ...]


def side_views(review: Review, beside: Beside, t: Tongue) -> dict[str, dict[str, Any]]:
    """The content of each page by the name of its file, which is that of its template too."""
    archive = review.catalogue.archive
    return {
        "disclosure.html": disclosure_view(beside.disclosure, t),
        "calibration.html": calibration_view(calibration(archive, as_of=review.as_of), t),
        "corrections.html": corrections_view(archive, beside.corrections, t),
    }


def side_links(here: str, t: Tongue) -> list[tuple[str, str]]:
    return [(f"{here}{name}", t.page(title)) for name, title in TITLES.items()]
