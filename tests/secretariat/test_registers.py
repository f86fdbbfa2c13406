"""The bundled catalogue: two registers, chains, statistics, and what an expert looks for in it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from stocktake.evidence.choice import conflicts, standing
from stocktake.evidence.records import faults_of, record_type
from stocktake.register.commitments import UnknownParagraph
from stocktake.secretariat.catalogue import load_catalogue, load_registers
from stocktake.secretariat.registers import open_chain, statistics
from stocktake.secretariat.reviewing import tongue_of
from stocktake.terms.problems import InvalidCatalogue
from stocktake.terms.states import roster

AS_OF = date(2026, 11, 22)
CATALOGUE = load_catalogue()[0]
ARCHIVE = CATALOGUE.archive
PLAN = "NPT/CONF.2010/50(Vol.I)"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stocktake.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_plan_of_2010_is_a_register_of_22_actions_and_reviewed_without_code_of_its_own(tmp_path: Path) -> None:
    assert len(load_registers()["npt-2010"].paragraphs) == 22
    done = run("review", "--register", "npt-2010", "--as-of", "2026-11-22", "--out", str(tmp_path / "r"), "--json")
    assert done.returncode == 0, done.stderr
    review = json.loads(done.stdout)
    assert [p["id"] for p in review["paragraphs"]] == [f"{PLAN}#action{n}" for n in range(1, 23)]
    source = Path(__file__).parents[2] / "src"
    named = [p for p in source.rglob("*.py") if "npt-2010" in p.read_text(encoding="utf-8")]
    assert sorted(p.name for p in named) == ["catalogue.py", "options.py"], "only as an example in a help text"


def test_an_unknown_register_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownParagraph, match="npt-2010"):
        load_catalogue(register="npt-1985")


def test_every_action_of_2010_is_held_and_those_of_other_pillars_are_not_evaluated() -> None:
    held = {id for id in CATALOGUE.commitments if id.startswith(f"{PLAN}#action")}
    assert {f"{PLAN}#action{n}" for n in range(1, 65)} <= held
    for n in range(24, 65):
        assert CATALOGUE.commitments[f"{PLAN}#action{n}"].pillar != "disarmament"


def test_whatever_is_no_longer_live_says_which_event_made_it_so() -> None:
    ended = [c for c in CATALOGUE.commitments.values() if c.validity != "live"]
    assert ended and all(c.event and c.event_date for c in ended)


def test_drafts_that_were_not_adopted_are_kept_as_such() -> None:
    assert sum(not c.adopted for c in CATALOGUE.commitments.values()) >= 3


def test_the_reporting_chain_runs_from_1995_to_the_resolution_and_shows_its_dilution() -> None:
    chain = open_chain("A/RES/75/65#op20")
    ids = [c.id.split("#")[-1] for c in chain.commitments]
    assert {"decision2.4c", "15.12", "action20", "action21"} <= set(ids)
    assert [c.year for c in chain.commitments] == sorted(c.year for c in chain.commitments)
    assert chain.diluted == 1


def test_a_chain_is_printed_in_words_and_as_json() -> None:
    words = run("chain", "op20")
    assert words.returncode == 0 and "restates weaker" in words.stdout and "not checked" in words.stdout
    found = json.loads(run("chain", "A/RES/75/65#op20", "--json").stdout)
    assert found["format"] == "stocktake.chain/1" and found["diluted"] == 1
    refused = run("chain", "A/RES/75/65#op99")
    assert refused.returncode == 1 and "op20" in refused.stderr


@pytest.mark.parametrize(
    ("day", "ratified"), [(date(2022, 12, 31), 36), (date(2023, 12, 31), 35)], ids=["end of 2022", "end of 2023"]
)
def test_of_the_44_states_of_annex_2_those_that_ratified_are_counted_by_date(day: date, ratified: int) -> None:
    members = roster(CATALOGUE.memberships, "CTBT-ANNEX2", day)
    held = standing(ARCHIVE, "ctbt-ratification", members, day)
    assert len(members) == 44
    assert sum(s is not None and s.act == "ratified" for s in held.values()) == ratified


def test_three_rarotonga_dates_are_shown_as_conflicting() -> None:
    groups = conflicts(s for s in ARCHIVE.statements if s.quantity == "zone-accession")
    assert [g[0].subject for g in groups] == ["NIU", "SLB", "TUV"]
    assert "Status of a State under a zone treaty · Niue" in run("evidence", "list", "--conflicting").stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_spoken_of_and_of_whom_has_a_name_and_no_reader_meets_a_key(lang: str) -> None:
    catalogue, states, _ = load_catalogue()
    t = tongue_of(catalogue.archive, states, lang)
    assert {s.quantity for s in ARCHIVE.statements} - set(t.phrases["quantities"]) == set()
    assert {s.subject for s in ARCHIVE.statements if t.subject(s.subject) == s.subject} <= {"NATO"}
    assert {s.speaker for s in ARCHIVE.statements if not t.speaker(s.speaker)} == set()


def test_a_list_names_states_and_quantities_in_the_language_asked_for() -> None:
    listed = run("evidence", "list", "stockpile", "--subject", "CHN", "--lang", "zh").stdout
    assert "中国 · 620 枚" in listed
    assert "CHN" not in listed
    assert "military stockpile" in run("evidence", "list").stdout.lower()
    assert "中国" in run("evidence", "tally", "ctbt-ratification", "--roster", "CTBT-ANNEX2", "--lang", "zh").stdout


def test_at_least_forty_indicators_say_everything_that_an_expert_asks() -> None:
    whole = [i for i in CATALOGUE.indicators.values() if i.scope and i.margin and i.objections]
    assert len(whole) >= 40


def test_every_benchmark_says_whose_measure_it_is_and_an_agreed_one_which_commitment() -> None:
    assert len(CATALOGUE.benchmarks) >= 15
    assert {b.basis for b in CATALOGUE.benchmarks.values()} >= {"treaty", "consensus", "derived", "proposed"}


def test_every_statement_is_a_record_of_some_type_and_complete_as_such() -> None:
    for s in ARCHIVE.statements:
        kind = record_type(s, CATALOGUE.records)
        assert kind is not None and not list(faults_of(s, kind)), s.id


def test_of_the_rows_that_carry_verdicts_three_in_five_were_checked() -> None:
    found = statistics(AS_OF)
    assert found.carrying > 50 and found.share_checked >= 0.6
    told = run("catalogue", "stats", "--as-of", "2026-11-22")
    assert told.returncode == 0 and "statements by speaker" in told.stdout


def test_a_lineage_that_runs_in_a_circle_is_refused(tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "catalogue"
    shutil.copytree(Path(__file__).parents[1] / "fixtures" / "catalogue", home)
    with (home / "register" / "lineage.csv").open("a", encoding="utf-8") as file:
        file.write("CONF.2030/1#step2,PACT#1,,reaffirms,no,invented\n")
    with pytest.raises(InvalidCatalogue, match="closes a circle"):
        load_catalogue(home)


def test_one_statement_is_shown_with_what_else_is_stated_of_it() -> None:
    told = run("evidence", "show", "raro-niu-untc")
    assert "raro-niu-unoda" in told.stdout and "1986-05-12" in told.stdout
    assert run("evidence", "show", "no-such").returncode == 1
    assert "36 of 44" in run(
        "evidence", "tally", "ctbt-ratification", "--roster", "CTBT-ANNEX2", "--as-of", "2022-12-31"
    ).stdout  # fmt: skip
