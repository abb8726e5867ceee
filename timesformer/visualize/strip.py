"""The strip under the answer: frames, heatmaps, times and the curve, as one piece of HTML."""

import base64
from collections.abc import Sequence
from html import escape
from io import BytesIO

import numpy as np
from matplotlib.image import imsave

from ..explain import Check, Explanation
from ..explain.deletion import FRACTIONS
from ..i18n import format_number, t
from ..video.clip import Clip
from . import overlay
from .captions import curve_text, whether_it_counts

THUMBNAIL = 240  # pixels of the longer side; a strip of 8 is 150 pixels a frame on a laptop
CURVE_TOP = 2.0  # times uniform at the top of the curve, at least
HEADROOM = 1.3  # above the highest point, for its number


def strip_html(
    clip: Clip, explanation: Explanation, *, smooth: bool, remarks: Sequence[str] = ()
) -> str:
    """The T frames of a clip, with their heatmaps, over the curve of when the model looked.

    `remarks` are sentences on the heatmaps, the first of them in larger type.
    """
    frames, box = overlay.shrink(clip.frames, explanation.box, longest=THUMBNAIL)
    laid_over = overlay.overlays(frames, explanation.heatmaps, box, smooth=smooth)
    shares = explanation.frame_shares.tolist()
    times = clip.times.tolist()
    peaks = explanation.heatmaps.max(axis=(1, 2)).tolist()
    said = "".join(f"<p>{escape(remark)}</p>" for remark in remarks)
    columns = "".join(
        _column(
            t("strip.frame", number=i + 1, time=times[i], share=shares[i], peak=peaks[i]),
            times[i],
            frames[i],
            over,
        )
        for i, over in enumerate(laid_over)
    )
    return (
        f'<section class="strip" aria-label="{escape(t("strip.heading"))}">'
        f"<h2>{escape(t('strip.heading'))}</h2>"
        f'<div class="remarks">{said}</div>'
        f'<div class="strip-scroll" tabindex="0">'
        f'<div class="strip-grid" style="--frames:{len(times)}">{columns}</div>'
        f"{_curve(shares)}</div>"
        f"{_scale(overlay.scale_top(explanation.heatmaps))}"
        f"<p>{escape(curve_text(shares, times))} {escape(t('strip.caption'))}</p></section>"
    )


def _column(words: str, time: float, frame: np.ndarray, over: np.ndarray) -> str:
    return (
        f'<figure><img src="{jpeg(frame)}" alt="">'
        f'<img src="{jpeg(over)}" alt="{escape(words)}" title="{escape(words)}">'
        f"<figcaption>{escape(t('page.seconds', seconds=time))}</figcaption></figure>"
    )


def jpeg(picture: np.ndarray) -> str:
    """A picture (H, W, 3) uint8 as the address of an image that needs no file."""
    file = BytesIO()
    imsave(file, picture, format="jpg", pil_kwargs={"quality": 88, "subsampling": 0})
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


def _curve(shares: list[float]) -> str:
    """A line through the middle of each frame's column, from 0 up, with a rule at 1 x uniform."""
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
    written = format_number(top, ".1f")
    words, most = (t(f"explorer.{name}", top=written) for name in ("scale", "top"))
    return (
        f'<div class="scale" role="img" aria-label="{escape(words)}">'
        f"<span>0</span><i></i><span>{escape(most)}</span></div>"
    )


def check_html(explanation: Explanation, check: Check) -> str:
    """The sentence on a check, and its curves: the probability as ever more patches are covered."""
    shown = FRACTIONS[:-1]  # that all covered is the end of every curve says nothing
    paths = [("hot", check.curves.deletion), *(("any", one.deletion) for one in check.random)]
    lines = "".join(
        f'<polyline class="{kind}" points="{_points(shown, deletion)}"/>'
        for kind, deletion in reversed(paths)
    )
    keys = "".join(
        f'<span class="{kind}">{escape(name)}</span>'
        for kind, name in (("hot", t("check.hottest_first")), ("any", t("check.random")))
    )
    up, along = t("check.probability"), t("check.share")
    return (
        f'<section class="check"><p>{escape(whether_it_counts(explanation, check))}</p>'
        f'<div class="covering" aria-hidden="true"><i>1</i><i>{escape(up)}</i><i>0</i>'
        f'<svg viewBox="0 0 1 1" preserveAspectRatio="none">{lines}</svg>'
        f"<b>{format_number(0, '.0%')}</b><b>{escape(along)}</b>"
        f"<b>{format_number(shown[-1], '.0%')}</b></div>"
        f'<div class="keys">{keys}</div></section>'
    )


def _points(fractions: Sequence[float], heights: Sequence[float]) -> str:
    places = zip(fractions, heights, strict=False)
    return " ".join(f"{x / fractions[-1]:.3f},{1 - y:.3f}" for x, y in places)
