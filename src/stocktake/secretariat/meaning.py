"""The known commitments of the catalogue, ready to be compared with paragraphs of any text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml
from pydantic import ValidationError

from stocktake.register.meaning import Feature, Meanings, Meant, Scales, profiles, said_by
from stocktake.secretariat.catalogue import load_catalogue, load_registers
from stocktake.secretariat.documents import load_language
from stocktake.terms.problems import InvalidCatalogue, Problem
from stocktake.terms.words import LANGUAGES
from stocktake.texts.model import Document, to_json

SCALES = "meaning.yaml"


def load_meanings(folder: Traversable | None = None) -> Meanings:
    """Every commitment of a catalogue with its features; refused like the catalogue."""
    catalogue, _, policy = load_catalogue(folder)
    registers = load_registers(folder).values()
    languages = {code: load_language(code) for code in LANGUAGES}
    scales = load_scales(folder)
    known = profiles(registers, catalogue.commitments.values(), catalogue.links, policy.strength, languages, scales)
    return Meanings(known, scales)


def load_scales(folder: Traversable | None = None) -> Scales:
    """How features count: the table of the catalogue, or of the bundled one where a folder has none."""
    bundled = files("stocktake").joinpath("catalogue")
    home = folder if folder is not None and folder.joinpath(SCALES).is_file() else bundled
    try:
        return Scales.model_validate(yaml.safe_load(home.joinpath(SCALES).read_text(encoding="utf-8")))
    except ValidationError as error:
        problems = [
            Problem(SCALES, 0, "invalid-row", f"{'.'.join(map(str, e['loc']))}: {e['msg']}") for e in error.errors()
        ]
        raise InvalidCatalogue(problems, "stocktake catalogue check") from None


@cache
def bundled_meanings() -> Meanings:
    """Those of the catalogue that ships with the package, made once in a process."""
    return load_meanings()


Links = dict[str, tuple[tuple[Meant, ...], ...]]
"""The links of every paragraph by its section, in order; those of annexes under ``annexes``."""


def links_of(document: Document, meanings: Meanings) -> Links:
    """The links of every paragraph of a document.

    A paragraph that has nothing to do with the field has links only where half of the document does.
    """
    language = load_language(document.language)
    sections = {
        "preambular": document.preambular,
        "operative": document.operative,
        "annexes": tuple(p for annex in document.annexes for p in annex.paragraphs),
    }
    said = {
        name: [said_by(p, None if name == "annexes" else name, document, language) for p in paragraphs]
        for name, paragraphs in sections.items()
    }
    inside = [meanings.in_field(features) for some in said.values() for features in some]
    whole = 2 * sum(inside) >= len(inside) > 0

    def links(features: frozenset[Feature]) -> tuple[Meant, ...]:
        return meanings.meant(features) if whole or meanings.in_field(features) else ()

    return {name: tuple(map(links, some)) for name, some in said.items()}


def linked_json(document: Document, meanings: Meanings) -> dict[str, Any]:
    """The document as ``to_json`` gives it, with ``links`` on every paragraph and the table that they were made by."""
    values, links, scales = to_json(document), links_of(document, meanings), meanings.scales
    annexed = [p for annex in values["annexes"] for p in annex["paragraphs"]]
    for paragraphs, some in (
        (values["preambular"], links["preambular"]),
        (values["operative"], links["operative"]),
        (annexed, links["annexes"]),
    ):
        for paragraph, own in zip(paragraphs, some, strict=True):
            paragraph["links"] = [_plain(meant) for meant in own]
    table = {"version": scales.version, "threshold": float(scales.threshold), "margin": float(scales.margin)}
    return {**values, "meaning": table}


def _plain(meant: Meant) -> dict[str, Any]:
    verdict = "ambiguous" if meant.is_ambiguous else "link"
    nearest = [{"to": k.to, "score": k.score, "reasons": _reasons(k.reasons)} for k in meant.nearest]
    return {"instrument": meant.instrument, "verdict": verdict, "nearest": nearest}


def _reasons(reasons: Sequence[tuple[Feature, float]]) -> list[dict[str, Any]]:
    return [{"kind": feature.kind, "key": feature.key, "weight": round(weight, 2)} for feature, weight in reasons]
