"""Every link inside the site leads somewhere, and no page loads anything from elsewhere; read from the files."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

import pytest

from stocktake.publication.side_pages import TITLES
from tests.browser.test_pages import pages

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser-en")]

# Attributes by which a page loads something, by element; <a href> only leads there.
LOADED = {
    "link": "href",
    "img": "src",
    "script": "src",
    "iframe": "src",
    "source": "src",
    "object": "data",
    "use": "href",
    "image": "href",
}


class Links(HTMLParser):
    """The ids of a page, where it leads, and what it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.leads.append(given.get("href", given.get("xlink:href", "")))
        if tag in LOADED and LOADED[tag] in given:
            self.loads.append(given[LOADED[tag]])

    handle_startendtag = handle_starttag


Pages = dict[str, Links]


@pytest.fixture(scope="module")
def read(site: Path) -> Pages:
    """Every page by its path inside the site."""
    found = sorted(site.rglob("*.html"))
    return {str(path.relative_to(site)): Links(path.read_text(encoding="utf-8")) for path in found}


def test_the_site_has_an_index_and_a_page_a_paragraph_in_each_language(read: Pages) -> None:
    names = ("evidence.html", "yardsticks.html", "mirror.html", "irreversibility.html", *TITLES)
    beside = {f"{language}/{name}" for language in ("en", "zh") for name in names}
    assert read.keys() == {"index.html", *beside, *pages("en"), *pages("zh")}


def test_every_link_inside_the_site_leads_to_a_page_and_a_place_on_it(site: Path, read: Pages) -> None:
    broken = [
        f"{name}: {href}"
        for name, links in read.items()
        for href in links.leads
        if not leads_somewhere(site, name, href, read)
    ]
    assert broken == []


def leads_somewhere(site: Path, name: str, href: str, read: Pages) -> bool:
    """Whether a link on the page ``name`` has a target: a page and an id on it, a file, or a public address."""
    to = urlsplit(href)
    if to.scheme in ("http", "https"):
        return bool(to.netloc)
    if to.scheme or to.netloc or not href:
        return False
    target = normpath(f"{PurePosixPath(name).parent}/{unquote(to.path)}") if to.path else name
    if target not in read:
        return (site / target).is_file()
    return not to.fragment or unquote(to.fragment) in read[target].ids


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        ("op5.html", True),
        ("#s-1", True),
        ("op5.html#s-1", True),
        ("../assets/style.css", True),
        ("op99.html", False),
        ("op5.html#s-2", False),
        ("../data/op99.csv", False),
        ("/en/op5.html", False),  # from the root of the disk, not of the site
        ("javascript:void(0)", False),
        ("", False),
    ],
)
def test_a_link_without_a_target_is_noticed(site: Path, href: str, leads: bool) -> None:
    assert leads_somewhere(site, "en/op5.html", href, {"en/op5.html": Links('<p id="s-1">')}) is leads


def test_no_id_stands_twice_on_a_page(read: Pages) -> None:
    twice = {name: [i for i, n in Counter(links.ids).items() if n > 1] for name, links in read.items()}
    assert {name: ids for name, ids in twice.items() if ids} == {}


def test_nothing_is_loaded_from_outside_the_site(site: Path, read: Pages) -> None:
    outside = [
        f"{name}: {url}"
        for name, links in read.items()
        for url in links.loads
        if urlsplit(url).scheme not in ("", "data") or urlsplit(url).netloc
    ]
    assert outside == []
    for sheet in site.rglob("*.css"):
        assert not re.search(r"@import|url\(\s*['\"]?(?!data:)", sheet.read_text(encoding="utf-8")), sheet.name
