"""What the commands that print tables share: options, the form of the output, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..errors import suggest
from . import options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

FORMATS = ("csv", "json", "parquet")


class OneOf(click.ParamType[str]):
    """A word of a few; any other is answered with the nearest right one."""

    name = "word"

    def __init__(self, *known: str) -> None:
        self.known = known

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word."""
        if value not in self.known:
            self.fail(f"{value!r} is not known; {suggest(value, self.known)}", param, ctx)
        return value


form = click.option(
    "--format",
    "form",
    type=OneOf(*FORMATS),
    metavar="FORM",
    help="csv, json or parquet. [default: as -o says, or text]",
)
output = click.option(
    "-o", "--output", type=options.A_PATH, metavar="FILE", help="Where the table goes. [default: stdout]"
)


def choose_form(output: Path | None, form: str | None, *, as_json: bool, known: Sequence[str] = FORMATS) -> str | None:
    """Return the form of the table: as asked for, else as the file's suffix says; None for text."""
    asked = "json" if as_json else form
    if as_json and form not in (None, "json"):
        raise click.BadParameter(f"{form!r} and --json disagree; name one of them", param_hint="--format")
    stated = output.suffix.removeprefix(".").casefold() if output else ""
    if stated and stated not in known:
        expected = " or ".join(f".{one}" for one in known)
        raise click.BadParameter(f"{output.name!r} ends in .{stated}; expected {expected}", param_hint="-o")  # type: ignore[union-attr]
    if stated and asked and stated != asked:
        raise click.BadParameter(f"{asked!r} and {output.name!r} disagree; name one of them", param_hint="--format")  # type: ignore[union-attr]
    found = asked or stated or None
    if output is not None and found is None:
        raise click.BadParameter(f"{output.name!r} says no form; add --format or a suffix", param_hint="-o")
    if found == "parquet" and output is None:
        raise click.BadParameter("Parquet is no text for a terminal; name a file with -o", param_hint="--format")
    return found


def put_table(
    encode: Callable[[str], bytes], lay: Callable[[], Sequence[str]], to: tuple[Path | None, str | None]
) -> None:
    """Write a table to a file, or print it: in a form, or as text."""
    from ..save import write_whole

    path, form = to
    if path is not None and form is not None:
        write_whole(path, encode(form))
        click.echo(path)
    elif form is not None:
        click.echo(encode(form).decode("utf-8"), nl=False)
    else:
        click.echo("\n".join(lay()))


def warn_if_carried(last: date, given: Mapping[str, Any]) -> None:
    """Say on stderr when the last day lies beyond the table: nothing is known of it but what was recorded before."""
    from ..atlas import read_materials
    from ..request import take_own

    end = read_materials(take_own(given)).control.last
    if last > end:
        click.echo(f"warning: the last record is of {end}; later days are as last recorded", err=True)


def check_output(path: Path | None, *, overwrite: bool) -> None:
    """Raise OutputError when a file is to be kept, before anything is computed."""
    from ..save.files import check_target

    if path is not None:
        check_target(path, overwrite=overwrite)


def check_picture(option: str, path: Path | None, look: Mapping[str, object], *, overwrite: bool) -> None:
    """Refuse the options of a picture that nobody asked for by `option`, and names that are none of a picture.

    Raises OutputError when the picture or its sidecar is to be kept, before anything is computed.
    """
    if path is None:
        if look:
            names = ", ".join(f"--{name}" for name in look)
            raise click.UsageError(f"{names}: of a {option} alone; add --{option} FILE")
        return
    if path.suffix.removeprefix(".").casefold() not in options.SUFFIXES:
        known = " or ".join(f".{one}" for one in options.SUFFIXES)
        raise click.BadParameter(f"{path.name!r}; expected a name that ends in {known}", param_hint=f"--{option}")
    check_output(path, overwrite=overwrite)
    check_output(path.with_suffix(".json"), overwrite=overwrite)
