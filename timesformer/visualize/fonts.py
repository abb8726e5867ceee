"""Fonts of pictures: matplotlib's own, a bundled one with Chinese, and installed ones.

DejaVu Sans, the font of matplotlib, has the letters of every language of the catalogs but Chinese.
Labels of other checkpoints can be in any script.
"""

from contextlib import suppress
from functools import cache, lru_cache

from matplotlib import get_data_path
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.text import Text

from ..paths import ASSETS_FOLDER

CHINESE_FONT = ASSETS_FOLDER / "fonts" / "NotoSansCJKsc-subset.otf"
BUNDLED = ("DejaVu Sans", "Noto Sans CJK SC")  # families; the first comes with matplotlib


def use_fonts(figure: Figure, *texts: str) -> None:
    """Set fonts in which a figure has the glyphs of every catalog, and of foreign `texts`."""
    others = _installed_for("".join(texts))
    families = [*FontProperties().get_family(), *BUNDLED, *others]
    for text in figure.findobj(Text):
        text.set_fontfamily(families)


def escaped(text: str) -> str:
    """Return a text with escapes in place of characters that no font has."""
    missing = _missing(text).difference(*map(_glyphs, _installed_for(text)))
    return "".join(ascii(c)[1:-1] if c in missing else c for c in text)


@cache
def bundled_glyphs() -> frozenset[str]:
    """Return the characters that pictures have on every machine, and register their fonts."""
    fontManager.addfont(CHINESE_FONT)
    return frozenset[str]().union(*map(_glyphs, BUNDLED))


def _missing(text: str) -> frozenset[str]:
    return frozenset(text) - bundled_glyphs()


def _installed_for(text: str) -> tuple[str, ...]:
    """Return the installed families with other characters of a text."""
    missing = _missing(text)
    return _installed_with(missing) if missing else ()


@lru_cache(256)  # a search opens all fonts
def _installed_with(characters: frozenset[str]) -> tuple[str, ...]:
    """Return families, each with one of the characters that those before it lack."""
    found = []
    for family in _installed():
        has_glyph = _glyphs(family)
        if not characters.isdisjoint(has_glyph):
            characters -= has_glyph
            found.append(family)
    return tuple(found)


def _installed() -> list[str]:
    """Return the installed families with an upright font of regular weight.

    Those of matplotlib are left out: they hold mathematics, and boxes for missing glyphs.
    """
    own = get_data_path()
    fonts = fontManager.ttflist
    regular = (font for font in fonts if (font.weight, font.style) == (400, "normal"))
    names = {font.name for font in regular if not font.fname.startswith(own)}
    return sorted(name for name in names if not name.startswith("."))  # hidden on macOS


def _glyphs(family: str) -> frozenset[str]:
    """Return the characters of a family, none if its file cannot be read."""
    with suppress(ValueError, OSError, RuntimeError):  # of findfont, and of FreeType
        path = findfont(FontProperties(family=[family]), fallback_to_default=False)
        return frozenset(map(chr, get_font(path).get_charmap()))
    return frozenset()
