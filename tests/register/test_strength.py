"""A verb is as strong as the policy table says, in every language, or has no rank and a reason; force is apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from stocktake.cli import app
from stocktake.register.strength import force_of, strength_of, strengths, strongest
from stocktake.secretariat.documents import languages, load_language, open_document
from stocktake.secretariat.meaning import bundled_policy, strengths_of

POLICY = bundled_policy()


@pytest.mark.parametrize("code", ["ar", "en", "es", "fr", "ru", "zh"])
def test_the_same_document_is_as_strong_in_every_language(code: str, fixtures: Path) -> None:
    found = strengths_of(open_document(fixtures / f"successor.{code}.txt"))["operative"]
    levels = [top.level.level if (top := strongest(verbs)) and top.level else None for verbs in found]
    assert levels == [3, 3, 3, 3, 3, 2, 2, 3, 4]


@pytest.mark.parametrize(
    ("code", "verb", "act", "level"),
    [
        ("en", "Once again strongly urges", "urge", 3),
        ("en", "Urgently calls upon", "call-upon", 3),  # the adverb is not the verb
        ("en", "Reiterates its demand that", "demand", 5),  # what is repeated is a demand
        ("fr", "Demande instamment à", "urge", 3),
        ("fr", "Demande au", "call-upon", 3),
        ("fr", "Prie", "request", 4),
        ("es", "Exhorta encarecidamente a", "urge", 3),
        ("ru", "просит", "request", 4),
        ("ru", "настоятельно призывает", "urge", 3),
        ("ar", "وإذ تعيد تأكيد", "reaffirm", 1),
        ("ar", "تُشجِّع", "encourage", 2),  # vowel marks
        ("ar", "يطالب", "demand", 5),
        ("zh", "促请", "call-upon", 3),  # not 请, to request
        ("zh", "强烈敦促", "urge", 3),
        ("zh", "请", "request", 4),
    ],
)
def test_a_verb_has_the_strength_of_its_act(code: str, verb: str, act: str, level: int) -> None:
    found = strength_of(verb, POLICY.strength, load_language(code))
    assert (found.act, found.level.level if found.level else None, found.why) == (act, level, None)


@pytest.mark.parametrize(("code", "verb"), [("en", "Condemns"), ("ar", "تدعو"), ("zh", "谴责"), ("fr", "condamne")])
def test_a_verb_that_the_table_does_not_rank_has_no_strength_and_says_why(code: str, verb: str) -> None:
    found = strength_of(verb, POLICY.strength, load_language(code))
    assert found.level is None and found.why


@given(st.text(max_size=60), st.sampled_from(languages()))
def test_no_text_is_ranked_by_guess(text: str, code: str) -> None:
    found = strength_of(text, POLICY.strength, load_language(code))
    assert (found.level is None) == (found.why is not None)


def test_the_table_ranks_the_acts_of_the_languages_but_those_that_are_two_acts_in_one() -> None:
    acts = {act for code in languages() for act in load_language(code).acts}
    assert acts - POLICY.strength.acts.keys() == {"call-upon-or-invite"}
    assert POLICY.strength.acts.keys() <= acts


def test_a_paragraph_is_as_strong_as_its_strongest_verb() -> None:
    found = strengths(["Notes", "urges", "Condemns", "invites"], POLICY.strength, load_language("en"))
    top = strongest(found)
    assert top is not None and top.text == "urges"
    assert strongest(found[2:3]) is None


@pytest.mark.parametrize(
    ("symbol", "key"),
    [
        ("A/RES/75/65", "assembly-recommendation"),
        ("S/RES/687(1991)", "council-decision"),
        ("S/2016/1061", "none"),
        ("A/C.1/75/L.1", "none"),
        ("NPT/CONF.2010/50(Vol.I)", "consensus-document"),
        ("NPT/CONF.2015/WP.8", "none"),
    ],
)
def test_force_is_that_of_the_instrument_whatever_its_verbs(symbol: str, key: str) -> None:
    force, reason = force_of(symbol, POLICY)
    assert force is not None and (force.key, reason) == (key, None)


@pytest.mark.parametrize("symbol", [None, "XYZ/1"])
def test_where_the_table_says_nothing_there_is_no_force_and_a_reason(symbol: str | None) -> None:
    force, reason = force_of(symbol, POLICY)
    assert force is None and reason


def test_strength_and_force_are_additional_keys(fixtures: Path) -> None:
    file = str(fixtures / "successor.en.txt")
    plain = json.loads(CliRunner().invoke(app, ["read", file, "--json"]).output)
    asked = json.loads(CliRunner().invoke(app, ["read", file, "--json", "--strength"]).output)
    first = asked["operative"][0]["strength"]
    assert (first["level"], first["word"], first["policy"]) == (3, "strong appeal", POLICY.version)
    assert asked.pop("force")["key"] == "assembly-recommendation"
    for paragraph in (*asked["preambular"], *asked["operative"]):
        del paragraph["strength"]
    assert asked == plain


def test_a_terminal_shows_strength_and_force(fixtures: Path) -> None:
    shown = CliRunner().invoke(app, ["read", str(fixtures / "successor.en.txt"), "--strength"]).output
    assert "strength 4 request (Requests)" in shown and "force: recommendation of the General Assembly" in shown
