"""Writes Atom feeds (RFC 4287)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as xml

NAMESPACE: Final = "http://www.w3.org/2005/Atom"
TYPE: Final = "application/atom+xml"
NEVER: Final = datetime(2013, 11, 4, tzinfo=UTC)
"""When a feed changed last in which nothing is: on the day on which the network was founded."""

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to read."""

    id: str  # an IRI, the same for ever
    title: str
    text: str
    updated: datetime  # aware
    link: str | None = None


def changed_at(entries: Sequence[Entry]) -> datetime:
    """When a feed changed last, to the second."""
    return max((entry.updated for entry in entries), default=NEVER).replace(microsecond=0)


def written(
    entries: Sequence[Entry], *, id: str, address: str, title: str, subtitle: str, author: str, language: str
) -> bytes:
    """A feed as XML, in UTF-8.

    id        an IRI, the same for ever
    address   where it can be read
    language  BCP 47, of all of it
    """
    feed = xml.Element("feed", {"xmlns": NAMESPACE, f"{{{_XML}}}lang": language})
    _add(feed, "id", id)
    _add(feed, "title", title)
    _add(feed, "subtitle", subtitle)
    _add(feed, "updated", _moment(changed_at(entries)))
    xml.SubElement(feed, "link", {"rel": "self", "type": TYPE, "href": address})
    _add(xml.SubElement(feed, "author"), "name", author)
    for each in entries:
        entry = xml.SubElement(feed, "entry")
        _add(entry, "id", each.id)
        _add(entry, "title", each.title)
        _add(entry, "updated", _moment(each.updated))
        if each.link is not None:
            xml.SubElement(entry, "link", {"rel": "alternate", "href": each.link})
        _add(entry, "content", each.text, type="text")
    whole: bytes = xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole


def _add(parent: xml.Element, name: str, text: str, **attributes: str) -> None:
    xml.SubElement(parent, name, attributes).text = _NOT_XML.sub("", text)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
