"""Many maps that belong together: same frame, same places of labels, one file for each day.

A series goes on where it stopped: a picture whose sidecar names the same command, the same inputs and the same version
is left as it is.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shlex
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from . import __version__
from .atlas import SAID, Choices, name_source, read_materials, settle_choices
from .crew import share_out
from .errors import DateError, LimitError, OutputError, SeriesError
from .inputs import list_inputs
from .language import read_language
from .limits import JOBS, SERIES_MAPS, SIDECAR_BYTES, read_within
from .merge import check_day
from .request import FORM, OUTPUTS, name_picture, take_own, write_command
from .save import check_form, sweep, write_whole
from .scene import check_alt, check_printable, check_style
from .scene.view import get_view
from .sizes import get_size
from .tasks import Drawn, Task, draw_days, pack_parcel
from .theatre import default_view

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from .model import Input

LONGEST_TASK, SHARES = 8, 4  # pictures in a task at most; tasks for each worker at least, so that none waits long
SHOWN = 10  # files that an error names


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a series and its sidecar; `what` happened is "drawn" or "fresh" (it was as it should be)."""

    date: date
    view: str
    size: str
    lang: str
    path: Path
    sidecar: Path
    what: str = ""


class State(Enum):
    """What lies where a frame goes: what it should be, nothing or ours, or what somebody else made or changed."""

    FRESH = "fresh"
    OPEN = "open"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Plan:
    """All frames in their order, with the choices and inputs of those of one view, size and language."""

    frames: tuple[Frame, ...]
    choices: dict[tuple[str, str, str], Choices]
    inputs: dict[tuple[str, str, str], tuple[Input, ...]]


def render_series(  # noqa: PLR0913  # a series is asked for in one breath
    first: date | None = None,
    last: date | None = None,
    *,
    every: int = 1,
    dates: Iterable[date] | None = None,
    views: Sequence[str] = (),
    sizes: Sequence[str] = ("web",),
    langs: Sequence[str] = ("en",),
    formats: Sequence[str] = (FORM,),
    folder: Path | str = OUTPUTS,
    jobs: int = 1,
    executor: Executor | None = None,
    overwrite: bool = False,
    progress: Callable[[Frame, int, int], None] | None = None,
    **choices: Unpack[Choices],
) -> tuple[Frame, ...]:
    """Draw the maps of many days, views, sizes and languages into a folder, each with its sidecar; return the frames.

    The days run from `first` to `last`, one in `every`, or are those of `dates`; without `views` the theatre's first is
    drawn. The other choices are those of
    `compose_map`. Frames that are as they should be stay untouched; ours that are not are drawn again. What somebody
    else made or changed is kept unless `overwrite`.

    `jobs` processes draw at once, or the workers of any `executor` of concurrent.futures or alike (then `jobs` says how
    many they are): these need the package alone. `progress` is called with each frame that is done, how many are and
    how many there are.

    Raises OutputError, when all others are done, with the files that were kept; SeriesError when workers die again and
    again; and what `render_map` raises. Whatever stops it, files are whole, and the same call goes on.
    """
    days = list_days(first, last, every=every, dates=dates)
    views = views or (default_view(take_own(choices).project),)
    plan = plan_series(days, views=views, sizes=sizes, langs=langs, formats=formats, folder=Path(folder), **choices)
    desk = _Desk(plan, overwrite=overwrite, progress=progress)
    todo = [frame for frame in plan.frames if desk.receive(frame) is not State.FRESH]
    if todo:
        _check_plan(todo, choices)
    try:
        with closing(_draw(todo, plan, jobs, executor)) as drawn:
            for one in drawn:
                desk.keep(one)
    except SeriesError as error:
        way_out = "the same command goes on from there"
        raise SeriesError(f"{error}; {desk.done} of {len(plan.frames)} frames are done, {way_out}") from error
    desk.complain()
    return tuple(desk.frames)


# Planning


