"""Copy the fonts and their licence texts into fonts/; of the Chinese ones, the letters that maps can need."""

from __future__ import annotations

from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from tools.common import DATA, read_member, write_bytes

LATIN = "source-sans-3.52.0.tgz"
LATIN_FACES = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")
ARABIC = "expo-google-fonts-noto-sans-arabic-0.4.3.tgz"
ARABIC_FACES = ("400Regular", "500Medium", "600SemiBold", "700Bold")
CHINESE = "expo-google-fonts-noto-sans-sc-0.4.3.tgz"
CHINESE_FACES = ("400Regular", "700Bold")
CHINESE_WORDS = ("names/zh.toml", "words/zh.toml")
LEVEL_1 = range(0xB0, 0xD8)  # rows of GB 2312 with the 3,755 common characters, in the bytes of its usual encoding
SIGNS = (0xA1, 0xA3)  # rows with punctuation and the wide forms of ASCII


def build() -> None:
    """Write the static TrueType faces that maps are set in."""
    for face in LATIN_FACES:
        name = f"SourceSans3-{face}.ttf"
        write_bytes(DATA / "fonts" / name, read_member(LATIN, f"package/TTF/{name}"))
    for face in ARABIC_FACES:
        name = f"NotoSansArabic-{face.lstrip('0123456789')}.ttf"
        write_bytes(DATA / "fonts" / name, read_member(ARABIC, f"package/{face}/NotoSansArabic_{face}.ttf"))
    for face in CHINESE_FACES:
        name = f"NotoSansSC-{face.lstrip('0123456789')}.ttf"
        whole = read_member(CHINESE, f"package/{face}/NotoSansSC_{face}.ttf")
        write_bytes(DATA / "fonts" / name, thin_out(whole, list_characters()))
    write_bytes(DATA / "fonts" / "OFL-SourceSans3.txt", read_member(LATIN, "package/LICENSE.md"))
    write_bytes(DATA / "fonts" / "OFL-NotoSansArabic.txt", read_member(ARABIC, "package/LICENSE_FONT"))
    write_bytes(DATA / "fonts" / "OFL-NotoSansSC.txt", read_member(CHINESE, "package/LICENSE_FONT"))


def list_characters() -> set[str]:
    """Return the common Chinese characters and signs, and all that our own Chinese words and names use."""
    codes = [bytes((row, cell)) for row in (*SIGNS, *LEVEL_1) for cell in range(0xA1, 0xFF)]
    common = "".join(code.decode("gb2312", errors="ignore") for code in codes)
    ours = "".join(path.read_text("utf-8") for name in CHINESE_WORDS if (path := DATA / name).exists())
    return {sign for sign in common + ours if sign.isprintable()}


def thin_out(font: bytes, characters: set[str]) -> bytes:
    """Return a font with these characters alone, without hints and without all that horizontal lines do not need."""
    options = Options(hinting=False, layout_features=[], notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += ["vhea", "vmtx", "BASE", "STAT", "gasp", "GDEF", "GPOS", "GSUB"]
    thinned = TTFont(BytesIO(font), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(thinned)
    target = BytesIO()
    thinned.save(target)
    return target.getvalue()


if __name__ == "__main__":
    build()
