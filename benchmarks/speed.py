"""Measure what a map, a frame and a series cost, as ratios within one run.

python -m benchmarks.speed           prints a line for each figure: its name and its value
python -m benchmarks.speed --short   leaves out the long ones: two hundred and a thousand frames, long tables

The two sides of a ratio take turns and the shortest run of each counts, so that a busy machine slows both alike. Every
side is a process of its own, warm files and warm bytecode behind it. benchmarks/README.md says what each figure means.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.plain import CELLS, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    Figures = Iterator[tuple[str, float | str]]

DAY = date(2024, 12, 5)
DAYS = [date(2024, 11, 26) + timedelta(days=number) for number in range(15)]
TURNS = 7  # of each side of a ratio of whole processes
WARM = 3  # first frames of a warm process that do not count
SIZES = ("web", "web-small", "x", "og", "square", "portrait", "story", "wire")
MANY = 13 * 2 * len(SIZES)  # frames: days, views, sizes
STOPS = (1, 10, 20, 100, 1000)  # frames after which a long series is looked at
TABLES = (1_000, 10_000, 100_000)  # statements
COMMAND = "import sys; from syriamap.cli import main; sys.argv[0] = 'syriamap'; main()"


def main() -> None:
    """Print every figure."""
    short = "--short" in sys.argv[1:]
    write_cells()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        steps = [measure_processes, measure_frames]
        for step in steps if short else [*steps, measure_jobs, measure_long_series, measure_tables]:
            for figure, value in step(folder):
                print(f"{figure}: {value:.3f}" if isinstance(value, float) else f"{figure}: {value}", flush=True)


# Whole processes


def measure_processes(folder: Path) -> Figures:
    """Yield the ratios of whole commands to the whole plain script, start to end."""
    plain = [sys.executable, str(ROOT / "benchmarks" / "plain.py"), DAY.isoformat(), str(folder / "plain.png")]
    render = [sys.executable, "-c", COMMAND, "render", DAY.isoformat(), "-o", str(folder / "map.png"), "--overwrite"]
    sides = {"plain": plain, "map": render, "help": [sys.executable, "-c", COMMAND, "--help"]}
    best = take_turns({name: partial(run, words) for name, words in sides.items()}, TURNS)
    yield "plain_s", best["plain"]
    yield "map_s", best["map"]
    yield "help_s", best["help"]
    yield "help_ratio", best["help"] / best["plain"]
    yield "map_ratio", best["map"] / best["plain"]


def take_turns(sides: dict[str, Callable[[], float]], times: int) -> dict[str, float]:
    """Return the shortest of some runs of each side, in seconds; the sides take turns."""
    spent: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(times):
        for name, work in sides.items():
            spent[name].append(work())
    return {name: min(seconds) for name, seconds in spent.items()}


def run(words: Sequence[str]) -> float:
    """Return how long a process runs, in seconds."""
    start = perf_counter()
    subprocess.run(words, check=True, capture_output=True, cwd=ROOT)
    return perf_counter() - start


def ask(*words: str) -> Any:  # noqa: ANN401  # what the child says as JSON
    """Return what this module says in a process of its own."""
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", *words], check=True, stdout=subprocess.PIPE, cwd=ROOT
    )
    return json.loads(found.stdout)


# Frames in a warm process


def measure_frames(folder: Path) -> Figures:
    """Yield the ratios of a further frame to a frame of the plain script and to the floor."""
    sides = ("frame", "plain", "narrow", "floor")
    best = take_turns({side: partial(_ask_anew, side, folder) for side in sides}, 3)
    yield from ((f"{side}_frame_s" if side != "frame" else "frame_s", best[side]) for side in sides)
    yield "frame_ratio", best["frame"] / best["plain"]
    yield "frame_ratio_narrow", best["frame"] / best["narrow"]
    yield "floor_ratio", best["frame"] / best["floor"]


def _ask_anew(side: str, folder: Path) -> float:
    """Return what a side says of a folder that it finds empty."""
    return float(ask(f"--{side}", tempfile.mkdtemp(dir=folder)))


def time_frames(folder: Path) -> float:
    """Return the seconds of a further frame of a series: other days, one view and size."""
    moments: list[float] = []
    draw_series(folder, moments.append, dates=DAYS)
    steps = [after - before for before, after in pairwise(moments)]
    return statistics.median(steps[WARM - 1 :])


def draw_series(folder: Path, tell: Callable[[float], None], **choices: Any) -> None:  # noqa: ANN401
    """Draw a series into an empty folder; `tell` is called with the time after each frame."""
    from syriamap.series import render_series

    render_series(folder=folder, progress=lambda *_: tell(perf_counter()), **choices)


def time_plain(folder: Path, *, narrow: bool) -> float:
    """Return the seconds of a frame of the plain script; `narrow` reads once."""
    from benchmarks import plain

    layers = plain.read()
    spent = []
    for on in DAYS:
        start = perf_counter()
        if narrow:
            plain.draw(layers, on.isoformat(), f"{folder}.png")
        else:
            plain.main(on.isoformat(), f"{folder}.png")
        spent.append(perf_counter() - start)
    return statistics.median(spent[WARM:])


def time_floor(folder: Path) -> float:
    """Return the seconds of encoding the plain script's picture with the changed cells filled."""
    from PIL import Image

    from benchmarks import plain
    from benchmarks.floor import fill, list_changes
    from syriamap.atlas import build_days, read_materials

    plain.main(DAY.isoformat(), f"{folder}.png")
    picture = Image.open(f"{folder}.png").convert("RGB")
    spent = []
    for rings in list_changes(build_days(read_materials()), *picture.size):
        start = perf_counter()
        fill(picture, rings)
        spent.append(perf_counter() - start)
    return statistics.median(spent[WARM:])


