"""Where a basemap comes from: found by its name without the network, with the credit that its maker is due."""

from __future__ import annotations

import html
import re
import string
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..catalog import data_file
from ..errors import BasemapError, UnknownNameError, suggest
from ..request import RASTERS, RELIEF, hide_secrets, is_raster
from ..theatre import read_origins, read_theatre

if TYPE_CHECKING:
    from collections.abc import Mapping

LAYER = "relief"  # what the embedded one is called among the sources
PLACES = ("z", "x", "y", "-y", "s", "r")  # that a template can leave open
MERCATOR = ("EPSG:3857", "EPSG:900913")
SHARP = "@2x"  # what {r} stands for: tiles of twice the pixels
DEEPEST = 19  # the zoom of a source that names none
FORMS = f"relief, a provider such as OpenStreetMap.Mapnik, a URL with {{z}}, {{x}} and {{y}}, or a {', '.join(RASTERS)}"


@dataclass(frozen=True, slots=True)
class Source:
    """A basemap that is known, not yet fetched.

    kind      relief, tiles, geotiff, mbtiles or pmtiles
    name      what people call it; `place` is its file, or the template of its tiles with all secrets
    credit    what is printed on the map when it is used
    private   whether its host may have an address of a private network
    stamp     time of change and size of a file, so that one that has changed is another source
    edges     west, south, east and north of a relief in degrees
    """

    kind: str
    name: str
    place: str
    credit: str
    zooms: tuple[int, int] = (0, DEEPEST)
    subdomains: tuple[str, ...] = ("a", "b", "c")
    private: bool = False
    stamp: tuple[int, int] = (0, 0)
    edges: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def told(self) -> str:
        """Return where it comes from as anybody may read it."""
        if self.kind == "tiles":
            return hide_secrets(self.place)
        return f"{LAYER}/{LAYER}.png" if self.kind == "relief" else Path(self.place).name

    @property
    def host(self) -> str:
        """Return the host of its tiles as it is named, "" for a file."""
        return (urlsplit(self.url(0, 0, 0)).hostname or "") if self.kind == "tiles" else ""

    def url(self, z: int, x: int, y: int) -> str:
        """Return the address of a tile."""
        below = 2**z - 1 - y
        part = self.subdomains[(x + y) % len(self.subdomains)]
        open_places = {"z": z, "x": x, "y": y, "-y": below, "s": part, "r": SHARP}
        return re.sub(r"\{(-?\w+)\}", lambda found: str(open_places[found[1]]), self.place)


def find_source(wanted: str | Path, credit: str = "", *, private: bool = False, home: Path | None = None) -> Source:
    """Return the source of a basemap by its name; `credit` is the user's word on whose it is, `home` a project.

    Nothing is contacted. Raises UnknownNameError with the nearest names, BasemapError for one that cannot be used or
    that nobody is credited for.
    """
    text = str(wanted).strip()
    if text.casefold() == RELIEF:
        return _find_relief(credit, home)
    if is_raster(text):
        from .files import open_source

        return open_source(Path(text), credit)
    if ":" in text or "{" in text:
        return _read_template(text, credit, private=private)
    if isinstance(wanted, Path) or "/" in text or Path(text).is_file():
        raise BasemapError(f"the basemap {Path(text).name} is no kind of file that is known; expected {FORMS} file")
    return _find_provider(text, credit, private=private)


def _find_relief(credit: str, home: Path | None) -> Source:
    """Return the relief of a theatre. Raises BasemapError where it has none, or says not where or whose it is."""
    path, edges = data_file(f"{LAYER}/{LAYER}.png", home), read_theatre(home).get(LAYER)
    if not path.is_file() or not edges:
        raise BasemapError(
            f"this theatre has no relief; expected {LAYER}/{LAYER}.png, a picture in degrees, and its edges in a table "
            f"[{LAYER}] of theatre.toml; name another basemap, such as OpenStreetMap.Mapnik"
        )
    maker = credit or next((file.credit for file in read_origins(home) if file.layer == LAYER), "")
    if not maker:
        raise BasemapError(f"nobody is credited for {path}; add it to sources.toml as layer {LAYER!r}")
    status = path.stat()
    west, south, east, north = (float(edges[edge]) for edge in ("west", "south", "east", "north"))
    return Source(
        "relief", RELIEF, str(path), maker, stamp=(status.st_mtime_ns, status.st_size), edges=(west, south, east, north)
    )


