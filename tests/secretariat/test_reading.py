"""Reading many documents: no file stops the others, nothing is read twice, nothing is left half-written."""

from __future__ import annotations

import json
import multiprocessing as mp
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from stocktake.secretariat.output import OutputRefused
from stocktake.secretariat.reading import (
    MANIFEST,
    Outcome,
    Results,
    Wanted,
    expand,
    outcome_of,
    read_many,
    reader_version,
    results_in,
)
from stocktake.texts.errors import UnreadableDocument

BOTH = Wanted(json=True, markdown=True)


@pytest.fixture
def folder(fixtures: Path, tmp_path: Path) -> Path:
    """Three readable documents, one that is none, one that is hidden, one of another kind."""
    text = (fixtures / "small_resolution.zh.txt").read_text(encoding="utf-8")
    place = tmp_path / "in"
    (place / "below").mkdir(parents=True)
    for name in ("one.txt", "below/two.txt", "三.md", ".hidden.txt", "figures.csv"):
        (place / name).write_text(text.replace("99/1", f"99/{len(name)}"), encoding="utf-8")
    (place / "soup.txt").write_text("A recipe for soup of the day", encoding="utf-8")
    return place


def large(path: Path, fixtures: Path) -> Path:
    """A document that takes a second or more to read."""
    small = (fixtures / "small_resolution.zh.txt").read_text(encoding="utf-8")
    head, tail = small.split("5. 决定", 1)
    clause = "，并回顾其第 98/2 号决议" * 150
    rows = "".join(f"{n}. 促请所有国家公布弹头{clause}；\n\n" for n in range(5, 900))
    path.write_text(f"{head}{rows}900. 决定{tail}", encoding="utf-8")
    return path


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stocktake.cli", "read", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=60, env={**os.environ, "COLUMNS": "80"}
    )


def test_a_folder_means_every_document_in_it_and_a_pattern_what_fits(folder: Path) -> None:
    names = [p.name for p in expand([str(folder)])]
    assert names == ["two.txt", "one.txt", "soup.txt", "三.md"]
    assert [p.name for p in expand([str(folder / "**" / "t*.txt"), str(folder / "one.txt"), str(folder / "o*")])] == [
        "two.txt",
        "one.txt",
    ]
    for nothing in (str(folder / "*.pdf"), str(folder / "nowhere" / "*")):
        with pytest.raises(UnreadableDocument, match="no file fits"):
            expand([nothing])


def test_one_bad_file_stops_nothing_and_is_listed_with_code_reason_and_remedy(folder: Path) -> None:
    done = run(folder, "--json", "--jobs", "2")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert [json.loads(line)["source"]["name"] for line in done.stdout.splitlines()] == ["two.txt", "one.txt", "三.md"]
    assert "not-a-resolution" in done.stderr and "soup.txt" in done.stderr and "3 of 4 files read" in done.stderr


def test_a_second_run_reads_only_what_is_new_or_changed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(folder, "--out", out, "--json", "--markdown").returncode == 1
    before = {p.name: p.stat().st_mtime_ns for p in out.iterdir() if p.name != MANIFEST}
    assert len(before) == 6 and all(name.endswith((".json", ".md")) for name in before)
    (folder / "one.txt").write_text((folder / "one.txt").read_text("utf-8").replace("查对", "核查"), encoding="utf-8")
    done = run(folder, "--out", out, "--json", "--markdown")
    after = {p.name: p.stat().st_mtime_ns for p in out.iterdir() if p.name != MANIFEST}
    assert before.items() < after.items() and len(after) == 8
    assert "1 of 4 files read" in done.stderr and "2 unchanged" in done.stderr and "1 not read" in done.stderr


