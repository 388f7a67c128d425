"""syriamap sources: where everything comes from."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

import click

from . import options

if TYPE_CHECKING:
    from pathlib import Path

    from ..model import SourceFile


@click.command(short_help="List every layer with its licence and credit.")
@options.project
@options.as_json
def sources(project: Path | None, as_json: bool) -> None:
    """List every layer, embedded or of a project, with its licence, date, credit and hash.

    \b
    Examples:
      syriamap sources
      syriamap sources --json
      syriamap sources --project island
    """
    from ..request import take_own
    from ..theatre import read_origins

    files = read_origins(take_own({"project": project}).project)
    if as_json:
        click.echo(json.dumps([asdict(file) for file in files], indent=2, ensure_ascii=False))
        return
    by_layer = sorted(files, key=lambda file: file.layer)  # stable: the files of a layer stay in order
    for layer, group in groupby(by_layer, key=lambda file: file.layer):
        click.echo(layer)
        for file in group:
            click.echo("\n".join(f"  {line}" for line in _describe(file)))


def _describe(file: SourceFile) -> list[str]:
    lines = [
        f"{file.path}  {file.title}",
        f"  licence  {file.licence}",
        f"  credit   {file.credit}",
        f"  origin   {file.origin}, taken {file.taken}",
        f"  sha256   {file.sha256}",
    ]
    return [*lines, f"  note     {file.note}"] if file.note else lines
