"""What a basemap can be called, who is credited for it, and what nobody may read."""

from pathlib import Path

import pytest

from syriamap.basemap import find_source
from syriamap.errors import BasemapError, UnknownNameError
from syriamap.request import hide_secrets, write_command

TEMPLATE = "https://tiles.example/{z}/{x}/{y}.png"


@pytest.mark.parametrize("name", ["OpenStreetMap.Mapnik", "openstreetmap.mapnik", "OpenStreetMap Mapnik"])
def test_a_provider_brings_address_and_credit(name, no_network):
    source = find_source(name)
    assert source.name == "OpenStreetMap.Mapnik"
    assert source.url(7, 77, 50) == "https://tile.openstreetmap.org/7/77/50.png"
    assert source.credit == "© OpenStreetMap contributors"
    assert source.zooms == (0, 19)


def test_the_relief_is_ours(no_network):
    source = find_source("Relief")
    assert (source.kind, source.credit, source.told) == ("relief", "Natural Earth", "relief/relief.png")


@pytest.mark.parametrize("name", ["OpenStreetMap.Mapnk", "mapnik", "openstreetmap"])
def test_an_unknown_name_is_answered_with_near_ones(name):
    with pytest.raises(UnknownNameError, match=r"OpenStreetMap\.Mapnik.*a URL with \{z\}"):
        find_source(name)


def test_a_provider_that_needs_a_key_says_how():
    with pytest.raises(BasemapError, match=r"needs an API key.*apikey=YOUR_APIKEY.*--basemap-credit '(?!.*<)"):
        find_source("Thunderforest.Outdoors")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("https://tiles.example/{z}/{x}.png", r"has no \{y\}"),
        ("https://tiles.example/{z}/{x}/{y}?key={key}", r"leaves \{key\} open"),
        ("ftp://tiles.example/{z}/{x}/{y}.png", "no address of http or https"),
        ("file:///tmp/{z}/{x}/{y}.png", "no address of http or https"),
        ("https:///{z}/{x}/{y}.png", "no address of http or https"),
        ("http://[x/{z}/{x}/{y}.png", "no address of http or https"),
        ("{z}/{x}/{y}.png", "no address of http or https"),
        ("picture.png/x", "no kind of file that is known"),
    ],
)
def test_what_is_no_template(template, said):
    with pytest.raises(BasemapError, match=said):
        find_source(template, "Test")


def test_a_template_needs_a_credit():
    with pytest.raises(BasemapError, match=r"nobody is credited .* --basemap-credit '© OpenStreetMap contributors'"):
        find_source(TEMPLATE)
    assert find_source(TEMPLATE, " Mine ").credit == "Mine"


def test_a_template_is_filled():
    source = find_source("https://{s}.tiles.example/{z}/{x}/{-y}{r}.png", "Test")
    assert source.url(2, 1, 0) == "https://b.tiles.example/2/1/3@2x.png"
    assert source.host == "a.tiles.example"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (TEMPLATE, TEMPLATE),
        (TEMPLATE + "?key=s3cret", TEMPLATE + "?key=***"),
        (TEMPLATE + "?s3cret&x={x}&b={z},{x}", TEMPLATE + "?***&x={x}&b=***"),
        (TEMPLATE + "#s3cret", TEMPLATE),
        ("https://me:s3cret@tiles.example/{z}/{x}/{y}", "https://tiles.example/{z}/{x}/{y}"),
        ("https://t.example/s3cret4567890abcdefghij/{z}/{x}/{y}", "https://t.example/***/{z}/{x}/{y}"),
        ("https://t.example/World_Imagery/MapServer/tile/{z}/{y}/{x}",) * 2,
        ("relief", "relief"),
    ],
)
def test_no_key_is_shown(address, shown):
    assert hide_secrets(address) == shown


def test_a_command_names_files_barely_and_no_key():
    def words(**choices):
        from datetime import date

        return " ".join(write_command(date(2024, 12, 5), choices))

    asked = words(basemap=TEMPLATE + "?key=s3cret", basemap_credit="Me", basemap_private=True, strict=True)
    assert asked.endswith(f"--basemap {TEMPLATE}?key=*** --basemap-credit Me --basemap-private --strict")
    assert words(basemap=Path("/somewhere/else/ground.tif")).endswith("--basemap ground.tif")
    assert words(basemap="deep/ground.MBTiles").endswith("--basemap ground.MBTiles")


@pytest.mark.parametrize("broken", ["?key=s3cret&q={q}", "?key=s3cret"])
def test_no_error_shows_a_key(broken):
    with pytest.raises(BasemapError) as caught:
        find_source(TEMPLATE + broken)
    assert "s3cret" not in str(caught.value)
