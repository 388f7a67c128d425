"""A full disk, odd surroundings, closed ends, signals: nothing half done is left, and the message says what to do."""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from syriamap import catalog
from syriamap.atlas import render_map, save_map
from syriamap.cli import main
from syriamap.cli.group import FriendlyGroup
from syriamap.draw.text import register_fonts
from syriamap.errors import DataError, OutputError
from syriamap.save import files, write_whole
from syriamap.save.files import check_target, write_together

from .conftest import COMMAND, MAP, run

ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="has no such signals, limits or file names")
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full, /proc and files without names")


# A full disk


@ON_POSIX
@pytest.mark.parametrize("there", [False, True], ids=["new", "replaced"])
def test_a_sidecar_that_finds_no_room_takes_its_picture_along(tmp_path, there):
    if there:
        (tmp_path / "map.png").write_bytes(b"old picture")
        (tmp_path / "map.json").write_bytes(b"old sidecar")
    body = f"""
import resource
from pathlib import Path
from syriamap.errors import OutputError
from syriamap.save.files import write_together
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
folder = Path({str(tmp_path)!r})
try:
    write_together({{folder / "map.png": bytes(40_000), folder / "map.json": bytes(60_000)}})
except OutputError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", body], check=True, capture_output=True, text=True).stdout
    assert "File too large; make room or choose another folder with -o" in said
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert left == ({"map.png": b"old picture", "map.json": b"old sidecar"} if there else {})


@ON_LINUX
def test_a_full_disk_under_the_output_is_said_even_of_the_help():
    with Path("/dev/full").open("wb") as full:
        code, _, err = run("--help", stdout=full)
        assert (code, err.count("\n")) == (1, 1)
        assert "the output cannot be written: No space left on device" in err
        code, _, err = run("sources", stdout=full)
    assert code == 1
    assert "make room or send it elsewhere" in err


@ON_LINUX
def test_folders_made_for_what_cannot_be_written_go_again(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "ours").mkdir()
    monkeypatch.setattr(files, "_write_nameless", fail)
    for path in (tmp_path / "new" / "deep" / "map.png", tmp_path / "ours" / "map.png"):
        with pytest.raises(OutputError, match="make room or choose another folder with -o"):
            write_whole(path, b"a")
    assert [path.name for path in tmp_path.rglob("*")] == ["ours"]


@ON_LINUX
def test_folders_of_files_that_belong_together_go_with_them(tmp_path, monkeypatch):
    def fail_second(path, content):
        if path.name == "map.json":
            raise KeyboardInterrupt
        return write(path, content)

    write = files._write_nameless
    monkeypatch.setattr(files, "_write_nameless", fail_second)
    with pytest.raises(KeyboardInterrupt):
        write_together({tmp_path / "new" / "deep" / "map.png": b"a", tmp_path / "new" / "map.json": b"b"})
    assert list(tmp_path.iterdir()) == []


# Where the output goes


@ON_POSIX
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path):
    folder = tmp_path / "web"
    folder.mkdir()
    link = tmp_path / "latest.png"
    link.symlink_to("web/map.png")
    for content in (b"one", b"two"):
        write_whole(link, content)
        assert link.is_symlink()
        assert (folder / "map.png").read_bytes() == content
    assert [path.name for path in folder.iterdir()] == ["map.png"]


@ON_POSIX
def test_what_is_no_place_for_a_file_is_refused(tmp_path):
    circle, pipe, odd = tmp_path / "circle.png", tmp_path / "pipe.png", os.fsdecode(b"od\xff.png")
    circle.symlink_to("circle.png")
    os.mkfifo(pipe)
    for path, said in ((circle, "leads back to itself"), (pipe, "a device or a pipe"), (tmp_path / odd, "'od?.png'")):
        with pytest.raises(OutputError, match=said.replace("?", r"\?")):
            check_target(path, overwrite=True)


def test_names_with_spaces_and_lines_are_names(tmp_path):
    made = render_map(date(2024, 12, 5), size="400x300")
    name = "two words.png" if os.name == "nt" else "two\nlines and words.png"
    picture, beside = save_map(made, tmp_path / name)
    assert picture.exists()
    assert beside.exists()
    code, out, _ = run("verify", str(picture))
    assert code == 0
    assert out.startswith("ok ")


def test_runs_into_one_folder_leave_one_whole_file(tmp_path):
    body = """
