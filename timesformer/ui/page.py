"""The components of the page, laid out once in every language."""

import inspect
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.helpers import Examples
from starlette.middleware import Middleware
from starlette.routing import Route

from ..checkpoints.registry import LICENCE, find_published
from ..errors import TimesformerError
from ..experiments import EXPERIMENTS
from ..explain import METHODS
from ..explain.registry import class_methods
from ..i18n import DEFAULT_LANGUAGE, LANGUAGES, joined, localized, section, t, use_language
from ..paths import ASSETS_FOLDER, WEB_FOLDER
from ..visualize import explorer
from ..visualize.captions import TOP_K
from ..visualize.javascript import catalog_html
from . import handlers
from .analysis import CLIP_CACHE
from .gradio_patches import Blocks, Iterators, Sessions
from .model_choices import label_choices
from .request_token import RequestToken
from .sections.experiments import heading_html
from .sections.lessons import bar_html, cards_html
from .sections.references import references_html
from .sections.status import status_html
from .server import limits, middleware
from .server.clip_status import ClipStatus
from .server.examples import EXAMPLES
from .server.health import Health
from .server.scripts import SCRIPTS, Scripts
from .server.temp_files import TempFiles
from .server.uploads import Uploads
from .wiring import Parts, wire

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
).set(  # a contrast of at least 4.5, as WCAG AA asks
    button_primary_background_fill="*primary_600",
    button_primary_background_fill_hover="*primary_700",
    block_info_text_color="*neutral_600",
    block_info_text_color_dark="*neutral_300",
)

RELOADING = "GRADIO_WATCH_DIRS"  # environment variable that the command `gradio` sets
STYLES = ("page.css", "experiments.css", "lessons.css", "architecture.css", "explorer.css")


class Page(Blocks):
    """A page that is only served with its looks, middleware and limits, its `settings`."""

    settings: Mapping[str, Any]
    _mounted_at: str | None = None
    _is_mounting = False

    def launch(self, **options: Any) -> Any:  # type: ignore[override]
        """Serve the page, with options of Gradio's `launch`.

        Raises TimesformerError for options in `settings`.
        """
        for option in options:
            if option in self.settings:
                raise TimesformerError("page.fixed_option", option=option)
        return super().launch(**self.settings, **options)

    def mount(self, app: FastAPI, path: str) -> FastAPI:
        """Mount the page in another app."""
        accepted = inspect.signature(gr.mount_gradio_app).parameters.keys() - {"favicon_path"}
        settings = {name: value for name, value in self.settings.items() if name in accepted}
        self.state_session_capacity = limits.MAX_TABS
        self._is_mounting = True
        return gr.mount_gradio_app(app, self, path, **settings)

    @property  # type: ignore[override]
    def custom_mount_path(self) -> str | None:
        """The path at which the page is mounted. Gradio sets it before it serves anything."""
        return self._mounted_at

    @custom_mount_path.setter
    def custom_mount_path(self, path: str | None) -> None:
        if path is not None and not self._is_mounting:
            raise TimesformerError("page.not_mounted")
        self._mounted_at = path


def build_page(models: Sequence[str], temp_files: TempFiles, *, any_model: bool = False) -> Page:
    """Return the page. Other languages are at /de and so on.

    Visitors choose among `models`; with `any_model` they can name others of the Hub. Raises
    TimesformerError under the command `gradio`, which would run app.py again beside the page.
    """
    if os.environ.get(RELOADING):
        raise TimesformerError("page.no_reload")
    with Page(title=t("page.title"), analytics_enabled=False) as page:
        _build(DEFAULT_LANGUAGE, models, any_model)
    for code, language in LANGUAGES.items():
        if code != DEFAULT_LANGUAGE:
            with page.route(language.sentences["page.title"], f"/{code}", show_in_navbar=False):
                _build(code, models, any_model)
    page.queue(max_size=limits.MAX_WAITING, default_concurrency_limit=1, api_open=False)
    page.settings = _launch_settings(temp_files)
    return page


def _launch_settings(temp_files: TempFiles) -> dict[str, object]:
    """Return keyword arguments for `launch`: looks, scripts, middleware and limits."""
    scripts = Scripts()
    return middleware.LAUNCH | {
        "theme": THEME,
        "css_paths": [WEB_FOLDER / "css" / name for name in STYLES],
        "head": scripts.head,
        "favicon_path": ASSETS_FOLDER / "icon.svg",
        "app_kwargs": _app_settings(temp_files, scripts),
    }


def _app_settings(temp_files: TempFiles, scripts: Scripts) -> dict[str, object]:
    """Return keyword arguments for the ASGI app. Its routes precede Gradio's."""
    uploads = Uploads(temp_files, restore=CLIP_CACHE.restore)
    health = Health(temp_files, uploads)
    access = Middleware(middleware.AccessMiddleware, temp_files=temp_files, clip_cache=CLIP_CACHE)
    return {
        "middleware": [access],
        "routes": [
            Route(middleware.UPLOAD, uploads.receive, methods=["POST"]),
            Route(middleware.CLIP, ClipStatus(temp_files, CLIP_CACHE).respond),
            Route(SCRIPTS, scripts.serve),
            Route(middleware.HEALTH, health.health),
            Route(middleware.READY, health.ready),
        ],
        "lifespan": partial(_lifespan, temp_files),
        "openapi_url": None,
    }


@asynccontextmanager
async def _lifespan(temp_files: TempFiles, app: Any) -> AsyncIterator[None]:
    app.state_holder, app.iterators = Sessions(app.get_blocks()), Iterators()
    async with temp_files.lifespan(
        app, files_in_use=middleware.files_in_use, also_sweep=CLIP_CACHE.sweep
    ):
        yield


