"""At the terminal: the exit code says how it went, and a refusal says in one message where and what to do next."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest


def stocktake(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, in its own process; at most a minute."""
    return subprocess.run(
        [sys.executable, "-m", "stocktake.cli", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        env={**os.environ, "COLUMNS": "80", **environment},
    )


@pytest.fixture
def small(fixtures: Path, tmp_path: Path) -> Small:
    return Small(fixtures, tmp_path)


@dataclass(frozen=True)
class Small:
    """The small resolution and its catalogue, and a place for what comes of them."""

    fixtures: Path
    folder: Path

    @property
    def text(self) -> str:
        return (self.fixtures / "small_resolution.zh.txt").read_text(encoding="utf-8")

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def file(self, data: bytes, name: str = "text.txt") -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def review(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        options = ("--catalogue", self.fixtures / "catalogue", "--as-of", "2046", "--out", self.out)
        return stocktake("review", *options, *arguments, **environment)

    def show(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return stocktake(
            "show", "--catalogue", self.fixtures / "catalogue", "--as-of", "2046", *arguments, **environment
        )


def assert_refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """One message on stderr, with these words, said once; never a traceback."""
    assert "Traceback" not in done.stderr, done.stderr[-600:]
    assert done.returncode == code, (done.returncode, done.stderr)
    for word in words:
        assert done.stderr.count(word) == 1, (word, done.stderr)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["review", "--help"], ["catalogue", "check"]])
def test_what_goes_well_ends_with_0(arguments: list[str]) -> None:
    done = stocktake(*arguments)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout


MISUSE = [
    (["frobnicate"], "frobnicate"),
    (["review", "--colour"], "--colour"),
    (["show"], "paragraph"),
    (["review", "--lang", "tlh"], "tlh"),
    (["review", "--catalogue", "/nowhere/at/all"], "/nowhere/at/all"),
    (["review", "--as-of", "yesterday"], "--as-of"),
    (["show", "A/RES/75/65#op5", "--as-of", "2026-02-30"], "--as-of"),
]


@pytest.mark.parametrize(("arguments", "named"), MISUSE, ids=[" ".join(c[0]) for c in MISUSE])
def test_misuse_ends_with_2_and_names_what_was_misused(arguments: list[str], named: str) -> None:
    done = stocktake(*arguments)
    assert "Traceback" not in done.stderr
    assert named in done.stderr
    assert done.returncode == 2


TEXTS = [
    ("not a UN document", b"A recipe for soup of the day", ["text.txt", "organ that speaks", "Give a resolution"]),
    ("empty", b"", ["text.txt", "no text", "Give the text"]),
    ("a PDF cut off", b"%PDF-1.7\n\x00\xff", ["text.txt", "end of this PDF is missing", "Fetch the file again"]),
    ("a NUL byte", b"abc\x00", ["text.txt", "byte 3", "UTF-8"]),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "data", "words"), TEXTS, ids=[c[0] for c in TEXTS])
@pytest.mark.parametrize("command", ["read", "review"])
def test_a_file_that_is_not_read_is_refused(
    command: str, reason: str, data: bytes, words: list[str], small: Small
) -> None:
    file = small.file(data)
    done = small.review(file) if command == "review" else stocktake("read", file)
    assert_refused(done, 1)
    assert all(word in done.stderr for word in words), done.stderr
    assert not small.out.exists()


@pytest.mark.parametrize("place", ["missing.txt", ".", "pipe"])
def test_what_is_no_file_is_refused_at_once(place: str, small: Small) -> None:
    os.mkfifo(small.folder / "pipe")
    done = stocktake("read", small.folder / place)
    assert "Traceback" not in done.stderr and done.returncode in (1, 2)
    assert (small.folder / place).name in done.stderr


def test_a_text_that_stops_in_its_preamble_is_refused_with_what_is_missing(small: Small) -> None:
    done = small.review(small.file(small.text.split("1. **")[0].encode()))
    assert_refused(done, 1)
    assert done.stderr.startswith("text.txt: ")