import sys
from pathlib import Path
from syriamap.save import write_whole
for turn in range(100):
    write_whole(Path(sys.argv[1]), sys.argv[2].encode() * 200_000)
"""
    runs = [subprocess.Popen([sys.executable, "-c", body, str(tmp_path / "map"), letter]) for letter in "abcde"]
    while any(one.poll() is None for one in runs):
        if (tmp_path / "map").exists():
            content = (tmp_path / "map").read_bytes()
            assert len(content) == 200_000
            assert len(set(content)) == 1
    assert [one.returncode for one in runs] == [0] * len(runs)
    assert [path.name for path in tmp_path.iterdir()] == ["map"]


# Odd surroundings


BARE = {
    **dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LANG", "LC_CTYPE", "PYTHONUTF8")),
    "MPLCONFIGDIR": os.devnull,
    "LC_ALL": "C",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONIOENCODING": "ascii",
    "SOURCE_DATE_EPOCH": "rubbish",
    "TZ": "Nowhere/Nothing",
}


@ON_LINUX
def test_a_map_needs_no_home_no_locale_no_clock_no_folder_and_nobody_who_reads(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    target = tmp_path / "plain.png"
    body = "import os; os.rmdir(os.getcwd()); os.umask(0o077); " + COMMAND
    words = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-c", body, *MAP, "--lang", "ar", "-o", str(target)]
    env = {key: value for key, value in {**os.environ, **BARE}.items() if value is not None}
    done = subprocess.run(words, cwd=gone, env=env, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert target.stat().st_mode & 0o777 == 0o600
    usual = save_map(render_map(date(2024, 12, 5), size="400x300", lang="ar"), tmp_path / "usual.png")[0]
    assert target.read_bytes() == usual.read_bytes()


def test_what_a_terminal_cannot_show_is_still_said(tmp_path):
    code, _, err = run("render", "2024-12-05", "--view", "مدينة", env={**BARE, "MPLCONFIGDIR": None})
    assert code == 1
    assert "unknown view 'مدينة'" in err


@ON_POSIX
def test_a_name_that_is_no_text_is_misuse():
    code, _, err = run("render", "2024-12-05", "--control", b"ta\xffble.csv")
    assert code == 2
    assert "'ta?ble.csv' is not in UTF-8" in err


@pytest.mark.parametrize("harm", ["missing", "cut"])
def test_fonts_that_are_missing_or_broken_are_told(tmp_path, monkeypatch, harm):
    data = tmp_path / "data"
    shutil.copytree(catalog.data_file("fonts"), data / "fonts")
    harmed = data / "fonts" / "NotoSansSC-Bold.ttf"
    if harm == "missing":
        harmed.unlink()
    else:
        harmed.write_bytes(harmed.read_bytes()[:1000])
    monkeypatch.setattr("syriamap.draw.text.data_file", lambda path: data / path)
    monkeypatch.setattr("syriamap.draw.text.fontManager.ttflist", [])
    with pytest.raises(DataError, match=r"install syriamap again|expected a whole font"):
        register_fonts.__wrapped__()


# Ends that close and signals


@ON_POSIX
def test_a_reader_that_leaves_is_no_fault():
    reading, writing = os.pipe()
    os.close(reading)
    code, _, err = run("sources", stdout=writing)
    os.close(writing)
    assert (code, err) == (1, "")


# A process that has read and laid out everything; its children run whole commands and are stopped in the midst.
STOPPED = """
import os, random, signal, sys, time
from syriamap.cli import main
folder = sys.argv[1]
orders = {"render": ("render", "2024-12-05"), "series": ("series", "2024-12-05", "2024-12-06")}

