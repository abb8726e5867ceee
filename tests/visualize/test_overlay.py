"""Pictures show the numbers of the heatmaps, in the right place."""

from io import BytesIO
from itertools import pairwise

import matplotlib.image
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from tiny import random_clip

from timesformer.i18n import LANGUAGES, t, use_language
from timesformer.preprocess import Box
from timesformer.visualize import overlay

H, W = 60, 100
BOX = Box(20.0, 0.0, 60.0, 60.0)
INSIDE = np.s_[:, :, 20:80]
LABELS = (
    ("moving left", 0.6),
    ("pretending to put something behind something, but it falls over and rolls away", 0.2),
    ("$5 and 100 % of _all_ {things}", 0.1),
    ("a_word_that_is_longer_than_any_line_of_the_sheet_can_ever_be_and_has_no_space", 0.06),
    ("é ü ñ", 0.04),
)


def grey_frames(T: int = 3, level: int = 128, height: int = H, width: int = W) -> np.ndarray:
    return np.full((T, height, width, 3), level, np.uint8)


def one_hot(T: int, h: int, w: int, frame: int, row: int, column: int) -> np.ndarray:
    heatmaps = np.zeros((T, h, w), np.float32)
    heatmaps[frame, row, column] = T * h * w
    return heatmaps


def coloured(picture: np.ndarray) -> np.ndarray:
    """Return the distance of each pixel from grey."""
    values = picture.astype(int)
    return values.max(-1) - values.min(-1)


def decoded(png: bytes) -> np.ndarray:
    return matplotlib.image.imread(BytesIO(png), format="png")


@pytest.mark.parametrize("smooth", [False, True])
def test_outside_the_box_the_frame_is_dark_and_grey(smooth: bool) -> None:
    frames = random_clip(3, H, W).frames
    heatmaps = np.random.default_rng(0).random((3, 4, 4), np.float32)
    before = frames.copy()
    drawn = overlay.overlays(frames, heatmaps, BOX, smooth=smooth)
    assert drawn.shape == frames.shape
    assert drawn.dtype == np.uint8
    grey = frames @ np.array([0.299, 0.587, 0.114])
    outside = np.ones((3, H, W), bool)
    outside[INSIDE] = False
    for channel in range(3):
        difference = drawn[..., channel][outside] - overlay.OUTSIDE_BRIGHTNESS * grey[outside]
        assert np.abs(difference).max() <= 0.51
    np.testing.assert_array_equal(frames, before)
    assert coloured(drawn)[INSIDE].mean() > 10


@pytest.mark.parametrize("smooth", [False, True])
def test_heatmaps_of_zeros_add_no_colour(smooth: bool) -> None:
    drawn = overlay.overlays(grey_frames(), np.zeros((3, 4, 4), np.float32), BOX, smooth=smooth)
    assert (drawn[INSIDE] == 128).all()


@given(
    frame=st.integers(0, 2),
    row=st.integers(0, 3),
    column=st.integers(0, 5),
    smooth=st.booleans(),
    left=st.floats(0, 39),
    top=st.floats(0, 19),
)
@settings(max_examples=40)
def test_the_hottest_patch_is_drawn_in_its_place(
    frame: int, row: int, column: int, smooth: bool, left: float, top: float
) -> None:
    box = Box(left, top, 60.0, 40.0)  # 4 x 6 patches of 10 x 10
    drawn = overlay.overlays(
        grey_frames(), one_hot(3, 4, 6, frame, row, column), box, smooth=smooth
    )
    colour = coloured(drawn).astype(float)
    place = colour[frame]
    y, x = np.indices(place.shape) + 0.5
    middle = np.average(x, weights=place), np.average(y, weights=place)
    edge = 3.0 if smooth else 1.0  # smooth, a patch at the edge of the box loses its outer half
    assert middle == pytest.approx((left + 10 * column + 5, top + 10 * row + 5), abs=edge)
    others = [i for i in range(3) if i != frame]
    assert colour[others].max() == 0


