"""Pictures have the letters of every language, on a machine without fonts."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

from timesformer.i18n import LANGUAGES, use_language
from timesformer.visualize import fonts, overlay

MAX_FONT_BYTES = 400_000
YI, OTHER_YI = "\ua015", "\ua016"  # of a script that no bundled font has


@pytest.mark.parametrize("code", LANGUAGES)
def test_bundled_fonts_have_every_letter_of_a_catalog(code: str) -> None:
    """The commands that make the font are in assets/fonts/README.md."""
    letters = {c for text in LANGUAGES[code].sentences.values() for c in text if c.isprintable()}
    assert letters - fonts.bundled_glyphs() == set()


def test_the_bundled_font_is_small_and_has_its_licence() -> None:
    assert fonts.CHINESE_FONT.stat().st_size < MAX_FONT_BYTES
    assert "SIL OPEN FONT LICENSE" in fonts.CHINESE_FONT.with_name("OFL.txt").read_text("utf-8")


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_of_films_and_matrices_have_their_glyphs(code: str) -> None:
    """A missing glyph would be a warning, and warnings are errors."""
    with use_language(code):
        overlay.add_colour_bar(np.zeros((1, 9, 400, 3), np.uint8), 2.0)
        attention = np.full((1, 2, 3, 3), 1 / 3)
        overlay.frame_matrices(attention, times=np.arange(3), kinds=("svg", "pdf"))


def test_other_letters_are_escaped() -> None:
    assert fonts.escaped(f"a 左 {YI}\n") == "a 左 \\ua015\\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that installs a font with one letter, or with other content."""
    monkeypatch.setattr(fontManager, "ttflist", list(fontManager.ttflist))

    def install(content: bytes | None = None) -> None:
        file = tmp_path / "yi.ttf"
        file.write_bytes(font_with(YI))
        fontManager.addfont(file)
        if content is not None:
            file.write_bytes(content)
        fonts._installed_with.cache_clear()

    yield install
    fonts._installed_with.cache_clear()


def font_with(letter: str) -> bytes:
    """Return a font in which one letter is a triangle."""
    pen = TTGlyphPen(None)
    for draw, point in ((pen.moveTo, (0, 0)), (pen.lineTo, (500, 0)), (pen.lineTo, (0, 700))):
        draw(point)
    pen.closePath()
    builder = FontBuilder(1000)
    names = [".notdef", "letter"]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): "letter"})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Yi of a test", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    file = BytesIO()
    builder.save(file)
    return file.getvalue()


def test_an_installed_font_draws_its_letters(installed: Callable) -> None:
    installed()
    assert fonts.escaped(YI + OTHER_YI) == YI + "\\ua016"
    figure = Figure()
    figure.text(0.5, 0.5, YI)
    fonts.use_fonts(figure, YI + OTHER_YI)
    figure.savefig(BytesIO(), format="png")
    assert {text.get_fontfamily()[-1] for text in figure.findobj(Text)} == {"Yi of a test"}


def test_a_font_that_cannot_be_read_is_no_font(installed: Callable) -> None:
    installed(b"no font")
    assert fonts.escaped(YI) == "\\ua015"


def test_wide_letters_are_wrapped_earlier(installed: Callable) -> None:
    installed()
    assert max(map(len, overlay._wrapped("左" * 60).split("\n"))) <= overlay.LABEL_WIDTH // 2
    assert overlay._wrapped("") == ""
