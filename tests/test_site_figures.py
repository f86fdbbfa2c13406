"""Every figure in a finding has a source: walk the built pages and prove it, link by link."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("site-figures")

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
UNSEEN = frozenset({"title", "desc", "style", "script", "template"})
# data-allow of an element whose number is that of a paragraph or of the text itself, or of a derivation: there the rows
# stand beside each step, and tests/assessment/test_explaining.py does every calculation again.
ALLOWED = ("paragraph", "derivation")
PROOF = ("data-publisher", "data-document", "data-date", "data-speaker", "data-verification")
NUMBER = re.compile(r"\d+(?:[,.\u00a0 ]\d{3})*(?:\.\d+)?")


@dataclass
class Link:
    """A link in a finding: where it leads, what is read in it."""

    href: str
    text: str = ""


@dataclass
class Row:
    """A row of the table of sources: its attributes, its text, the rows that it links to itself."""

    proof: dict[str, str]
    text: str = ""
    rests_on: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """What one page shows inside its findings, and the rows that prove it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.bare: list[str] = []  # visible text of findings, with a digit, outside any link to a row
        self.links: list[Link] = []
        self.rows: dict[str, Row] = {}
        self.findings = 0
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "finding" in given.get("class", "").split():
            self.findings += 1
        if given.get("id", "").startswith("s-"):
            self.rows[given["id"]] = Row({name: given.get(name, "") for name in PROOF})
        if tag == "a" and self._in_finding():
            self.links.append(Link(given.get("href", "")))
        if tag == "a" and (row := self._row()) and given.get("href", "").startswith("#s-"):
            row.rests_on.append(given["href"].removeprefix("#"))
        if tag not in VOID:
            self._open.append((tag, given))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        depth = max((i for i, (name, _) in enumerate(self._open) if name == tag), default=None)
        if depth is not None:
            del self._open[depth:]

    def handle_data(self, data: str) -> None:
        if row := self._row():
            row.text += data
        if not self._in_finding() or self._is_left_out():
            return
        if any(tag == "a" and given.get("href", "").startswith("#s-") for tag, given in self._open):
            self.links[-1].text += data
        elif any(character.isdigit() for character in data):
            self.bare.append(" ".join(data.split()))

    def _in_finding(self) -> bool:
        return any("finding" in given.get("class", "").split() for _, given in self._open)

    def _is_left_out(self) -> bool:
        return any(tag in UNSEEN or given.get("data-allow") in ALLOWED for tag, given in self._open)

    def _row(self) -> Row | None:
        ids = [given["id"] for _, given in self._open if given.get("id", "").startswith("s-")]
        return self.rows[ids[-1]] if ids else None


def unproved(page: Page) -> Iterator[str]:
    """Every figure of the findings of a page that has no source, or a source that is not complete."""
    yield from (f"no link: {text!r}" for text in page.bare)
    for link in page.links:
        row = page.rows.get(link.href.removeprefix("#"))
        if row is None:
            yield f"no row {link.href!r} for {link.text!r}"
        elif lacking := [name for name in PROOF if not row.proof[name].strip()]:
            yield f"row {link.href!r} has no {', '.join(lacking)}"


def misquoted(page: Page) -> Iterator[str]:
    """Every figure whose row does not hold it; a row of ours names the rows that it is computed from instead."""
    for link in page.links:
        id = link.href.removeprefix("#")
        row = page.rows.get(id)
        if row is None or link.text.strip() == id.removeprefix("s-"):
            continue
        if row.proof["data-publisher"] == "Stocktake":
            if not row.rests_on or not set(row.rests_on) <= page.rows.keys():
                yield f"{link.text!r} is computed from rows that are not on the page: {row.rests_on}"
        elif spare := numbers(link.text) - numbers(row.text) - parts_of_a_date(row.proof["data-date"]) - numbers(id):
            yield f"{link.text!r} has {', '.join(sorted(spare))}, which {link.href!r} has not"


def numbers(text: str) -> set[str]:
    return {re.sub(r"[^\d.]", "", number) for number in NUMBER.findall(text)}


def parts_of_a_date(text: str) -> set[str]:
    """2020-12-07 may be read as 7 December 2020 or 2020年12月7日."""
    return {part.lstrip("0") for part in text.split("-")}


ROW = (
    '<li id="s-x" data-publisher="P" data-document="D" data-date="2020" data-speaker="S" data-verification="estimated">'
    "350 warheads</li>"
)


@pytest.mark.parametrize(
    ("finding", "complaints"),
    [
        pytest.param('<p>rose from <a href="#s-x">350 (2020)</a></p>', 0, id="a figure in a link to its row"),
        pytest.param('<svg><a href="#s-x"><text>350</text></a><title>350</title></svg>', 0, id="a label in a chart"),
        pytest.param('<p data-allow="paragraph">Paragraph 5</p>', 0, id="the number of a paragraph, marked as such"),
        pytest.param("<p>rose from 350</p>", 1, id="a figure without a link"),
        pytest.param("<p>三百五十，即３５０</p>", 1, id="full-width digits are digits"),
        pytest.param('<p>rose<br>by 250 <a href="#s-x">350</a></p>', 1, id="a figure beside a link"),
        pytest.param('<p><a href="https://example.org/">350</a></p>', 2, id="a link that leads away"),
        pytest.param('<p><a href="#s-y">350</a></p>', 1, id="a link to no row"),
        pytest.param('<p><a href="#s-x">360 (2020)</a></p>', 1, id="another figure than the row's"),
    ],
)
def test_a_figure_without_its_source_is_noticed(finding: str, complaints: int) -> None:
    page = Page(f'<article class="finding open">{finding}</article><p>1999</p>{ROW}')
    assert len([*unproved(page), *misquoted(page)]) == complaints


def test_a_row_that_does_not_say_who_speaks_proves_nothing() -> None:
    silent = ROW.replace('data-speaker="S"', 'data-speaker=""')
    page = Page(f'<div class="finding"><a href="#s-x">350</a></div>{silent}')
    assert list(unproved(page)) == ["row '#s-x' has no data-speaker"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """Every page of the bundled review, by its path inside the site."""
    out = tmp_path_factory.mktemp("figures") / "review"
    command = [sys.executable, "-m", "stocktake.cli", "review", "--out", str(out), "--as-of", "2026-11-22"]
    made = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
    assert made.returncode == 0, made.stderr
    return read(out)


def read(site: Path) -> dict[str, Page]:
    found = sorted(site.rglob("*.html"))
    return {str(path.relative_to(site)): Page(path.read_text(encoding="utf-8")) for path in found}


def test_every_figure_of_a_finding_links_to_a_row_that_says_who_where_when_and_how(site: dict[str, Page]) -> None:
    assert {name: found for name, page in site.items() if (found := list(unproved(page)))} == {}


def test_every_figure_of_a_finding_stands_in_the_row_that_it_links_to(site: dict[str, Page]) -> None:
    assert {name: found for name, page in site.items() if (found := list(misquoted(page)))} == {}


def test_the_walk_has_seen_findings_and_figures_in_both_languages(site: dict[str, Page]) -> None:
    """Were the class or the ids renamed, the two tests above would walk past everything and say nothing."""
    for language in ("en", "zh"):
        own = [page for name, page in site.items() if name.startswith(f"{language}/")]
        assert sum(page.findings > 0 for page in own) >= 20
        assert sum(any(c.isdigit() for c in link.text) for page in own for link in page.links) > 500
