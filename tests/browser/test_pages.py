"""What a reader meets who opens the site from a disk: a phone, a screen reader, no network, no JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from stocktake.publication.side_pages import TITLES

PARAGRAPHS = [*(f"op{n}" for n in range(1, 28)), *(f"pp{n}" for n in range(1, 31))]
LEVEL_AA = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}


def pages(language: str) -> list[str]:
    return [f"{language}/{stem}.html" for stem in ("index", "yardsticks", "mirror", "irreversibility", *PARAGRAPHS)]


def each(*paths: str) -> pytest.MarkDecorator:
    """A case a page; a worker takes all pages of a language, so that it builds one site and starts one browser."""
    cases = [pytest.param(path, id=path, marks=pytest.mark.xdist_group(f"browser-{path[:2]}")) for path in paths]
    return pytest.mark.parametrize("path", cases)


pytestmark = [pytest.mark.browser, pytest.mark.slow]
BESIDE = tuple(f"{language}/{name}" for language in ("en", "zh") for name in TITLES)
EVERY_PAGE = each("index.html", *pages("en"), *pages("zh"), *BESIDE)


@pytest.fixture(scope="module")
def desktop(browser: Browser) -> Iterator[Page]:
    yield from _page(browser.new_context(viewport={"width": 1280, "height": 900}))


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    yield from _page(browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True))


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[Page]:
    """A browser without JavaScript."""
    yield from _page(browser.new_context(java_script_enabled=False))


def _page(context: BrowserContext) -> Iterator[Page]:
    yield context.new_page()
    context.close()


def show(page: Page, site: Path, path: str, *, unfolded: bool = False) -> None:
    """Open a page from the disk; ``unfolded`` opens everything that a reader could unfold."""
    page.goto((site / path).as_uri())
    if unfolded:
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


@dataclass(frozen=True)
class Watched:
    """A page, and what it has complained of and asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def watched(browser: Browser) -> Iterator[Watched]:
    watched = Watched(browser.new_page())
    complain, ask = watched.complaints.append, watched.asked.append
    watched.page.on("console", lambda said: complain(said.text) if said.type in ("error", "warning") else None)
    watched.page.on("pageerror", lambda error: complain(str(error)))
    watched.page.on("requestfailed", lambda request: complain(f"failed: {request.url}"))
    watched.page.on("request", lambda request: ask(request.url))
    yield watched
    watched.page.close()


@EVERY_PAGE
def test_a_page_opens_from_disk_without_error_and_without_network(watched: Watched, site: Path, path: str) -> None:
    watched.complaints.clear()
    watched.asked.clear()
    show(watched.page, site, path)
    assert watched.complaints == []
    assert [url for url in watched.asked if urlsplit(url).scheme not in ("file", "data")] == []
    assert any(url.endswith("assets/style.css") for url in watched.asked)


@EVERY_PAGE
def test_nothing_runs_over_the_edge_of_a_phone(phone: Page, site: Path, path: str) -> None:
    show(phone, site, path, unfolded=True)
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, f"{width} px; widest: {phone.evaluate(WIDEST)}"


WIDEST = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 390)
    .slice(0, 5).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 60))"""


@EVERY_PAGE
def test_a_page_keeps_the_accessibility_rules_of_level_aa(desktop: Page, site: Path, path: str) -> None:
    show(desktop, site, path, unfolded=True)
    assert violations(desktop) == []


@each(
    *(f"{language}/{stem}.html" for language in ("en", "zh") for stem in ("index", "op5", "op6", "op20", "pp22")),
    *BESIDE,
)
def test_a_page_keeps_the_accessibility_rules_on_a_phone_too(phone: Page, site: Path, path: str) -> None:
    """On a phone the table of the index becomes cards, and other rules of the style sheet hold."""
    show(phone, site, path, unfolded=True)
    assert violations(phone) == []


def violations(page: Page) -> list[str]:
    """Rule, and the first places where it is broken, for every violation of level A and AA."""
    found = Axe().run(page, options=LEVEL_AA).response["violations"]
    return [f"{v['id']} ({len(v['nodes'])}): {v['help']}; {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]


@EVERY_PAGE
def test_a_page_can_be_read_without_javascript(plain: Page, site: Path, path: str) -> None:
    show(plain, site, path)
    assert plain.locator("h1").is_visible()
    assert plain.locator("script").count() == 0
    assert len(plain.locator("main").inner_text()) > 100


@pytest.mark.xdist_group("browser-en")
def test_a_delegate_walks_from_the_index_to_a_source_without_javascript(plain: Page, site: Path) -> None:
    show(plain, site, "index.html")
    plain.get_by_role("link", name="op 5", exact=True).click()
    assert plain.url.endswith("/en/op5.html")
    figure = plain.locator(".finding .sentence a.fig").first
    target = str(figure.get_attribute("href")).removeprefix("#")
    figure.click()
    row = plain.locator(f'[id="{target}"]')
    assert row.is_visible()
    plain.get_by_role("link", name="中文").click()
    assert plain.url.endswith("/zh/op5.html")
    plain.locator(".crumb .steps a").last.click()
    assert plain.url.endswith("/zh/op6.html")


@pytest.mark.xdist_group("browser-en")
def test_what_is_folded_opens_without_javascript(plain: Page, site: Path) -> None:
    show(plain, site, "en/op5.html")
    fold = plain.locator("details.data").first
    assert not fold.locator("table").is_visible()
    fold.locator("summary").click()
    assert fold.locator("table").is_visible()


@pytest.mark.parametrize("choice", ["sign-reversed", "duty-act", "duty-none"])
def test_the_table_shows_only_the_rows_that_are_asked_for_without_javascript(
    plain: Page, site: Path, choice: str
) -> None:
    plain.goto((site / "en" / "index.html").as_uri())
    rows = plain.locator(".paragraphs tbody tr")
    wanted = plain.locator(f".paragraphs tbody tr.{choice}")
    plain.check(f"#only-{choice}")
    plain.locator("details.preamble").first.evaluate("folded => folded.open = true")
    assert 0 < wanted.count() < rows.count()
    assert [row.is_visible() for row in rows.all()] == [
        choice in (row.get_attribute("class") or "").split() for row in rows.all()
    ]
