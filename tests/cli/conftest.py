"""The command line as people use it: words in, exit code, stdout and stderr out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from syriamap.cli import main

if TYPE_CHECKING:
    from click.testing import Result


def run(*words: object) -> Result:
    """Run syriamap; a traceback fails the test."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to stand in, so that faults name files as a user typed them."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
