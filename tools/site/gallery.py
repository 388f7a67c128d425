"""The gallery: runs the commands of docs/gallery/gallery.toml and shows each with the picture it draws.

python -m tools.site.gallery            (or the names of some pictures)
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
import tomllib
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from syriamap.cli import main as syriamap

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "gallery"
TARGET = ROOT / "build" / "gallery"
OUTPUTS = ("-o", "--map", "--chart")  # options that name the picture
PROGRAM = "syriamap"


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture of the gallery: what it shows, and the command that draws it."""

    title: str
    about: str
    command: str

    @property
    def words(self) -> list[str]:
        """Return the words of the command after the program's name."""
        program, *words = shlex.split(self.command)
        if program != PROGRAM:
            raise ValueError(f"gallery.toml: {self.command!r}; expected a command of {PROGRAM}")
        return words

    @property
    def picture(self) -> str:
        """Return the file that the command draws."""
        for option, value in zip(self.words, self.words[1:], strict=False):
            if option in OUTPUTS and value.endswith(".png"):
                return value
        raise ValueError(
            f"gallery.toml: {self.command!r} names no picture; expected one of {', '.join(OUTPUTS)} NAME.png"
        )


def read_entries() -> list[Entry]:
    """Return the list of the gallery."""
    return [Entry(**one) for one in tomllib.loads((LIST / "gallery.toml").read_text("utf-8"))["picture"]]


def draw_entries(entries: list[Entry], folder: Path) -> None:
    """Run the commands in a folder that holds what they read: the files beside the list, and the examples."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in LIST.glob("*.csv"):
        shutil.copy(file, folder)
    shutil.copytree(ROOT / "examples" / "libya", folder / "libya", dirs_exist_ok=True)
    for entry in entries:
        with chdir(folder):
            syriamap.main([*entry.words, "--overwrite"], prog_name=PROGRAM, standalone_mode=False)


def tell_gallery() -> str:
    """Return the gallery: every picture with its title, its command and its own alt text."""
    return "\n\n".join(map(_tell_entry, read_entries()))


def _tell_entry(entry: Entry) -> str:
    alt = entry.title
    beside = TARGET / Path(entry.picture).with_suffix(".json")
    if beside.is_file():
        alt = json.loads(beside.read_text("utf-8"))["alt"]
    shown = " ".join(alt.replace("[", "(").replace("]", ")").split())
    picture = f"![{shown}](../build/gallery/{entry.picture})"
    return f"## {entry.title}\n\n{entry.about}\n\n```sh\n{entry.command}\n```\n\n{picture}"


def main() -> None:
    """Draw what is asked for, all without a word."""
    wanted = set(sys.argv[1:])
    draw_entries([one for one in read_entries() if not wanted or one.picture in wanted], TARGET)


if __name__ == "__main__":
    main()
