"""Events of the page: which handler each calls, with what, and what can stop it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency
from gradio.helpers import Examples

from . import handlers
from .outputs import AnswerOutputs
from .permalink import inputs_from_link
from .request_token import cancels, if_clip, starts_request, until_superseded
from .server.middleware import MODEL

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _script(parameters: str, body: str) -> str:
    """Return a JavaScript function that waits for the page's modules, `page`, and runs `body`."""
    return f"async ({parameters}) => {{ const page = await timesformer; {body} }}"


KEEP_CLIP = _script(
    "token, clip, ...others", "await page.keepClip(clip); return [token, clip, ...others];"
)
ENSURE_UPLOADED = _script("...inputs", "await page.ensureUploaded(); return inputs;")
SEND_MASK = _script(
    "token, mask, ...others",
    "await page.ensureUploaded(); return [token, page.maskedPatches(), ...others];",
)

Localize = Callable[[Callable[..., Any]], Callable[..., Any]]  # a handler, in the page's language


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of a page that events come from or go to."""

    clip: gr.Video
    examples: Examples
    model: gr.Dropdown
    method: gr.Radio
    start: gr.Number
    smooth: gr.Checkbox
    label: gr.Dropdown
    contrast: gr.Dropdown
    run: gr.Button
    stop: gr.Button
    delete: gr.Button
    status: gr.HTML
    probabilities: gr.Label
    overlay: gr.Video
    strip: gr.HTML
    check: gr.Button
    deletion_test: gr.HTML
    sheet: gr.DownloadButton
    pack: gr.Button
    archive: gr.DownloadButton
    explorer: gr.HTML
    attention: gr.DownloadButton
    experiment_buttons: dict[str, gr.Button]
    experiment: gr.HTML
    architecture: gr.HTML
    token: gr.State

    @property
    def inputs(self) -> list[gr.components.Component]:
        """The inputs of an AnalysisRequest."""
        return [
            self.clip, self.model, self.method, self.start, self.smooth, self.label, self.contrast
        ]  # fmt: skip

    @property
    def outputs(self) -> list[gr.components.Component]:
        """The outputs of an answer."""
        return [getattr(self, name) for name in AnswerOutputs._fields]


def wire(parts: Parts, localize: Localize) -> None:
    """Connect all events of a page."""
    inputs = [parts.token, *parts.inputs]
    fetched = {"block": parts.attention, "frame": gr.DownloadButton(visible="hidden")}
    requests: list[Any] = [
        *_wire_answers(parts, localize),
        *(_wire_part(parts, localize, part, file) for part, file in fetched.items()),
        *_wire_experiments(parts, localize),
        _on_click(
            parts.check, localize(handlers.check), [parts.status, parts.deletion_test], inputs
        ),
        _on_click(parts.pack, localize(handlers.pack), [parts.status, parts.archive], inputs),
    ]
    _wire_choices(parts, localize)
    _wire_address(parts)
    parts.stop.click(None, cancels=requests, queue=False, **QUIET)
    stop = localize(handlers.stop)
    for request in requests:  # a cancelled request fails, after outputs that were on their way
        request.failure(
            if_clip(stop), parts.token, parts.status, concurrency_limit=None,
            js=_script("token", "page.answerReplaced(); return token;"), **QUIET,
        )  # fmt: skip
    parts.clip.clear(
        cancels(localize(handlers.clear)), parts.token, parts.outputs,
        cancels=requests, js=_script("token", "page.forgetClip(); return token;"),
        queue=False, **QUIET,
    )  # fmt: skip
    files = [parts.overlay, parts.sheet, parts.archive, *fetched.values()]
    parts.delete.click(
        cancels(localize(handlers.delete_clip)), [parts.token, parts.clip, *files],
        [parts.clip, *parts.outputs],
        cancels=requests, js=_script(
            "...files", "page.forgetClip(); page.writeChoices({ clip: '' }); return files;"
        ),
        queue=False, **QUIET,
    )  # fmt: skip


def _model_event(inputs: list[gr.components.Component]) -> dict[str, Any]:
    """Return the settings of an event that needs the model: one runs at a time."""
    return QUIET | {
        "inputs": inputs,
        "concurrency_id": MODEL,
        "trigger_mode": "always_last",  # a clip that arrives during an answer is queued behind it
    }


def _on_click(
    button: gr.Button,
    handler: Callable[..., Any],
    outputs: list[Any],
    inputs: list[Any],
    js: str = ENSURE_UPLOADED,
) -> Dependency:
    handler = until_superseded(handler, outputs)
    return button.click(handler, outputs=outputs, js=js, **_model_event(inputs))


def _wire_answers(parts: Parts, localize: Localize) -> list[Dependency]:
    """Answer a clip as soon as it arrives: from the cache, or else by the model in turn.

    A recording ends with an event of its own, not with an upload.
    """
    needs_model = gr.Checkbox(visible="hidden")
    recall = QUIET | {
        "fn": starts_request(localize(handlers.recall)),
        "inputs": [parts.token, *parts.inputs],
        "outputs": [needs_model, *parts.outputs],
        "queue": False,
        "trigger_mode": "always_last",
    }
    recall_linked = recall | {"fn": starts_request(localize(handlers.recall_linked))}
    recalls = [
        gr.on(
            [parts.run.click, parts.clip.upload, parts.clip.stop_recording], **recall, js=KEEP_CLIP
        ),
        parts.examples.load_input_event.then(**recall),
        _wire_link(parts, localize).then(**recall_linked),
    ]
    requests, file = [], QUIET | {"fn": None, "inputs": [needs_model, parts.attention]}
    for recalled in recalls:
        recalled.then(
            **file, js=_script("needed, file", "needed || await page.openExplorer(file);")
        )
        settings = _model_event([parts.token, needs_model, *parts.inputs])
        answer = until_superseded(
            localize(handlers.answer_if_needed), parts.outputs, is_answer=True
        )
        request = recalled.then(answer, outputs=parts.outputs, js=ENSURE_UPLOADED, **settings)
        request.then(**file, js=_script("needed, file", "needed && await page.openExplorer(file);"))
        requests.append(request)
    return requests


def _wire_link(parts: Parts, localize: Localize) -> Dependency:
    """Apply the choices of a link. The page's script presses a hidden button for that."""
    parameters = gr.Textbox(visible="hidden")
    button = gr.Button(visible="hidden", elem_id="open")
    return button.click(
        localize(inputs_from_link), parameters, parts.inputs,
        js=_script("", "return [page.linkedChoices()];"), queue=False, **QUIET,
    )  # fmt: skip


