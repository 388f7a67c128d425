"""The XMP packet inside a picture: what the sidecar says of it, in the properties that photo desks and archives read.

The properties are those of IPTC Photo Metadata 2023.1 and of XMP (ISO 16684-1); what they have no name for stands in a
namespace of our own.
"""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from ..errors import PictureError
from ..scripts import list_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .contract import Told

DATA_DRIVEN = "http://cv.iptc.org/newscodes/digitalsourcetype/dataDrivenMedia"  # IPTC: made from data by a program
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
META = "adobe:ns:meta/"
XML = "http://www.w3.org/XML/1998/namespace"
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "syriamap": "urn:x-syriamap:1.0:",
}
ANY = "x-default"
SHOWN = 60  # letters of a value in a message
MOST_INPUTS = 200  # that a packet lists
LARGEST = 60_000  # bytes: the packet of a JPEG may have 65 502
REPORTED = "facts"  # the licence of what outlets report; data have their holders among the rights
TEXT, LANGS, BAG = "text", "Alt", "Bag"
PROPERTIES = {  # by the fact that they say: their name and their form
    "title": ("dc:title", LANGS),
    "headline": ("photoshop:Headline", TEXT),
    "caption": ("dc:description", LANGS),
    "credit": ("photoshop:Credit", TEXT),
    "source": ("photoshop:Source", TEXT),
    "created": ("photoshop:DateCreated", TEXT),
    "rights": ("dc:rights", LANGS),
    "alt": ("Iptc4xmpCore:AltTextAccessibility", LANGS),
    "description": ("Iptc4xmpCore:ExtDescrAccessibility", LANGS),
    "digital_source_type": ("Iptc4xmpExt:DigitalSourceType", TEXT),
    "lang": ("dc:language", BAG),
    "tool": ("xmp:CreatorTool", TEXT),
    "as_of": ("syriamap:AsOf", TEXT),
    "command": ("syriamap:Command", TEXT),
    "inputs": ("syriamap:Inputs", BAG),
    "edition": ("syriamap:Edition", TEXT),
    "supersedes": ("syriamap:Supersedes", TEXT),
    "correction": ("syriamap:Correction", TEXT),
}
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what no XML 1.0 can hold
INSTEAD = "\ufffd"
RETURN = {"\r": "&#13;"}  # a bare one would be read as the end of a line


@dataclass(frozen=True, slots=True)
class Facts:
    """What a packet says, property by property; those that are not there are empty.

    `created` is the day of the data: no clock is read. `inputs` are "path sha256".
    """

    title: str = ""
    headline: str = ""
    caption: str = ""
    credit: str = ""
    source: str = ""
    created: str = ""
    rights: str = ""
    alt: str = ""
    description: str = ""
    digital_source_type: str = ""
    lang: tuple[str, ...] = ()
    tool: str = ""
    as_of: str = ""
    command: str = ""
    inputs: tuple[str, ...] = ()
    edition: str = ""
    supersedes: str = ""
    correction: str = ""

    def list_differences(self, told: Facts) -> Iterator[str]:
        """Yield every fact that a packet tells otherwise than a sidecar."""
        for name, inside in asdict(self).items():
            beside = getattr(told, name)
            if inside != beside:
                yield f"{name} is {_shorten(inside, beside)} in the picture and {_shorten(beside, inside)} beside it"


def list_facts(told: Told) -> Facts:
    """Return what the packet of a picture says, from its sidecar or from what that will say."""
    replaced, generator = told["supersedes"], told["generator"]
    return Facts(
        title=_clean(told["headline"]),
        headline=_clean(told["headline"]),
        caption=_clean(told["caption"]),
        credit=_clean(told["credit"]),
        source=_clean("; ".join(source["title"] for source in told["sources"] if source["licence"] == REPORTED)),
        created=told["as_of"],
        rights=_clean(told["rights"]),
        alt=_clean(told["alt"]),
        description=_clean(told["description"]),
        digital_source_type=told["digital_source_type"],
        lang=tuple(map(_clean, list_codes(told["lang"]))),
        tool=f"{generator['name']} {generator['version']}",
        as_of=told["as_of"],
        command=_clean(told["command"]),
        inputs=_list_inputs(told),
        edition=str(told["edition"]),
        supersedes=_clean(f"{replaced['path']} {replaced['sha256']}".rstrip()) if replaced else "",
        correction=_clean(told["correction"]),
    )


