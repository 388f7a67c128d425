"""The tests reach no other machine."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from .offline.plugin import take_notes

ROOT = Path(__file__).parents[1]
SWALLOWED = """
import socket
try:
    {}
except BaseException:
    pass
"""
REACHES = {
    "connect": "socket.create_connection(('192.0.2.1', 9), timeout=0.1)",
    "name": "socket.getaddrinfo('example.org', 443)",
    "datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'a', ('192.0.2.1', 9))",
}


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "2001:db8::1"])
def test_another_machine_is_out_of_reach(host):
    with pytest.raises(AssertionError, match="a test would reach"):
        socket.create_connection((host, 9), timeout=0.1)
    (note,) = take_notes()
    assert "test_another_machine_is_out_of_reach" in note
    assert host in note


def test_this_machine_is_not():
    with (
        socket.create_server(("127.0.0.1", 0)) as ours,
        socket.create_connection(ours.getsockname(), timeout=1) as door,
    ):
        assert door.getpeername() == ours.getsockname()
    assert take_notes() == []


@pytest.mark.parametrize("reach", REACHES.values(), ids=REACHES)
def test_what_a_python_that_a_test_starts_reaches_for_is_noted_too(reach):
    subprocess.run([sys.executable, "-c", SWALLOWED.format(reach)], check=True)
    (note,) = take_notes()
    assert "a test would reach" in note


@pytest.mark.skipif(not hasattr(os, "fork"), reason="has no such children")
def test_a_child_of_this_process_is_held_back_too():
    child = os.fork()
    if not child:
        with suppress(BaseException):
            socket.create_connection(("192.0.2.1", 9), timeout=0.1)
        os._exit(0)
    os.waitpid(child, 0)
    assert len(take_notes()) == 1


def test_a_test_fails_that_reached_further_and_caught_what_stopped_it(tmp_path):
    body = SWALLOWED.format(REACHES["connect"]).replace("\n", "\n    ")
    (tmp_path / "test_it.py").write_text(f"def test_fine():\n    pass\n\ndef test_caught():{body}", "utf-8")
    words = ("-m", "pytest", "-p", "tests.offline.plugin", "-p", "no:xdist", "-c", os.devnull)
    done = subprocess.run([sys.executable, *words, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "2 passed, 1 error" in done.stdout
    assert "test_caught (call) socket.getaddrinfo: a test would reach '192.0.2.1'" in done.stdout