def test_a_text_that_stops_in_its_last_paragraph_is_refused_with_its_last_words(small: Small) -> None:
    done = small.review(small.file(small.text.split("列入大会第一百届")[0].encode()))
    assert_refused(done, 1, "text.txt", "登记册", "without a full stop")


def without_op_3(text: str) -> str:
    start, end = text.index("3. **"), text.index("4. 请秘书长")
    return text[:start] + text[end:]


def test_a_gap_in_the_numbering_is_refused_with_its_place_and_what_to_do_next(small: Small) -> None:
    done = small.review(small.file(without_op_3(small.text).encode()))
    assert_refused(done, 1, "operative paragraph 3 is missing between 2 and 4", "characters", "--allow-gaps")
    assert not small.out.exists()


def test_with_gaps_allowed_the_words_of_the_other_paragraphs_are_their_own(small: Small) -> None:
    done = small.review(small.file(without_op_3(small.text).encode()), "--allow-gaps")
    assert done.returncode == 0, done.stderr
    rows = json.loads((small.out / "review.json").read_text(encoding="utf-8"))["paragraphs"]
    words = {p["id"]: p["words"].get("zh", "") for p in rows}
    assert words["A/RES/99/1#op3"] == "" and words["A/RES/99/1#op4"].startswith("请秘书长")


def test_a_symbol_without_a_register_is_refused_with_the_one_that_there_is(small: Small) -> None:
    done = stocktake("review", small.file(small.text.encode()), "--out", small.out)
    assert_refused(done, 1, "no register for A/RES/99/1", "A/RES/75/65")


def test_a_text_without_a_symbol_is_refused(small: Small) -> None:
    done = small.review(small.file(small.text.replace("A/RES/99/1", "").replace("99/1. ", "").encode()))
    assert_refused(done, 1, "no symbol", "Expected A/RES/99/1")


SHOWN = [
    ("A/RES/99/1#op9", "its operative paragraphs run from 1 to 5"),
    ("A/RES/99/1#pp9", "its preambular paragraphs run from 1 to 4"),
    ("A/RES/98/1#op1", "there is one for A/RES/99/1"),
    ("paragraph 1", "write SYMBOL#opN"),
]


@pytest.mark.parametrize(("id", "words"), SHOWN)
def test_a_paragraph_that_is_not_there_is_refused_with_those_that_are(id: str, words: str, small: Small) -> None:
    assert_refused(small.show(id), 1, words)


@pytest.mark.parametrize("command", [["review"], ["show", "A/RES/75/65#op5"]], ids=lambda c: str(c[0]))
def test_a_day_before_the_adoption_is_refused_with_the_day_of_the_adoption(command: list[str], small: Small) -> None:
    out = ["--out", str(small.out)] if command == ["review"] else []
    assert_refused(stocktake(*command, *out, "--as-of", "2019"), 1, "2020-12-07")


def test_a_catalogue_with_faults_is_refused_with_the_command_that_checks_that_catalogue(small: Small) -> None:
    folder = shutil.copytree(small.fixtures / "catalogue", small.folder / "mine")
    (folder / "votes.csv").unlink()
    done = stocktake("review", "--catalogue", folder, "--out", small.out)
    assert_refused(done, 1, "votes.csv: the file is missing", f"stocktake catalogue check {folder}")


def test_an_out_that_is_a_file_is_refused_and_untouched(small: Small) -> None:
    small.out.write_text("mine", encoding="utf-8")
    assert_refused(small.review(), 1, "--out")
    assert small.out.read_text(encoding="utf-8") == "mine"


def test_show_as_json_is_one_paragraph_of_the_review(small: Small) -> None:
    assert small.review().returncode == 0
    rows = json.loads((small.out / "review.json").read_text(encoding="utf-8"))["paragraphs"]
    for row in rows:
        assert json.loads(small.show(row["id"], "--json").stdout) == row