def _wire_part(parts: Parts, localize: Localize, part: str, file: gr.DownloadButton) -> Dependency:
    """Fetch a part of a large model's attention. The explorer's script presses a hidden button."""
    button = gr.Button(visible="hidden", elem_id=f"fetch-{part}")
    number = gr.Number(visible="hidden", precision=0)
    request = _on_click(
        button, localize(handlers.fetch(part)), [parts.status, file],
        [parts.token, *parts.inputs, number],
        js=_script(
            "...inputs",
            "await page.ensureUploaded(); "
            f"return [...inputs.slice(0, -1), page.requestedNumber('{part}')];",
        ),
    )  # fmt: skip
    request.then(
        None, file, js=_script("file", f"await page.receivePart('{part}', file);"), **QUIET
    )
    return request


def _wire_experiments(parts: Parts, localize: Localize) -> list[Dependency]:
    """Run an experiment for each button. A stopped one leaves no result."""
    mask = gr.Textbox(visible="hidden")
    inputs, outputs = [parts.token, mask, *parts.inputs], [parts.status, parts.experiment]
    requests = [
        _on_click(button, localize(handlers.run_experiment(name)), outputs, inputs, js=SEND_MASK)
        for name, button in parts.experiment_buttons.items()
    ]
    for request in requests:
        request.failure(lambda: "", outputs=parts.experiment, concurrency_limit=None, **QUIET)
    return requests


def _wire_choices(parts: Parts, localize: Localize) -> None:
    """Answer again after other choices, and update labels and diagram for another model."""
    again: dict[str, Any] = QUIET | {
        "fn": None, "inputs": parts.clip, "js": _script("clip", "if (clip) page.answerSoon();")
    }  # fmt: skip
    choices: list[Any] = [parts.method, parts.label, parts.contrast, parts.smooth]
    gr.on([*(choice.input for choice in choices), parts.start.submit], **again)
    labels = [parts.label, parts.contrast]
    updated = parts.model.input(
        localize(handlers.update_labels), parts.model, labels, queue=False, **QUIET
    )
    updated.then(**again)
    parts.model.change(
        localize(handlers.update_architecture), parts.model, parts.architecture,
        queue=False, **QUIET,
    )  # fmt: skip


def _wire_address(parts: Parts) -> None:
    """Write the choices into the page's address, by the page's script."""
    chosen: list[Any] = [parts.method, parts.label, parts.contrast]
    gr.on(
        [component.input for component in chosen], inputs=chosen,
        js=_script("heatmap, label, than", "page.writeChoices({ heatmap, label, than });"), **QUIET,
    )  # fmt: skip
    other = _script("model", "page.writeChoices({ model, label: '', than: '' });")
    parts.model.input(None, parts.model, js=other, **QUIET)
    clip = parts.clip
    gr.on(
        [clip.upload, clip.stop_recording, clip.clear],
        js=_script("", "page.writeChoices({ clip: '' });"), **QUIET,
    )  # fmt: skip