def _list_inputs(told: Told) -> tuple[str, ...]:
    """Return the inputs, or of very many one hash for all: a JPEG has room for 64 kB."""
    found = tuple(_clean(f"{entry['path']} {entry['sha256']}") for entry in told["inputs"])
    if len(found) <= MOST_INPUTS:
        return found
    return (f"{len(found)} files {hashlib.sha256(chr(10).join(found).encode()).hexdigest()}",)


def _clean(text: str) -> str:
    """Return a text without the characters that no XML can hold."""
    return NO_XML.sub(INSTEAD, text)


def _shorten(value: str | tuple[str, ...], other: str | tuple[str, ...]) -> str:
    """Return a value as a message shows it: from a little before where it departs from another one."""
    if isinstance(value, tuple):
        odd = [one for one in value if one not in other]
        return f"{odd[0]!r}" if odd else f"a list of {len(value)}"
    apart = (at for at, (one, two) in enumerate(zip(value, other, strict=False)) if one != two)
    at = max(next(apart, min(len(value), len(other))) - 10, 0)
    head, tail = "..." if at else "", "..." if len(value) > at + SHOWN else ""
    return f"{head + value[at : at + SHOWN] + tail!r}"


def write_packet(told: Told) -> bytes:
    """Return the packet of a picture in UTF-8, the same bytes for the same facts."""
    facts = list_facts(told)
    packet = _encode(facts, (ANY, facts.lang[0]))
    return packet if len(packet) <= LARGEST else _encode(facts, (ANY,))


def _encode(facts: Facts, langs: tuple[str, ...]) -> bytes:
    """Return a packet that has its texts once for each of some languages."""
    spaces = "".join(f"\n    xmlns:{prefix}={quoteattr(space)}" for prefix, space in SPACES.items())
    lines = [
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
        f'<x:xmpmeta xmlns:x="{META}">',
        f' <rdf:RDF xmlns:rdf="{RDF}">',
        f'  <rdf:Description rdf:about=""{spaces}>',
        *(line for name, value in asdict(facts).items() if value for line in _write_property(name, value, langs)),
        "  </rdf:Description>",
        " </rdf:RDF>",
        "</x:xmpmeta>",
        '<?xpacket end="r"?>',
    ]
    return "\n".join(lines).encode("utf-8")


def _write_property(name: str, value: str | tuple[str, ...], langs: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a property; texts in a language once for each of some."""
    prefixed, form = PROPERTIES[name]
    if isinstance(value, str) and form == TEXT:
        yield f"   <{prefixed}>{escape(value, RETURN)}</{prefixed}>"
        return
    items = [("", one) for one in value] if form == BAG else [(lang, str(value)) for lang in langs]
    yield f"   <{prefixed}><rdf:{form}>"
    for said, text in items:
        attribute = f" xml:lang={quoteattr(said)}" if said else ""
        yield f"    <rdf:li{attribute}>{escape(text, RETURN)}</rdf:li>"
    yield f"   </rdf:{form}></{prefixed}>"


def read_packet(packet: bytes) -> Facts:
    """Return what a packet says, whoever wrote it. Raises PictureError when it cannot be read."""
    try:
        root = ET.fromstring(packet)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise PictureError(
            f"its XMP packet cannot be read ({error}); expected XML as the picture was written"
        ) from None
    said: dict[str, Any] = {name: _read_property(root, *PROPERTIES[name]) for name in PROPERTIES}
    return Facts(**said)


def _read_property(root: ET.Element, prefixed: str, form: str) -> str | tuple[str, ...]:
    """Return a property as the text or the list that it is, wherever and however a program wrote it."""
    prefix, name = prefixed.split(":")
    tag = f"{{{SPACES[prefix]}}}{name}"
    element = next(root.iter(tag), None)
    if element is None:  # short values may stand as attributes
        found = next((one.get(tag, "") for one in root.iter(f"{{{RDF}}}Description") if one.get(tag)), "")
        return (found,) if form == BAG and found else () if form == BAG else found
    items = list(element.iter(f"{{{RDF}}}li"))
    if form == BAG:
        return tuple(item.text or "" for item in items)
    if form == LANGS and items:
        any_language = [item for item in items if item.get(f"{{{XML}}}lang") == ANY]
        return (any_language or items)[0].text or ""
    return element.text or ""