def _read_template(text: str, credit: str, *, private: bool) -> Source:
    told = hide_secrets(text)
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:  # brackets that are no address
        parts, host = urlsplit(""), ""
    if parts.scheme.casefold() not in ("http", "https") or not host:
        raise BasemapError(f"the basemap {told} is no address of http or https; expected {FORMS} file")
    found = re.findall(r"\{([^{}]*)\}", text)
    if odd := [name for name in found if name not in PLACES]:
        raise BasemapError(
            f"the basemap {told} leaves {{{odd[0]}}} open; expected {{z}}, {{x}} and {{y}}, with {{s}} or {{r}} at "
            "most: write what belongs there in its place"
        )
    if missing := [name for name in "zxy" if name not in {one.removeprefix("-") for one in found}]:
        raise BasemapError(f"the basemap {told} has no {{{missing[0]}}}; expected {{z}}, {{x}} and {{y}}")
    if not credit.strip():
        raise BasemapError(
            f"nobody is credited for the basemap {told}; say whose map it is with --basemap-credit, such as "
            "--basemap-credit '© OpenStreetMap contributors': it is printed on the map"
        )
    return Source("tiles", host, text, credit.strip(), private=private)


# Providers by name


def _find_provider(name: str, credit: str, *, private: bool) -> Source:
    from contextily import providers  # half a second: it brings a plotting library

    known: Mapping[str, Any] = providers.flatten()
    by_fold = {_fold(key): key for key in known}
    if _fold(name) not in by_fold:
        part = [key for key in known if _fold(name) in _fold(key)]
        raise UnknownNameError("basemap", name, [RELIEF, *(part or known)], hint=f"expected {FORMS} file")
    provider = known[by_fold[_fold(name)]]
    _check_provider(provider, list(known))
    said = credit.strip() or plain_words(provider.get("html_attribution") or provider["attribution"])
    zooms = int(provider.get("min_zoom", 0)), int(provider.get("max_zoom", DEEPEST))
    parts = tuple(provider.get("subdomains", "abc"))
    return Source("tiles", provider["name"], _fill(provider), said, zooms, parts, private)


def _fold(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def _check_provider(provider: Any, known: list[str]) -> None:  # noqa: ANN401  # of xyzservices
    """Raise BasemapError for a provider whose tiles cannot be had by its name alone."""
    name, way_out = provider["name"], "choose another, such as OpenStreetMap.Mapnik, or relief"
    if provider.requires_token():
        address = re.sub(r"\{(?!(?:[zxysr]|-y)\})(\w+)\}", lambda found: _value(provider, found[1]), provider["url"])
        raise BasemapError(
            f"the basemap {name} needs an API key of its provider; give its address with your key, "
            f"--basemap '{address}' --basemap-credit '{plain_words(provider['html_attribution'])}', or {way_out}"
        )
    if provider.get("status") == "broken":
        near = suggest(name, [other for other in known if other != name])
        raise BasemapError(f"the basemap {name} is known to be out of service; {near}; {way_out}")
    if str(provider.get("crs", MERCATOR[0])) not in MERCATOR:
        raise BasemapError(f"the basemap {name} has tiles in {provider['crs']}; expected web Mercator; {way_out}")
    left = {field for _, field, _, _ in string.Formatter().parse(_fill(provider)) if field}
    if odd := left - set(PLACES):
        raise BasemapError(f"the basemap {name} leaves {{{min(odd)}}} open; {way_out}")


def _value(provider: Any, key: str) -> str:  # noqa: ANN401
    """Return what a provider says of an open place, the name of the place in capitals for a key of the user's."""
    said = str(provider.get(key, ""))
    return f"YOUR_{key.upper()}" if said.startswith("<") or not said else said


def _fill(provider: Any) -> str:  # noqa: ANN401
    """Return a provider's template with nothing open but what every tile has of its own."""
    own = {key: str(value) for key, value in provider.items() if key != "url"}
    filled = re.sub(
        r"\{(\w+)\}",
        lambda found: own.get(found[1], found[0]) if found[1] not in PLACES else found[0],
        str(provider["url"]),
    )
    return filled.replace("{y}", "{-y}") if provider.get("tms") else filled


def plain_words(text: str) -> str:
    """Return the words of some HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())