@pytest.mark.parametrize("smooth", [False, True])
def test_uniform_heatmaps_are_one_colour_inside(smooth: bool) -> None:
    drawn = overlay.overlays(grey_frames(), np.ones((3, 4, 4), np.float32), BOX, smooth=smooth)
    inside = drawn[INSIDE]
    assert (inside == inside[0, 0, 0]).all()
    assert coloured(inside).min() > 10


def test_patches_are_squares_of_one_colour_each() -> None:
    heatmaps = np.arange(16, dtype=np.float32).reshape(1, 4, 4) / 7.5
    drawn = overlay.overlays(grey_frames(1), heatmaps, BOX)[0, :, 20:80]
    patches = drawn.reshape(4, 15, 4, 15, 3).transpose(0, 2, 1, 3, 4).reshape(16, 225, 3)
    assert (patches == patches[:, :1]).all()
    assert len(np.unique(patches[:, 0], axis=0)) == 16


def test_a_clip_has_one_scale() -> None:
    """The same heat has the same colour in every frame."""
    heatmaps = np.ones((3, 4, 4), np.float32)
    heatmaps[1, 2:] = 5.0
    drawn = overlay.overlays(grey_frames(), heatmaps, BOX)
    np.testing.assert_array_equal(drawn[0, :30, 20:80], drawn[1, :30, 20:80])
    assert overlay.scale_top(heatmaps) == pytest.approx(5.0)


def test_the_scale_is_at_least_twice_uniform_and_ignores_a_single_patch() -> None:
    assert overlay.scale_top(np.ones((8, 14, 14))) == 2.0
    heatmaps = np.ones((8, 14, 14))
    heatmaps[0, 0, 0] = 1000
    assert overlay.scale_top(heatmaps) == 2.0


@given(h=st.integers(1, 6), w=st.integers(1, 6), seed=st.integers(0, 99))
@settings(max_examples=30)
def test_smoothing_interpolates_and_keeps_the_mean(h: int, w: int, seed: int) -> None:
    heatmap = np.random.default_rng(seed).random((h, w))
    box = Box(0.0, 0.0, 40.0 * w, 40.0 * h)
    rows, columns = np.arange(40 * h), np.arange(40 * w)
    spread = overlay._spread(heatmap, rows, columns, box, smooth=True)
    assert spread.shape == (40 * h, 40 * w)
    assert spread.min() >= heatmap.min() - 1e-9
    assert spread.max() <= heatmap.max() + 1e-9
    assert spread.mean() == pytest.approx(heatmap.mean(), abs=1e-9)
    exact = overlay._spread(heatmap, rows, columns, box, smooth=False)
    assert exact.mean() == pytest.approx(heatmap.mean(), abs=1e-9)


@given(height=st.integers(1, 90), width=st.integers(1, 90), longest=st.integers(10, 100))
@settings(max_examples=60)
def test_shrinking_keeps_the_place_of_the_box(height: int, width: int, longest: int) -> None:
    frames = random_clip(2, height, width).frames
    box = Box(0.25 * width, 0.1 * height, 0.5 * width, 0.8 * height)
    small, moved = overlay.shrink(frames, box, longest=longest)
    assert small.dtype == np.uint8
    assert small.shape[0] == 2
    assert min(small.shape) >= 1
    assert max(small.shape[1:3]) <= longest or min(small.shape[1:3]) == 1
    factor = moved.width / box.width
    assert moved == pytest.approx(tuple(edge * factor for edge in box))
    for side, before in zip(small.shape[1:3], (height, width), strict=True):
        assert side - 1 < before * factor < side + 1 or side == 1


def test_shrinking_averages_and_keeps_small_frames() -> None:
    frames = random_clip(2, 60, 90).frames
    same, box = overlay.shrink(frames, BOX, longest=90)
    assert same is frames
    assert box == BOX
    small, _ = overlay.shrink(frames, BOX, longest=30)
    expected = frames[0, 3:6, 6:9].mean((0, 1))
    np.testing.assert_allclose(small[0, 1, 2], expected, atol=0.51)


