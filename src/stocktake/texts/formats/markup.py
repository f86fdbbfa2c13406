"""HTML and XML: a paragraph a line, parted by empty lines; labels of lists and footnote marks as printed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

from stocktake.texts.errors import DamagedDocument
from stocktake.texts.formats.labels import capital, capital_roman, letter, roman
from stocktake.texts.formats.plain import decode
from stocktake.texts.formats.source import RAISED, SourceText
from stocktake.texts.formats.trees import MAX_DEPTH, local, too_deep, xml_tree

_DROPPED = frozenset((
    "script", "style", "nav", "aside", "noscript", "template", "form", "button", "select", "iframe", "svg", "math",
    "head", "object", "embed", "video", "audio", "canvas", "meta",
))  # fmt: skip
_BLOCKS = frozenset((
    "p", "div", "li", "ol", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "section",
    "article", "main", "blockquote", "dl", "dt", "dd", "figure", "figcaption", "header", "footer", "body", "html",
    "pre", "hr", "address", "center", "fieldset", "caption", "tbody", "thead", "tfoot",
))  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,30})", re.I)
_DECLARED = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_NUMBER = re.compile(r"\s*[\[(]?\s*(\d{1,3})\s*[\])]?\s*")
_BACK = frozenset(("^", "↑", "↩", "↵", "⬆"))
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_CELL = "\x1f"
_CELLS = re.compile(" ?\x1f ?")
# elements that hold the printed number of what follows; footnotes in place; in Akoma Ntoso and kindred schemes
_LABELS, _NOTES = frozenset(("num", "label", "no")), frozenset(("authorialnote", "footnote", "fn"))
_INLINE = frozenset((
    "a", "abbr", "b", "i", "u", "em", "strong", "emphasis", "emph", "span", "sup", "sub", "superscript", "inline",
    "ref", "rref", "date", "docdate", "docnumber", "doctitle", "docproponent", "doctype", "organization", "person",
    "role", "term", "def", "quantity", "entity", "concept", "location", "q", "ins", "br", "eol",
))  # fmt: skip
_LIST_STYLES = {"a": "({})", "A": "({})", "i": "({})", "I": "{}.", "1": "{}."}
_COUNTED = {"a": letter, "A": capital, "i": roman, "I": capital_roman}


@dataclass
class _Page:
    """Paragraphs as they are found, and the one that is being written."""

    blocks: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.open.append(text)

    def close(self) -> None:
        whole = "".join(self.open)
        self.open.clear()
        if whole and not whole.isspace():
            lines = (_CELLS.sub("\t", _SPACES.sub(" ", line)).strip() for line in whole.split("\x1e"))
            if text := "\n".join(line for line in lines if line):
                self.blocks.append(text)


def html_text(data: bytes, name: str) -> SourceText:
    """The text of a page without what is there for browsing; ``sup`` and links to notes with a number are raised.

    A row of a table is one line, its cells parted by tabs. Raises DamagedDocument, HostileDocument, and what plain text
    raises.
    """
    text = _DECLARED.sub("", _decoded(data, name)).replace("\x00", "")
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DamagedDocument(f"{name}: no HTML that can be read ({str(error)[:200]}). Give the text.") from None
    if any("depth" in entry.message for entry in parser.error_log):
        raise too_deep(name)
    mains = list(root.iter("main")) or list(root.iter("article"))
    start = mains[0] if len(mains) == 1 else root
    page = _Page()
    _walk_html(start, page, _note_targets(root), start is root, name)
    return SourceText(("\n\n".join(page.blocks),), "text/html")


def _decoded(data: bytes, name: str) -> str:
    if match := _CHARSET.search(data[:4096]):
        try:
            return data.decode(match[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, name)[0]


def _note_targets(root: etree._Element) -> frozenset[str]:
    """The ids of the footnotes: what a link goes to whose text is nothing but a number."""
    links = ((a.get("href", ""), "".join(_strings(a))) for a in root.iter("a"))
    return frozenset(href[1:] for href, text in links if href.startswith("#") and _NUMBER.fullmatch(text))


def _walk_html(root: etree._Element, page: _Page, notes: frozenset[str], whole: bool, name: str) -> None:
    """Write the text of a tree, element after element; the depth is bounded and no function calls itself."""
    raised: list[etree._Element] = []
    cells: list[etree._Element] = []
    counts: dict[etree._Element, int] = {}
    noted = _items_of_notes(root, notes)
    depth = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = local(element)
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise too_deep(name)
        if event == "start":
            if _is_dropped(element, tag, whole):
                walk.skip_subtree()
                continue
            if tag in ("td", "th"):
                cells.append(element)
                page.add(_CELL if element.getprevious() is not None else "")
            elif tag in _BLOCKS and not cells:
                page.close()
            elif tag in _BLOCKS:
                page.add(" ")
            if tag == "br":
                page.add("\x1e" if not cells else " ")
            if tag == "li":
                page.add(_list_label(element, counts, noted))
            if tag == "sup" or _is_note_link(element, tag, notes):
                raised.append(element)
            page.add(_own(element.text, tag, raised))
        else:
            if raised and raised[-1] is element:
                raised.pop()
            if cells and cells[-1] is element:
                cells.pop()
            elif tag in _BLOCKS and not cells:
                page.close()
            if element is not root and element.tail:
                page.add(_own(element.tail, "", raised))
    page.close()


def _own(text: str | None, tag: str, raised: list[etree._Element]) -> str:
    if not text or tag in _DROPPED:
        return ""
    text = text.replace("\x1e", " ").replace(_CELL, " ")
    if raised and (match := _NUMBER.fullmatch(text)):
        return match[1].translate(RAISED)
    if raised:
        bare = "" if text.strip() in ("[", "]", "(", ")") else text
        return "" if raised[-1].tag == "a" and bare.strip() in _BACK else bare
    return text


def _is_dropped(element: etree._Element, tag: str, whole: bool) -> bool:
    if not tag or tag in _DROPPED or (whole and tag in ("header", "footer")):
        return True
    if not element.keys():
        return False
    if element.get("hidden") is not None or element.get("role") in ("navigation", "banner", "search", "contentinfo"):
        return True
    if (style := element.get("style")) and _HIDDEN.search(style[:500]):
        return True
    return tag == "a" and "".join(_strings(element)).strip() in _BACK and element.get("href", "").startswith("#")


def _is_note_link(element: etree._Element, tag: str, notes: frozenset[str]) -> bool:
    """A link to a note, or the link from a note back to its call, with nothing but a number in it."""
    if tag != "a" or not element.get("href", "").startswith("#"):
        return False
    return _NUMBER.fullmatch("".join(_strings(element))) is not None


def _items_of_notes(root: etree._Element, notes: frozenset[str]) -> frozenset[etree._Element]:
    """The items of lists that are footnotes, or hold the place that the link to one goes to."""
    found: set[etree._Element] = set()
    for target in root.iter("li", "a") if notes else ():
        if target.get("id") in notes or (target.tag == "a" and target.get("name") in notes):
            for item in (target, *target.iterancestors()) if target.tag == "a" else (target,):
                if item in found:
                    break
                if item.tag == "li":
                    found.add(item)
    return frozenset(found)


def _list_label(item: etree._Element, counts: dict[etree._Element, int], noted: Collection[etree._Element]) -> str:
    parent = item.getparent()
    if parent is None or local(parent) != "ol":
        return ""
    n = _whole(item.get("value"), counts.get(parent, _whole(parent.get("start"), 1) - 1) + 1)
    counts[parent] = n
    if item in noted:
        return f"{str(n).translate(RAISED)} "
    style = parent.get("type", "1")
    return _LIST_STYLES.get(style, "{}.").format(_COUNTED.get(style, str)(n)) + " "


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.strip().isascii() and text.strip().isdigit() and len(text) <= 6 else otherwise


def xml_text(data: bytes, name: str) -> SourceText:
    """The text of an XML document: what has words of its own is a paragraph; a number element begins the next one.

    Footnotes in the text (``authorialNote``) leave their mark and follow at the end. Raises DamagedDocument,
    HostileDocument.
    """
    root = xml_tree(data, name)
    page, notes = _Page(), _Page()
    for block in _xml_blocks(root, notes, name):
        page.add(block)
        page.close()
    return SourceText(("\n\n".join([*page.blocks, *notes.blocks]),), "application/xml")


def _xml_blocks(root: etree._Element, notes: _Page, name: str) -> Iterator[str]:
    label = ""
    depth = 0
    counts: dict[etree._Element, int] = {}
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise too_deep(name)
        tag = local(element)
        if event == "end" or not tag:
            continue
        if tag in _DROPPED:
            walk.skip_subtree()
        elif tag in _LABELS:
            label = "".join(_strings(element)).strip()
            walk.skip_subtree()
        elif _has_words(element):
            if _is_item(tag):
                label = label or _item_label(element, counts)
            yield f"{label} {_mixed(element, notes)}"
            label = ""
            walk.skip_subtree()
        elif _is_item(tag):
            label = _item_label(element, counts)


def _is_item(tag: str) -> bool:
    return tag in ("listitem", "li", "item")


def _item_label(item: etree._Element, counts: dict[etree._Element, int]) -> str:
    """The tag that an item has, or its place in a list that is in order, as the page of the document prints it."""
    if tag := item.get("tag"):
        return tag
    parent = item.getparent()
    if parent is None or local(parent) not in ("orderedlist", "ol"):
        return ""
    counts[parent] = counts.get(parent, 0) + 1
    return f"{counts[parent]}."


def _has_words(element: etree._Element) -> bool:
    """True for an element with words of its own, or with nothing but parts of a sentence in it."""
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        return True
    return len(element) > 0 and all(local(child) in _INLINE for child in element)


def _mixed(element: etree._Element, notes: _Page) -> str:
    out = [element.text or ""]
    for child in element:
        tag = local(child)
        if tag in _NOTES:
            out.append(_note(child, notes))
        elif tag in ("br", "eol"):
            out.append("\x1e")
        elif tag in ("sup", "superscript"):
            out.append(re.sub(r"\d+", lambda m: m[0].translate(RAISED), "".join(_strings(child))))
        elif tag in _INLINE:
            out.append(_mixed(child, notes))
        elif tag and tag not in _DROPPED:
            out += ["\x1e", _mixed(child, notes), "\x1e"]
        out.append(child.tail or "")
    return "".join(out)


def _note(element: etree._Element, notes: _Page) -> str:
    match = _NUMBER.fullmatch(element.get("marker") or element.get("label") or "")
    mark = (match[1] if match else str(len(notes.blocks) + 1)).translate(RAISED)
    notes.add(f"{mark} {' '.join(_strings(element))}")
    notes.close()
    return mark


def _strings(element: etree._Element) -> Iterator[str]:
    return (str(text) for text in element.itertext())
