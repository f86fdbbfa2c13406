"""A review is put in place whole or not at all, and nothing that is not a review is ever removed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stocktake.publication.document import FORMAT
from stocktake.secretariat.output import OutputRefused, whole_directory

Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    """Every file below a folder, by its path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def put(out: Path, words: str) -> None:
    with whole_directory(out) as fresh:
        (fresh / "en").mkdir()
        (fresh / "en" / "index.html").write_text(words, encoding="utf-8")
        (fresh / "review.json").write_text(f'{{"format": "{FORMAT}", "as_of": "{words}"}}', encoding="utf-8")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A directory in which a review stands already."""
    put(tmp_path / "out", "old")
    return tmp_path / "out"


def test_a_new_review_replaces_the_old_one_whole_and_leaves_nothing_beside_it(out: Path) -> None:
    put(out, "new")
    assert not any(b"old" in data for data in tree(out).values())
    assert b"new" in tree(out)["review.json"] and tree(out)["en/index.html"] == b"new"
    assert [p.name for p in out.parent.iterdir()] == ["out"]


def test_an_error_while_writing_leaves_the_old_review_byte_for_byte(out: Path) -> None:
    before = tree(out)
    with pytest.raises(RuntimeError, match="ink"), whole_directory(out) as fresh:
        (fresh / "half.html").write_text("half", encoding="utf-8")
        raise RuntimeError("out of ink")
    assert tree(out) == before and [p.name for p in out.parent.iterdir()] == ["out"]


def test_a_new_review_that_cannot_be_moved_in_leaves_the_old_one(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, rename = tree(out), os.rename

    def refusing(source: Any, target: Any, **kwargs: Any) -> None:
        if str(source).endswith(".new"):
            raise OSError(28, "No space left on device")
        rename(source, target, **kwargs)

    monkeypatch.setattr(os, "rename", refusing)
    monkeypatch.setattr(os, "replace", refusing)
    try:
        put(out, "new")
    except OSError:
        assert out.is_dir() and tree(out) == before
    else:  # moved in by another way
        assert b"new" in tree(out)["review.json"]


def _foreign(folder: Path) -> None:
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")


def _foreign_with_a_review_among_it(folder: Path) -> None:
    """As after ``stocktake review --json > ~/papers/review.json``."""
    _foreign(folder)
    (folder / "review.json").write_text(f'{{"format": "{FORMAT}"}}', encoding="utf-8")


def _notes_in_a_review(folder: Path) -> None:
    folder.rmdir()
    put(folder, "old")
    (folder / "en" / "my-notes.html").write_text("years of work", encoding="utf-8")


def _another_json(folder: Path) -> None:
    (folder / "review.json").write_text("[]", encoding="utf-8")


@pytest.mark.parametrize("fill", [_foreign, _foreign_with_a_review_among_it, _notes_in_a_review, _another_json])
def test_a_directory_with_files_of_others_is_refused_and_untouched(
    fill: Callable[[Path], None], tmp_path: Path
) -> None:
    home = tmp_path / "papers"
    home.mkdir()
    fill(home)
    before = tree(tmp_path)
    with pytest.raises(OutputRefused, match="papers"):
        put(home, "new")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("there_is_a_review", [True, False])
def test_a_hidden_directory_of_others_beside_the_review_is_untouched(there_is_a_review: bool, tmp_path: Path) -> None:
    out, mine = tmp_path / "out", tmp_path / ".out.previous"
    if there_is_a_review:
        put(out, "old")
    mine.mkdir()
    _foreign(mine)
    before = tree(mine)
    with contextlib.suppress(OutputRefused):
        put(out, "new")
    assert mine.is_dir() and tree(mine) == before


def _a_file(base: Path) -> Path:
    (base / "file").write_text("mine", encoding="utf-8")
    return base / "file"


def _below_a_file(base: Path) -> Path:
    return _a_file(base) / "review"


def _a_loop(base: Path) -> Path:
    (base / "loop").symlink_to(base / "loop")
    return base / "loop"


def _the_root(base: Path) -> Path:
    return Path("/")


def _too_long(base: Path) -> Path:
    return base / ("x" * 300)


@pytest.mark.parametrize("place", [_a_file, _below_a_file, _a_loop, _the_root, _too_long])
def test_a_place_where_no_directory_can_be_is_refused_with_its_name(
    place: Callable[[Path], Path], tmp_path: Path
) -> None:
    where = place(tmp_path)
    before = sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(OutputRefused) as raised:
        put(where, "new")
    assert str(where)[:40] in str(raised.value) and "--out" in str(raised.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_a_link_to_a_review_stays_a_link_and_what_it_names_is_replaced(out: Path) -> None:
    link = out.with_name("link")
    link.symlink_to(out)
    put(link, "new")
    assert link.is_symlink() and b"new" in tree(out)["review.json"]


def test_two_runs_at_once_leave_one_whole_review(out: Path) -> None:
    errors: list[Exception] = []

    def run(words: str) -> None:
        for _ in range(40):
            try:
                put(out, words)
            except OutputRefused:
                pass  # said in words that another run is writing
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=run, args=(word,)) for word in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert tree(out)["en/index.html"] in (b"one", b"two") and tree(out)["en/index.html"] in tree(out)["review.json"]


KILLED_IN_BETWEEN = """
import os, signal, sys
rename, seen, nth = os.rename, [], int(sys.argv[1])
def counting(source, target, **kwargs):
    seen.append(source)
    if len(seen) == nth:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(source, target, **kwargs)
