"""One group that loads commands when they are asked for and turns our errors into messages."""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
import threading
import warnings
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

import click

from ..errors import BasemapWarning, DataError, SyriaMapError
from ..faults import count
from ..limits import FAULTS_SHOWN
from ..scripts import escape_unprintable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType


NOT_TEXT = re.compile(r"[\ud800-\udfff]")  # bytes that are no UTF-8, as Python shows them
STOPPED, ENDED = 128 + signal.SIGINT, 128 + signal.SIGTERM  # exit codes, as shells count them


class Refusal(click.ClickException):
    """An error of ours as the terminal shows it: faults line by line as editors read them, then their number."""

    def __init__(self, error: Exception) -> None:
        super().__init__(escape_unprintable(str(error)))
        self.faults = error.faults if isinstance(error, DataError) else ()

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message to stderr."""
        if not self.faults:
            super().show(file)
            return
        for fault in self.faults[:FAULTS_SHOWN]:
            click.echo(escape_unprintable(str(fault)), err=True)
        if more := len(self.faults[FAULTS_SHOWN:]):
            click.echo(f"... and {count(more, 'fault')} more", err=True)
        click.echo(f"Error: {count(len(self.faults), 'fault')} found; mend and try again", err=True)


class FriendlyGroup(click.Group):
    """Commands by name, one module each, loaded on demand; SyriaMapError and file errors become messages."""

    def __init__(self, *args: Any, commands_in: Sequence[str] = (), **kwargs: Any) -> None:  # noqa: ANN401  # click's own
        super().__init__(*args, **kwargs)
        self.commands_in = tuple(commands_in)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which people meet them."""
        return list(self.commands_in)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command from the module of its name."""
        if cmd_name not in self.commands_in:
            return None
        command: click.Command = getattr(import_module(f"{__package__}.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command asked for; an unknown name is answered with the nearest one."""
        name = args[0]
        if not name.startswith("-") and name not in self.commands_in:
            near = get_close_matches(name, self.commands_in, n=1)
            hint = f"did you mean {near[0]}?" if near else f"commands: {', '.join(self.commands_in)}"
            ctx.fail(f"No such command {name!r}; {hint}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401  # click's own
        """Run the program. What it cannot say, as on a disk that is full, becomes a message too."""
        with _ending_orderly():
            try:
                return super().main(*args, **extra)
            except OSError as error:  # of the help, which click prints before any command runs
                click.echo(f"Error: {_describe(error)}", err=True)
                sys.exit(1)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words apart, all of them in UTF-8: the sidecar of a map says them."""
        if odd := next((word for word in args if NOT_TEXT.search(word)), None):
            ctx.fail(f"{NOT_TEXT.sub('?', odd)!r} is not in UTF-8, and a sidecar could not say it; rename the file")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's own
        """Run the command; what it refuses becomes a message and exit code 1."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("always", BasemapWarning)
                warnings.showwarning = _Telling()
                return super().invoke(ctx)
        except SyriaMapError as error:
            raise Refusal(error) from error
        except KeyboardInterrupt:
            click.echo("stopped: every file that is there is whole", err=True)
            ctx.exit(STOPPED)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output has left: click ends quietly
                raise
            raise click.ClickException(_describe(error)) from error


class _Telling:
    """Says on stderr why a map is without its basemap, once, however many maps of a series it is said of."""

    def __init__(self) -> None:
        self.usual: Any = warnings.showwarning
        self.told: set[str] = set()

    def __call__(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: IO[str] | None = None,
        line: str | None = None,
    ) -> None:
        if not isinstance(message, BasemapWarning):
            self.usual(message, category, filename, lineno, file, line)
        elif str(message) not in self.told:
            self.told.add(str(message))
            click.echo(f"warning: {message}", err=True)


def _describe(error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.errno == errno.ENOSPC and not error.filename:
        return f"the output cannot be written: {reason}; files named above are whole; make room or send it elsewhere"
    return f"{os.fsdecode(error.filename)}: {reason}" if error.filename else reason


@contextmanager
def _ending_orderly() -> Iterator[None]:
    """Let SIGTERM end the program as Ctrl-C does: what is half done is cleared away."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: the clearing away is not to be stopped
    raise SystemExit(ENDED)
