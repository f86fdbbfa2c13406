"""What a document means beside its words: strength of verbs, force, and the known commitments that it touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml
from pydantic import ValidationError

from stocktake.register.meaning import Feature, Meanings, Meant, Scales, profiles, said_by
from stocktake.register.policy import Policy
from stocktake.register.strength import Verb, force_of, strengths, strongest
from stocktake.secretariat.catalogue import load_catalogue, load_registers
from stocktake.secretariat.documents import load_language
from stocktake.terms.problems import InvalidCatalogue, Problem
from stocktake.terms.words import LANGUAGES
from stocktake.texts.model import Document, Paragraph, to_json

SCALES = "meaning.yaml"


def load_meanings(folder: Traversable | None = None) -> Meanings:
    """Every commitment of a catalogue with its features; refused like the catalogue."""
    catalogue, _, policy = load_catalogue(folder)
    registers = load_registers(folder).values()
    languages = {code: load_language(code) for code in LANGUAGES}
    scales = load_scales(folder)
    known = profiles(registers, catalogue.commitments.values(), catalogue.links, policy.strength, languages, scales)
    return Meanings(known, scales, policy.strength)


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
def bundled_policy() -> Policy:
    """The policy table that ships with the package."""
    text = files("stocktake").joinpath("catalogue", "policy.yaml").read_text(encoding="utf-8")
    return Policy.model_validate(yaml.safe_load(text))


@cache
def bundled_meanings() -> Meanings:
    """Those of the catalogue that ships with the package, made once in a process."""
    return load_meanings()


SECTIONS = ("preambular", "operative", "annexes")
Links = dict[str, tuple[tuple[Meant, ...], ...]]
"""The links of every paragraph by its section (``SECTIONS``), in order."""
Strengths = dict[str, tuple[tuple[Verb, ...], ...]]
"""The main verbs of every paragraph with their strength, by section, in order."""


def strengths_of(document: Document) -> Strengths:
    """The strength of the main verbs of every paragraph, by the bundled policy table."""
    table, language = bundled_policy().strength, load_language(document.language)
    return {
        section: tuple(strengths(p.verbs, table, language) for p in some)
        for section, some in _sections(document).items()
    }


def _sections(document: Document) -> dict[str, tuple[Paragraph, ...]]:
    annexed = tuple(p for annex in document.annexes for p in annex.paragraphs)
    return dict(zip(SECTIONS, (document.preambular, document.operative, annexed), strict=True))


def links_of(document: Document, meanings: Meanings) -> Links:
    """The links of every paragraph of a document.

    A paragraph that has nothing to do with the field has links only where half of the document does.
    """
    language = load_language(document.language)
    said = {
        name: [
            said_by(p, None if name == "annexes" else name, document, language, meanings.strength) for p in paragraphs
        ]
        for name, paragraphs in _sections(document).items()
    }
    inside = [meanings.in_field(features) for some in said.values() for features in some]
    whole = 2 * sum(inside) >= len(inside) > 0

    def links(features: frozenset[Feature]) -> tuple[Meant, ...]:
        return meanings.meant(features) if whole or meanings.in_field(features) else ()

    return {name: tuple(map(links, some)) for name, some in said.items()}


def described_json(document: Document, *, links: bool, strength: bool) -> dict[str, Any]:
    """The document as ``to_json`` gives it, with what is asked for on every paragraph, and of the whole beside them."""
    values = to_json(document)
    if strength:
        _add_strength(values, document)
    if links:
        _add_links(values, document, bundled_meanings())
    return values


def _paragraphs(values: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    annexed = [p for annex in values["annexes"] for p in annex["paragraphs"]]
    return dict(zip(SECTIONS, (values["preambular"], values["operative"], annexed), strict=True))


def _add_links(values: dict[str, Any], document: Document, meanings: Meanings) -> None:
    links, scales = links_of(document, meanings), meanings.scales
    for section, paragraphs in _paragraphs(values).items():
        for paragraph, own in zip(paragraphs, links[section], strict=True):
            paragraph["links"] = [_plain(meant) for meant in own]
    values["meaning"] = {
        "version": scales.version,
        "threshold": float(scales.threshold),
        "margin": float(scales.margin),
    }


def _add_strength(values: dict[str, Any], document: Document) -> None:
    policy, found = bundled_policy(), strengths_of(document)
    for section, paragraphs in _paragraphs(values).items():
        for paragraph, verbs in zip(paragraphs, found[section], strict=True):
            paragraph["strength"] = _strength(verbs, policy.version)
    force, reason = force_of(document.header.symbol, policy)
    if force is None:
        values["force"] = {"key": None, "reason": reason, "policy": policy.version}
    else:
        values["force"] = {"key": force.key, "word": force.en, "source": force.source, "policy": policy.version}


def _strength(verbs: Sequence[Verb], version: str) -> dict[str, Any]:
    """The strongest verb speaks for the paragraph; what every verb is stands below it."""
    top = strongest(verbs)
    level = top.level if top else None
    found: dict[str, Any] = {"level": level.level if level else None, "word": level.en if level else None}
    if level is None:
        found["reason"] = (
            "; ".join(f"{v.text}: {v.why}" for v in verbs) or "the paragraph has no main verb that is known"
        )
    each = [{"verb": v.text, "act": v.act, "level": v.level.level if v.level else None} for v in verbs]
    return {**found, "policy": version, "verbs": each}


def _plain(meant: Meant) -> dict[str, Any]:
    verdict = "ambiguous" if meant.is_ambiguous else "link"
    nearest = [{"to": k.to, "score": k.score, "reasons": _reasons(k.reasons)} for k in meant.nearest]
    return {"instrument": meant.instrument, "verdict": verdict, "nearest": nearest}


def _reasons(reasons: Sequence[tuple[Feature, float]]) -> list[dict[str, Any]]:
    return [{"kind": feature.kind, "key": feature.key, "weight": round(weight, 2)} for feature, weight in reasons]
