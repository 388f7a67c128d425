"""The public face: commands, help, exit codes, nothing heavy imported for help."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest

from syriamap.cli import main
from syriamap.errors import SyriaMapError

from .conftest import run

COMMANDS = [
    "render",
    "series",
    "stats",
    "changes",
    "compare",
    "export",
    "tag",
    "explain",
    "new",
    "check",
    "lint",
    "verify",
    "sources",
]
HEAVY = {"pandas", "geopandas", "numpy", "shapely", "matplotlib", "pyproj", "pyogrio", "PIL", "contextily"}


def commands():
    context = click.Context(main)
    return [main.get_command(context, name) for name in main.list_commands(context)]


def test_help_lists_the_commands_in_order():
    text = run("--help").stdout
    assert re.findall(r"^  (\w+)  ", text.split("Commands:")[1], re.MULTILINE) == COMMANDS


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_every_option_has_help(command):
    assert all(param.help for param in command.params if isinstance(param, click.Option))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_examples_of_itself(name):
    result = run(name, "--help")
    assert result.exit_code == 0
    examples = result.stdout.split("Examples:\n")[1].split("\n\n")[0].splitlines()
    assert examples
    assert all(line.strip().startswith(f"syriamap {name}") for line in examples)


@pytest.mark.parametrize(
    "words",
    [["--help"], ["render", "--help"], ["series", "--help"], ["tag", "--help"], ["check", "--help"], ["--version"]],
)
def test_help_imports_nothing_heavy(words):
    code = (
        "import sys; from syriamap.cli import main\n"
        f"try: main({words!r}, prog_name='syriamap')\n"
        "except SystemExit: pass\n"
        "print(*sorted(name.split('.')[0] for name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stderr.split()) & HEAVY == set()


def test_version():
    assert run("--version").stdout.startswith("syriamap, version ")


def test_unknown_command_offers_the_nearest():
    result = run("rendr", "2024-12-05")
    assert result.exit_code == 2
    assert "No such command 'rendr'; did you mean render?" in result.stderr
    assert "commands: render, series, stats, changes" in run("xyz").stderr


@pytest.mark.parametrize(
    "words", [["render"], ["render", "2024-12-05", "--colour"], ["tag"], ["explain", "2024-12-05"]]
)
def test_misuse_is_exit_code_2(words):
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Usage: ")


@pytest.mark.parametrize("words", [["render"], ["explain"]])
@pytest.mark.parametrize("day", ["05/12/2024", "2024-12-5", "5 Dec 2024"])
def test_wrong_day_is_answered_with_the_right_form(words, day):
    result = run(*words, day, *(["x"] if words == ["explain"] else []))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "did you mean 2024-12-05" in result.stderr


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SyriaMapError("no"), "Error: no\n"),
        (FileNotFoundError(2, "No such file or directory", "x.csv"), "Error: x.csv: No such file or directory\n"),
        (PermissionError(13, "Permission denied", "x.csv"), "Error: x.csv: Permission denied\n"),
    ],
)
def test_errors_become_messages(monkeypatch, error, said):
    def refuse(*_):
        raise error

    monkeypatch.setattr("syriamap.theatre.read_origins", refuse)
    result = run("sources")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", said)
