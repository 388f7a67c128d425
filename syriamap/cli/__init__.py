"""The command line: words in, one call, one result out. What is heavy is imported when a command runs."""

from __future__ import annotations

import click

from .. import __version__
from .group import FriendlyGroup


@click.group(
    cls=FriendlyGroup,
    commands_in=(
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
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: syriamap render 2024-12-05",
)
@click.version_option(__version__, prog_name="syriamap")
def main() -> None:
    """Turn a date into a sourced map of who held what, ready to print.

    Days are ISO days such as 2024-12-05 and mean the end of that day. Results go to stdout, talk to stderr. Exit codes:
    0 done, 1 refused (the message says why and what would do), 2 the words of the command are wrong, 130 and 143
    stopped (Ctrl-C, SIGTERM): every file that is there is whole.
    """


__all__ = ["main"]
