"""A series as one web page that needs nothing else: a day at a time, with its map and its texts."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Unpack

from .. import __version__
from ..atlas import build_day
from ..colour import luminance
from ..draw import ink_map
from ..errors import UnknownNameError
from ..save import encode_picture
from ..scene.happenings import tell_happenings
from ..scene.multiples_words import count_words, series_title, span_words
from ..scene.words import chip_text, join, long_day, short_day_of
from ..scripts import run_on
from .series import compose_series, happenings_of
from .sidecar import build_product_sidecar, check_targets, write_both

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from typing import Any

    from ..atlas import Choices
    from ..picture import Scene, SourceCredit
    from ..scene.happenings import Happenings
    from ..theme import Theme
    from .series import Series

FORMATS = ("html", "htm")
TOKENS = ("page", "card", "ink", "ink2", "ink3", "rule", "accent")
NO_BREAK = "\u00a0"
SECONDS = 1.5  # a day, while the page plays
DARK = 0.18  # luminance below which a page is dark


def write_page(
    days: Sequence[date],
    path: Path,
    *,
    overwrite: bool = False,
    command: Sequence[str] = (),
    **choices: Unpack[Choices],
) -> list[Path]:
    """Write the maps and texts of the days as one HTML file, and its sidecar beside it; return both paths.

    The file needs no network and no other file. Raises OutputError when a file exists and is to be kept.
    """
    path, form = Path(path), Path(path).suffix.removeprefix(".").casefold()
    if form not in FORMATS:
        raise UnknownNameError("format of a page", form, FORMATS)
    beside = check_targets(path, "page", overwrite=overwrite)
    series = compose_series(days, choices)
    words = page_words(series)
    content = build_page(series, words).encode("utf-8")
    sidecar = build_product_sidecar(
        "page",
        series.scenes,
        [entry.row for entry in series.scenes[-1].key],
        content=content,
        name=path.name,
        words=words,
        seconds=SECONDS,
        command=command,
    )
    return write_both(path, content, beside, sidecar)


def page_words(series: Series) -> tuple[str, str, str]:
    """Return title, alt text and description of a page."""
    phrases, scenes = series.phrases, series.scenes
    told = {"count": count_words(len(scenes), phrases), "days": span_words(series.days, phrases)}
    alt = str(phrases["products"]["alt_page"]).format(**told)
    told_days = dict.fromkeys((scenes[0].words.alt, scenes[-1].words.alt))
    return series_title(series.days, series.frame), alt, run_on(told_days)


def build_page(series: Series, words: tuple[str, str, str]) -> str:
    """Return the HTML of a page; every word of the data in it is escaped."""
    title, alt, _ = words
    phrases, own = series.phrases, series.phrases["page"]
    style, script = _style(series), _file("page.js")
    span = "as_of_points" if series.order.style == "points" else "as_of"
    return Template(_file("page.html")).substitute(
        {key: escape(str(text)) for key, text in own.items()},
        lang=escape(series.order.language.base),
        dir=escape(str(phrases["direction"])),
        title=escape(title),
        alt=escape(alt),
        span=escape(str(phrases["products"][span]).format(days=span_words(series.days, phrases))),
        generator=f"syriamap {__version__}",
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        last=len(series.days) - 1,
        seconds=SECONDS,
        links="\n".join(
            f'<li><a href="#{day.isoformat()}">{escape(long_day(day, phrases))}</a></li>' for day in series.days
        ),
        days="\n".join(_day(series, scene) for scene in series.scenes),
        footer=escape(series.scenes[-1].words.credit),
    )


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    """Return what a browser compares a style or a script with before it uses it."""
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _style(series: Series) -> str:
    """Return the style sheet in the colours of the theme: its tokens, then a class for every party's land."""
    colours = series.theme.colours
    scheme = "dark" if luminance(colours["page"]) < DARK else "light"
    tokens = "".join(f"--{token}:{colours[token]};" for token in TOKENS)
    swatches = "".join(
        f".p{number}{{background:{series.theme.party(party).fill}}}\n"
        for number, party in enumerate(series.materials.control.parties)
    )
    return f":root{{color-scheme:{scheme};{tokens}}}\n{swatches}{_file('page.css')}"


# A day


