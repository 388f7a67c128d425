"""Copy the fonts and their licence texts into fonts/."""

from __future__ import annotations

from tools.common import DATA, read_member, write_bytes

LATIN = "source-sans-3.52.0.tgz"
LATIN_FACES = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")
ARABIC = "expo-google-fonts-noto-sans-arabic-0.4.3.tgz"
ARABIC_FACES = ("400Regular", "500Medium", "600SemiBold", "700Bold")


def build() -> None:
    """Write the static TrueType faces that maps are set in."""
    for face in LATIN_FACES:
        name = f"SourceSans3-{face}.ttf"
        write_bytes(DATA / "fonts" / name, read_member(LATIN, f"package/TTF/{name}"))
    for face in ARABIC_FACES:
        name = f"NotoSansArabic-{face.lstrip('0123456789')}.ttf"
        write_bytes(DATA / "fonts" / name, read_member(ARABIC, f"package/{face}/NotoSansArabic_{face}.ttf"))
    write_bytes(DATA / "fonts" / "OFL-SourceSans3.txt", read_member(LATIN, "package/LICENSE.md"))
    write_bytes(DATA / "fonts" / "OFL-NotoSansArabic.txt", read_member(ARABIC, "package/LICENSE_FONT"))


if __name__ == "__main__":
    build()