os.rename = os.replace = counting
sys.argv = ["stocktake", *sys.argv[2:]]
from stocktake.cli import main
main()
"""


def command(fixtures: Path, out: Path, year: int) -> list[str]:
    return ["review", "--catalogue", str(fixtures / "catalogue"), "--as-of", str(year), "--out", str(out)]


def run(fixtures: Path, out: Path, year: int, **environment: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "stocktake.cli", *command(fixtures, out, year)]
    done = subprocess.run(arguments, capture_output=True, text=True, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_run_killed_between_two_moves_leaves_a_whole_review_in_place(
    nth: int, fixtures: Path, tmp_path: Path
) -> None:
    out, other = tmp_path / "out", tmp_path / "other" / "out"
    run(fixtures, out, 2046)
    run(fixtures, other, 2047)
    before, after = tree(out), tree(other)
    victim = [sys.executable, "-c", KILLED_IN_BETWEEN, str(nth), *command(fixtures, out, 2047)]
    assert subprocess.run(victim, capture_output=True).returncode in (-signal.SIGKILL, 0)
    left = tree(out) if out.exists() else "nothing"
    run(fixtures, out, 2047)
    assert tree(out) == after, "the next run is disturbed by what the killed one left"
    assert left in (before, after), f"killed at move {nth}, a reader finds {left if left == 'nothing' else 'a half'}"


@pytest.mark.slow
def test_a_run_killed_at_any_moment_leaves_the_old_review_or_the_new_one(fixtures: Path, tmp_path: Path) -> None:
    chance = random.Random(75)
    references = {}
    for year in (2046, 2047):
        run(fixtures, tmp_path / f"{year}" / "out", year)
        references[year] = tree(tmp_path / f"{year}" / "out")
    out = tmp_path / "kills" / "out"
    began = time.monotonic()
    run(fixtures, out, 2046)
    whole = time.monotonic() - began
    for n in range(16):
        arguments = [sys.executable, "-m", "stocktake.cli", *command(fixtures, out, 2047 - n % 2)]
        victim = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if n % 4:  # most of them while it writes
            _wait_until(lambda: any(out.parent.glob(".out.*.new")) or victim.poll() is not None)  # noqa: B023
            time.sleep(chance.uniform(0, 0.02))
        else:
            time.sleep(chance.uniform(0, whole))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        assert out.exists(), f"try {n}: no review is left"
        assert tree(out) in references.values(), f"try {n}: half a review is left"
    run(fixtures, out, 2047)
    assert tree(out) == references[2047]


def _wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true() and time.monotonic() < end:
        time.sleep(0.001)


def test_the_same_inputs_give_the_same_bytes_wherever_and_whenever(fixtures: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "deep" / "er" / "two"
    run(fixtures, one, 2046, PYTHONHASHSEED="1", TZ="Pacific/Auckland", LC_ALL="C.UTF-8", COLUMNS="40")
    run(fixtures, two, 2046, PYTHONHASHSEED="2", TZ="America/Lima", LC_ALL="C", COLUMNS="200")
    assert tree(one) == tree(two)