def _build(code: str, models: Sequence[str], any_model: bool) -> None:
    with use_language(code):
        gr.Markdown(t("page.heading"), elem_id="heading")
        gr.HTML(catalog_html() + bar_html(), elem_id="bar")
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=320):
                inputs = _input_parts(models, any_model)
            with gr.Column(scale=3, min_width=320):
                outputs = _answer_parts()
        more = _strip_parts() | _explorer_parts() | _experiment_parts()
        with gr.Column(elem_id="works"):
            architecture = gr.HTML(handlers.update_architecture(models[0]))
            gr.HTML(explorer.arithmetic_html())
            gr.HTML(references_html())
        gr.HTML(cards_html(), elem_id="lessons")
        parts = Parts(
            **inputs, **outputs, **more, architecture=architecture, token=gr.State(RequestToken())
        )
        wire(parts, partial(localized, code))


def _input_parts(models: Sequence[str], any_model: bool) -> dict[str, Any]:
    """Lay out the left side: clip, model and settings."""
    gr.Markdown(t("page.privacy", minutes=limits.MAX_STAY_SECONDS / 60), elem_id="privacy")
    clip = _clip()
    any_model_info = t("page.model_info", gigabytes=limits.MAX_MODEL_BYTES / 1e9)
    model = gr.Dropdown(
        [(_model_text(name), name) for name in models],
        value=models[0], label=t("page.model"), elem_id="model",
        allow_custom_value=any_model, info=any_model_info if any_model else None,
    )  # fmt: skip
    with gr.Row():
        run = gr.Button(t("page.run"), variant="primary", elem_id="run")
        stop = gr.Button(t("page.stop"), elem_id="stop")
        delete = gr.Button(t("page.delete"), elem_id="delete")
    parts: dict[str, Any] = {"clip": clip, "model": model, "run": run, "stop": stop}
    return parts | {"delete": delete, "examples": _examples(clip), **_settings(models[0])}


def _clip() -> gr.Video:
    return gr.Video(
        label=t("page.clip"),
        sources=["upload", "webcam"],
        webcam_options=CAMERA,
        include_audio=True,  # False would run an ffmpeg executable; the camera has no sound anyway
        buttons=[],
        elem_id="clip",
    )


def _model_text(name: str) -> str:
    published = find_published(name)
    if published is None:
        if name not in section("embedded"):
            return name
        return t("page.embedded_choice", name=name, description=t(f"embedded.{name}"))
    return t(
        "page.published_choice",
        name=name,
        num_labels=published.num_labels,
        num_frames=published.num_frames,
        size=published.size,
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
        of_a_class = joined((t(f"methods.{name}.name") for name in class_methods()), "lists.comma")
        target_info = t("page.target_info", methods=of_a_class)
        parts = {"label": ("about", t("page.target"), target_info),
                 "contrast": ("than", t("page.contrast"), t("page.contrast_info"))}  # fmt: skip
        dropdowns = {
            part: gr.Dropdown(
                label_choices(model), value=None, label=title, info=info, elem_id=elem_id,
                allow_custom_value=True,
            )
            for part, (elem_id, title, info) in parts.items()
        }  # fmt: skip
        start = gr.Number(0, label=t("page.start"), info=t("page.start_info"), elem_id="start")
        smooth = gr.Checkbox(label=t("page.smooth"), elem_id="smooth")
    return {"method": method, "start": start, "smooth": smooth, **dropdowns}


def _answer_parts() -> dict[str, Any]:
    """Lay out the right side: status, labels and overlay."""
    return {
        "status": gr.HTML(status_html(t("status.welcome")), elem_id="status"),
        "probabilities": gr.Label(label=t("page.answer"), num_top_classes=TOP_K, elem_id="answer"),
        "overlay": gr.Video(
            label=t("page.overlay"), interactive=False, autoplay=True, loop=True,
            elem_id="overlay", buttons=["download"],
        ),
    }  # fmt: skip


def _strip_parts() -> dict[str, Any]:
    """Lay out the strip of frames, the deletion test and the downloads."""
    parts: dict[str, Any] = {"strip": gr.HTML(elem_id="strip")}
    with gr.Row(elem_id="take"):
        parts |= {
            "check": gr.Button(t("page.check"), elem_id="check"),
            "sheet": gr.DownloadButton(t("page.sheet"), interactive=False, elem_id="sheet"),
            "pack": gr.Button(t("page.pack"), elem_id="pack"),
            "archive": gr.DownloadButton(t("page.archive"), interactive=False, elem_id="archive"),
        }
    return parts | {"deletion_test": gr.HTML(elem_id="checked")}


def _explorer_parts() -> dict[str, Any]:
    """Lay out the explorer and the file with its numbers."""
    with gr.Column(elem_id="explorer"):
        section_html = gr.HTML()
        attention = gr.DownloadButton(
            t("page.attention_file"), interactive=False, elem_id="attention", size="sm"
        )
    return {"explorer": section_html, "attention": attention}


def _experiment_parts() -> dict[str, Any]:
    """Lay out the buttons of the experiments and the place of their results."""
    with gr.Column(elem_id="trials"):
        gr.HTML(heading_html())
        with gr.Row(elem_id="experiment-buttons"):
            buttons = {
                name: gr.Button(t(f"experiments.buttons.{name}"), elem_id=f"try-{name}")
                for name in EXPERIMENTS
            }
        return {"experiment_buttons": buttons, "experiment": gr.HTML(elem_id="experiment-result")}
