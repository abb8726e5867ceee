"""Strip of frames, heatmaps, times and the curve over time, as HTML; and the deletion test."""

import base64
from collections.abc import Sequence
from html import escape
from io import BytesIO

import numpy as np
from matplotlib.image import imsave

from ..explain import Check, Explanation
from ..explain.deletion import FRACTIONS, TOP_FRACTION
from ..i18n import Value, format_number, t
from ..video.clip import Clip
from . import overlay
from .captions import check_text, curve_text

FRAME_SIZE = 240  # pixels of the longer side; a strip of 8 shows 150 pixels a frame on a laptop
CURVE_TOP = 2.0  # times uniform at the top of the curve, at least
JPEG_QUALITY = 88  # a mean error of 1.2 of 255 levels, with two thirds of the bytes of quality 95
SMALL = {"quality": 75, "subsampling": 2, "optimize": True}  # of pictures that a video replaces
HEADROOM = 1.3  # height of the curve over its highest point, for the number there


def strip_html(
    clip: Clip, explanation: Explanation, *, smooth: bool, remarks: Sequence[str] = ()
) -> str:
    """Return the frames of a clip with their heatmaps, over the curve of frame means.

    `remarks` are sentences on the heatmaps, the first in larger type.
    """
    frames, box = overlay.shrink(clip.frames, explanation.box, longest=FRAME_SIZE)
    overlays = overlay.overlays(
        frames, explanation.heatmaps, box, smooth=smooth, moved=explanation.moved
    )
    shares = explanation.frame_shares.tolist()
    times = clip.times.tolist()
    peaks = explanation.heatmaps.max(axis=(1, 2)).tolist()
    paragraphs = "".join(f"<p>{escape(remark)}</p>" for remark in remarks)
    columns = "".join(
        _column(
            t("strip.frame", number=i + 1, time=times[i], share=shares[i], peak=peaks[i]),
            times[i],
            frames[i],
            drawn,
        )
        for i, drawn in enumerate(overlays)
    )
    return (
        f'<section class="strip" aria-label="{escape(t("strip.heading"))}">'
        f"<h2>{escape(t('strip.heading'))}</h2>"
        f'<div class="remarks">{paragraphs}</div>'
        f'<div class="strip-scroll" tabindex="0">'
        f'<div class="strip-grid" style="--frames:{len(times)}">{columns}</div>'
        f"{_curve(shares)}</div>"
        f"{_scale(overlay.scale_top(explanation.heatmaps))}"
        f"<p>{escape(curve_text(shares, times))} {escape(t('strip.caption'))}</p></section>"
    )


def _column(text: str, time: float, frame: np.ndarray, drawn: np.ndarray) -> str:
    return (
        f'<figure><img src="{jpeg(frame)}" alt="">'
        f'<img src="{jpeg(drawn)}" alt="{escape(text)}" title="{escape(text)}">'
        f"<figcaption>{escape(t('page.seconds', seconds=time))}</figcaption></figure>"
    )


def jpeg(picture: np.ndarray, *, is_small: bool = False) -> str:
    """Return a picture (H, W, 3) uint8 as a data URL of a JPEG, of half the bytes if `is_small`."""
    file = BytesIO()
    options = SMALL if is_small else {"quality": JPEG_QUALITY, "subsampling": 0}
    imsave(file, picture, format="jpg", pil_kwargs=options)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


def _curve(shares: list[float]) -> str:
    """Return a line through the centre of each frame's column, with a rule at 1 x uniform."""
    T, top = len(shares), max(CURVE_TOP, HEADROOM * max(shares))
    points = " ".join(f"{i + 0.5:.2f},{1 - share / top:.4f}" for i, share in enumerate(shares))
    dots = "".join(
        f'<span class="dot" style="left:{100 * (i + 0.5) / T:.2f}%;top:{100 - 100 * s / top:.1f}%">'
        f"<b>{format_number(s, '.2f')}</b></span>"
        for i, s in enumerate(shares)
    )
    return (
        f'<div class="curve" style="--frames:{T}" aria-hidden="true">'
        f'<svg viewBox="0 0 {T} 1" preserveAspectRatio="none">'
        f'<line class="uniform" x1="0" x2="{T}" y1="{1 - 1 / top:.4f}" y2="{1 - 1 / top:.4f}"/>'
        f'<polyline points="{points}"/></svg>{dots}</div>'
    )


def _scale(top: float) -> str:
    maximum = format_number(top, ".1f")
    label, end = (t(f"explorer.{name}", top=maximum) for name in ("scale", "top"))
    colours = ",".join(f"#{bytes(colour).hex()}" for colour in overlay.colour_table()[::17])
    return (
        f'<div class="scale" role="img" aria-label="{escape(label)}">'
        f'<span>0</span><i style="--heat:{colours}"></i><span>{escape(end)}</span></div>'
    )


def check_html(explanation: Explanation, check: Check) -> str:
    """Return the sentence on a deletion test, and its curves of the probability."""
    text = f"<p>{escape(check_text(explanation, check))}</p>"
    if isinstance(check.curves.deletion[0], Value):  # the scale of the curves is 0 to 1
        return f'<section class="check">{text}</section>'
    shown = FRACTIONS[:-1]  # every curve ends with all patches masked
    random = [("random", curves.deletion) for curves in check.random]
    lines = "".join(
        f'<polyline class="{kind}" points="{_points(shown, deletion)}"/>'
        for kind, deletion in reversed([("hottest", check.curves.deletion), *random])
    )
    keys = "".join(
        f'<span class="{kind}">{escape(name)}</span>'
        for kind, name in (("hottest", t("check.hottest_first")), ("random", t("check.random")))
    )
    up, along = t("check.probability"), t("check.share")
    return (
        f'<section class="check">{text}'
        f'<div class="check-curves" aria-hidden="true"><i>1</i><i>{escape(up)}</i><i>0</i>'
        f'<svg viewBox="0 0 1 1" preserveAspectRatio="none">{lines}</svg>'
        f"{_marks(check, shown[-1])}"
        f"<b>{format_number(0, '.0%')}</b><b>{escape(along)}</b>"
        f"<b>{format_number(shown[-1], '.0%')}</b></div>"
        f'<div class="keys">{keys}</div></section>'
    )


def _marks(check: Check, end: float) -> str:
    """Return a line at TOP_FRACTION of the masked patches, with the height of the curves there."""
    before = check.curves.deletion[0]
    heights = {"hottest": before - check.drop, "random": before - check.random_drop}
    numbers = "".join(
        f'<span class="{kind}" style="--up:{height:.3f}">{format_number(height, ".0%")}</span>'
        for kind, height in heights.items()
    )
    return f'<div class="marks" style="--at:{TOP_FRACTION / end:.3f}">{numbers}</div>'


def _points(fractions: Sequence[float], heights: Sequence[float]) -> str:
    points = zip(fractions, heights, strict=False)
    return " ".join(f"{x / fractions[-1]:.3f},{1 - y:.3f}" for x, y in points)
