"""Whatever stops a series, every file is whole and the next run completes it."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from syriamap import crew
from syriamap.errors import SeriesError
from syriamap.series import render_series

from .conftest import FIRST, LAST, ORDER, hashes

COMMAND = "import sys; from syriamap.cli import main; main(prog_name='syriamap')"
KILLS, MOST_KILLS, SEED = 8, 40, 20241205  # how fast a machine draws decides how many kills hit it in the midst
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and files without names")


def check_whole(folder):
    """Open every file of a folder to its end; return how many pictures there are."""
    pictures = sorted(folder.glob("*.png")) if folder.is_dir() else []
    for picture in pictures:
        with Image.open(picture) as image:
            image.load()
    for path in folder.iterdir() if folder.is_dir() else ():
        assert path.suffix in (".png", ".json"), path
        if path.suffix == ".json":
            assert json.loads(path.read_bytes())["output"]["path"] == path.with_suffix(".png").name
    return len(pictures)


# One process has read and laid out everything; its children draw at once and are killed at moments of a seeded choice.
KILLED = """
import os, random, signal, sys, time
from datetime import date
from syriamap.atlas import render_map
from syriamap import crew
from syriamap.errors import SeriesError
from syriamap.series import render_series
folder, seed, kills = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
order = {"folder": folder, "sizes": ["400x300"]}
render_map(date(2024, 12, 4), size="400x300").encode("png")
start = time.monotonic()
render_map(date(2024, 12, 5), size="400x300").encode("png")
one = time.monotonic() - start
moments = random.Random(seed)
for _ in range(kills):
    child = os.fork()
    if not child:
        render_series(date(2024, 12, 4), date(2024, 12, 6), **order)
        os._exit(0)
    time.sleep(moments.uniform(0.1, 3.0) * one)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print("killed", flush=True)
    if sys.stdin.readline() == "stop\\n":
        break
"""


@ON_LINUX
def test_a_series_killed_again_and_again_is_whole_and_ends_as_if_undisturbed(tmp_path, drawn):
    folder = tmp_path / "killed"
    words = [sys.executable, "-c", KILLED, str(folder), str(SEED), str(MOST_KILLS)]
    counts = []
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        while child.stdout.readline():
            counts.append(check_whole(folder))
            if counts[-1] == 3:
                for path in folder.iterdir():
                    path.unlink()
            enough = len(counts) >= KILLS and set(counts) - {0, 3}
            child.stdin.write("stop\n" if enough else "on\n")
            child.stdin.flush()
    assert child.returncode == 0
    assert KILLS <= len(counts) <= MOST_KILLS
    assert set(counts) - {0, 3}, "some were killed in the midst"
    render_series(FIRST, LAST, folder=folder, **ORDER)
    assert hashes(folder) == hashes(drawn)


WRITER = """
import os, random, signal, sys, time
from pathlib import Path
from syriamap.save import write_whole
folder, seed, kills = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
contents = [bytes([number]) * 300_000 for number in range(8)]
moments = random.Random(seed)
for _ in range(kills):
    child = os.fork()
    while not child:
        for content in contents:
            for name in ("a", "b"):
                write_whole(folder / name, content)
    time.sleep(moments.uniform(0.005, 0.05))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for path in folder.iterdir():
        assert path.name in ("a", "b", ".a.new", ".b.new"), path
        content = path.read_bytes()
        assert len(content) == 300_000 and len(set(content)) == 1, path
    assert (folder / "a").exists()
"""


@ON_LINUX
def test_a_writer_killed_at_any_moment_leaves_whole_files_alone(tmp_path):
    subprocess.run([sys.executable, "-c", WRITER, str(tmp_path), str(SEED), "40"], check=True)


def start(folder, *words):
    order = ["series", "2024-12-04", "2024-12-06", "--size", "400x300", "-o", str(folder), *words]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *order], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(condition):
    """Wait until something is so, a minute at most."""
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("waited in vain")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT for children")
def test_ctrl_c_says_how_to_go_on(tmp_path, drawn, jobs):
    folder = tmp_path / "stopped"
    with start(folder, "--jobs", jobs) as child:
        wait_for(lambda: list(folder.glob("*.json")))
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert out == ""
    done = check_whole(folder)
    assert 1 <= done < 3
    assert err.splitlines()[-1] == f"stopped: {done} of 3 maps are done and whole; the same command goes on"
    assert "Traceback" not in err
    assert [path.name for path in drawn.iterdir() if path.name[0] == "."] == []


HASTY = """
import signal, sys
from syriamap.crew import hire_processes
signal.signal(signal.SIGTERM, lambda *_: sys.exit("acted as the one who hired it"))
for _ in range(20):
    try:
        with hire_processes(2) as crew:
            crew.submit(int)
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
"""


@ON_LINUX
def test_workers_stopped_before_they_have_settled_in_end_in_silence():
    run = subprocess.run([sys.executable, "-c", HASTY], capture_output=True, text=True, check=True, timeout=60)
    assert run.stderr == ""


def test_a_machine_where_processes_share_no_memory_is_told_what_does(monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(crew, "ProcessPoolExecutor", fail)
    with pytest.raises(SeriesError, match=r"no processes can be begun \(Read-only .*; --jobs 1 needs none"):
        crew.hire_processes(2).__enter__()


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@ON_LINUX
def test_workers_end_with_whoever_hired_them(tmp_path):
    with start(tmp_path / "out", "--jobs", "2") as child:
        wait_for(lambda: len(children_of(child.pid)) == 2)
        workers = children_of(child.pid)
        child.kill()
        child.wait()
        wait_for(lambda: not any(is_running(worker) for worker in workers))


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_a_killed_run_left_is_swept_up(copied, drawn):
    name = "syriamap_advance_2024-12-05_400x300_en.png"
    os.link(copied / name, copied / f".{name}.new")
    render_series(FIRST, LAST, folder=copied, **ORDER)
    assert hashes(copied) == hashes(drawn)


@ON_LINUX
def test_a_terminal_gets_a_bar(copied):
    import pty

    ours, theirs = pty.openpty()
    order = ["series", "2024-12-04", "2024-12-06", "--size", "400x300", "-o", str(copied)]
    with subprocess.Popen([sys.executable, "-c", COMMAND, *order], stdout=subprocess.PIPE, stderr=theirs) as child:
        child.communicate(timeout=60)
    told = os.read(ours, 9999).decode()
    os.close(ours)
    os.close(theirs)
    assert child.returncode == 0
    assert "maps" in told
    assert "3/3" in told
