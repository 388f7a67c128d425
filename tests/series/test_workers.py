"""Whoever draws, the bytes are the same; who dies is replaced; who is another version is refused."""

import multiprocessing
import os
import pickle
import shutil
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from syriamap import crew
from syriamap.catalog import data_file
from syriamap.crew import share_out
from syriamap.errors import DataError, Fault, SeriesError, UnknownNameError
from syriamap.model import Input
from syriamap.series import list_tasks, plan_series, render_series
from syriamap.tasks import UNPACKED, Parcel, draw_task

from .conftest import FIRST, LAST, ORDER, hashes

DAYS = [date(2024, 12, day) for day in (4, 5, 6)]


def plan(tmp_path, **choices):
    names = {"views": ["advance"], "sizes": ["400x300"], "langs": ["en"], "formats": ["png"]}
    return plan_series(DAYS, folder=tmp_path, **{**names, **choices})


def test_processes_draw_the_same_bytes(tmp_path, drawn):
    frames = render_series(FIRST, LAST, folder=tmp_path, jobs=2, **ORDER)
    assert [frame.date for frame in frames] == DAYS
    assert hashes(tmp_path) == hashes(drawn)
    assert multiprocessing.active_children() == []


def test_threads_draw_the_same_bytes(tmp_path, drawn):
    with ThreadPoolExecutor(3) as pool:
        render_series(FIRST, LAST, folder=tmp_path, executor=pool, jobs=3, **ORDER)
    assert hashes(tmp_path) == hashes(drawn)


def test_a_process_that_dies_is_replaced(tmp_path, drawn):
    killed = []

    def kill_one(frame, *_):
        if not killed:
            killed.append(frame.what)
        elif len(killed) == 1:
            killed.append(multiprocessing.active_children()[0].pid)
            multiprocessing.active_children()[0].kill()

    render_series(FIRST, LAST, folder=tmp_path, jobs=2, progress=kill_one, **ORDER)
    assert len(killed) == 2
    assert hashes(tmp_path) == hashes(drawn)


@pytest.mark.parametrize("which", [0, 1])
def test_a_process_that_dies_without_work_stops_nobody(monkeypatch, which):
    """One of the two holds the door behind which the other waits for work."""
    monkeypatch.setattr(crew, "GRACE_S", 0.2)
    for _ in range(3):
        with crew.hire_processes(2) as hired:
            assert list(hired.map(int, range(4))) == [0, 1, 2, 3]
            time.sleep(0.05)
            multiprocessing.active_children()[which].kill()
        assert multiprocessing.active_children() == []


def die(task):
    """Stand in for a drawing that ends its process."""
    os._exit(9)


def test_processes_that_die_again_and_again_end_the_series(tmp_path, monkeypatch):
    monkeypatch.setattr(crew, "draw_task", die)
    with pytest.raises(SeriesError, match=r"died 4 times in a row.*1 of 3 frames are done, the same command goes on"):
        render_series(FIRST, LAST, folder=tmp_path, jobs=2, **ORDER)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".png"]
    assert multiprocessing.active_children() == []


def test_a_broken_pool_of_somebody_else_is_said(tmp_path):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        with pytest.raises(Exception, match="terminated abruptly"):
            pool.submit(os._exit, 9).result()
        with pytest.raises(SeriesError, match="0 of 3 frames are done"):
            render_series(FIRST, LAST, folder=tmp_path, executor=pool, **ORDER)


class Counting:
    """An executor that draws nothing and notes how much is under way."""

    def __init__(self):
        self.most = self.now = 0

    def submit(self, function, task):
        self.now += 1
        self.most = max(self.most, self.now)
        future = Future()
        future.set_result([task])
        return future


def test_no_more_is_under_way_than_workers_need(tmp_path):
    crowd = Counting()
    for _ in share_out(range(100), 3, crowd):
        crowd.now -= 1
    assert crowd.most == 2 * 3


def test_tasks_keep_to_one_view_and_size(tmp_path):
    whole = plan(tmp_path, sizes=["web", "square"], formats=["png", "svg"])
    tasks = list(list_tasks(whole.frames, whole, length=2, travel=False))
    assert [(task.choices["size"], len(task.days)) for task in tasks] == [
        ("web", 2),
        ("web", 1),
        ("square", 2),
        ("square", 1),
    ]
    assert [len(names) for task in tasks for _, names in task.days] == [2] * 6
    assert all(pickle.loads(pickle.dumps(task)) == task for task in tasks)


# What travels with a task


