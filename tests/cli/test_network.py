"""No command opens a socket, unless tiles are asked for by name."""

import os
import subprocess
import sys

import pytest

SEEN = 99
WATCHED = f"""
import os, socket, sys
INTERNET = (socket.AF_INET, socket.AF_INET6)

def watch(event, args):
    if event == "socket.getaddrinfo" or (event == "socket.__new__" and args[1] in INTERNET):
        os._exit({SEEN})  # an exception could be caught

sys.addaudithook(watch)
from syriamap.cli import main
main(sys.argv[1:])
"""
SMALL = ("--size", "400x300")
COMMANDS = {
    "render": ("render", "2024-12-05", *SMALL),
    "relief": ("render", "2024-12-05", *SMALL, "--basemap", "relief"),
    "series": ("series", "2024-12-05", "2024-12-06", *SMALL, "--page", "--jobs", "2"),
    "new": ("new", "island"),
    "stats": ("stats", "2024-12-05"),
    "export": ("export", "2024-12-05", "-o", "day.geojson"),
}


def run(tmp_path, words):
    command = [sys.executable, "-c", WATCHED, *words]
    return subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_no_socket_is_opened(tmp_path, words):
    done = run(tmp_path, words)
    assert done.returncode == 0, done.stderr


def test_the_watch_sees_a_socket_where_tiles_are_asked_for(tmp_path):
    tiles = "http://127.0.0.1:9/{z}/{x}/{y}.png"
    done = run(
        tmp_path, ("render", "2024-12-05", *SMALL, "--basemap", tiles, "--basemap-private", "--basemap-credit", "x")
    )
    assert done.returncode == SEEN
