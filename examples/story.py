"""Maps for one story: a day in every language and size that it needs, each with its description beside it.

python examples/story.py FOLDER [LANGUAGE ...]
"""

import json
import sys
from datetime import date
from pathlib import Path

import syriamap

DAY = date(2024, 12, 5)
SIZES = ("web", "square", "story")


def main(folder: str, *langs: str) -> None:
    """Draw the maps and print the words for those who cannot see them."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for lang in langs or ("en",):
        for size in SIZES:
            made = syriamap.render_map(DAY, lang=lang, size=size)
            picture, beside = syriamap.save_map(made, Path(folder) / f"hama_{lang}_{size}.png")
            alt = json.loads(beside.read_text("utf-8"))["alt"]
            print(f"{picture.name}: {alt}")


if __name__ == "__main__":
    main(*sys.argv[1:])