@pytest.fixture
def desk(tmp_path):
    """A user's own files: a folder of tables, boundaries, a house style with its font and logo beside and above it."""
    desk = tmp_path / "desk"
    (desk / "tables").mkdir(parents=True)
    (desk / "styles").mkdir()
    (desk / "tables" / "a.csv").write_text("date,unit,controller,source\n2024-12-04,hama,mine,Reuters\n", "utf-8")
    (desk / "tables" / "actors.csv").write_text(
        "id,label,short,label_ar,short_ar,bloc,pattern,gloss\nmine,My side,Mine,,,mine,,\n", "utf-8"
    )
    shutil.copy(data_file("boundaries/units.geojson"), desk / "areas.geojson")
    shutil.copy(data_file("fonts/NotoSansArabic-Bold.ttf"), desk / "own.ttf")
    (desk / "styles" / "house.toml").write_text(
        'extends = "dark"\n[fonts]\nfamily = "Noto Sans Arabic"\nfiles = ["../own.ttf"]\n', "utf-8"
    )
    return desk


def test_a_users_files_travel_with_the_task(desk, tmp_path):
    choices = {
        "control": desk / "tables",
        "boundaries": desk / "areas.geojson",
        "theme": desk / "styles" / "house.toml",
    }
    whole = plan(tmp_path, **choices)
    one = next(iter(list_tasks(whole.frames[:1], whole, length=1, travel=True)))
    here = draw_task(replace(one, parcel=None))
    sent = pickle.dumps(one)
    shutil.rmtree(desk)
    there = draw_task(pickle.loads(sent))
    assert there == here
    assert b'"path": "own.ttf"' in here[0].sidecar
    assert b'"path": "actors.csv"' in here[0].sidecar
    assert b"--theme house.toml --control tables --boundaries areas.geojson" in here[0].sidecar


def test_parcels_lie_private_and_are_few():
    UNPACKED.clear()
    folders = [UNPACKED.find(Parcel(str(n), {}, {"control/a.csv": b"%d" % n})) for n in range(6)]
    assert [folder.exists() for folder in folders] == [False, False, True, True, True, True]
    assert (folders[5] / "control" / "a.csv").read_bytes() == b"5"
    assert folders[5].stat().st_mode & 0o077 == 0
    assert UNPACKED.find(Parcel("5", {}, {})) == folders[5]
    UNPACKED.clear()
    assert not folders[5].exists()


def test_workers_leave_no_folders(desk, tmp_path, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        table = desk / "tables"
        days = {"dates": DAYS[:1], "folder": tmp_path / "out"}
        frames = render_series(**days, executor=pool, control=table, **ORDER)
    assert frames[0].path.is_file()
    assert list(temporary.glob("syriamap-*")) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"version": "0.0.1"}, r"a worker has syriamap .*; expected 0\.0\.1"),
        ({"inputs": (Input("theatre.toml", "0" * 64),)}, "and [0-9]+ more: a worker has another file of that name"),
    ],
)
def test_another_version_or_other_data_are_refused(tmp_path, other, told):
    whole = plan(tmp_path)
    one = next(iter(list_tasks(whole.frames, whole, length=1, travel=True)))
    with pytest.raises(SeriesError, match=told):
        draw_task(replace(one, **other))


def test_a_file_that_changes_on_the_way_is_noticed(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("date,unit,controller,source\n2024-12-04,hama,sdf,Reuters\n", "utf-8")
    whole = plan(tmp_path, control=table)
    one = next(iter(list_tasks(whole.frames, whole, length=1, travel=False)))
    table.write_text("date,unit,controller,source\n2024-12-04,homs,sdf,Reuters\n", "utf-8")
    with pytest.raises(SeriesError, match=r"mine\.csv: .*it changed while the series was drawn"):
        draw_task(one)


@pytest.mark.parametrize(
    "error",
    [
        UnknownNameError("view", "hma", ["hama"]),
        DataError([Fault("a.csv", 3, "odd")]),
        SeriesError("stopped"),
    ],
)
def test_errors_come_back_from_workers_as_they_were(error):
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), vars(back)) == (type(error), str(error), vars(error))


def test_what_a_worker_refuses_reaches_the_caller(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("date,unit,controller,source\n2024-12-04,hama,sdf,Reuters\n", "utf-8")
    whole = plan(tmp_path, control=table)
    tasks = list(list_tasks(whole.frames, whole, length=1, travel=False))
    table.write_text("date,unit,controller,source\n2024-12-04,hma,sdf,Reuters\n", "utf-8")
    with ThreadPoolExecutor(1) as pool, pytest.raises(SeriesError, match="it changed while"):
        list(share_out(tasks, 1, pool))
