"""The components of the page, laid out once in every language."""

import inspect
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route

from ..errors import TimesformerError
from ..i18n import DEFAULT_LANGUAGE, LANGUAGES, localized, t, use_language
from ..paths import ASSETS_FOLDER, WEB_FOLDER
from ..visualize import explorer
from ..visualize.javascript import catalog_html
from . import model_choices
from .analysis import CLIP_CACHE
from .answer import answer_data
from .gradio_patches import Iterators, Sessions
from .request import request_from
from .request_token import RequestToken
from .sections.architecture import architecture_html
from .sections.experiments import experiments_html
from .sections.header import header_html, known_data, other_model_html
from .sections.lessons import cards_html, lessons_data, panel_html
from .sections.references import references_html
from .sections.stage import stage_html
from .server import examples, limits, middleware, qr_code
from .server.clip_status import ClipStatus
from .server.health import Health
from .server.index_page import IndexPage
from .server.scripts import SCRIPTS, Scripts
from .server.temp_files import TempFiles
from .server.uploads import Uploads
from .wiring import Parts, build_bridge, wire
from .work import ANSWER_CACHE

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

FIRST_EXAMPLE = "hand-waving"  # answered when the page opens
RELOADING = "GRADIO_WATCH_DIRS"  # environment variable that the command `gradio` sets
STYLES = (
    "page.css", "stage.css", "experiments.css", "lessons.css", "architecture.css", "explorer.css",
)  # fmt: skip


class Page(gr.Blocks):
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
        _build(DEFAULT_LANGUAGE, models)
    for code, language in LANGUAGES.items():
        if code != DEFAULT_LANGUAGE:
            with page.route(language.sentences["page.title"], f"/{code}", show_in_navbar=False):
                _build(code, models)
    page.queue(max_size=limits.MAX_WAITING, default_concurrency_limit=1, api_open=False)
    page.settings = _launch_settings(temp_files, partial(_first_html, models, any_model))
    return page


def _launch_settings(temp_files: TempFiles, first_html: Callable[[str], str]) -> dict[str, object]:
    """Return keyword arguments for `launch`: looks, middleware and limits."""
    return middleware.LAUNCH | {
        "theme": THEME,
        "favicon_path": ASSETS_FOLDER / "icon.svg",
        "app_kwargs": _app_settings(temp_files, first_html),
    }


def _app_settings(temp_files: TempFiles, first_html: Callable[[str], str]) -> dict[str, object]:
    """Return keyword arguments for the ASGI app. Its routes precede Gradio's."""
    uploads = Uploads(temp_files, restore=CLIP_CACHE.restore)
    health, scripts = Health(temp_files, uploads), Scripts()
    styles = "".join((WEB_FOLDER / "css" / name).read_text("utf-8") for name in STYLES)
    return {
        "middleware": [
            Middleware(middleware.AccessMiddleware, temp_files=temp_files, clip_cache=CLIP_CACHE),
            Middleware(
                IndexPage,
                head=f"<style>{styles}</style>{scripts.head}",
                body=lambda code: first_html(code) + scripts.start,
            ),
        ],
        "routes": [
            Route(middleware.UPLOAD, uploads.receive, methods=["POST"]),
            Route(middleware.CLIP, ClipStatus(temp_files, CLIP_CACHE).respond),
            Route(SCRIPTS, scripts.serve),
            Route(examples.ROUTE, examples.serve),
            Route(middleware.QR_CODE, qr_code.serve),
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


def _build(code: str, models: Sequence[str]) -> None:
    with use_language(code):
        parts: dict[str, Any] = {"bridge": build_bridge(), "request": gr.HTML(visible="hidden")}
        with gr.Tabs(elem_id="tabs"):
            with _tab("see"):
                gr.HTML(elem_id="stage-place")
                parts["check"] = gr.HTML(elem_id="checked")
            with _tab("experiment"), gr.Column(elem_id="trials"):
                gr.HTML(experiments_html())
                parts["experiment"] = gr.HTML(elem_id="experiment-result")
            with _tab("explore"):
                parts["explorer"] = gr.HTML(elem_id="explorer")
                gr.HTML(explorer.arithmetic_html())
            with _tab("lessons"):
                gr.HTML(cards_html(), elem_id="lessons")
            with _tab("how"), gr.Column(elem_id="works"):
                config = model_choices.known_config(models[0])
                parts["architecture"] = gr.HTML(architecture_html(config))
                gr.HTML(references_html())
        status, token = gr.HTML(elem_id="status"), gr.State(RequestToken())
        wire(Parts(**parts, status=status, token=token), partial(localized, code))


def _tab(name: str) -> gr.Tab:
    return gr.Tab(t(f"tabs.{name}"), id=name, elem_id=f"tab-{name}")


def _first_html(models: Sequence[str], any_model: bool, code: str) -> str:
    """Return what the page shows before Gradio starts, in a language: header, stage and answer."""
    with use_language(code):
        request = request_from({"clip": {"example": FIRST_EXAMPLE}, "model": models[0]})
        answer = ANSWER_CACHE.get(request)
        first = json.dumps(answer and answer_data(answer, request), ensure_ascii=False)
        header = header_html(models, any_model=any_model)
        return (
            f'{header}<div id="first-place">{stage_html()}</div><div id="notice"></div>'
            f"{other_model_html() if any_model else ''}{panel_html()}{catalog_html()}"
            f"{_json_html('known', known_data(models))}{_json_html('first', first)}"
            f"{_json_html('lessons-data', lessons_data())}"
        )


def _json_html(name: str, text: str) -> str:
    """Return a script element that holds JSON. "<" is escaped, so that nothing ends it early."""
    escaped = text.replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{escaped}</script>'
