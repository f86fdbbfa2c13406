"""What is refused at the door: all problems at once, each with its line, and nothing guessed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stocktake.secretariat.accounting import evaluate_file
from stocktake.secretariat.balances import open_balance
from stocktake.secretariat.json_files import lines_of
from stocktake.verification.balance import Balance
from stocktake.verification.errors import RefusedInput
from stocktake.verification.evaluation import evaluate
from stocktake.verification.intake import balance_from
from tests.verification.cases import Raw, mixed, raw

Change = Callable[[Raw], Any]


def first(key: str, **changed: Any) -> Change:
    return lambda data: data[key][0].update(changed)


def without(key: str, name: str) -> Change:
    return lambda data: data[key][0].pop(name)


def by_method(data: Raw) -> None:
    row = data["receipts"][0]
    del row["random"], row["systematic"]
    row["method"] = "scale"


case = pytest.param
STREAM: Raw = {"kind": "continuous", "measurement": "per_period", "rates": [1, 1]}
TWICE: Raw = {**STREAM, "times": [0, 0, 120], "rates": [1, 1, 1]}


@pytest.mark.parametrize(("change", "code", "place"), [
    case(first("receipts", values=[50, 50, -5, 50, 50]), "negative-mass", "receipts[0].values[2]", id="negative"),
    case(first("receipts", values=[50, 50, None, 50, 50]), "not-a-number", "receipts[0].values[2]", id="null"),
    case(first("receipts", values=[50, True, 1, 50, 50]), "not-a-number", "receipts[0].values[1]", id="boolean"),
    case(first("receipts", values=[50, 10**400, 1, 1, 1]), "not-finite", "receipts[0].values[1]", id="huge"),
    case(first("receipts", values=[50]), "lengths", "receipts[0]", id="lengths"),
    case(first("receipts", random=1.5), "error-not-a-fraction", "receipts[0].random", id="percent"),
    case(without("receipts", "random"), "missing-error", "receipts[0]", id="no error"),
    case(by_method, "missing-error-table", "receipts[0].method", id="no table"),
    case(first("receipts", measurement="per_sample"), "measurement", "receipts[0]", id="measurement"),
    case(first("receipts", kind="batch"), "kind", "receipts[0]", id="kind"),
    case(first("receipts", calibration_period=0), "calibration", "receipts[0].calibration_period", id="no time"),
    case(first("receipts", calibration_period=1e-9), "calibration", "receipts[0].calibration_period", id="tiny"),
    case(first("receipts", element="U"), "mixed-elements", "receipts[0].element", id="mixed elements"),
    case(first("receipts", mass_unit="g"), "wrong-unit", "receipts[0].mass_unit", id="mixed units"),
    case(first("receipts", times=[0, 90], **STREAM), "not-covered", "receipts[0]", id="not sampled to the end"),
    case(first("receipts", **TWICE), "time-twice", "receipts[0]", id="two rates at once"),
    case(first("inventories", times=[0, 24, 48, 72, 96, 119]), "no-inventory", "inventories[0]", id="no closing"),
    case(lambda d: d["receipts"].append(d["receipts"][0]), "location-twice", "receipts[1].location", id="twice"),
    case(lambda d: d.update(mass_unit="lb"), "wrong-unit", "mass_unit", id="pounds"),
    case(lambda d: d.update(element="U+Pu"), "mixed-elements", "element", id="two elements"),
    case(lambda d: d.update(opening_inventory="guessed"), "opening", "opening_inventory", id="opening"),
    case(lambda d: d["periods"].__setitem__(1, [20, 48]), "overlapping-periods", "periods[1]", id="overlap"),
    case(lambda d: d["periods"].__setitem__(1, [30, 48]), "gap", "periods[1]", id="gap"),
    case(lambda d: d["periods"].__setitem__(1, [48, 24]), "period", "periods[1]", id="backwards"),
    case(lambda d: d.pop("shipments"), "missing", "shipments", id="no shipments"),
    case(lambda d: d.update(format="stocktake.balance/9"), "format", "format", id="format"),
])  # fmt: skip
def test_each_fault_is_named_where_it_stands(change: Change, code: str, place: str, tmp_path: Path) -> None:
    data = raw()
    change(data)
    (tmp_path / "b.json").write_text(json.dumps(data, indent=1), encoding="utf-8")
    with pytest.raises(RefusedInput) as refused:
        open_balance(tmp_path / "b.json")
    mine = [p for p in refused.value.problems if p.code == code]
    assert mine, refused.value
    assert mine[0].message.startswith(place)
    key = place.split(".")[-1].split("[")[0]
    if key in data:
        assert mine[0].row > 0


def test_all_faults_of_a_file_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    data = raw()
    data["receipts"][0]["values"][2] = -5
    data["inventories"][0]["values"][1] = float("nan")
    data["periods"][2] = [40, 72]
    data["element"] = ["U", "Pu"]
    text = json.dumps(data, indent=1)
    (tmp_path / "b.json").write_text(text, encoding="utf-8")
    with pytest.raises(RefusedInput) as refused:
        open_balance(tmp_path / "b.json")
    found = {p.code: p.row for p in refused.value.problems}
    lines = text.splitlines()
    assert set(found) == {"negative-mass", "not-finite", "overlapping-periods", "mixed-elements"}
    assert "-5" in lines[found["negative-mass"] - 1]
    assert "NaN" in lines[found["not-finite"] - 1]
    assert '"element"' in lines[found["mixed-elements"] - 1]


@pytest.mark.parametrize(("data", "said"), [
    (b"", "Mend the JSON"), (b"\xff\xfe\x00", "not UTF-8"), (b"[" * 100_000, "deep"),
    (b"[1, 2]", "expected a JSON object"),
    (b'{"a": 1, "a": 2}', "stands twice"), (b"1" * 5000, "Mend the JSON"), (b"null", "expected a JSON object"),
])  # fmt: skip
def test_what_is_no_balance_at_all_is_refused_in_one_sentence(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(data)
    with pytest.raises(RefusedInput, match=said):
        evaluate_file(tmp_path / "b.json", question=None)


@pytest.mark.parametrize("value", [None, True, "x", 5, [], {}, [[]], [None], [{}], {"a": []}], ids=repr)
@pytest.mark.parametrize("key", sorted(raw()))
def test_any_value_anywhere_gives_a_balance_or_its_faults(key: str, value: Any) -> None:
    data = raw()
    data[key] = value
    assert isinstance(balance_from(data), (Balance, tuple))
    for part in ("receipts", "inventories"):
        for inner in data[part][0] if isinstance(data[part], list) and data[part] and data[part][0] else ():
            changed = raw()
            changed[part][0][inner] = value
            assert isinstance(balance_from(changed), (Balance, tuple))


def test_many_faults_in_one_list_are_counted_not_listed_for_ever() -> None:
    data = raw()
    data["receipts"][0].update(times=list(range(100_000)), values=[-1.0] * 100_000)
    found = balance_from(data)
    assert isinstance(found, tuple) and len(found) < 30
    assert any("99,980 more" in f.message for f in found)


def test_a_file_of_ten_million_numbers_is_refused_before_it_is_read(tmp_path: Path) -> None:
    big = tmp_path / "big.json"
    with big.open("wb") as handle:
        handle.truncate(200_000_000)
    began = time.perf_counter()
    with pytest.raises(RefusedInput, match="at most 32,000,000"):
        open_balance(big)
    assert time.perf_counter() - began < 30


def test_errors_come_from_a_cited_table_by_the_name_of_the_method() -> None:
    data = raw()
    for name in ("random", "systematic"):
        del data["receipts"][0][name]
    data["receipts"][0]["method"] = "scale"
    data["error_table"] = {
        "title": "Invented values for tests", "edition": "1", "table": "2",
        "methods": {"scale": {"random": 0.01, "systematic": 0.005}},
    }  # fmt: skip
    found = balance_from(data)
    assert isinstance(found, Balance)
    assert evaluate(found).covariance[0, 0] == pytest.approx(2.625)
    assert evaluate(found).contributions[0].source == "Invented values for tests, 1, 2, scale"
    del data["error_table"]["edition"]
    faults = balance_from(data)
    assert isinstance(faults, tuple) and "cited" in faults[0].message


def test_a_decimal_string_is_a_number_and_a_key_that_is_not_known_is_mentioned() -> None:
    data = raw(remark="invented")
    data["receipts"][0]["values"] = ["50.0"] * 5
    found = balance_from(data)
    assert isinstance(found, Balance)
    assert any("remark" in note for note in found.notes)


def test_the_input_is_left_as_it_was() -> None:
    data, same = mixed(0), mixed(0)
    balance_from(data)
    assert data == same


def test_lines_are_found_in_any_layout_of_the_same_json() -> None:
    text = '{"a": [1,\n {"b,}": "x\\"]",\n"c": [\n[2, 3]]}]}'
    assert lines_of(text, [("a", 0), ("a", 1, "b,}"), ("a", 1, "c", 0, 1), ("z",)]) == {
        ("a", 0): 1, ("a", 1, "b,}"): 2, ("a", 1, "c", 0, 1): 4,
    }  # fmt: skip
