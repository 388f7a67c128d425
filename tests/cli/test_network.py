"""No command opens a socket, unless tiles are asked for by name."""

import os
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from zipfile import ZipFile

import pytest

from syriamap.faults import Faults
from syriamap.vector import list_fields, read_features

SEEN = 99
WATCHED = f"""
import os, socket, sys
INTERNET = (socket.AF_INET, socket.AF_INET6)

def watch(event, args):
    if event == "socket.getaddrinfo" or (event == "socket.__new__" and args[1] in INTERNET):
        os._exit({SEEN})  # an exception could be caught

sys.addaudithook(watch)
from syriamap.cli import main
main(sys.argv[1:])
"""
SMALL = ("--size", "400x300")
COMMANDS = {
    "render": ("render", "2024-12-05", *SMALL),
    "relief": ("render", "2024-12-05", *SMALL, "--basemap", "relief"),
    "series": ("series", "2024-12-05", "2024-12-06", *SMALL, "--page", "--jobs", "2"),
    "new": ("new", "island"),
    "stats": ("stats", "2024-12-05"),
    "export": ("export", "2024-12-05", "-o", "day.geojson"),
}


def run(tmp_path, words):
    command = [sys.executable, "-c", WATCHED, *words]
    return subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_no_socket_is_opened(tmp_path, words):
    done = run(tmp_path, words)
    assert done.returncode == 0, done.stderr


def test_the_watch_sees_a_socket_where_tiles_are_asked_for(tmp_path):
    tiles = "http://127.0.0.1:9/{z}/{x}/{y}.png"
    done = run(
        tmp_path, ("render", "2024-12-05", *SMALL, "--basemap", tiles, "--basemap-private", "--basemap-credit", "x")
    )
    assert done.returncode == SEEN


# Files that name servers: GDAL, which reads them, opens sockets that Python does not see


class Listener(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    """A server on this machine that counts who asks."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as made:
        made.asked = []
        made.url = f"http://127.0.0.1:{made.server_port}"
        thread = Thread(target=made.serve_forever, args=[0.01])
        thread.start()
        yield made
        made.shutdown()
        thread.join()


ELSEWHERE = {
    "vrt": '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/{}/x.geojson</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>",
    "wfs": "<OGRWFSDataSource><URL>{}/wfs</URL></OGRWFSDataSource>",
    "pipeline": '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /vsicurl/{}/x.geojson"}}',
}
GML = """<?xml version="1.0"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:x="http://x"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://x {}/wfs?SERVICE=WFS&amp;VERSION=1.1.0&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=x:a">
<gml:featureMember><x:a gml:id="a"><x:geom><gml:Point srsName="EPSG:4326"><gml:pos>35 37</gml:pos></gml:Point></x:geom>
</x:a></gml:featureMember></wfs:FeatureCollection>"""


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "zipped"])
@pytest.mark.parametrize("kind", ELSEWHERE)
def test_a_file_that_names_a_server_is_no_data(tmp_path, server, kind, packed):
    path, text = tmp_path / "a.geojson", ELSEWHERE[kind].format(server.url)
    if packed:
        path = tmp_path / "a.zip"
        with ZipFile(path, "w") as archive:
            archive.writestr("a.geojson", text)
    else:
        path.write_text(text, "utf-8")
    faults = Faults()
    assert list_fields(path) == ()
    assert read_features(path, "a", faults, lambda _: 0) is None
    assert "only names where data are, here or on a network; expected GeoJSON" in faults.found[0].message
    assert server.asked == []


def test_a_server_that_describes_a_file_is_not_asked_and_nothing_is_written_beside_it(tmp_path, server):
    path = tmp_path / "a.gml"
    path.write_text(GML.format(server.url), "utf-8")
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "a.gml")
    for one in (path, tmp_path / "a.zip"):
        assert len(read_features(one, "a", Faults(), lambda _: 0)) == 1
    assert server.asked == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.gml", "a.zip"]
    bare = "import sys, pyogrio; pyogrio.read_info(sys.argv[1])"
    other = [sys.executable, "-c", bare, str(shutil.copy(path, tmp_path / "b.gml"))]
    subprocess.run(other, check=True, timeout=60)  # here, old versions would let no thread answer
    assert server.asked, "GDAL would ask, and others who use it still can"
