"""What the tests of faults share: the program as a process of its own, as shells start it."""

import os
import subprocess
import sys

import pytest

COMMAND = "import sys; from syriamap.cli import main; main(prog_name='syriamap')"
MAP = ("render", "2024-12-05", "--size", "400x300")


def start(*words, program=COMMAND, **more):
    """Start the program; `env` is added to the environment, None takes a variable away."""
    env = {**os.environ, **more.pop("env", {})}
    more["env"] = {key: value for key, value in env.items() if value is not None}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-c", program, *words], **{**streams, **more})


def run(*words, **more):
    """Run the program to its end; return its code and what it said on stdout and stderr, in UTF-8."""
    with start(*words, **more) as child:
        said = child.communicate(timeout=120)
    out, err = ((text or b"").decode("utf-8", "replace") for text in said)
    assert "Traceback" not in err, err
    return child.returncode, out, err


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