def test_review_as_json_is_the_file_that_it_wrote_and_fits_the_schema_that_it_published(small: Small) -> None:
    done = small.review("--json", small.file(small.text.encode()))
    printed = json.loads(done.stdout)
    assert printed == json.loads((small.out / "review.json").read_text(encoding="utf-8"))
    schema = json.loads((small.out / "review.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(printed)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({**printed, "paragraphs": [{}]})


def test_a_written_review_is_one_file_and_no_site(small: Small) -> None:
    file = small.out.parent / "review.zh.md"
    done = small.review("--markdown", file, "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert file.read_text(encoding="utf-8").startswith("# A/RES/99/1")
    assert not small.out.exists()


def test_a_written_review_that_has_no_place_is_refused(small: Small) -> None:
    assert_refused(small.review("--markdown", small.out / "missing" / "review.md"), 1, "missing", "Name another file")


def test_the_bundled_review_fits_the_published_schema_too(tmp_path: Path) -> None:
    done = stocktake("review", "--json", "--out", tmp_path / "out", "--as-of", "2026-11-22")
    schema = json.loads((tmp_path / "out" / "review.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(done.stdout))


@pytest.mark.parametrize("name", ["[red]text.txt", "[/].txt", "two\nlines.txt", "quo'te\".txt", "资料.txt"])
def test_a_name_of_a_file_is_shown_as_it_is(name: str, small: Small) -> None:
    if "/" in name:
        (small.folder / name).parent.mkdir()
    done = small.review(small.file(small.text.encode(), name), COLUMNS="200")
    assert done.returncode == 0, done.stderr[-300:]
    shown = Path(name).name.replace("\n", " ")
    assert shown in done.stdout.replace("\n", " ")


def test_brackets_in_a_catalogue_are_words_and_no_markup(small: Small) -> None:
    folder = shutil.copytree(small.fixtures / "catalogue", small.folder / "mine")
    path = folder / "register/a-res-99-1/register.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("asked: {en: reduce,", 'asked: {en: "[/] [red]re[/red]duce",'), encoding="utf-8")
    done = small.review("--catalogue", folder, COLUMNS="200")
    assert done.returncode == 0, done.stderr[-300:]
    assert "[/] [red]re[/red]duce" in done.stdout


def test_lines_out_of_context_are_read_one_by_one(small: Small) -> None:
    text = small.file("1. 促请所有国家回顾A/RES/99/1号决议；\n\n关切地注意到月面弹头，\n".encode())
    done = stocktake("read", "--lines", text, "--lang", "zh", "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(f["section"], f["label"], f["verbs"]) for f in found] == [
        ("operative", "1.", ["促请"]),
        ("preambular", "", ["关切地注意到"]),
    ]
    assert found[0]["addressees"] == [{"text": "所有国家", "key": "ALL-STATES"}]
    refused = stocktake("read", "--lines", text, "--lang", "xx")
    assert (refused.returncode, refused.stdout, "no language 'xx'" in refused.stderr) == (1, "", True)


TERMINALS = [
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"TERM": "dumb"},
    {"COLUMNS": "40"},
    {"COLUMNS": "1"},
    {"HOME": ""},
]


@pytest.mark.parametrize("terminal", TERMINALS, ids=lambda t: " ".join(f"{k}={v}" for k, v in t.items()))
def test_a_poor_terminal_is_no_reason_to_fail(terminal: dict[str, str], small: Small) -> None:
    text = small.file(small.text.encode())
    for done in (
        small.review(text, "--lang", "zh", **terminal),
        small.show("A/RES/99/1#op1", **terminal),
        stocktake("read", text, **terminal),
    ):
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr[-300:]


def test_a_reader_that_goes_away_gets_no_traceback(small: Small) -> None:
    arguments = [sys.executable, "-m", "stocktake.cli", "show", "A/RES/75/65#op5"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout and running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
