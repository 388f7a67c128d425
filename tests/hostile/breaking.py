"""Sound files broken in the ways that files break: one odd word, one odd byte, one part lost or doubled."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from random import Random

WORDS = [
    *(
        "",
        "nan",
        "NaN",
        "inf",
        "-inf",
        "1e999",
        "-0",
        "9" * 400,
        "9" * 5000,
        "0x10",
        "null",
        "true",
        "[]",
        "{}",
        "{0}",
        "%s",
    ),
    *("\x00", "\x01\x1b[2J", "\u202e", "\ufeff", "\ud7ff\uffff", "\r", "\n", "\t", '"', "'", "\\", "a" * 140_000),
    *("</text><script>alert(1)</script>", "$\\frac{1}{0}$", "&amp;", "]]>", "<!--", "=cmd|' /C calc'!A0", "@SUM"),
    *("../../x", "CON", "javascript:alert(1)", "2024-02-30", "0000-00-00", "99999-01-01", "٢٠٢٤-١٢-٠٥", "1e308"),
    *(
        "{name}",
        "{0}",
        "{name.__class__}",
        "{name!r:>99}",
        "{",
        "\u2028",
        "/etc/passwd",
        "en",
        "[36.5, 34.5]",
        "1979-05-27",
    ),
    *("[" * 3000, "[" * 3000 + "]" * 3000, "a=" + "{a=" * 2000, "[a" + ".a" * 3000 + "]", '{"a":' * 3000),
]
SIGNS = b" ,;:=[]{}\"'\n\r\t"


def break_file(data: bytes, random: Random) -> bytes:
    """Return a broken copy of a file; in a zip one part is broken, as often as the zip itself."""
    if data.startswith(b"PK") and random.random() < 0.6:
        try:
            return _break_part(data, random)
        except (BadZipFile, zlib.error, ValueError, OSError, RuntimeError, EOFError):
            pass
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        data = random.choice((_word, _word, _byte, _cut, _double, _recode))(data, random)
    return data


def _break_part(data: bytes, random: Random) -> bytes:
    with ZipFile(io.BytesIO(data)) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    at = random.randrange(len(parts))
    name, content = parts[at]
    kind = random.randrange(4)
    if kind == 0:
        parts.pop(at)
    elif kind == 1:
        parts[at] = (random.choice(("../../x.geojson", "/x.shp", "a\x01b", "CON", "x" * 5000)), content)
    else:
        parts[at] = (name, break_file(content, random))
    out = io.BytesIO()
    with ZipFile(out, "w") as new:
        for name, content in dict(parts).items():
            new.writestr(name, content)
    return out.getvalue()


def _word(data: bytes, random: Random) -> bytes:
    """Put an odd word in place of what stands between two signs."""
    start = random.randrange(len(data) + 1)
    while start > 0 and data[start - 1] not in SIGNS:
        start -= 1
    end = start
    while end < len(data) and data[end] not in SIGNS:
        end += 1
    return data[:start] + random.choice(WORDS).encode("utf-8", "surrogatepass") + data[end:]


def _byte(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def _cut(data: bytes, random: Random) -> bytes:
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return random.choice((data[:start] + data[end:], data[:start]))


def _double(data: bytes, random: Random) -> bytes:
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:end] + data[start:end] * random.choice((1, 3)) + data[end:]


def _recode(data: bytes, random: Random) -> bytes:
    if len(data) > 1 << 16:
        return data
    text = data.decode("latin-1")
    return random.choice((text.encode("utf-16"), b"\xef\xbb\xbf" + data, text.upper().encode("utf-8"), data[::-1]))
