"""How exactly paragraphs are linked to commitments by meaning: tables for docs/accuracy.md (bench/accuracy.py)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from stocktake.register.commitments import chain_behind
from stocktake.register.meaning import Feature, Meanings, said_in
from stocktake.secretariat.catalogue import load_catalogue
from stocktake.secretariat.documents import load_language, open_document
from stocktake.secretariat.meaning import bundled_meanings, links_of
from stocktake.texts.model import Document
from stocktake.texts.reader import read_line

OWN = "A/RES/75/65"
TEXTS = ("ga/A_RES_75_65.en.txt", "A_RES_75_65.zh.txt")
Nearest = dict[str, tuple[str, ...]]
"""The commitments that a paragraph is linked to, by instrument; more than one is ambiguous."""


def cells(*values: object) -> str:
    return f"| {' | '.join(map(str, values))} |"


def paragraphs(document: Document, meanings: Meanings) -> Iterator[tuple[str, Nearest]]:
    """The id that each paragraph has in its own register, and what it is linked to."""
    links = links_of(document, meanings)
    for name, prefix, some in (("preambular", "pp", document.preambular), ("operative", "op", document.operative)):
        for p, own in zip(some, links[name], strict=True):
            yield f"{OWN}#{prefix}{p.n}", {m.instrument: tuple(k.to for k in m.nearest) for m in own}


def own_register(shared: Path, meanings: Meanings) -> Iterator[str]:
    """Each paragraph of the resolution against our paraphrases of it, from which its number is kept."""
    yield cells(
        "text",
        "section",
        "paragraphs",
        "linked right",
        "ambiguous, right one named",
        "wrong",
        "no link",
        "precision",
        "recall",
    )
    yield cells("---", "---", *["---:"] * 7)
    for name in TEXTS:
        found = list(paragraphs(open_document(shared / "texts" / name), meanings))
        for section, prefix in (("preambular", "pp"), ("operative", "op")):
            rows = [(id, near.get(OWN, ())) for id, near in found if f"#{prefix}" in id]
            right = sum(near == (id,) for id, near in rows)
            both = sum(id in near and len(near) > 1 for id, near in rows)
            none = sum(not near for _, near in rows)
            wrong = len(rows) - right - both - none
            precision = right / max(1, right + wrong)
            counts = (len(rows), right, both, wrong, none)
            yield cells(Path(name).name, section, *counts, f"{precision:.3f}", f"{right / len(rows):.3f}")


def lineage(shared: Path, meanings: Meanings) -> Iterator[str]:
    """Links to earlier commitments against the chains that people compiled."""
    links = load_catalogue()[0].links
    yield cells("text", "edges to a paragraph", "found", "links of paragraphs with a chain", "of these in the chain")
    yield cells("---", *["---:"] * 4)
    for name in TEXTS:
        edges = hit = claimed = right = 0
        for id, near in paragraphs(open_document(shared / "texts" / name), meanings):
            chain = chain_behind(id, links)
            known, direct = {k.from_ for k in chain}, {k.from_ for k in chain if k.to == id}
            got = {to for instrument, some in near.items() if instrument != OWN for to in some}
            edges, hit = edges + len(direct), hit + len(direct & got)
            if known:
                claimed, right = claimed + len(got), right + len(got & known)
        yield cells(Path(name).name, edges, hit, claimed, right)


def languages_agree(shared: Path, meanings: Meanings) -> Iterator[str]:
    """Sentences of 2015 in six languages: how far what is found in one language is what is found in English."""
    sentences: dict[tuple[str, str, str], dict[str, str]] = {}
    for path in sorted((shared / "texts" / "fragments").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
                sentences.setdefault((path.name, row["par"], row["sent"]), {})[row["lang"]] = row["text"]
    yield cells(
        "language", "sentences", "features as in English (Jaccard)", "links in English", "also here", "only here"
    )
    yield cells("---", *["---:"] * 5)
    for code in ("ar", "es", "fr", "ru", "zh"):
        pairs = [(_said(s["en"], "en"), _said(s[code], code)) for s in sentences.values() if {"en", code} <= s.keys()]
        shared_, any_ = sum(len(a & b) for a, b in pairs), sum(len(a | b) for a, b in pairs)
        sets = [(_to(a, meanings), _to(b, meanings)) for a, b in pairs]
        counts = (sum(len(a) for a, _ in sets), sum(len(a & b) for a, b in sets), sum(len(b - a) for a, b in sets))
        yield cells(code, len(pairs), f"{shared_ / max(1, any_):.3f}", *counts)


def _said(text: str, code: str) -> frozenset[Feature]:
    language = load_language(code)
    return said_in(text, language) | {
        Feature("addressee", a.key) for a in read_line(text, language).addressees if a.key
    }


def _to(said: frozenset[Feature], meanings: Meanings) -> set[str]:
    return {k.to for m in meanings.meant(said) for k in m.nearest} if meanings.in_field(said) else set()


def tables(shared: Path) -> Iterator[str]:
    """The section on links, as lines of Markdown."""
    meanings = bundled_meanings()
    yield from ("## Links by meaning", "", f"Table `meaning.yaml`, version {meanings.scales.version}.", "")
    for some in (own_register, lineage, languages_agree):
        yield from (*some(shared, meanings), "")
