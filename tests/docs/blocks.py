"""The code blocks of the README and of docs/, and what following them means."""

from __future__ import annotations

import re
import shlex
import subprocess
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from click.testing import CliRunner

from syriamap.cli import main

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "benchmarks" / "README.md", *sorted((ROOT / "docs").glob("*.md")))
RUN, FILE, APPEND = "run", "file", "append"
BLOCK = re.compile(r"(?:^<!-- (run|file|append)(?:: (\S+))? -->\n)?^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A code block: its page and line, its language, and what its mark says is done with it."""

    page: str
    line: int
    language: str
    text: str
    mark: str = ""
    target: str = ""

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


def read_blocks(page: Path) -> list[Block]:
    """Return the blocks of a page in order."""
    text, name = page.read_text("utf-8"), str(page.relative_to(ROOT))
    return [
        Block(name, text.count("\n", 0, found.start()) + 1, found[3], found[4], found[1] or "", found[2] or "")
        for found in BLOCK.finditer(text)
    ]


def split_commands(text: str) -> list[list[str]]:
    """Return the words of every command of a block: comments left out, lines that go on joined."""
    lines = text.replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def follow(page: str, folder: Path) -> str:
    """Do in a folder what the marked blocks of a page of docs/ say, in order; return what they print."""
    names: dict[str, object] = {}
    said = [_follow_one(block, folder, names) for block in read_blocks(ROOT / "docs" / f"{page}.md") if block.mark]
    return "".join(said)


def _follow_one(block: Block, folder: Path, names: dict[str, object]) -> str:
    target = folder / block.target
    if block.mark == FILE:
        target.write_text(block.text, "utf-8")
    elif block.mark == APPEND:
        _append(target, block)
    elif block.language == "python":
        return _run_python(block, folder, names)
    else:
        return "".join(_run(words, folder, block) for words in split_commands(block.text))
    return ""


def _append(target: Path, block: Block) -> None:
    """Add lines to a file; of a table the header is said again, and has to be the table's own."""
    text, before = block.text, target.read_text("utf-8")
    if target.suffix == ".csv":
        header, _, text = text.partition("\n")
        assert header == before.splitlines()[0], f"{block.name}: {block.target} has other columns"
    target.write_text(before + text, "utf-8")


def _run_python(block: Block, folder: Path, names: dict[str, object]) -> str:
    with chdir(folder), redirect_stdout(StringIO()) as said:
        exec(compile(block.text, block.name, "exec"), names)
    return said.getvalue()


def _run(words: list[str], folder: Path, block: Block) -> str:
    if words[0] != "syriamap":
        subprocess.run(words, cwd=folder, check=True)
        return ""
    with chdir(folder):
        done = CliRunner().invoke(main, words[1:])
    assert done.exit_code == 0, f"{block.name}: {shlex.join(words)}: {done.output}{done.exception!r}"
    return done.stdout
