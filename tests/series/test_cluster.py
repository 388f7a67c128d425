"""The workers of a dask scheduler: real ones, on this machine, one of which is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from types import SimpleNamespace

import pytest

from syriamap import crew
from syriamap.cluster import connect
from syriamap.errors import SeriesError
from syriamap.series import render_series

from .conftest import FIRST, LAST, ORDER, hashes

distributed = pytest.importorskip("distributed")

HOST = "127.0.0.1"


def free_port():
    with socket.socket() as door:
        door.bind((HOST, 0))
        return door.getsockname()[1]


@contextmanager
def running(*words, folder):
    """Run a part of dask until the end."""
    with (folder / f"{words[0].strip('-')}.log").open("a") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]], stdout=log, stderr=log, cwd=folder
        )
        try:
            yield child
        finally:
            child.kill()
            child.wait()


@pytest.fixture
def scheduler(tmp_path):
    port = free_port()
    with running("scheduler", "--host", HOST, "--port", str(port), "--no-dashboard", folder=tmp_path):
        wait_for_door(port)
        yield f"tcp://{HOST}:{port}"


def wait_for_door(port):
    """Wait until somebody listens, a minute at most."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("no scheduler has come up")


@pytest.fixture
def workers(scheduler, tmp_path):
    """Two workers of one thread each, by their process ids."""
    words = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path), "--host", HOST]
    with ExitStack() as stack:
        hired = [stack.enter_context(running("worker", scheduler, *words, folder=tmp_path)) for _ in range(2)]
        with distributed.Client(scheduler, set_as_default=False, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        yield [child.pid for child in hired]


def test_a_cluster_draws_the_same_bytes_although_a_worker_is_killed(scheduler, workers, tmp_path, drawn):
    killed = []

    def kill_one(*_):
        if not killed:
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    with connect(scheduler) as (executor, number):
        assert number == 2
        folder = tmp_path / "out"
        render_series(FIRST, LAST, folder=folder, executor=executor, jobs=number, progress=kill_one, **ORDER)
    assert killed
    assert hashes(folder) == hashes(drawn)


def test_a_scheduler_that_goes_away_ends_the_series(tmp_path, monkeypatch):
    class Gone:
        """An executor of distributed whose client has given up: its futures are never done."""

        _client = SimpleNamespace(status="closed")

        def submit(self, *_):
            return Future()

    monkeypatch.setattr(crew, "TICK_S", 0.01)
    with pytest.raises(SeriesError, match=r"the scheduler is gone .*; 0 of 3 frames are done"):
        render_series(FIRST, LAST, folder=tmp_path, executor=Gone(), **ORDER)


def test_nobody_answers():
    with pytest.raises(SeriesError, match="no scheduler answers at"), connect(f"{HOST}:{free_port()}", patience_s=0.5):
        pass


def test_no_workers(scheduler):
    with pytest.raises(SeriesError, match="has no workers"), connect(scheduler, patience_s=5):
        pass


def test_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SeriesError, match=r"pip install 'syriamap\[dask\]'"), connect("tcp://127.0.0.1:1"):
        pass
