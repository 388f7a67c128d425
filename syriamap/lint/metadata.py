"""Check 25: what a picture tells those who cannot see it, and the programs that keep it."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from ..errors import PictureError
from ..faults import count
from ..language import list_wordings
from ..save.embedded import find_packet, read_svg
from ..save.packet import list_facts, read_packet
from ..scene.words import long_day
from ..scripts import plain_digits
from .verdicts import Answer, not_applicable, weigh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..save.contract import Sidecar

ALT_LETTERS = (40, 250)
NOBODY = "unknown"  # the party of land that no statement reaches
SVG = "{http://www.w3.org/2000/svg}"
AGAIN = "render the map again"


def check_metadata(said: Sidecar, picture: Path | None) -> Answer:
    """Alt text, description, XMP, title and desc of an SVG and the hash of the picture are there and true.

    W3C: alt text of a sentence or two, the long description beside it; IPTC 2021.1 has both in the picture.
    """
    faults = list(_judge_words(said))
    if picture is None:
        alone = f"alt text of {count(len(said['alt']), 'letter')}; the picture is not there"
        return weigh(alone, faults) if faults else not_applicable(alone)
    content = picture.read_bytes()
    try:
        faults += _judge_file(said, picture, content)
    except PictureError as error:
        faults.append(f"{error}; {AGAIN}")
    figure = f"alt text of {count(len(said['alt']), 'letter')}, description of {len(said['description'])}"
    return weigh(f"{figure}; packet and hash of {picture.name}", faults)


def _judge_words(said: Sidecar) -> Iterator[str]:
    """Yield what is wrong with alt text and description."""
    alt, (least, most) = said["alt"], ALT_LETTERS
    if not least <= len(alt) <= most:
        yield f"the alt text has {count(len(alt), 'letter')}; expected {least} to {most}; mend its phrase"
    days = [long_day(date.fromisoformat(said["as_of"]), phrases) for phrases in list_wordings(said["lang"])]
    if not any(day in plain_digits(alt) for day in days):
        yield f"the alt text does not name the day; expected {days[0]!r} in {alt!r}; mend its phrase"
    holders = [one for one in said["controllers"] if one["id"] != NOBODY]
    leading = max(holders, key=lambda one: one["area_km2"], default=None)
    if leading and leading["label"].casefold() not in alt.casefold():
        label = leading["label"]
        yield f"the alt text does not name who holds most land; expected {label!r} in {alt!r}; mend its phrase"
    if not said["description"].strip():
        yield f"there is no description; expected a longer text than the alt text; {AGAIN}"
    elif said["description"].strip() == alt.strip():
        yield f"the description is the alt text again; expected a longer text; {AGAIN}"


def _judge_file(said: Sidecar, picture: Path, content: bytes) -> Iterator[str]:
    """Yield what in a picture is not as its sidecar says."""
    found, expected = hashlib.sha256(content).hexdigest(), said["output"]["sha256"]
    if found != expected:
        yield f"{picture.name} has the hash {found[:12]}; expected {expected[:12]} as in the sidecar; {AGAIN}"
    if picture.suffix.casefold() == ".svg":
        root = read_svg(content, picture)
        for tag in ("title", "desc"):
            if not (root.findtext(f"{SVG}{tag}") or "").strip():
                yield f"{picture.name} has no <{tag}> at its root; expected one for screen readers; {AGAIN}"
    packet = find_packet(picture)
    if not packet:
        yield f"{picture.name} carries no XMP packet; expected what the sidecar says; {AGAIN}"
        return
    odd = read_packet(packet).list_differences(list_facts(said))
    yield from (f"{one}; expected the same; {AGAIN}" for one in odd)
