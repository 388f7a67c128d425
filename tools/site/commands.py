"""The reference of the command line, from the commands themselves."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import click

from syriamap.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ASIS = "\b"  # click's mark for a paragraph whose lines stay as they are


def tell_commands() -> str:
    """Return the reference of all commands: what each does, its words and every option."""
    context = click.Context(main, info_name="syriamap")
    return "\n\n".join(_tell_command(command, context) for command in list_commands(context))


def list_commands(context: click.Context) -> list[click.Command]:
    """Return the commands in the order in which people meet them."""
    found = (main.get_command(context, name) for name in main.list_commands(context))
    return [command for command in found if command is not None]


def _tell_command(command: click.Command, parent: click.Context) -> str:
    context = click.Context(command, info_name=command.name, parent=parent)
    usage = command.get_usage(context).removeprefix("Usage: ")
    parts = [f"## {command.name}", f"```text\n{' '.join(usage.split())}\n```", *_tell_help(command.help or "")]
    rows = [row for one in command.get_params(context) if (row := one.get_help_record(context))]
    table = [f"| `{_cell(names)}` | {_cell(_prose(told))} |" for names, told in rows if told]
    return "\n\n".join([*parts, "\n".join(["| option | |", "|---|---|", *table])])


def _tell_help(text: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith(ASIS):
            title, *lines = paragraph.removeprefix(ASIS).strip("\n").split("\n")
            yield title
            yield "```text\n" + inspect.cleandoc("\n".join(["", *lines])) + "\n```"
        else:
            yield _prose(" ".join(paragraph.split()))


def _prose(text: str) -> str:
    """Return help as Markdown: what stands in backticks stays, all else means itself."""
    parts = re.split(r"(`[^`]*`)", text)
    parts[::2] = [re.sub(r"([\\*_<>\[\]{}])", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
