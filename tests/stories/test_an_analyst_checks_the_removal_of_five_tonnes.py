"""The fictional exercise of docs/exercise.md, every command as it stands there; and what a wrong file gets."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stocktake.cli", *words]
    environment = {**os.environ, "COLUMNS": "120"}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=environment)


def test_the_exercise_runs_from_the_plan_to_the_account(tmp_path: Path) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    text = (ROOT / "docs" / "exercise.md").read_text(encoding="utf-8")
    commitments: dict[str, str] = {}
    said = []
    for line in re.findall(r"^ {7}stocktake (.+)$", text, re.M):
        words = shlex.split(line)
        words = [w[:-2] + f"={commitments[w[:-2]]}" if w[:-2] in commitments and w[-2] == "=" else w for w in words]
        found = run(*words, cwd=tmp_path)
        assert found.returncode == 0, found.stderr
        if "seal" in words:
            commitments[words[words.index("--party") + 1]] = found.stdout.strip()
        said.append(found.stdout)
    assert len(said) == 8
    plan, _, _, drawn, achieved, balance, halfway, done = said
    assert "neutron detector" in plan and len(drawn.splitlines()) == 143 and len(set(drawn.splitlines())) == 143
    assert "Below the wanted" not in achieved
    assert "ALARM" not in balance and "no alarm" in balance and "protracted" in balance
    assert "2.5 t; no better established than declared" in halfway
    assert "all that was designated is disposed of" in done


def test_a_loss_of_one_significant_quantity_in_the_exercise_alarms(tmp_path: Path) -> None:
    data = json.loads((ROOT / "docs" / "exercise" / "balance.json").read_text(encoding="utf-8"))
    product = data["shipments"][0]
    taken = [2.5 if 60 <= t < 120 else 0.0 for t in product["times"]]
    assert sum(taken) == 25
    product["values"] = [v - loss for v, loss in zip(product["values"], taken, strict=True)]
    (tmp_path / "balance.json").write_text(json.dumps(data), encoding="utf-8")
    found = run("account", "balance.json", "--json", "--material", "HEU", cwd=tmp_path)
    assert "page" in json.loads(found.stdout)["decision"]["alarms"]


def test_a_wrong_file_gets_all_its_problems_on_standard_error_and_exit_code_1(tmp_path: Path) -> None:
    data = json.loads((ROOT / "docs" / "exercise" / "balance.json").read_text(encoding="utf-8"))
    data["receipts"][0]["values"][3] = -1
    data["shipments"][0]["method"] = "guess"
    (tmp_path / "balance.json").write_text(json.dumps(data, indent=1), encoding="utf-8")
    found = run("account", "balance.json", "--json", cwd=tmp_path)
    assert found.returncode == 1 and found.stdout == ""
    assert "2 problem(s)" in found.stderr and "negative-mass" in found.stderr and "missing-error-table" in found.stderr
    assert "Traceback" not in found.stderr


def test_an_operator_that_overstates_is_seen_and_an_honest_one_is_not_accused(tmp_path: Path) -> None:
    errors = {"random": 0.01, "systematic": 0.005}
    pairs = [{"item": f"can {i}", "operator": 2.0, "inspector": 2.0 if i else 1.6} for i in range(12)]
    stratum = {"stratum": "cans", "items": 60, "operator": errors, "inspector": errors, "pairs": pairs}
    data = {"format": "stocktake.differences/1", "mass_unit": "kg", "element": "Pu", "strata": [stratum]}
    (tmp_path / "pairs.json").write_text(json.dumps(data), encoding="utf-8")
    found = run("account", "pairs.json", cwd=tmp_path)
    assert found.returncode == 0 and "can 0" in found.stdout and "does not prove a falsification" in found.stdout


def test_a_misused_option_ends_with_2_and_a_missing_file_with_1(tmp_path: Path) -> None:
    assert run("sample", "plan", cwd=tmp_path).returncode == 2
    assert run("account", "nowhere.json", cwd=tmp_path).returncode == 1
    assert run("sample", "plan", "--items", "50", "--goal", "800", cwd=tmp_path).returncode == 1