def run(order, name):
    target = os.path.join(folder, name, "map.png" if order == "render" else "")
    try:
        main([*orders[order], "--size", "400x300", "-o", target])
    except SystemExit as end:
        return end.code

run("render", "first")
start = time.monotonic()
run("render", "second")
one = time.monotonic() - start
moments = random.Random(20241205)
for order, sign in (("render", "INT"), ("render", "TERM"), ("render", "KILL"), ("series", "INT"), ("series", "TERM")):
    for part in (0.1, 0.5, 0.8):
        name = f"{order}-{sign}-{part}"
        child = os.fork()
        if not child:
            os._exit(run(order, name) or 0)
        time.sleep(moments.uniform(part - 0.1, part + 0.1) * one)
        os.kill(child, signal.Signals["SIG" + sign])
        print(order, sign, name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=sys.stderr)
"""
CODES = {"INT": 130, "TERM": 143, "KILL": -9}


@ON_LINUX
def test_commands_that_are_stopped_at_any_moment_leave_nothing_half_done(tmp_path):
    """Series that are killed stand in tests/series/test_stops.py."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    words = [sys.executable, "-c", STOPPED, str(tmp_path)]
    env = {**os.environ, "TMPDIR": str(temporary)}
    err = subprocess.run(words, env=env, check=True, capture_output=True, text=True).stderr
    assert "Traceback" not in err
    told = [line.split() for line in err.splitlines() if line.startswith(("render ", "series "))]
    ends = defaultdict(set)
    for order, sign, name, code in told:
        assert int(code) in (CODES[sign], 0), err  # some are done by then
        ends[order, sign].add(int(code))
        check_left(tmp_path / name, done=code == "0", killed=sign == "KILL")
    assert len(told) == 15
    assert all(CODES[sign] in codes for (_, sign), codes in ends.items()), ends
    assert list(temporary.iterdir()) == []


def check_left(folder, *, done, killed):
    """Read whatever is left in a folder to its end; only a kill may leave a picture whose sidecar is still to come."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    pictures = {name for name in names if name.endswith(".png")}
    beside = {Path(name).with_suffix(".json").name for name in pictures}
    for name in pictures:
        with Image.open(folder / name) as image:
            image.load()
    for name in names & beside:
        said = json.loads((folder / name).read_bytes())["output"]
        assert hashlib.sha256((folder / said["path"]).read_bytes()).hexdigest() == said["sha256"]
    assert names <= pictures | beside
    assert names or not folder.exists() or killed
    assert names == pictures | beside or killed or folder.name.startswith("series")
    assert names or not done


@ON_POSIX
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_is_stopped_clears_away(tmp_path, sign, code):
    """A command that waits in its own temporary folder is stopped for sure, whatever the machine."""
    body = f"""
import tempfile, time, click
from syriamap.cli.group import FriendlyGroup
class Waiting(FriendlyGroup):
    def get_command(self, ctx, name):
        return click.Command(name, callback=wait)
def wait():
    with tempfile.TemporaryDirectory(dir={str(tmp_path)!r}):
        print("ready", flush=True)
        time.sleep(60)
Waiting("syriamap", commands_in=("wait",)).main(["wait"])
"""
    with subprocess.Popen([sys.executable, "-c", body], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"ready\n"
        assert list(tmp_path.iterdir())
        child.send_signal(sign)
        _, err = child.communicate(timeout=60)
    assert child.returncode == code
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_the_program_leaves_signals_as_they_were():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert signal.getsignal(signal.SIGTERM) is before
    assert isinstance(main, FriendlyGroup)


@ON_LINUX
def test_where_files_must_have_names_a_full_disk_leaves_none(tmp_path, monkeypatch):
    """A disk that fills up in the midst, which no limit of a process shows: the error alone is a stand-in."""

    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_write_nameless", lambda *_: False)
    monkeypatch.setattr(files.os, "fdopen", lambda *_: Full())
    with pytest.raises(OutputError, match="make room"):
        write_together({tmp_path / "map.png": b"a", tmp_path / "map.json": b"b"})
    assert list(tmp_path.iterdir()) == []
