"""The stage: the clip with its heatmap, the prediction, and the choices, as HTML.

assets/web/js/stage.js fills it. It is part of the page's first HTML, before Gradio starts.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from html import escape

from ...explain import METHODS
from ...i18n import section, t
from ...preprocess import Box
from ...video.clip import read_clip
from ...visualize import overlay
from ...visualize.strip import jpeg
from ..answer import DOWNLOADS
from ..server import limits
from ..server.examples import EXAMPLES

MAIN_METHODS = ("libra-pointed", "attention", "rollout", "moved")  # others are behind "More"
THUMBNAIL_SIZE = 124  # pixels; twice the size on the page
ICONS = {  # SVG paths in a square of 24
    "previous": "M6 5h2v14H6zM20 5v14l-10-7z",
    "play": "M8 5v14l11-7z",
    "next": "M16 5h2v14h-2zM4 5l10 7-10 7z",
    "pause": "M7 5h4v14H7zM13 5h4v14h-4z",
    "fullscreen": "M4 9V4h5v2H6v3zM15 4h5v5h-2V6h-3zM20 15v5h-5v-2h3v-3zM9 20H4v-5h2v3h3z",
}


def stage_html() -> str:
    """Return the stage in the current language."""
    return (
        f'<section class="stage" aria-label="{_text("stage.title")}">'
        f"<h1>{_text('stage.heading')}</h1>"
        f'<div class="look">{_picture()}{_methods()}{_part()}{_more()}</div>'
        f"{_verdict()}{_actions()}</section>"
    )


def _text(key: str, **values: object) -> str:
    return escape(t(key, **values))


def _button(name: str, *, classes: str = "", attributes: str = "") -> str:
    return (
        f'<button type="button" class="{classes}" data-do="{name}"{attributes}>'
        f"{_text(f'stage.{name}')}</button>"
    )


def _picture() -> str:
    return (
        '<div class="picture"><div class="panes"><canvas class="pane" role="img"></canvas>'
        f"{_captions()}</div>"
        '<video class="source" muted playsinline preload="auto" tabindex="-1" aria-hidden="true">'
        f'</video><div class="frames" role="group" aria-label="{_text("stage.frames")}"></div>'
        f'<div class="player">{_icon_button("previous")}'
        f"{_icon_button('play', _icon('play', 'start') + _icon('pause', 'stop'))}"
        f"{_icon_button('next')}"
        f'<label>{_text("stage.heat")}<input type="range" class="opacity" min="0" max="1" '
        'step="0.05" value="0.8"></label><span class="scale"><i></i><span></span></span>'
        f"{_icon_button('fullscreen')}</div>"
        "</div>"
    )


def _captions() -> str:
    """Return the names of two heatmaps side by side; the second is a choice."""
    options = "".join(_method_options(_page_methods()))
    return (
        '<div class="captions" hidden><span></span>'
        f'<select aria-label="{_text("stage.second")}">{options}</select></div>'
    )


def _page_methods() -> list[str]:
    return [name for name, method in METHODS.items() if method.on_page]


def _method_options(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield (
            f'<option value="{name}" title="{_text(f"methods.{name}.choice")}">'
            f"{_text(f'methods.{name}.short')}</option>"
        )


def _part() -> str:
    """Return the lines on the part of the video, and of each frame, that the model saw."""
    return (
        f'<label class="timeline" hidden><span></span><input type="range" min="0" step="0.1" '
        f'aria-label="{_text("stage.start")}"></label>'
        '<p class="crop"></p>'
    )


def _icon_button(name: str, icons: str = "") -> str:
    text = _text(f"stage.{name}")
    return (
        f'<button type="button" data-do="{name}" aria-label="{text}" title="{text}">'
        f"{icons or _icon(name)}</button>"
    )


def _icon(name: str, classes: str = "") -> str:
    path = ICONS[name]
    return f'<svg viewBox="0 0 24 24" class="{classes}" aria-hidden="true"><path d="{path}"/></svg>'


def _verdict() -> str:
    return (
        '<div class="answer"><p class="verdict" aria-live="polite"><b></b> <span></span></p>'
        f'<ol class="predictions" aria-label="{_text("stage.bars")}"></ol><p class="why"></p>'
        '<p class="limits"></p></div>'
    )


def _methods() -> str:
    radios = "".join(
        f'<label title="{_text(f"methods.{name}.choice")}"><input type="radio" name="method" '
        f'value="{name}"><span>{_text(f"methods.{name}.short")}</span></label>'
        for name in MAIN_METHODS
    )
    others = "".join(_method_options(name for name in _page_methods() if name not in MAIN_METHODS))
    shapes = "".join(
        f'<label title="{_text(f"stage.shapes.{name}")}"><input type="radio" name="shape" '
        f'value="{name}"{checked}><span>{_text(f"stage.{name}")}</span></label>'
        for name, checked in (("smooth", " checked"), ("patches", ""), ("sharper", ""))
    )
    return (
        f'<div class="choices"><fieldset class="segments"><legend>{_text("stage.method")}</legend>'
        f"{radios}</fieldset>"
        f'<select class="methods" aria-label="{_text("stage.more_methods")}">'
        f'<option value="">{_text("stage.more_methods")}</option>{others}</select>'
        f'<fieldset class="segments"><legend>{_text("stage.shape")}</legend>{shapes}</fieldset>'
        "</div>"
    )


def _actions() -> str:
    files = "".join(
        f'<button type="button" data-download="{kind}">{_text(f"stage.downloads.{kind}")}</button>'
        for kind in DOWNLOADS
    )
    titles = section("scenes")
    examples = "".join(
        f'<button type="button" data-example="{name}" title="{escape(titles[name])}" '
        f'aria-label="{escape(titles[name])}"><img src="{picture}" alt="" width="62" height="62">'
        "</button>"
        for name, picture in _thumbnails().items()
    )
    minutes = limits.MAX_STAY_SECONDS / 60
    privacy = _text("page.privacy", minutes=minutes)
    return (
        f'<div class="actions"><div class="own">{_button("camera", classes="main")}'
        f"{_button('upload')}"
        f'<input type="file" accept="video/*,.gif,.mkv,.mov,.avi,.webm,.ts,.flv" hidden '
        f'aria-label="{_text("stage.upload")}"></div>'
        f'<p class="pick">{_text("stage.pick")}</p><div class="examples">{examples}</div>'
        f'<div class="tools"><details class="downloads"><summary>{_text("stage.download")}'
        f"</summary><div>{files}</div></details>"
        f"{_button('check')}{_button('compare')}{_button('delete', attributes=' hidden')}</div>"
        f'<details class="privacy"><summary>{_text("stage.privacy", minutes=minutes)}</summary>'
        f"<p>{privacy}</p></details></div>"
    )


def _more() -> str:
    labels = "".join(
        f'<label>{_text(f"stage.{name}")}<select data-choice="{name}"></select></label>'
        for name in ("label", "contrast")
    )
    return (
        f'<details class="more"><summary>{_text("stage.details")}</summary>'
        f'<div class="labels">{labels}</div><p class="curve"></p><p class="caveats"></p>'
        '<p class="no-preview"></p><p class="notes"></p><p class="numbers"></p></details>'
    )


@cache
def _thumbnails() -> dict[str, str]:
    """Return a picture of each example as a data URL, by name."""
    return {name: _thumbnail(str(file)) for name, file in EXAMPLES.items()}


def _thumbnail(file: str) -> str:
    frames = read_clip(file, num_frames=3, sampling_rate=None).frames[1:2]
    H, W = frames.shape[1:3]
    small, _ = overlay.shrink(frames, Box(0, 0, W, H), longest=THUMBNAIL_SIZE)
    return jpeg(small[0], is_small=True)