# Many frames


def measure_jobs(folder: Path) -> Figures:
    """Yield how much faster two processes are than one over two hundred different frames, start-up counted."""
    one, two = (run_jobs(folder, jobs) for jobs in (1, 2))
    yield "jobs_1_s", one
    yield "jobs_2_s", two
    yield "jobs_speedup", one / two


def run_jobs(folder: Path, jobs: int) -> float:
    """Return how long a process draws all those frames with some jobs, in seconds."""
    return run([sys.executable, "-m", "benchmarks.speed", "--jobs", str(folder / f"jobs{jobs}"), str(jobs)])


def draw_many(folder: Path, jobs: int) -> float:
    """Draw thirteen days in two views and eight sizes; return the number of frames."""
    done: list[float] = []
    draw_series(folder, done.append, dates=DAYS[:13], views=("advance", "country"), sizes=SIZES, jobs=jobs)
    return float(len(done))


def measure_long_series(folder: Path) -> Figures:
    """Yield seconds for each frame and the memory of one process along a series of a thousand days."""
    found = ask("--long", str(folder / "long"))
    for frames, seconds, _ in found:
        yield f"series_{frames}_s_per_frame", seconds / frames
    memory = {frames: peak for frames, _, peak in found}
    yield "peak_mb_20", memory[20]
    yield "peak_mb", memory[1000]
    yield "memory_flat", memory[1000] / memory[20]


def watch_long_series(folder: Path) -> list[tuple[int, float, float]]:
    """Return frames, seconds since the start and peak memory in MB at each of STOPS."""
    start = perf_counter()
    found: list[tuple[int, float, float]] = []
    done: list[float] = []

    def note(now: float) -> None:
        done.append(now)
        if len(done) in STOPS:
            found.append((len(done), now - start, peak_mb()))

    days = [DAYS[0] + timedelta(days=number) for number in range(STOPS[-1])]
    draw_series(folder, note, dates=days, sizes=("web-small",), carry=True)
    return found


def peak_mb() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# Long tables


def measure_tables(folder: Path) -> Figures:
    """Yield the seconds of reading long tables from CSV, and of one map or one day from them."""
    for count in TABLES:
        found = ask("--table", str(folder), str(count))
        yield f"table_{count}_read_s", found["read"]
        yield f"table_{count}_map_s", found["map"]
    found = ask("--million", str(folder))
    yield from ((f"million_{name}", value) for name, value in found.items())


