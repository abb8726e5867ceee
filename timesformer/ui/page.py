"""The components of the page, laid out once in every language."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import gradio as gr
from gradio.helpers import Examples
from starlette.middleware import Middleware
from starlette.routing import Route

from ..checkpoints.registry import LICENCE, find_published
from ..explain import METHODS
from ..i18n import DEFAULT_LANGUAGE, LANGUAGES, localized, section, t, use_language
from ..paths import ASSETS_FOLDER, WEB_FOLDER
from ..visualize import explorer
from ..visualize.javascript import catalog_html
from . import choices, handlers
from .answer_cache import EXAMPLES
from .gradio_patches import Blocks, Sessions
from .request import status
from .sections.experiments import heading_html
from .sections.lessons import bar_html, cards_html
from .sections.references import references_html
from .server import middleware
from .server.clip_status import ClipStatus
from .server.health import Health
from .server.scripts import SCRIPTS, Scripts
from .server.temp_files import Storage
from .server.uploads import Uploads
from .wiring import Parts, Turn, wire

CAMERA = gr.WebcamOptions(
    mirror=False,  # left must stay left, in the preview and in the file
    constraints={
        "audio": False,
        "video": {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 30}},
    },
)
THEME = gr.themes.Base(
    primary_hue="indigo",
    neutral_hue="slate",
    font=["system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
).set(  # in contrast enough to be read by anybody
    button_primary_background_fill="*primary_600",
    button_primary_background_fill_hover="*primary_700",
    block_info_text_color="*neutral_600",
    block_info_text_color_dark="*neutral_300",
)

STYLES = ("page.css", "experiments.css", "lessons.css", "architecture.css", "explorer.css")


def build_page(models: Sequence[str], *, any_model: bool = False) -> gr.Blocks:
    """The page, ready to launch with `launch_settings`; other languages are at /de and so on.

    Visitors choose among `models`, or name any of the Hub.
    """
    with Blocks(title=t("page.title"), analytics_enabled=False) as page:
        _build(DEFAULT_LANGUAGE, models, any_model)
    for code, language in LANGUAGES.items():
        if code != DEFAULT_LANGUAGE:
            with page.route(language.sentences["page.title"], f"/{code}", show_in_navbar=False):
                _build(code, models, any_model)
    page.queue(max_size=middleware.MAX_WAITING, default_concurrency_limit=1, api_open=False)
    return page


def launch_settings(storage: Storage) -> dict[str, object]:
    """Keyword arguments for `launch`: the looks, the page's script, the door and its limits."""
    scripts = Scripts()
    return middleware.LAUNCH | {
        "theme": THEME,
        "css_paths": [WEB_FOLDER / "css" / name for name in STYLES],
        "head": scripts.head,
        "favicon_path": ASSETS_FOLDER / "icon.svg",
        "app_kwargs": _app_settings(storage, scripts),
    }


def _app_settings(storage: Storage, scripts: Scripts) -> dict[str, object]:
    """Keyword arguments for the ASGI app: its own routes, come before Gradio's."""
    uploads = Uploads(storage, put_back=handlers.HELD.put_back)
    health = Health(storage, uploads)
    return {
        "middleware": [Middleware(middleware.Door, storage=storage, held=handlers.HELD)],
        "routes": [
            Route(middleware.UPLOAD, uploads.take_in, methods=["POST"]),
            Route(middleware.CLIP, ClipStatus(storage, handlers.HELD).respond),
            Route(SCRIPTS, scripts.serve),
            Route(middleware.HEALTH, health.health),
            Route(middleware.READY, health.ready),
        ],
        "lifespan": partial(_running, storage),
        "openapi_url": None,
    }


@asynccontextmanager
async def _running(storage: Storage, app: Any) -> AsyncIterator[None]:
    """While the server runs."""
    app.state_holder = Sessions(app.get_blocks())
    async with storage.lifespan(
        app, asked_about=middleware.files_asked_about, besides=handlers.HELD.sweep
    ):
        yield


def _build(code: str, models: Sequence[str], any_model: bool) -> None:
    with use_language(code):
        gr.Markdown(t("page.heading"), elem_id="heading")
        gr.HTML(catalog_html() + bar_html(), elem_id="bar")
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=320):
                asked = _asking(models, any_model)
            with gr.Column(scale=3, min_width=320):
                answered = _answering()
        more = _taking() | _exploring() | _trying()
        with gr.Column(elem_id="works"):
            drawing = gr.HTML(choices.works_for(models[0]))
            gr.HTML(explorer.arithmetic_html())
            gr.HTML(references_html())
        gr.HTML(cards_html(), elem_id="lessons")
        parts = Parts(**asked, **answered, **more, drawing=drawing, turn=gr.State(Turn()))
        wire(parts, partial(localized, code))


