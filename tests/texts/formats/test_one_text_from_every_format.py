"""The same words give the same text, whatever the file: with the marks raised and the numbers as printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.texts.formats import SourceText, text_of
from stocktake.texts.pages import page_spans
from tests.texts.formats.samples import WORDS, docx, drawn, html, paragraphs, pdf


def _blocks(found: SourceText) -> list[str]:
    return found.text.split("\n\n")


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The resolution in six languages, printed by the system's Chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program is not None, "Chromium is missing; these tests are marked browser"
    folder = tmp_path_factory.mktemp("printed")
    for language in WORDS:
        page = folder / f"{language}.html"
        page.write_text(html(language), encoding="utf-8")
        target = f"--print-to-pdf={folder / language}.pdf"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        subprocess.run([program, *options, target, page.as_uri()], check=True, capture_output=True, timeout=120)
    return folder


@pytest.mark.browser
@pytest.mark.parametrize("language", WORDS)
def test_a_printed_page_has_the_words_of_the_page_in_their_order(language: str, printed: Path) -> None:
    found = text_of((printed / f"{language}.pdf").read_bytes(), "printed.pdf")
    space = "" if language == "zh" else " "
    assert _words(found.text, space) == _words(" ".join(paragraphs(language)), space)
    assert found.paged and found.scans == ()


def _words(text: str, space: str) -> str:
    return re.sub(r"\s*([⁰¹²³⁴⁵⁶⁷⁸⁹]+)\s*", r"\1", space.join(text.replace("\u2060", "").split()))


@pytest.mark.parametrize("language", WORDS)
def test_a_web_page_is_its_paragraphs(language: str) -> None:
    found = text_of(html(language).encode(), "page.html")
    assert _blocks(found) == paragraphs(language)
    assert (found.media_type, found.paged) == ("text/html", False)


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("en", "utf-8"), ("fr", "windows-1252"), ("es", "windows-1252"), ("ru", "windows-1251"), ("ar", "windows-1256"),
     ("zh", "gb18030"), ("ar", "utf-16"), ("ru", "utf-8-sig")],
)  # fmt: skip
def test_text_in_the_encodings_of_its_script(language: str, encoding: str) -> None:
    text = "\n".join(w.replace("{1}", "").replace("{2}", "") for w in WORDS[language])
    found = text_of(text.encode(encoding), "file.txt")
    assert found.text == text
    assert [n.code for n in found.notices] == (["encoding-guessed"] if encoding.startswith("windows") else [])


def test_a_list_of_a_web_page_has_the_labels_that_it_shows() -> None:
    page = "<html><body><ol start=3><li>Asks<ol type=a><li>one<li>two<ol type=i><li>deep</ol></ol><li value=7>Ends</ol>"
    assert _blocks(text_of(page.encode(), "p")) == ["3. Asks", "(a) one", "(b) two", "(i) deep", "7. Ends"]


def test_links_to_notes_are_marks_and_the_list_of_notes_begins_with_them() -> None:
    page = (
        "<html><body><nav>Home</nav><main><p>Recalling<a href='#n1' id=r1>[1]</a> it,</p>"
        "<ol><li id=n1>A/75/81. <a href='#r1'>↩</a></li></ol></main><footer>Contact</footer></body></html>"
    )
    assert _blocks(text_of(page.encode(), "p")) == ["Recalling¹ it,", "¹ A/75/81."]


def test_a_row_of_a_table_is_one_line() -> None:
    page = "<html><body><table><tr><th>State</th><th>Count</th></tr><tr><td><p>A</p></td><td>5</td></tr></table></html>"
    assert _blocks(text_of(page.encode(), "p")) == ["State\tCount", "A\t5"]


def test_a_smaller_and_higher_number_is_a_mark_and_no_character_moves() -> None:
    content = drawn(
        (72, 700, 12, "Recalling its resolution 12/34 of 5 May 2019,"), (330, 705, 7, "1"),
        (72, 680, 12, "with 25 States,"), (72, 100, 8, "  A/75/81."), (72, 103, 5, "1"),
        (72, 60, 7, "2/3"), (300, 60, 7, "19-12345"),
    )  # fmt: skip
    [text] = text_of(pdf(content), "f.pdf").pages
    assert text.count("¹") == 2
    assert not set(text) & set("⁰²³⁴⁵⁶⁷⁸⁹")
    assert "25 States" in text and "5 May 2019" in text


def test_a_mark_on_a_line_of_its_own_is_raised_there(shared: Path) -> None:
    found = text_of((shared / "texts" / "ga" / "A_RES_73_8-EN.pdf").read_bytes(), "f.pdf")
    assert "72/4;\r\n¹\r\n2. Reiterates" in found.pages[1]
    assert found.pages[1].endswith("\r\n¹ A/73/85.")


def test_pages_without_text_and_with_a_picture_are_named() -> None:
    image = b"/XObject<</Im0 99 0 R>>"
    picture = b"q 600 0 0 700 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q\n"
    garbled = drawn(*((72, 700 - 20 * i, 12, "~#rHx }{ q;;Zv ^^ 1l|I %%$ xQ;z") for i in range(20)))
    sound = drawn(*((72, 700 - 20 * i, 12, "The Assembly asks all States to report again.") for i in range(20)))
    found = text_of(pdf(sound + picture, picture, garbled + picture, sound, b" ", extra=image), "scan.pdf")
    assert found.scans == (2, 3)
    assert [n.code for n in found.notices] == ["no-text-layer"] and "page 2, 3;" in found.notices[0].message


def test_automatic_numbers_of_a_docx_are_printed() -> None:
    def paragraph(text: str, number: int = 0, level: int = 0) -> str:
        own = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
        return f"<w:p><w:pPr>{own}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"

    def levels(*kinds: tuple[str, str]) -> str:
        return "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for i, (kind, text) in enumerate(kinds)
        )

    lists = (
        '<w:abstractNum w:abstractNumId="0">'
        + levels(("decimal", "%1."), ("lowerLetter", "(%2)"), ("lowerRoman", "(%3)"))
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    written = [("The Assembly,", 0, 0), ("Asks", 1, 0), ("one", 1, 1), ("two", 1, 1), ("deep", 1, 2), ("Ends", 1, 0),
               ("again", 1, 1), ("Annex", 0, 0), ("First", 2, 0)]  # fmt: skip
    body = "".join(paragraph(*p) for p in written)
    assert _blocks(text_of(docx(body, numbering=lists), "f.docx")) == [
        "The Assembly,", "1. Asks", "(a) one", "(b) two", "(i) deep", "2. Ends", "(a) again", "Annex", "1. First",
    ]  # fmt: skip


def test_footnotes_of_a_docx_follow_the_text_and_deleted_words_are_gone() -> None:
    body = (
        '<w:p><w:r><w:t>Recalling it,</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r>'
        "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        '<w:ins><w:r><w:t xml:space="preserve"> new</w:t></w:r></w:ins>'
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>12</w:t></w:r></w:p>'
    )
    notes = '<w:footnote w:id="7"><w:p><w:r><w:t> A/75/81.</w:t></w:r></w:p></w:footnote>'
    assert _blocks(text_of(docx(body, footnotes=notes), "f.docx")) == ["Recalling it,¹ new¹²", "¹ A/75/81."]


def test_numbers_and_notes_of_akoma_ntoso_stand_where_they_are_printed() -> None:
    data = (
        b'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement><meta><x>no</x></meta>'
        b"<preamble><p><i>Recalling</i> it<authorialNote marker='3'><p>A/75/81.</p></authorialNote>,</p></preamble>"
        b"<mainBody><paragraph><num>1.</num><content><p>Asks:</p></content><list><point><num>(a)</num>"
        b"<content><p>one;</p></content></point></list></paragraph></mainBody></statement></akomaNtoso>"
    )
    assert _blocks(text_of(data, "f.xml")) == ["Recalling it³,", "1. Asks:", "(a) one;", "³ A/75/81."]


@pytest.mark.shared
@pytest.mark.parametrize("language", sorted(WORDS))
def test_the_universal_declaration_has_its_articles_in_every_language(language: str, shared: Path) -> None:
    file = shared / "texts" / "udhr" / f"A_RES_217_III_A_annex.{language}.xml"
    blocks = _blocks(text_of(file.read_bytes(), file.name))
    raw = file.read_text(encoding="utf-8")
    assert len(blocks) == raw.count("<para>") + raw.count("<title>")
    assert sum(1 for b in blocks if re.match(r"1\. |㈠", b)) == raw.count("<orderedlist>")


@given(st.lists(st.text(alphabet="ab \n", max_size=8), min_size=1, max_size=6), st.data())
def test_a_span_of_the_whole_is_the_same_characters_on_its_pages(pages: list[str], data: st.DataObject) -> None:
    whole = "\f".join(pages)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    found = page_spans([(start, end)], [len(page) for page in pages])
    assert "".join(pages[p - 1][a:b] for p, a, b in found) == whole[start:end].replace("\f", "")
    assert all(a < b for _, a, b in found)


def test_a_span_beyond_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="not within"):
        page_spans([(0, 9)], (3, 2))
