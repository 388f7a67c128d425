"""Every code block of the README and of docs/ is right: each command line parses, each call fits its function."""

import ast
import inspect
import re
import tomllib
from importlib import import_module
from importlib.util import find_spec

import click
import pytest

import syriamap
from syriamap.atlas import Choices
from syriamap.catalog import data_file
from syriamap.cli import main
from syriamap.errors import SyriaMapError
from syriamap.request import OwnData
from syriamap.sizes import get_size
from tests.docs.blocks import PAGES, ROOT, read_blocks, split_commands
from tools.site.gallery import read_entries

pytestmark = pytest.mark.checkout

BLOCKS = [block for page in PAGES for block in read_blocks(page)]
SHELL = [block for block in BLOCKS if block.language == "sh"]
PYTHON = [block for block in BLOCKS if block.language == "python"]
LANGUAGES = {"sh", "python", "toml", "json", "csv", "yaml", "text", ""}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
THEMES = {path.stem for path in data_file("themes").glob("*.toml")}
WORDS = {path.stem for path in data_file("words").glob("*.toml")}
OTHERS = {"cp", "sed", "exiftool"}  # programs that are not ours
CHOICES = Choices.__optional_keys__ | OwnData.__optional_keys__


def check_syriamap(words, patch):
    """Parse a command line as the program does, up to the point where it would run."""
    if words[0].startswith("-"):
        assert any(words[0] in option.opts for option in main.get_params(click.Context(main)))
        return
    command = main.get_command(click.Context(main), words[0])
    assert command, f"no command {words[0]}"
    for one in command.params:
        if isinstance(one.type, click.Path):
            patch.setattr(one.type, "exists", False)  # the files of an example are the reader's
    asked = command.make_context(words[0], list(words[1:]), parent=click.Context(main, info_name="syriamap")).params
    listed = {name: value if isinstance(value, tuple) else (value,) for name, value in asked.items() if value}
    for size in listed.get("size", ()):
        get_size(size)
    assert {theme for theme in listed.get("theme", ()) if isinstance(theme, str)} <= THEMES
    assert {part for lang in listed.get("lang", ()) for part in lang.split("+")} <= WORDS


def check_python(words):
    if words[0] == "-c":
        compile(words[1], "-c", "exec")
    else:
        assert words[0] == "-m"
        assert find_spec(words[1]), f"no module {words[1]}"


def check_line(words, patch):
    program = words[0].removeprefix(".venv/bin/")
    if program == "syriamap":
        check_syriamap(words[1:], patch)
    elif program == "make":
        assert words[1] in TARGETS, f"make has no {words[1]}"
    elif program in ("python", "python3"):
        check_python(words[1:])
    elif program == "pip":
        assert words[1] == "install"
    elif program == "pytest":
        assert all((ROOT / path).exists() for path in words[1:])
    else:
        assert program in OTHERS, f"{program}: what is that?"


def check_call(call):
    """A call of a public function binds: its arguments are there, its choices are some of `Choices`."""
    function = getattr(syriamap, call.func.attr)
    signature = inspect.signature(function)
    named = {word.arg: None for word in call.keywords if word.arg}
    bound = signature.bind_partial if any(word.arg is None for word in call.keywords) else signature.bind
    arguments = bound(*call.args, **named).arguments
    open_ended = [one.name for one in signature.parameters.values() if one.kind is one.VAR_KEYWORD]
    assert set(arguments.get(*open_ended, {}) if open_ended else {}) <= CHOICES, ast.unparse(call)


@pytest.mark.parametrize("block", SHELL, ids=lambda block: block.name)
def test_every_line_of_a_shell_block_is_right(block, monkeypatch):
    lines = split_commands(block.text)
    assert lines
    for words in lines:
        try:
            check_line(words, monkeypatch)
        except (click.ClickException, SyriaMapError) as error:
            pytest.fail(f"{' '.join(words)}: {error}")


def test_what_is_no_command_line_is_told(monkeypatch):
    for line in ("syriamap rendr 2024-12-05", "make tea", "python -m tools.tea", "tea"):
        with pytest.raises(AssertionError):
            check_line(line.split(), monkeypatch)
    for line in ("syriamap render 2024-12-05 --siez web", "syriamap render 2024-12-05 --stale week"):
        with pytest.raises(click.UsageError):
            check_line(line.split(), monkeypatch)
    with pytest.raises(SyriaMapError):
        check_line(["syriamap", "render", "5.12.2024"], monkeypatch)
    with pytest.raises(TypeError):
        check_call(ast.parse("syriamap.render_map()", mode="eval").body)
    with pytest.raises(AssertionError):
        check_call(ast.parse("syriamap.render_map(1, veiw=2)", mode="eval").body)


@pytest.mark.parametrize("entry", read_entries(), ids=lambda entry: entry.picture)
def test_every_command_of_the_gallery_is_right(entry, monkeypatch):
    check_syriamap(entry.words, monkeypatch)


def test_every_command_stands_in_some_block():
    shown = {words[1] for block in SHELL for words in split_commands(block.text) if words[0] == "syriamap"}
    assert set(main.list_commands(click.Context(main))) <= shown


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.name)
def test_every_python_block_names_what_there_is(block):
    for node in ast.walk(ast.parse(block.text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("syriamap"):
            assert all(hasattr(import_module(node.module), one.name) for one in node.names)
        ours = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "syriamap"
        assert not ours or node.attr in syriamap.__all__
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.value
            if (
                isinstance(name, ast.Name)
                and name.id == "syriamap"
                and not inspect.isclass(getattr(syriamap, node.func.attr))
            ):
                check_call(node)


def test_every_block_says_its_language_and_reads_as_it():
    assert [block.name for block in BLOCKS if block.language not in LANGUAGES] == [], f"say one of {sorted(LANGUAGES)}"
    for block in BLOCKS:
        if block.language == "toml":
            tomllib.loads(block.text.replace("...", ""))
        unmarked = block.language in ("text", "") and block.text.startswith("syriamap ") and "Error" not in block.text
        assert not unmarked, f"{block.name}: a block of commands that nobody checks; say sh"
