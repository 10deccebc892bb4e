"""XML, written: elements with text that XML 1.0 allows, and the document around them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def add(parent: Element, name: str, text: str, **attributes: str) -> Element:
    """Append an element with a text, less the characters that XML can't hold, and return it."""
    child = SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    child.text = clean(text)
    return child


def clean(text: str) -> str:
    """Return `text` less the characters that XML can't hold."""
    return _NO_XML.sub("", text)


def document(root: Element, stylesheet: str = "") -> bytes:
    """Return the bytes of a document; `stylesheet` is the address of the CSS with which browsers show it."""
    style = f'<?xml-stylesheet type="text/css" href="{clean(stylesheet)}"?>\n' if stylesheet else ""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{style}{tostring(root, encoding="unicode")}\n'.encode()
