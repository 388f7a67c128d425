"""An animation of a series: the map of every day in turn, with one key that never changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from PIL import Image

from ..draw import ink_map
from ..errors import UnknownNameError
from ..save import write_packet
from ..scene.multiples_words import count_words, series_title, span_words
from ..scripts import run_on
from .film import encode_mp4, find_ffmpeg
from .moving import FORMATS, Reel, check_seconds, encode_apng, encode_gif, encode_webp
from .series import compose_series
from .sidecar import build_product_sidecar, check_targets, tell_product, write_both

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ..atlas import Choices
    from ..picture import Scene
    from ..theme import Theme
    from .series import Series

ENCODERS = {"gif": encode_gif, "apng": encode_apng, "png": encode_apng, "webp": encode_webp, "mp4": encode_mp4}


def write_animation(
    days: Sequence[date],
    path: Path,
    *,
    seconds: float = 1.0,
    overwrite: bool = False,
    command: Sequence[str] = (),
    **choices: Unpack[Choices],
) -> list[Path]:
    """Write the maps of the days as an animation, and its sidecar beside it; return both paths.

    The suffix of `path` chooses the format: .gif, .webp, .apng (or .png), .mp4. A day stands for `seconds`, the last
    one three times as long; then it begins again. Raises ProductError for a pace that no reader could follow,
    OutputError when a file exists and is to be kept, or when ffmpeg is needed for an .mp4 and cannot be used.
    """
    path, form = Path(path), Path(path).suffix.removeprefix(".").casefold()
    if form not in FORMATS:
        raise UnknownNameError("format of an animation", form, FORMATS)
    check_seconds(seconds)
    beside = check_targets(path, "animation", overwrite=overwrite)
    if form == "mp4":
        find_ffmpeg()
    series = compose_series(days, choices)
    title, alt, description = words = animation_words(series)
    reel = Reel(
        tuple(take_picture(scene, series.theme) for scene in series.scenes),
        seconds,
        title,
        f"{alt} {description}",
        flat_colours(series),
        write_packet(tell_product(series.scenes, words, command)),
    )
    content = ENCODERS[form](reel)
    sidecar = build_product_sidecar(
        "animation",
        series.scenes,
        [entry.row for entry in series.scenes[-1].key],
        content=content,
        name=path.name,
        words=words,
        seconds=seconds,
        command=command,
    )
    return write_both(path, content, beside, sidecar)


def take_picture(scene: Scene, theme: Theme) -> Image.Image:
    """Return the picture of a scene in three colours, every pixel as it is painted."""
    return Image.fromarray(ink_map(scene, theme).paint()).convert("RGB")


def animation_words(series: Series) -> tuple[str, str, str]:
    """Return title, alt text and description: the days, then what the first and the last of them show."""
    phrases, first, last = series.phrases, series.scenes[0], series.scenes[-1]
    words = {"count": count_words(len(series.days), phrases), "days": span_words(series.days, phrases)}
    alt = str(phrases["products"]["alt_animation"]).format(**words)
    told = [first.words.alt] if first is last else [first.words.alt, last.words.alt]
    return series_title(series.days, series.frame), alt, run_on(told)


def flat_colours(series: Series) -> tuple[str, ...]:
    """Return the colours of all areas and signs in the pictures, which a swatch of the key must equal."""
    found = {colour.upper() for colour in series.theme.colours.values()}
    for scene in series.scenes:
        found |= {patch.fill.upper() for patch in (*scene.ground, *scene.control)}
        found |= {colour.upper() for entry in scene.key for colour in entry.row.colours}
        found |= {line.colour.upper() for line in (*scene.patterns, *scene.lines, *scene.road_lines)}
        found |= {point.fill.upper() for point in scene.points}
    return tuple(sorted(found))