def _asking(models: Sequence[str], any_model: bool) -> dict[str, Any]:
    """The left side: a clip, what to look at it with, and how."""
    gr.Markdown(t("page.privacy"), elem_id="privacy")
    clip = _clip()
    model = gr.Dropdown(
        [(_model_words(name), name) for name in models],
        value=models[0], label=t("page.model"), elem_id="model",
        allow_custom_value=any_model, info=t("page.model_info") if any_model else None,
    )  # fmt: skip
    with gr.Row():
        run = gr.Button(t("page.run"), variant="primary", elem_id="run")
        stop = gr.Button(t("page.stop"), elem_id="stop")
        delete = gr.Button(t("page.delete"), elem_id="delete")
    found: dict[str, Any] = {"clip": clip, "model": model, "run": run, "stop": stop}
    return found | {"delete": delete, "examples": _examples(clip), **_settings(models[0])}


def _clip() -> gr.Video:
    return gr.Video(
        label=t("page.clip"),
        sources=["upload", "webcam"],
        webcam_options=CAMERA,
        include_audio=True,  # False would run an ffmpeg executable; the camera has no sound anyway
        buttons=[],
        elem_id="clip",
    )


def _model_words(name: str) -> str:
    known = find_published(name)
    if known is None:
        if name not in section("embedded"):
            return name
        return t("page.embedded_choice", name=name, description=t(f"embedded.{name}"))
    return t(
        "page.published_choice",
        name=name,
        num_labels=known.num_labels,
        num_frames=known.num_frames,
        size=known.size,
        licence=LICENCE,
    )


def _examples(clip: gr.Video) -> Examples:
    return gr.Examples(
        [[file] for file in EXAMPLES.values()],
        clip,
        label=t("page.examples"),
        examples_per_page=len(EXAMPLES),
        elem_id="examples",
    )


def _settings(model: str) -> dict[str, Any]:
    with gr.Accordion(t("page.settings"), open=False, elem_id="settings"):
        methods = [(t(f"methods.{name}.choice"), name) for name in METHODS]
        method = gr.Radio(methods, value="rollout", label=t("page.method"), elem_id="method")
        labels = choices.label_choices(model)
        words: Mapping[str, tuple[str, str]] = {
            "about": (t("page.target"), t("page.target_info")),
            "than": (t("page.contrast"), t("page.contrast_info")),
        }
        chosen = {
            name: gr.Dropdown(
                labels, value=None, label=label, info=info, elem_id=name, allow_custom_value=True
            )
            for name, (label, info) in words.items()
        }
        start = gr.Number(0, label=t("page.start"), info=t("page.start_info"), elem_id="start")
        smooth = gr.Checkbox(label=t("page.smooth"), elem_id="smooth")
    return {"method": method, "start": start, "smooth": smooth, **chosen}


def _answering() -> dict[str, Any]:
    """The right side: what was recognised, and where it looked."""
    return {
        "said": gr.HTML(status(t("status.welcome")), elem_id="status"),
        "bars": gr.Label(label=t("page.answer"), num_top_classes=5, elem_id="answer"),
        "overlay": gr.Video(
            label=t("page.overlay"), interactive=False, autoplay=True, loop=True,
            elem_id="overlay", buttons=["download"],
        ),
    }  # fmt: skip


def _taking() -> dict[str, Any]:
    """The frames with their heatmaps, whether these are right, and what can be taken along."""
    found: dict[str, Any] = {"strip": gr.HTML(elem_id="strip")}
    with gr.Row(elem_id="take"):
        found |= {
            "check": gr.Button(t("page.check"), elem_id="check"),
            "sheet": gr.DownloadButton(t("page.sheet"), interactive=False, elem_id="sheet"),
            "pack": gr.Button(t("page.pack"), elem_id="pack"),
            "archive": gr.DownloadButton(t("page.archive"), interactive=False, elem_id="archive"),
        }
    return found | {"checked": gr.HTML(elem_id="checked")}


def _exploring() -> dict[str, Any]:
    """The explorer, and the file of numbers that it works with."""
    with gr.Column(elem_id="explorer"):
        explored = gr.HTML()
        attention = gr.DownloadButton(
            t("page.attention_file"), interactive=False, elem_id="attention", size="sm"
        )
    return {"explored": explored, "attention": attention}


def _trying() -> dict[str, Any]:
    """The experiments, a button for each, and where their results come."""
    with gr.Column(elem_id="trials"):
        gr.HTML(heading_html())
        with gr.Row(elem_id="tries"):
            tries = {
                name: gr.Button(words, elem_id=f"try-{name}")
                for name, words in section("experiments")["buttons"].items()
            }
        return {"tries": tries, "tried": gr.HTML(elem_id="tried")}
