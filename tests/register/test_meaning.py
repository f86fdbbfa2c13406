"""A paragraph is linked to what it means, in any language and under any number, or to nothing; and it says why."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from stocktake.cli import app
from stocktake.register.meaning import KINDS, Feature, Likeness, Meanings, said_in
from stocktake.secretariat.documents import languages, load_language, open_document
from stocktake.secretariat.meaning import bundled_meanings, links_of
from stocktake.secretariat.reading import markdown_of
from stocktake.texts.model import Document, Paragraph

MEANINGS: Meanings = bundled_meanings()
OWN = "A/RES/75/65"
CODES = ["ar", "en", "es", "fr", "ru", "zh"]
SUCCESSOR = ["op20", "op11", "op6", "op16", "op15", "op22", "op7", "op26", None]
"""Which paragraph of 75/65 each paragraph of our successor takes up; the last one asks for trees."""


def linked(document: Document, section: str) -> list[list[str]]:
    """The paragraphs of 75/65 that each paragraph of a section is linked to."""
    return [
        [near.to.partition("#")[2] for meant in links if meant.instrument == OWN for near in meant.nearest]
        for links in links_of(document, MEANINGS)[section]
    ]


def renumbered(paragraphs: tuple[Paragraph, ...], order: list[int]) -> tuple[Paragraph, ...]:
    return tuple(replace(paragraphs[i], n=n, label=f"{n}.") for n, i in enumerate(order, start=1))


@pytest.mark.parametrize("code", CODES)
def test_a_successor_in_other_words_and_another_order_is_linked_by_meaning(code: str, fixtures: Path) -> None:
    document = open_document(fixtures / f"successor.{code}.txt")
    assert linked(document, "operative") == [[id] if id else [] for id in SUCCESSOR]


def test_the_number_of_a_paragraph_has_no_part_in_its_links(fixtures: Path) -> None:
    document = open_document(fixtures / "successor.en.txt")
    order = list(range(len(document.operative)))
    random.Random(7).shuffle(order)
    shuffled = replace(document, operative=renumbered(document.operative, order))
    assert linked(shuffled, "operative") == [linked(document, "operative")[i] for i in order]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["ga/A_RES_75_65.en.txt", "A_RES_75_65.zh.txt"])
def test_the_resolution_shuffled_renumbered_and_printed_again_keeps_its_links(
    name: str, shared: Path, tmp_path: Path
) -> None:
    document = open_document(shared / "texts" / name)
    known = linked(document, "operative")
    assert sum(found == [f"op{n}"] for n, found in enumerate(known, start=1)) >= 0.95 * len(known)
    assert all(f"op{n}" in found for n, found in enumerate(known, start=1))

    order = list(range(len(known)))
    random.Random(7).shuffle(order)
    again = tmp_path / "again.md"
    shuffled = replace(document, operative=renumbered(document.operative, order))
    again.write_text(markdown_of(shuffled), encoding="utf-8")
    assert linked(open_document(again), "operative") == [known[i] for i in order]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["ga/A_RES_73_6-EN.pdf", "sc-gold/S_RES_0418_1977.txt"])
def test_a_text_of_another_field_has_no_links(name: str, shared: Path) -> None:
    found = links_of(open_document(shared / "texts" / name), MEANINGS)
    assert not any(links for section in found.values() for links in section)


def test_the_languages_know_the_same_concepts() -> None:
    keys = {code: set(load_language(code).concepts.words) for code in languages()}
    assert len(set(map(frozenset, keys.values()))) == 1, {code: own ^ keys["en"] for code, own in keys.items()}
    assert set(MEANINGS.scales.field) <= keys["en"]
    assert set(MEANINGS.scales.weights) == set(KINDS)


def test_what_stands_in_quotation_marks_is_not_what_a_paragraph_speaks_of() -> None:
    english = load_language("en")
    assert Feature("concept", "fissile-material") in said_in("the ban of fissile material", english)
    assert not said_in("the item entitled “Fissile material”", english)


FEATURES = st.frozensets(st.sampled_from(sorted(f for p in MEANINGS.profiles for f in p.features)), max_size=12)


@given(FEATURES, st.sampled_from(MEANINGS.profiles))
def test_a_score_is_a_share_and_its_reasons_are_what_both_say(said: frozenset[Feature], profile: object) -> None:
    for profile in MEANINGS.profiles:
        found = MEANINGS.likeness(said, profile)
        assert 0 <= found.score < 1
        assert {feature for feature, _ in found.reasons} == said & profile.features


@given(FEATURES)
def test_more_in_common_is_never_less_like(said: frozenset[Feature]) -> None:
    profile = MEANINGS.profiles[len(said)]
    more = said | {max(profile.features)}
    assert MEANINGS.likeness(more, profile).score >= MEANINGS.likeness(said, profile).score


@given(FEATURES)
def test_no_link_is_below_the_threshold_and_the_near_equal_stand_together(said: frozenset[Feature]) -> None:
    scales = MEANINGS.scales
    for meant in MEANINGS.meant(said):
        scores = [near.score for near in meant.nearest]
        assert min(scores) >= float(scales.threshold)
        assert max(scores) - min(scores) <= float(scales.margin)
        same = [MEANINGS.likeness(said, p) for p in MEANINGS.profiles if p.instrument == meant.instrument]
        assert best(same) in meant.nearest


def best(some: list[Likeness]) -> Likeness:
    return min(some, key=lambda k: (-k.score, k.to))


def test_links_are_an_additional_key_and_absent_unless_asked_for(fixtures: Path) -> None:
    file = str(fixtures / "successor.en.txt")
    plain = json.loads(CliRunner().invoke(app, ["read", file, "--json"]).output)
    asked = json.loads(CliRunner().invoke(app, ["read", file, "--json", "--links"]).output)
    first = asked["operative"][0]["links"][0]["nearest"][0]
    assert first["to"] == f"{OWN}#op20" and first["reasons"]
    assert asked.pop("meaning")["version"] == MEANINGS.scales.version
    for paragraph in (*asked["preambular"], *asked["operative"]):
        del paragraph["links"]
    assert asked == plain


def test_a_terminal_shows_links_with_their_reasons(fixtures: Path) -> None:
    shown = CliRunner().invoke(app, ["read", str(fixtures / "successor.en.txt"), "--links"]).output
    assert re.search(r"links A/RES/75/65#op6 0\.\d\d \([^)]*operational-readiness", " ".join(shown.split()))


def test_links_are_not_put_where_only_the_text_belongs(fixtures: Path, tmp_path: Path) -> None:
    asked = ["read", str(fixtures / "successor.en.txt"), "--links", "--json", "--out", str(tmp_path)]
    assert CliRunner().invoke(app, asked).exit_code == 2
