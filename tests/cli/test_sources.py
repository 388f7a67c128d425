"""syriamap sources: every embedded file with its licence, date, credit and hash."""

from __future__ import annotations

import json

from syriamap.catalog import read_sources

from .conftest import run


def test_table_names_every_file_with_its_papers():
    text = run("sources").stdout
    for file in read_sources():
        assert file.path in text
        assert file.sha256 in text
        assert file.licence in text


def test_json():
    found = json.loads(run("sources", "--json").stdout)
    assert [entry["path"] for entry in found] == [file.path for file in read_sources()]
    assert {"licence", "credit", "taken", "sha256", "origin", "title", "layer"} <= found[0].keys()
