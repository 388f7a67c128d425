"""An animation as a film: the user's own ffmpeg makes it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from ..errors import OutputError
from .moving import HOLD

if TYPE_CHECKING:
    from .moving import Reel

RATE = 25  # pictures a second: players stumble over films with one
WAY_OUT = "install it (Debian: apt-get install ffmpeg), or ask for .gif, .webp or .apng, which need no other program"
LONGEST_SAID = 300


def find_ffmpeg() -> str:
    """Return the path of ffmpeg. Raises OutputError, with the way out, when there is none."""
    found = shutil.which("ffmpeg")
    if found is None:
        raise OutputError(f"an .mp4 is made by ffmpeg, and none is on the PATH; {WAY_OUT}")
    return found


def encode_mp4(reel: Reel) -> bytes:
    """Return an MP4 that every player and network takes: H.264, 4:2:0, even sides, one thread for the same bytes."""
    program = find_ffmpeg()
    pictures = [make_even(picture) for picture in reel.pictures]
    held = [*pictures, *pictures[-1:] * (HOLD - 1)]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "film.mp4"
        words = [program, *_options(reel, pictures[0].size, len(held)), str(target)]
        run = subprocess.run(words, input=b"".join(one.tobytes() for one in held), capture_output=True, check=False)
        if run.returncode or not target.exists():
            said = run.stderr.decode("utf-8", "replace").strip()[-LONGEST_SAID:]
            raise OutputError(f"ffmpeg could not make the .mp4: {said or 'it said nothing'}; {WAY_OUT}")
        return target.read_bytes()


def make_even(picture: Image.Image) -> Image.Image:
    """Return a picture with even sides: one more row or column in the colour of its last corner where needed."""
    width, height = (side + side % 2 for side in picture.size)
    if (width, height) == picture.size:
        return picture.convert("RGB")
    corner = picture.convert("RGB").getpixel((picture.width - 1, picture.height - 1))
    wider = Image.new("RGB", (width, height), corner)
    wider.paste(picture, (0, 0))
    return wider


def _options(reel: Reel, size: tuple[int, int], frames: int) -> list[str]:
    each = Fraction(round(reel.seconds * 1000), 1000)
    seen = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    return [
        *("-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", f"{1 / each}", "-i", "-"),
        *("-vf", f"fps={RATE},{seen}", "-t", f"{float(each * frames):.3f}"),
        *("-c:v", "libx264", "-preset", "medium", "-tune", "stillimage", "-crf", "18", "-threads", "1"),
        *("-force_key_frames", f"expr:gte(t,n_forced*{float(each):.3f})"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"),
        *("-map_metadata", "-1", "-metadata", f"title={reel.title}", "-metadata", f"comment={reel.description}"),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "-an"),
    ]