def read_and_draw(folder: Path, count: int) -> dict[str, float]:
    """Return the seconds of reading a table about our places, and of one map from it."""
    from syriamap.atlas import read_materials, render_map, save_map
    from syriamap.request import take_own

    ours = read_materials()
    places = ours.boundaries.places
    names = places[places["role"] == "place"].sort_values("lon").index.to_numpy()
    path = write_statements(folder / f"{count}.csv", count, names, DAYS)
    start = perf_counter()
    read_materials(take_own({"control": path}))
    read = perf_counter() - start
    start = perf_counter()
    save_map(render_map(DAY, control=path), folder / f"{count}.png")
    return {"read": read, "map": perf_counter() - start}


def read_million(folder: Path) -> dict[str, float]:
    """Return the seconds of reading a million statements on ten thousand cells, and of asking for a day."""
    import numpy as np

    from benchmarks.merge import make_country
    from syriamap.cells import build_cells
    from syriamap.control import read_control
    from syriamap.merge import control_on
    from syriamap.states import place_states

    boundaries = make_country(np.random.default_rng(5))
    days = [date(2022, 1, 1) + timedelta(days=number) for number in range(1000)]
    path = write_statements(folder / "million.csv", 1_000_000, boundaries.places.index.to_numpy(), days)
    marks = [perf_counter()]
    control = read_control(path, boundaries=boundaries)
    marks.append(perf_counter())
    cells = build_cells(boundaries, control, days[-1])
    marks.append(perf_counter())
    for on in (days[-1], days[500]):
        place_states(boundaries, cells, control_on(cells, control, on), control)
        marks.append(perf_counter())
    names = ("read_s", "cells_s", "first_day_s", "day_s")
    return {name: after - before for name, before, after in zip(names, marks[:-1], marks[1:], strict=True)}


def write_statements(path: Path, count: int, names: Any, days: Sequence[date]) -> Path:  # noqa: ANN401  # an array
    """Write a table of statements and return its path: all places on the first day, then random ones on random days.

    A front runs over the places in their order, day by day; now and then one is fought for.
    """
    import numpy as np

    from syriamap.atlas import read_materials

    rng = np.random.default_rng(5)
    parties = np.array([party for party in read_materials().control.parties if party != "unknown"][:3], dtype=object)
    first = min(len(names), count // 2)
    at = np.append(np.arange(first), rng.integers(0, len(names), count - first))
    day = np.append(np.zeros(first, dtype=int), np.sort(rng.integers(0, len(days), count - first)))
    share = at / len(names)
    holder = np.where(share > 0.85, 2, share > 0.3 + 0.4 * day / len(days)).astype(int)
    fought = rng.random(count) < 0.05
    table: dict[str, Any] = {
        "id": [f"s{row}" for row in range(count)],
        "date": np.array([on.isoformat() for on in days], dtype=object)[day],
        "unit": names[at],
        "controller": parties[holder],
        "rival": np.where(fought, parties[(holder + 1) % 3], ""),
        "status": np.where(fought, "contested", "held"),
        "source": rng.choice(["background", "own-desk"], count),
        "url": [f"https://example.org/{row}" for row in range(count)],
    }
    _frame(table).to_csv(path, index=False)
    return path


def _frame(table: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(table)


def write_cells() -> None:
    """Write the cells of the embedded table for the plain script, once."""
    from syriamap.atlas import build_day, read_materials

    materials = read_materials()
    cells = build_day(materials, materials.control.last).cells.frame
    CELLS.parent.mkdir(exist_ok=True)
    frame = cells[["place", "geometry"]].reset_index().to_crs("EPSG:4326")
    CELLS.write_text(frame.to_json(drop_id=True), "utf-8")


CHILDREN: dict[str, Callable[..., Any]] = {
    "--frame": lambda folder: time_frames(Path(folder)),
    "--plain": lambda folder: time_plain(Path(folder), narrow=False),
    "--narrow": lambda folder: time_plain(Path(folder), narrow=True),
    "--floor": lambda folder: time_floor(Path(folder)),
    "--jobs": lambda folder, jobs: draw_many(Path(folder), int(jobs)),
    "--long": lambda folder: watch_long_series(Path(folder)),
    "--table": lambda folder, count: read_and_draw(Path(folder), int(count)),
    "--million": lambda folder: read_million(Path(folder)),
}

if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in CHILDREN:
        print(json.dumps(CHILDREN[sys.argv[1]](*sys.argv[2:])))
    else:
        main()
