"""Balances as tidy tables, inventory listings with corrections, and the diagnosis page."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from stocktake.secretariat.accounting import AlarmQuestion, BalanceResult, ListingResult, evaluate_file
from stocktake.secretariat.output import OutputRefused
from stocktake.verification.errors import RefusedInput
from stocktake.verification.euratom import NAMES
from stocktake.verification.tidy import COLUMNS
from tests.verification.cases import Raw, mixed, raw

QUESTION = AlarmQuestion(0.05, 8.0, None, 1, 2_000)


def tidy_rows(data: Raw) -> list[dict[str, Any]]:
    head = {k: data[k] for k in ("mass_unit", "time_unit", "element")}
    rows: list[dict[str, Any]] = [{"role": "period", "time": a, "end": b} for a, b in data["periods"]]
    rows.append({"role": "opening", "kind": data["opening_inventory"], **head})
    for key, role in (("receipts", "receipt"), ("shipments", "shipment"), ("inventories", "inventory")):
        for row in data[key]:
            amounts = row.get("rates") or row["values"]
            whole = {k: v for k, v in row.items() if k not in ("times", "values", "rates") and v is not None}
            rows += [
                {"role": role, "time": t, "amount": v, **whole} for t, v in zip(row["times"], amounts, strict=True)
            ]
    return rows


def write(path: Path, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_tidy_table_gives_the_numbers_of_the_json_in_any_order_of_rows(tmp_path: Path) -> None:
    data = mixed(3)
    (tmp_path / "b.json").write_text(json.dumps(data), encoding="utf-8")
    rows = tidy_rows(data)
    periods, rest = rows[: len(data["periods"])], rows[len(data["periods"]) :]
    random.Random(1).shuffle(rest)
    write(tmp_path / "b.csv", rest[:20] + periods + rest[20:], COLUMNS)
    one = evaluate_file(tmp_path / "b.json", question=None).to_json()
    two = evaluate_file(tmp_path / "b.csv", question=None).to_json()
    for name in ("muf", "sitmuf", "page", "sigma_cumuf"):
        assert two[name] == pytest.approx(one[name], abs=1e-9)


def test_faults_of_a_table_have_its_rows(tmp_path: Path) -> None:
    rows = tidy_rows(raw())
    rows[7]["amount"] = -3
    rows[8]["random"] = 0.5
    rows[9]["element"] = "U"
    rows[10]["amount"] = ""
    rows.append({"role": "gift", "time": 3})
    path = write(tmp_path / "b.csv", rows, COLUMNS)
    with pytest.raises(RefusedInput) as refused:
        evaluate_file(path, question=None)
    found = {(p.code, p.row) for p in refused.value.problems}
    assert found == {
        ("negative-mass", 9), ("not-the-same", 10), ("mixed-elements", 11), ("not-a-number", 12),
        ("role", len(rows) + 1),
    }  # fmt: skip


def test_a_table_of_errors_is_cited_and_used(tmp_path: Path) -> None:
    rows = tidy_rows(raw())
    for row in rows:
        if row["role"] in ("receipt", "shipment", "inventory"):
            del row["random"], row["systematic"]
            row["method"] = "scale"
    path = write(tmp_path / "b.csv", rows, COLUMNS)
    table = tmp_path / "errors.csv"
    table.write_text("method,random,systematic,title,edition,table\nscale,0.01,0.005,Invented,1,2\n", encoding="utf-8")
    found = evaluate_file(path, question=None, errors=table)
    assert isinstance(found, BalanceResult)
    assert found.evaluation.covariance[0, 1] == pytest.approx(-0.875)
    assert found.evaluation.contributions[0].source == "Invented, 1, 2, scale"
    table.write_text("method,random,systematic,title,edition,table\nscale,0.01,0.005,Invented,,2\n", encoding="utf-8")
    with pytest.raises(RefusedInput, match=r"errors\.csv:2"):
        evaluate_file(path, question=None, errors=table)


@pytest.mark.parametrize("text", ["", "a,a\n", "x,y\n1,2\n", 'role,time\n"a', "role,time\n1\n", "role,time\n"])
def test_what_is_no_table_of_measurements_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RefusedInput):
        evaluate_file(tmp_path / "b.csv", question=None)


def line(report: int, number: int, count: int, batch: str, weight: str, **more: str) -> dict[str, str]:
    return {
        "mba": "XAAA", "report_type": "P", "report_date": "15012030", "report_number": str(report),
        "pit_date": "31122029",
        "line_count": str(count), "batch": batch, "kmp": "A", "measurement": "M", "element_category": "P",
        "line_number": str(number), "items": "1", "element_weight": weight, **more,
    }  # fmt: skip


def at(report: int, number: int) -> dict[str, str]:
    return {"previous_report": str(report), "previous_line": str(number)}


FIRST = [line(1, 1, 2, "can 1", "100.5"), line(1, 2, 2, "can 2", "200")]


def test_a_correction_pair_replaces_a_line_and_keeps_it(tmp_path: Path) -> None:
    later = [
        line(2, 1, 3, "can 2", "200", correction="D", **at(1, 2)),
        line(2, 2, 3, "can 2", "190.25", correction="A", **at(1, 2)),
        line(2, 3, 3, "can 3", "50", correction="L"),
    ]
    found = evaluate_file(write(tmp_path / "pil.csv", later[::-1] + FIRST, NAMES), question=None)
    assert isinstance(found, ListingResult)
    said = found.to_json()
    assert [(x["batch"], x["element_weight"]) for x in said["lines"]] == [
        ("can 1", "100.5"), ("can 2", "190.25"), ("can 3", "50"),
    ]  # fmt: skip
    assert said["deleted"] == [{"report": 1, "line": 2, "by_report": 2, "by_line": 1}]
    assert said["totals"] == [{"element_category": "P", "kmp": "A", "element_weight": "340.75"}]


@pytest.mark.parametrize(("rows", "code"), [
    pytest.param([line(1, 1, 1, "c", "1.2345")], "field", id="four decimals"),
    pytest.param([line(1, 1, 1, "c", "1", pit_date="31022029")], "field", id="no such day"),
    pytest.param([line(1, 1, 1, "c", "-1")], "field", id="negative"),
    pytest.param([line(1, 1, 1, "", "1")], "missing", id="no batch"),
    pytest.param([line(1, 1, 1, "c", "1", fissile_weight="2")], "fissile-weight", id="more fissile than element"),
    pytest.param([line(1, 2, 1, "c", "1")], "gap", id="lines with a gap"),
    pytest.param([line(1, 1, 2, "c", "1")], "line-count", id="a line too few"),
    pytest.param([*FIRST, line(3, 1, 1, "c", "1")], "gap", id="a report is missing"),
    pytest.param([*FIRST, line(2, 1, 1, "can 2", "200")], "batch-twice", id="a batch twice"),
    pytest.param([*FIRST, line(2, 1, 1, "c", "1", mba="XAAB")], "several-areas", id="two areas"),
    pytest.param([*FIRST, line(2, 1, 1, "can 2", "200", correction="D")], "correction", id="D to nothing"),
    pytest.param([*FIRST, line(2, 1, 1, "can 2", "200", correction="D", **at(1, 7))], "correction", id="D to no line"),
    pytest.param([*FIRST, line(2, 1, 1, "can 1", "200", correction="D", **at(1, 2))], "correction", id="D to another"),
    pytest.param([*FIRST, line(2, 1, 1, "c", "1", correction="A", **at(1, 2))], "correction", id="A without D"),
])  # fmt: skip
def test_a_listing_that_does_not_hold_is_refused(rows: list[dict[str, str]], code: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedInput) as refused:
        evaluate_file(write(tmp_path / "pil.csv", rows, NAMES), question=None)
    assert code in {p.code for p in refused.value.problems}


def test_the_diagnosis_page_is_one_file_without_script_in_which_a_name_stays_a_name(tmp_path: Path) -> None:
    data = raw(n=8)
    data["receipts"][0]["location"] = '<script>alert("x")</script>'
    data["inventories"][0]["values"][4:] = [90.0] * 5
    (tmp_path / "b.json").write_text(json.dumps(data), encoding="utf-8")
    result = evaluate_file(tmp_path / "b.json", question=QUESTION)
    out = tmp_path / "b.html"
    result.write_page(out)
    first = out.read_bytes()
    result.write_page(out)
    assert out.read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.html", "b.json"]
    page = lxml_html.fromstring(first)
    assert page.findall(".//script") == [] and b"http" not in first.replace(b"http://www.w3.org", b"")
    pictures = page.findall(".//svg")
    assert len(pictures) == 5
    for picture in pictures:
        assert picture.findtext("title")
    assert "▲ alarm" in " ".join(map(str, page.itertext()))
    assert len(page.findall(".//table")[-1].findall(".//tr")) == 9


def test_a_page_is_never_written_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(raw()), encoding="utf-8")
    result = evaluate_file(tmp_path / "b.json", question=QUESTION)
    with pytest.raises(OutputRefused):
        result.write_page(tmp_path / "b.json")
    assert json.loads((tmp_path / "b.json").read_text(encoding="utf-8")) == raw()