@pytest.mark.parametrize("width", [96, 115, 229, 333, 480, 641])
@pytest.mark.parametrize("top", [2.0, 117.3])
def test_the_colour_bar_fits_frames_of_any_width(width: int, top: float) -> None:
    frames = random_clip(2, 50, width).frames
    drawn = overlay.add_colour_bar(frames, top)
    assert drawn.dtype == np.uint8
    assert drawn.shape == (2, 90, width, 3)
    np.testing.assert_array_equal(drawn[:, :50], frames)
    bar = drawn[0, 50:]
    assert coloured(bar).max() > 100
    assert (bar[:, 0] == 0).all()  # no label is cut off
    assert (bar[:, -1] == 0).all()


@pytest.mark.parametrize(
    ("T", "height", "width"),
    [(1, 60, 100), (8, 60, 100), (16, 60, 100), (8, 100, 60), (3, 16, 400), (1, 1080, 8)],
)
def test_a_contact_sheet_is_a_png(T: int, height: int, width: int) -> None:
    png = overlay.contact_sheet(
        grey_frames(T, 128, height, width),
        np.ones((T, 4, 4), np.float32),
        Box(0.0, 0.0, float(width), float(height)),
        times=np.arange(T) / 15,
        probabilities=LABELS,
        footer="clip.mp4 · model · rollout",
    )
    picture = decoded(png)
    assert picture.shape[1] == pytest.approx(overlay.SHEET_WIDTH * 150, abs=1)
    assert 450 < picture.shape[0] < 2500
    colours = picture[..., :3]
    assert (colours[[0, -1]] == 1).all()  # nothing is cut off at the edges
    assert (colours[:, [0, -1]] == 1).all()
    assert (np.abs(colours - 128 / 255) < 0.01).all(-1).sum() > 500  # the frames are on it


def test_a_contact_sheet_with_one_label_and_a_repeated_frame() -> None:
    """A video that ends early repeats its last frame and its time."""

    def drawn(heatmaps: np.ndarray) -> np.ndarray:
        times, probabilities = np.zeros(2), LABELS[:1]
        return decoded(
            overlay.contact_sheet(
                grey_frames(2), heatmaps, BOX, times=times, probabilities=probabilities, footer=""
            )
        )

    first = drawn(one_hot(2, 4, 4, 0, 2, 3))
    second = drawn(one_hot(2, 4, 4, 1, 2, 3))
    assert first.shape == second.shape
    assert (first != second).any()


def texts_of_sheet(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts of a contact sheet in the current language."""
    texts = []

    def save(figure: Figure, kind: str) -> bytes:
        figure.savefig(BytesIO(), format=kind)  # sets the labels of ticks
        texts.extend(text.get_text() for text in figure.findobj(Text))
        return b""

    monkeypatch.setattr(overlay, "_saved", save)
    heatmaps, times = np.ones((3, 4, 4), np.float32), np.arange(3) / 4
    overlay.contact_sheet(
        grey_frames(), heatmaps, BOX, times=times, probabilities=LABELS[:1], footer=""
    )
    return texts


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_contact_sheet_is_in_the_language(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing glyph would be a warning."""
    with use_language(code):
        found = texts_of_sheet(monkeypatch)
        expected = [t("labels.moving left"), t("page.seconds", seconds=0.25), t("picture.mean")]
        expected += [t("check.probability"), t("picture.seconds"), t("picture.heatmap")]
    assert set(expected) <= set(found)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [overlay.MIN_UNIT_WIDTH, overlay.MIN_UNIT_WIDTH - 1])
def test_the_unit_of_a_colour_bar_fits_in_every_language(code: str, width: int) -> None:
    with use_language(code):
        figure = overlay._bar_figure(width, 117.3)
    (axes,) = figure.axes
    FigureCanvasAgg(figure).draw()
    boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
    assert all(left.x1 + 3 < right.x0 for left, right in pairwise(boxes))
