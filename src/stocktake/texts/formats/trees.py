"""Trees of markup from bytes of anyone: no entity, no network, no other file, a bounded depth."""

from __future__ import annotations

import re

from lxml import etree

from stocktake.texts.errors import DamagedDocument, HostileDocument

MAX_DEPTH = 200
_DECLARED = re.compile(rb"<!(?:ENTITY|\x00E\x00N\x00T\x00I\x00T\x00Y)", re.I)


def xml_tree(data: bytes, name: str) -> etree._Element:
    """The root of an XML document. Raises HostileDocument where it declares entities or is too deep, else Damaged."""
    if _DECLARED.search(data.replace(b"\x00", b"")):
        raise HostileDocument(
            f"{name}: it declares entities, which can stand for other files or for more text than memory holds. "
            "Save it without a DTD of its own and give that."
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise too_deep(name) from None
        raise DamagedDocument(
            f"{name}: no well-formed XML ({str(error)[:200]}). Fetch the file again, or give the text."
        ) from None
    except ValueError as error:
        raise DamagedDocument(f"{name}: no XML that can be read ({str(error)[:200]}). Give the text.") from None


def too_deep(name: str) -> HostileDocument:
    """The refusal of a tree whose elements are nested beyond sense."""
    return HostileDocument(f"{name}: elements within elements, more than {MAX_DEPTH} deep. Give the text instead.")


def local(element: etree._Element) -> str:
    """The name of an element without its namespace, in small letters; empty for a comment or an instruction."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
