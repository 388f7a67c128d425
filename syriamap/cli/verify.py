"""syriamap verify: whether pictures are still as they were made."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..faults import count
from ..scripts import escape_unprintable
from . import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..verify import Verification


@click.command(short_help="Say whether pictures still match their sidecars and inputs.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="FILE...")
@options.as_json
@click.pass_context
def verify(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Say whether each picture is the one that its sidecar NAME.json speaks of, and its inputs are as they were.

    FILE is a picture or its sidecar. Compared are the hash of the picture, the day, command and inputs in the packet
    inside it, and every input: embedded data by their hashes, files of yours where they lie beside the picture or in
    the working folder. A picture that another one beside it supersedes is named. The exit code is 1 when anything
    differs, is not found or is superseded.

    \b
    Examples:
      syriamap verify map.png
      syriamap verify outputs/*.png --json
    """
    from ..verify import to_dict, verify_map

    found = [verify_map(path) for path in files]
    if as_json:
        report = {"ok": all(one.sound for one in found), "files": [to_dict(one) for one in found]}
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        click.echo(escape_unprintable("\n".join(line for one in found for line in _to_lines(one))))
    if bad := sum(not one.sound for one in found):
        click.echo(f"{bad} of {count(len(found), 'file')}: something differs, is missing or is superseded", err=True)
        ctx.exit(1)


def _to_lines(found: Verification) -> Iterator[str]:
    if found.error:
        yield f"DIFFERS {found.path}"
        yield f"        {found.error}"
        return
    yield f"{'ok     ' if found.sound else 'DIFFERS'} {found.path}: end of {found.as_of}, version {found.edition}"
    for one in (found.picture, found.packet):
        yield f"        {one.what}: {one.state}" + (f"; {one.note}" if one.note else "")
    states = Counter(one.state for one in found.inputs)
    yield "        inputs: " + (", ".join(f"{number} {state}" for state, number in states.items()) or "none")
    yield from (f"          {one.what}: {one.state}; {one.note}" for one in found.inputs if one.note)
    yield from (f"        superseded by {newer}" for newer in found.superseded_by)
