"""What the documents say is so: commands, columns, words, languages; and no sentence of a UN text is ours to keep."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from stocktake.cli import app
from stocktake.evidence.statements import Statement
from stocktake.publication.document import ReviewOut, json_schema
from stocktake.publication.summary import ORDER
from stocktake.register.indicators import VERDICTS
from stocktake.terms.words import LANGUAGES

ROOT = Path(__file__).parents[1]
PHRASES: dict[str, Any] = yaml.safe_load(
    files("stocktake.publication").joinpath("phrases.yaml").read_text(encoding="utf-8")
)


def text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_command_and_option_is_in_the_readme(readme: str) -> None:
    said = text(readme)
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        assert f"stocktake {name}" in said
        for parameter in command.params:
            long = [o for o in parameter.opts if o.startswith("--") and o != "--help"]
            assert all(option in said for option in long), (name, long)


def test_every_column_of_the_evidence_is_explained() -> None:
    said = text("docs/evidence.md")
    assert [name for name in Statement.model_fields if f"`{name}`" not in said] == []


def test_every_verdict_has_a_place_in_the_order_a_sign_a_word_and_a_rule() -> None:
    words = {word for some in VERDICTS.values() for word in some} | {"undetermined"}
    assert words == set(ORDER)
    for language in LANGUAGES:
        assert words <= PHRASES[language]["signs"].keys() and words <= PHRASES[language]["verdicts"].keys()
    assert [word for word in words if f"`{word}`" not in text("docs/rules.md")] == []


def test_every_test_that_the_threat_table_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", text("docs/trust.md")))
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert named and [name for name in sorted(named) if f"def {name}(" not in tests] == []


def keys(phrases: Any, above: str = "") -> Iterator[str]:
    if isinstance(phrases, dict):
        for key, value in phrases.items():
            yield from keys(value, f"{above}/{key}")
    else:
        yield above


def gaps(pattern: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", pattern))


def test_every_language_has_every_phrase_with_the_same_gaps() -> None:
    free = ("/units/", "/verbs/", "/scales/")  # a language may keep the English word by leaving these out
    found = {language: {k for k in keys(PHRASES[language]) if not k.startswith(free)} for language in LANGUAGES}
    assert found["en"] == found["zh"]
    for key in ("sentences", "dates", "page"):
        for name, pattern in PHRASES["en"][key].items():
            other = PHRASES["zh"][key][name]
            allowed = {"adverb", "unit"} if key == "sentences" else set()
            assert set(gaps(str(pattern))) - allowed == set(gaps(str(other))) - allowed, (key, name)


def test_the_schema_describes_every_field_of_the_review() -> None:
    schema = json_schema()
    assert set(ReviewOut.model_fields) == set(schema["properties"])


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def runs(words: list[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


@pytest.mark.shared
@pytest.mark.parametrize(("name", "pattern", "size"), [
    pytest.param("A_RES_75_65.zh.txt", r"[\u4e00-\u9fff]", 22, id="Chinese, characters"),
    pytest.param("ga/A_RES_75_65.en.txt", r"[a-z]+", 14, id="English, words"),
])  # fmt: skip
def test_the_project_holds_no_sentence_of_the_resolution(shared: Path, name: str, pattern: str, size: int) -> None:
    """Long names of treaties and conferences may agree; a run of words as long as a clause may not."""

    def units(said: str) -> list[str]:
        return re.findall(pattern, said.lower())

    official = runs(units((shared / "texts" / name).read_text(encoding="utf-8")), size)
    title = runs(units(text("src/stocktake/catalogue/register/a-res-75-65/register.yaml").split("adopted:")[0]), size)
    kept: dict[str, list[str]] = {}
    for path in committed():
        # The lexicon of a language names treaties and conferences in full; a name is no sentence.
        if "languages" not in path.parts and path.suffix in (".md", ".yaml", ".csv", ".py", ".txt", ".json", ".html"):
            found = (runs(units(path.read_text(encoding="utf-8")), size) & official) - title
            if found:
                kept[str(path.relative_to(ROOT))] = [" ".join(run) for run in sorted(found)][:2]
    assert kept == {}