def _day(series: Series, scene: Scene) -> str:
    phrases, own = series.phrases, series.phrases["page"]
    day = long_day(scene.on, phrases)
    found = happenings_of(series, scene)
    line, _ = tell_happenings(found, scene.on, scene.since, series.told.boundaries.places, phrases, lambda text: True)
    words = scene.words
    notes = run_on((*words.notes, words.disclaimer))
    return (
        Template(_file("day.html"))
        .substitute(
            {key: escape(str(own[key])) for key in ("party", "area", "places", "counted_note", "described")},
            iso=scene.on.isoformat(),
            day=escape(day),
            said=escape(str(own["said"]).format(day=day, line=line)),
            title=escape(words.title),
            as_of=escape(words.as_of),
            subtitle=escape(words.subtitle),
            map_of=escape(str(own["map_of"]).format(day=day)),
            image=embed_picture(scene, series.theme),
            alt=escape(words.alt),
            width=scene.size.width_px,
            height=scene.size.height_px,
            changed_title=escape(str(own["changed"]).format(day=day)),
            changed=_changed(series, scene, found),
            counted_title=escape(str(own["counted"]).format(day=day)),
            rows="\n".join(_counted(series, scene)),
            description="\n".join(f"<p>{escape(text)}</p>" for text in words.description.splitlines()),
            notes=escape(notes),
            sources_title=escape(str(own["sources"])),
            sources="\n".join(f"<li>{_source(one, own, phrases)}</li>" for one in scene.credits),
            credit=escape(f"{words.data} {words.credit}"),
        )
        .rstrip()
    )


def embed_picture(scene: Scene, theme: Theme) -> str:
    """Return the picture of a scene as a data URI: the PNG that is drawn of its day."""
    content = encode_picture(ink_map(scene, theme), scene, "png")
    return f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}"


def _changed(series: Series, scene: Scene, found: Happenings) -> str:
    """Return what was taken, by party, each place with its days, and what is newly contested."""
    own, places = series.phrases["page"], series.told.boundaries.places["name"]
    if not found.taken and not found.contested:
        return f"<p>{escape(str(own['unchanged']))}</p>"
    states = build_day(series.materials, scene.on, carry=series.order.carry).places
    told: dict[str, list[str]] = {}
    for place in found.taken:
        row = states.loc[place]
        party = series.told.control.parties[str(row["party"])].label
        told.setdefault(str(own["taken_by"]).format(party=party), []).append(_dated(str(places[place]), row, series))
    if found.contested:
        told[str(own["contested"])] = [str(places[place]) for place in found.contested]
    rows = [
        f"<dt>{escape(title)}</dt>\n<dd>{escape(join(names, series.phrases))}</dd>" for title, names in told.items()
    ]
    return '<dl class="changed">\n' + "\n".join(rows) + "\n</dl>"


def _dated(name: str, row: Any, series: Series) -> str:  # noqa: ANN401  # a row of any dtypes
    days = chip_text(row["chip_from"].date(), row["chip_to"].date(), series.phrases)
    return str(series.phrases["page"]["place_on"]).format(place=name, day=days.replace(" ", NO_BREAK))


def _counted(series: Series, scene: Scene) -> Iterable[str]:
    """Yield the rows of the table of land and places."""
    numbers = {party: number for number, party in enumerate(series.materials.control.parties)}
    comma = str(series.phrases["page"]["thousands"])
    for one in scene.controllers:
        swatch = f'<span class="swatch p{numbers[one.id]}" aria-hidden="true"></span>'
        area, places = (f"{number:,.0f}".replace(",", comma) for number in (one.area_km2, one.places))
        label, party = escape(one.label), escape(one.id)
        head = f'<th scope="row">{swatch}{label}</th>'
        yield f'<tr data-party="{party}">{head}<td>{escape(area)}</td><td>{escape(places)}</td></tr>'


def _source(credit: SourceCredit, own: Mapping[str, Any], phrases: Mapping[str, Any]) -> str:
    """Return a source with its day, as a link where it has an address."""
    text = escape(str(own["source_on"]).format(title=credit.title, day=short_day_of(credit.date, phrases)))
    if credit.url.startswith(("https://", "http://")):
        return f'<a href="{escape(credit.url)}" rel="noopener noreferrer">{text}</a>'
    return text
