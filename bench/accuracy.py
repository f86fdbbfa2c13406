"""How exactly documents are read, against the annotations of people: ``python bench/accuracy.py``.

The public scorer beside the shared texts scores every annotated document there and under tests/texts/gold; the tables
go into docs/accuracy.md between the markers. What was right, item by item (a paragraph, a citation, a mark, a footnote,
by place and symbol, never by its words), is kept in docs/accuracy.json, so that the next run lists gains and losses
against the committed one. Exit code 1 if anything was lost.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import links

from stocktake.secretariat.documents import languages
from stocktake.secretariat.reading import Wanted, documents_of, outcome_of
from stocktake.terms.problems import StocktakeError
from stocktake.texts.model import to_json

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("STOCKTAKE_SHARED") or ROOT.parent / "shared")
OWN = ROOT / "tests" / "texts" / "gold"
PAGE, STATE = ROOT / "docs" / "accuracy.md", ROOT / "docs" / "accuracy.json"
BEGIN, END = "<!-- begin: written by bench/accuracy.py -->", "<!-- end -->"
HEAD = """# How exactly documents are read

Each annotated document is read and compared, item by item, with what a person found in it. The columns are those of the
public scorer: F1 of paragraphs in their section (segments), of citations, marks, items, footnotes and addressees;
shares of the paragraphs found that are clean, and have the right label and opening verb; share of
the facts of the masthead.
`python bench/accuracy.py` writes what stands between the two markers.
"""
Items = dict[str, set[str]]


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_texts", SHARED / "tools" / "score_texts.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gold_files() -> Iterator[tuple[Path, Path]]:
    """Every annotation with the folder in which its text lies."""
    for folder, texts in ((SHARED / "texts" / "gold", SHARED / "texts"), (OWN, OWN)):
        for path in sorted(folder.glob("*.json")):
            yield path, texts


def read(gold: Mapping[str, Any], texts: Path) -> list[dict[str, Any]]:
    """The documents in the file of an annotation; none if it is refused."""
    file = next(iter(texts.rglob(Path(gold["file"]).name)), None)
    if file is None:
        raise SystemExit(f"no text {gold['file']} under {texts}")
    try:
        return [to_json(document) for document in documents_of(file)]
    except StocktakeError:
        return []


def right(gold: Mapping[str, Any], document: Mapping[str, Any], score: ModuleType) -> Iterator[str]:
    """What was read as the annotation has it: an item by its place, and by symbol or number."""
    for section in score.SECTIONS:
        for g, p in score.pair(gold[section], document.get(section) or []):
            place = f"{section} {g['n']}"
            yield f"paragraph {place}"
            for kind in ("citations", "footnote_marks"):
                both = {str(x) for x in g.get(kind) or []} & {str(x) for x in p.get(kind) or []}
                yield from (f"{kind} {place} {x}" for x in both)
    for g in gold["footnotes"]:
        for p in document.get("footnotes") or []:
            if str(g["n"]) == str(p["n"]) and set(g["citations"]) <= set(p["citations"]):
                yield f"footnote {g['n']}"


def cells(*values: object) -> str:
    return f"| {' | '.join(map(str, values))} |"


def _place_of(gold: dict[str, Any], beside: Path) -> Path:
    """Where the sentences of annotated fragments lie: beside them, or among the shared texts."""
    return beside if any(beside.rglob(Path(gold["file"]).name)) else SHARED / "texts"


def scores(score: ModuleType) -> tuple[list[str], Items, dict[str, tuple[int, int, int]]]:
    """The rows of the table, what was right in each document, and the sums of the fragments by language."""
    rows: list[tuple[str, dict[str, float]]] = []
    found: Items = {}
    sums: dict[str, tuple[int, int, int]] = {}
    command = f"{sys.executable} -m stocktake.cli read --lines {{file}} --lang {{lang}} --json"
    for path, texts in gold_files():
        gold = json.loads(path.read_text(encoding="utf-8"))
        if "languages" in gold:
            for lang, *counts in score.fragments(command, score.with_texts(gold, _place_of(gold, texts))):
                n, sections, verbs = sums.get(lang, (0, 0, 0))
                sums[lang] = (n + counts[0], sections + counts[1], verbs + counts[2])
            continue
        documents = read(gold, texts)
        best = max(documents, key=lambda d: score.score(gold, d)["segments"], default={})
        rows.append((path.stem, score.score(gold, best)))
        found[path.stem] = set(right(gold, best, score))
    means = {c: sum(r[c] for _, r in rows) / len(rows) for c in score.COLUMNS}
    table = [cells("document", *score.COLUMNS), cells("---", *["---:"] * len(score.COLUMNS))]
    table += [cells(name, *(f"{r[c]:.3f}" for c in score.COLUMNS)) for name, r in [*rows, ("**mean**", means)]]
    return table, found, sums


def fragment_table(sums: Mapping[str, tuple[int, int, int]]) -> Iterator[str]:
    yield cells("language", "sentences", "sections", "verbs")
    yield cells("---", "---:", "---:", "---:")
    for lang, (n, sections, verbs) in sorted(sums.items()):
        note = "" if lang in languages() else " (not read yet)"
        yield cells(f"{lang}{note}", n, f"{sections / n:.3f}", f"{verbs / n:.3f}")


def every_file() -> Iterator[str]:
    """A row a file of the index: read or the code of the refusal, how many paragraphs, the codes of the warnings."""
    yield cells("file", "read", "pp", "op", "footnotes", "warnings")
    yield cells("---", "---", "---:", "---:", "---:", "---")
    texts = SHARED / "texts"
    with (texts / "INDEX.csv").open(encoding="utf-8", newline="") as handle:
        names = [row["file"] for row in csv.DictReader(handle)]
    for name in names:
        outcome = outcome_of(texts / name, Wanted(json=False))
        if outcome.failure:
            yield cells(name, outcome.failure.code, "", "", "", "")
        for d in outcome.documents:
            yield cells(name, "yes", d.preambular, d.operative, d.footnotes, ", ".join(d.warnings))


def committed() -> Items:
    done = subprocess.run(["git", "show", f"HEAD:docs/{STATE.name}"], cwd=ROOT, capture_output=True, text=True)
    return {name: set(items) for name, items in json.loads(done.stdout).items()} if done.returncode == 0 else {}


def changes(before: Items, now: Items) -> tuple[list[str], list[str]]:
    """Gains and losses by document and item; a document that is new is all gain."""
    names = sorted({*before, *now})
    gains = [f"{n}: {i}" for n in names for i in sorted(now.get(n, set()) - before.get(n, set()))]
    losses = [f"{n}: {i}" for n in names for i in sorted(before.get(n, set()) - now.get(n, set()))]
    return gains, losses


def main() -> int:
    table, found, sums = scores(scorer())
    gains, losses = changes(committed(), found)
    body = [
        "## Annotated documents", "", *table, "",
        "## Sentences out of context", "", *fragment_table(sums), "",
        "## Against the last committed run", "",
        f"{len(gains)} items gained, {len(losses)} lost.", "",
        *(f"- lost: {item}" for item in losses), *([""] if losses else []),
        *links.tables(SHARED),
        "## Every file beside the project", "", *every_file(),
    ]  # fmt: skip
    page = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else f"{HEAD}\n{BEGIN}\n{END}\n"
    before, rest = page.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    PAGE.write_text("\n".join([before + BEGIN, "", *body, "", END + after]), encoding="utf-8")
    state = {name: sorted(items) for name, items in sorted(found.items())}
    STATE.write_text(json.dumps(state, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print("\n".join([*table, "", *fragment_table(sums), "", f"{len(gains)} gained, {len(losses)} lost"]))
    print("\n".join([f"+ {item}" for item in gains[:40]] + [f"- {item}" for item in losses]))
    return 1 if losses else 0


if __name__ == "__main__":
    sys.exit(main())