def test_what_another_reader_made_or_what_is_no_longer_there_is_read_again(folder: Path, tmp_path: Path) -> None:
    path, out = folder / "one.txt", tmp_path / "out"

    def kept() -> Outcome | None:
        with results_in(out) as results:
            return results.kept(path, BOTH)

    with results_in(out) as results:
        results.keep(outcome_of(path, BOTH))
    assert kept() == Outcome(**{**vars(outcome_of(path, BOTH)), "kept": True})
    manifest = (out / MANIFEST).read_text(encoding="utf-8")
    (out / MANIFEST).write_text(manifest.replace(reader_version(), "another"), encoding="utf-8")
    assert kept() is None
    (out / MANIFEST).write_text(manifest, encoding="utf-8")
    next(out.glob("*.md")).unlink()
    assert kept() is None


def test_a_manifest_that_was_cut_costs_its_last_line_only(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with results_in(out) as results:
        results.keep(outcome_of(folder / "one.txt", BOTH))
        results.keep(outcome_of(folder / "soup.txt", BOTH))
    text = (out / MANIFEST).read_text(encoding="utf-8")
    (out / MANIFEST).write_text(text[:-40], encoding="utf-8")
    with results_in(out) as results:
        assert results.kept(folder / "one.txt", BOTH) and results.kept(folder / "soup.txt", BOTH) is None
        results.keep(outcome_of(folder / "soup.txt", BOTH))
    with results_in(out) as results:
        assert results.kept(folder / "soup.txt", BOTH)


def test_two_runs_do_not_write_to_one_folder(tmp_path: Path) -> None:
    with results_in(tmp_path / "out") as first, pytest.raises(OutputRefused, match="another run"):
        assert isinstance(first, Results)
        with results_in(tmp_path / "out"):
            pass
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputRefused, match="--out"), results_in(tmp_path / "file"):
        pass


def soon(number: int) -> None:
    """Send a signal to the reading process as soon as it is at work."""

    def send() -> None:
        time.sleep(0.2)
        os.kill(mp.active_children()[0].pid or 0, number)

    threading.Thread(target=send).start()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGKILL, "reader-died"), (signal.SIGSTOP, "took-too-long")], ids=["dies", "hangs"]
)
def test_a_process_that_dies_or_hangs_costs_its_file_only(number: int, code: str, folder: Path) -> None:
    outcomes = read_many([folder / "one.txt", folder / "below" / "two.txt"], BOTH, jobs=1, seconds=4)
    soon(number)
    found = list(outcomes)
    assert [o.failure.code if o.failure else "read" for o in found] == [code, "read"]
    assert mp.active_children() == []


def test_a_file_that_takes_too_much_memory_fails_and_the_next_is_read(
    folder: Path, fixtures: Path, tmp_path: Path
) -> None:
    heavy = tmp_path / "heavy.txt"
    heavy.write_text("大会，\n回顾" + "，回顾过去" * 900_000, encoding="utf-8")
    found = list(read_many([heavy, folder / "one.txt"], Wanted(), jobs=1, memory=300_000_000))
    assert [o.failure.code if o.failure else "read" for o in found] == ["out-of-memory", "read"]


def test_an_interrupt_ends_cleanly_and_a_later_run_goes_on(folder: Path, fixtures: Path, tmp_path: Path) -> None:
    large(folder / "zz.txt", fixtures)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "stocktake.cli", "read", str(folder), "--out", str(out), "--jobs", "1"]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    manifest = out / MANIFEST
    while not (manifest.is_file() and manifest.read_text(encoding="utf-8").count("\n") >= 2):
        time.sleep(0.02)
        assert running.poll() is None
    os.killpg(running.pid, signal.SIGINT)
    _, stderr = running.communicate(timeout=30)
    # an interrupt that falls outside the reading of files is ended by the command line itself
    assert (running.returncode, "Stopped by you" in stderr) in ((130, True), (1, False))
    assert "Traceback" not in stderr
    assert [p for p in out.iterdir() if p.name.endswith(".new")] == []
    done = run(folder, "--out", out)
    assert "unchanged" in done.stderr and len(list(out.glob("*.json"))) == 4
