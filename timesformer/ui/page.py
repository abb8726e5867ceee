"""The components of the page and how they are wired."""

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.events import Dependency
from gradio.helpers import Examples

from ..hub import ASSETS_FOLDER
from ..published import LICENCE, published_as
from ..scenes import SCENES
from . import guard, handlers, text

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
)


QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def build_page(models: Sequence[str], *, any_model: bool = False) -> gr.Blocks:
    """The page, ready to launch with `launch_settings`.

    Visitors choose among `models`, or name any of the Hub.
    """
    with gr.Blocks(
        title=text.TITLE, analytics_enabled=False, delete_cache=guard.DELETE_CACHE
    ) as page:
        gr.Markdown(text.HEADING, elem_id="heading")
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=320):
                clip = _clip()
                model = gr.Dropdown(
                    [(_model_words(name), name) for name in models],
                    value=models[0], label=text.MODEL, elem_id="model",
                    allow_custom_value=any_model, info=text.ANY_MODEL if any_model else None,
                )  # fmt: skip
                with gr.Row():
                    run = gr.Button(text.RUN, variant="primary", elem_id="run")
                    stop = gr.Button(text.STOP, elem_id="stop")
                examples = _examples(clip)
                settings = [model, *_settings(models[0])]
                gr.Markdown(text.PRIVACY, elem_id="privacy")
            with gr.Column(scale=3, min_width=320):
                said = gr.HTML(handlers.status(text.WELCOME), elem_id="status")
                bars = gr.Label(label=text.ANSWER, num_top_classes=5, elem_id="answer")
                overlay = gr.Video(
                    label=text.OVERLAY, interactive=False, autoplay=True, loop=True,
                    elem_id="overlay", buttons=["download"],
                )  # fmt: skip
        strip = gr.HTML(elem_id="strip")
        with gr.Row(elem_id="take"):
            check = gr.Button(text.CHECK, elem_id="check")
            sheet = gr.DownloadButton(text.SHEET, interactive=False, elem_id="sheet")
            pack = gr.Button(text.PACK, elem_id="pack")
            archive = gr.DownloadButton(text.ARCHIVE, interactive=False, elem_id="archive")
        checked = gr.HTML(elem_id="checked")
        asks = _wire(
            run, clip, examples, settings, [said, bars, overlay, strip, sheet, checked, archive]
        )
        asks += [
            check.click(handlers.check, outputs=[said, checked], **_call([clip, *settings])),
            pack.click(handlers.pack, outputs=[said, archive], **_call([clip, *settings])),
        ]
        labels = settings[-2:]
        model.change(handlers.labels_for, model, labels, queue=False, **QUIET)
        _wire_stop(stop, asks, said)
    page.queue(max_size=guard.MAX_WAITING, default_concurrency_limit=1, api_open=False)
    return page


def launch_settings() -> dict[str, object]:
    """Keyword arguments for `launch`: the looks, the page's script and the limits."""
    words = json.dumps(
        {
            "camera": text.CAMERA_HELP,
            "examples": [scene.title for scene in SCENES],
            "noPreview": text.NO_PREVIEW,
        }
    )
    script = (ASSETS_FOLDER / "page.js").read_text("utf-8")
    return guard.LAUNCH | {
        "theme": THEME,
        "css_paths": [ASSETS_FOLDER / "page.css"],
        "head": f'<script type="module">window.PAGE_WORDS = {words};\n{script}</script>',
        "favicon_path": ASSETS_FOLDER / "icon.svg",
    }


def _clip() -> gr.Video:
    return gr.Video(
        label=text.CLIP,
        sources=["upload", "webcam"],
        webcam_options=CAMERA,
        include_audio=True,  # False would run an ffmpeg executable; the camera has no sound anyway
        buttons=[],
        elem_id="clip",
    )


def _examples(clip: gr.Video) -> Examples:
    return gr.Examples(
        [[ASSETS_FOLDER / "clips" / f"{scene.name}.mp4"] for scene in SCENES],
        clip,
        label=text.EXAMPLES,
        examples_per_page=len(SCENES),
        elem_id="examples",
    )


def _settings(model: str) -> list[gr.components.Component]:
    with gr.Accordion(text.SETTINGS, open=False, elem_id="settings"):
        method = gr.Radio(text.METHODS, value="rollout", label=text.METHOD, elem_id="method")
        labels = list(handlers.known_labels(model))
        about, than = (
            gr.Dropdown(labels, value=None, label=label, info=info, elem_id=name,
                        allow_custom_value=True)
            for label, info, name in (
                (text.ABOUT, text.ABOUT_INFO, "about"), (text.THAN, text.THAN_INFO, "than")
            )
        )  # fmt: skip
        start = gr.Number(0, label=text.START, info=text.START_INFO, minimum=0, elem_id="start")
        smooth = gr.Checkbox(label=text.SMOOTH, elem_id="smooth")
    return [method, start, smooth, about, than]


def _model_words(name: str) -> str:
    known = published_as(name)
    if known is None:
        return text.other_choice(name)
    shape = (known.num_frames, known.size, known.num_labels)
    return text.published_choice(name, *shape, LICENCE)


def _call(inputs: list[gr.components.Component]) -> dict[str, Any]:
    """How whatever needs the model is called: one visitor's at a time."""
    return QUIET | {
        "inputs": inputs,
        "concurrency_id": "model",
        "trigger_mode": "always_last",  # a clip that arrives during an answer has its turn after it
    }


def _wire(
    run: gr.Button,
    clip: gr.Video,
    examples: Examples,
    settings: list[gr.components.Component],
    outputs: list[gr.components.Component],
) -> list[Dependency]:
    """A clip that arrives is answered at once; recording ends with no upload event."""
    call = _call([clip, *settings]) | {"fn": handlers.answer, "outputs": outputs}
    return [
        gr.on([run.click, clip.upload, clip.stop_recording], **call),
        examples.load_input_event.then(**call),
    ]


def _wire_stop(stop: gr.Button, asks: Sequence[Dependency], said: gr.HTML) -> None:
    stop.click(handlers.stopped, outputs=said, cancels=list(asks), queue=False, **QUIET)
    for asked in asks:  # and again, behind what was on its way when it stopped
        asked.failure(handlers.stopped, outputs=said, concurrency_limit=None, **QUIET)
