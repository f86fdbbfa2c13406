"""Real documents against their gold annotations; these need the shared folder."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from stocktake.secretariat.documents import open_document
from stocktake.texts.model import to_json

pytestmark = pytest.mark.shared


@pytest.mark.parametrize("name", ["A_RES_75_65.zh", "E_2023_15_Add.1_aarhus.zh"])
def test_a_real_resolution_is_read_as_a_person_read_it(name: str, shared: Path, scorer: ModuleType) -> None:
    gold = json.loads((shared / "texts" / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    document = to_json(open_document(shared / "texts" / gold["file"]))
    assert set(scorer.score(gold, document).values()) == {1.0}


def test_further_main_verbs_of_a_real_resolution(shared: Path) -> None:
    gold = json.loads((shared / "texts" / "gold" / "A_RES_75_65.zh.json").read_text(encoding="utf-8"))
    document = open_document(shared / "texts" / gold["file"])
    assert [list(p.verbs[1:]) for p in document.operative] == [p["second_verb"] for p in gold["operative"]]


def test_a_real_text_that_stops_after_the_preamble_says_so_and_promotes_nothing(shared: Path) -> None:
    document = open_document(shared / "texts" / "ecosoc-zh" / "E_2023_26_ageing.zh.txt")
    assert (len(document.preambular), document.operative) == (18, ())
    assert "operative-missing" in [w.code for w in document.warnings]


def test_a_real_draft_without_numbers_is_parted_at_its_last_comma(shared: Path) -> None:
    document = open_document(shared / "texts" / "ecosoc-zh" / "E_2023_30_draft-for-GA_UNODC.zh.txt")
    assert (len(document.preambular), len(document.operative)) == (20, 36)
    assert all(p.verbs for p in (*document.preambular, *document.operative))