def list_days(
    first: date | None, last: date | None = None, *, every: int = 1, dates: Iterable[date] | None = None
) -> list[date]:
    """Return the days of a series in order, each once. Raises DateError when there are none or they run backwards."""
    if dates is not None:
        days = sorted(set(dates))
        if first or last or not days:
            raise DateError("the days of a series are named twice or not at all; expected FROM and TO, or dates")
        return days
    if first is None:
        raise DateError("the days of a series are not named; expected FROM and TO, or dates")
    last = first if last is None else last
    if last < first:
        raise DateError(f"the series ends on {last}, before it begins on {first}; did you mean {last} to {first}?")
    if every < 1:
        raise DateError(f"every {every} days is no step; expected 1 or more")
    _check_number((last - first).days // every + 1)
    return [first + timedelta(days=step) for step in range(0, (last - first).days + 1, every)]


def _check_number(maps: int) -> None:
    if maps > SERIES_MAPS:
        way_out = "name fewer days, every so many (--every), or draw several series"
        raise LimitError(f"the series would have {maps:,} maps; expected {SERIES_MAPS:,} at most; {way_out}")


def plan_series(
    days: Sequence[date],
    *,
    views: Sequence[str],
    sizes: Sequence[str],
    langs: Sequence[str],
    formats: Sequence[str],
    folder: Path,
    **choices: Unpack[Choices],
) -> Plan:
    """Return every frame of a series. Raises OutputError when two would have one name, and for names nobody knows."""
    if odd := {"view", "size", "lang"} & set(choices):
        raise TypeError(f"a series takes views, sizes and langs, not {', '.join(sorted(odd))}")
    for form in formats:
        check_form(form, transparent=choices.get("transparent", False))
    _check_number(math.prod(len(set(several)) for several in (days, views, sizes, langs, formats)))
    settled = settle_choices(choices)
    plain = FORM if FORM in formats else formats[0]
    frames, every_choice, inputs = [], {}, {}
    for key in dict.fromkeys(product(views, sizes, langs)):
        view, size, lang = key
        every_choice[key] = mine = Choices(**{**settled, "view": view, "size": size, "lang": lang})
        inputs[key] = _list_inputs(mine)
        for on, form in product(days, dict.fromkeys(formats)):
            ending = f".{form}" if form == plain else f"_{form}.{form}"  # each picture has a sidecar of its own
            path = folder / name_picture(on, mine, ending)
            frames.append(Frame(on, view, size, lang, path, path.with_suffix(".json")))
    twice = [path for path, number in Counter(frame.path for frame in frames).items() if number > 1]
    if twice:
        raise OutputError(f"two maps of the series would be {twice[0]}; draw them in two series, in two folders")
    return Plan(tuple(frames), every_choice, inputs)


def _list_inputs(choices: Choices) -> tuple[Input, ...]:
    try:
        return list_inputs(choices)
    except FileNotFoundError:
        read_materials(take_own(choices))  # says what is missing, and what is near
        name_source(choices)
        raise


def _check_plan(frames: Sequence[Frame], choices: Choices) -> None:
    """Raise what any map of the series would, before the first is drawn."""
    check_style(choices.get("style", "zones"))
    check_printable({key: choices.get(key) for key in SAID})
    check_alt(choices.get("alt") or "", choices.get("caption") or "")
    name_source(choices)
    for size in dict.fromkeys(frame.size for frame in frames):
        get_size(size)
    materials = read_materials(take_own(choices))
    for view in dict.fromkeys(frame.view for frame in frames):
        get_view(view, materials)
    for lang in dict.fromkeys(frame.lang for frame in frames):
        digits, home = choices.get("digits", "latin"), materials.home
        read_language(lang, names=choices.get("names"), digits=digits, home=home)
    for on in sorted({frame.date for frame in frames}):
        check_day(materials.control, on, carry=choices.get("carry", False))


# What is there already


class _Desk:
    """Where frames are looked through when they come in and written when they are drawn. Nobody else writes."""

    def __init__(
        self, plan: Plan, *, overwrite: bool, progress: Callable[[Frame, int, int], None] | None = None
    ) -> None:
        self.plan, self.overwrite, self.progress = plan, overwrite, progress
        self.frames = list(plan.frames)
        self.places = {frame.path.name: place for place, frame in enumerate(plan.frames)}
        self.held: set[str] = set()
        self.done = 0
        self.kept: list[Path] = []

    def receive(self, frame: Frame) -> State:
        """Return what lies where a frame goes, after sweeping up."""
        for path in (frame.path, frame.sidecar):
            sweep(path)
        key = frame.view, frame.size, frame.lang
        state = judge(frame, self.plan.choices[key], self.plan.inputs[key])
        if state is State.FRESH:
            self._report(frame, "fresh")
        elif state is State.HELD and not self.overwrite:
            self.held.add(frame.path.name)
        return state

    def keep(self, drawn: Drawn) -> None:
        """Write a picture and then its sidecar, unless something else is to be kept."""
        frame = self.frames[self.places[drawn.name]]
        if drawn.name in self.held and (odd := _differing(frame, drawn)):
            self.kept += odd
            self._report(frame, "kept")
            return
        for path, content in ((frame.path, drawn.picture), (frame.sidecar, drawn.sidecar)):
            if not _holds(path, content):
                write_whole(path, content)
        self._report(frame, "drawn")

    def complain(self) -> None:
        """Raise OutputError when files were kept."""
        if self.kept:
            shown = ", ".join(str(path) for path in self.kept[:SHOWN]) + (" ..." if self.kept[SHOWN:] else "")
            right = sum(frame.what != "kept" for frame in self.frames)
            raise OutputError(
                f"kept, since edited or made by something else: {shown}; {right} of {len(self.frames)} frames are as "
                "they should be; add --overwrite to replace the others too, or choose another folder with -o"
            )

    def _report(self, frame: Frame, what: str) -> None:
        place = self.places[frame.path.name]
        self.frames[place] = replace(frame, what=what)
        self.done += 1
        if self.progress:
            self.progress(self.frames[place], self.done, len(self.frames))


def judge(frame: Frame, choices: Choices, inputs: Sequence[Input]) -> State:
    """Return what lies where a frame goes; nothing is composed for that."""
    said = _read(frame.sidecar)
    ours = _is_ours(frame, said)
    if not frame.path.is_file():
        return State.OPEN if ours or not frame.sidecar.exists() else State.HELD
    drawn = hashlib.sha256(frame.path.read_bytes()).hexdigest()
    if not ours or _get(said, "output", "sha256") != drawn:
        return State.HELD
    wanted = {
        "command": _command(frame, choices),
        "inputs": [{"path": one.path, "sha256": one.sha256} for one in inputs],
        "generator": {"name": "syriamap", "version": __version__},
    }
    whole = _get(said, "basemap", "used") is not False  # a map that had to do without its basemap is drawn again
    return State.FRESH if whole and all(said.get(key) == value for key, value in wanted.items()) else State.OPEN


def _command(frame: Frame, choices: Choices) -> str:
    return shlex.join(write_command(frame.date, choices, frame.path.suffix.removeprefix(".")))


def _read(path: Path) -> dict[str, Any]:
    """Return a sidecar, {} when there is none that can be read."""
    try:
        said = json.loads(read_within(path, SIDECAR_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _get(said: dict[str, Any], key: str, field: str) -> object:
    entry = said.get(key)
    return entry.get(field) if isinstance(entry, dict) else None


def _differing(frame: Frame, drawn: Drawn) -> list[Path]:
    """Return what lies where a frame goes and is not ours to replace: a picture, a sidecar that we did not write."""
    found = [frame.path] if frame.path.exists() and not _holds(frame.path, drawn.picture) else []
    foreign = frame.sidecar.exists() and not _is_ours(frame, _read(frame.sidecar))
    return [*found, frame.sidecar] if foreign and not _holds(frame.sidecar, drawn.sidecar) else found


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _is_ours(frame: Frame, said: dict[str, Any]) -> bool:
    return _get(said, "generator", "name") == "syriamap" and _get(said, "output", "path") == frame.path.name


# Drawing


def _draw(todo: Sequence[Frame], plan: Plan, jobs: int, executor: Executor | None) -> Generator[Drawn, None, None]:
    """Yield the pictures of frames as they come."""
    workers = max(jobs, 1) if executor is None or jobs > 1 else os.cpu_count() or 1
    workers = max(min(workers, len(todo), JOBS), 1) if executor is None else workers
    if executor is None and (workers == 1 or len(todo) == 1):
        for task in list_tasks(todo, plan, length=len(todo), travel=False):
            yield from draw_days(task)
        return
    rest: Sequence[Frame] = todo
    if executor is None:  # the first map is drawn here: what it reads and lays out the forked workers need not do again
        rest = todo[1:]
        for task in list_tasks(todo[:1], plan, length=1, travel=False):
            yield from draw_days(task)
    length = max(1, min(LONGEST_TASK, -(-len(rest) // (SHARES * workers))))
    for drawn in share_out(list_tasks(rest, plan, length=length, travel=executor is not None), workers, executor):
        yield from drawn


def list_tasks(frames: Sequence[Frame], plan: Plan, *, length: int, travel: bool) -> Iterator[Task]:
    """Yield tasks of up to `length` days of one view, size and language; `travel` sends the user's files with them."""
    for key, group in groupby(frames, lambda frame: (frame.view, frame.size, frame.lang)):
        choices, inputs = plan.choices[key], plan.inputs[key]
        parcel = pack_parcel(choices) if travel else None
        days = [(on, tuple(frame.path.name for frame in same)) for on, same in groupby(group, lambda frame: frame.date)]
        for start in range(0, len(days), length):
            yield Task(choices, tuple(days[start : start + length]), inputs, parcel=parcel)
