"""Which event of the page calls which handler, with what, and what may stop it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency
from gradio.helpers import Examples

from . import choices, handlers
from .permalink import opened

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _script(parameters: str, body: str) -> str:
    """Return a JavaScript function that waits for the page's modules, `page`, and runs `body`."""
    return f"async ({parameters}) => {{ const page = await timesformer; {body} }}"


KEEP_CLIP = _script(
    "turn, clip, ...others", "await page.keepClip(clip); return [turn, clip, ...others];"
)
ENSURE_UPLOADED = _script("...inputs", "await page.ensureUploaded(); return inputs;")
SEND_MASK = _script(
    "turn, mask, ...others",
    "await page.ensureUploaded(); return [turn, page.maskedPatches(), ...others];",
)

Say = Callable[[Callable[..., Any]], Callable[..., Any]]  # a handler, in the page's language


class Turn:
    """How often a visitor has asked, and of which clip; older work says nothing any more."""

    number = 0
    clip: str | None = None


def begins(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A handler with which a new turn begins; its first input is the clip."""

    def begun(turn: Turn, clip: str | None, *inputs: Any) -> Any:
        turn.number += 1
        replaced(turn, clip)
        return handler(clip, *inputs)

    return begun


def ends(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A handler with which the clip goes: nobody waits for anything of it any more."""

    def ended(turn: Turn, *inputs: Any) -> Any:
        turn.number += 1
        replaced(turn, None)
        return handler(*inputs)

    return ended


def goes_on(handler: Callable[[], Any]) -> Callable[[Turn], Any]:
    """A handler that says nothing where the clip is gone."""

    def said(turn: Turn) -> Any:
        return handler() if turn.clip else gr.skip()

    return said


def replaced(turn: Turn, clip: str | None) -> None:
    """Another clip has come, or none: what is still here of the one before goes."""
    if turn.clip and turn.clip != clip:
        handlers.HELD.let_go(turn.clip)
    turn.clip = clip


def lasts(handler: Callable[..., Any], outputs: Sequence[Any]) -> Callable[..., Any]:
    """A generator of outputs that ends with its turn."""

    def told(turn: Turn, *inputs: Any) -> Iterator[Any]:
        number = turn.number
        yield (gr.skip(),) * len(outputs)  # one that yields nothing would empty every output
        for part in handler(*inputs):
            if turn.number != number:
                return
            yield part

    return told


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of a page that events come from or go to."""

    clip: gr.Video
    examples: Examples
    model: gr.Dropdown
    method: gr.Radio
    start: gr.Number
    smooth: gr.Checkbox
    about: gr.Dropdown
    than: gr.Dropdown
    run: gr.Button
    stop: gr.Button
    delete: gr.Button
    said: gr.HTML
    bars: gr.Label
    overlay: gr.Video
    strip: gr.HTML
    check: gr.Button
    checked: gr.HTML
    sheet: gr.DownloadButton
    pack: gr.Button
    archive: gr.DownloadButton
    explored: gr.HTML
    attention: gr.DownloadButton
    tries: dict[str, gr.Button]
    tried: gr.HTML
    drawing: gr.HTML
    turn: gr.State

    @property
    def inputs(self) -> list[gr.components.Component]:
        """What `handlers.Asked` takes."""
        return [
            self.clip, self.model, self.method, self.start, self.smooth, self.about, self.than
        ]  # fmt: skip

    @property
    def outputs(self) -> list[gr.components.Component]:
        """What `handlers.answer` gives."""
        return [
            self.said, self.bars, self.overlay, self.strip, self.sheet, self.checked, self.archive,
            self.tried, self.explored, self.attention,
        ]  # fmt: skip


def wire(parts: Parts, say: Say) -> None:
    """Connects all events of a page."""
    inputs = [parts.turn, *parts.inputs]
    fetched = {"block": parts.attention, "frame": gr.DownloadButton(visible="hidden")}
    asks: list[Any] = [
        *_wire_answers(parts, say),
        *(_wire_part(parts, say, part, came) for part, came in fetched.items()),
        *_wire_trials(parts, say),
        _ask(parts.check, say(handlers.check), [parts.said, parts.checked], inputs),
        _ask(parts.pack, say(handlers.pack), [parts.said, parts.archive], inputs),
    ]
    _wire_choices(parts, say)
    _wire_address(parts)
    stopped = say(handlers.stopped)
    parts.stop.click(stopped, outputs=parts.said, cancels=asks, queue=False, **QUIET)
    for asked in asks:  # and again, behind what was on its way when it stopped
        asked.failure(
            goes_on(stopped), parts.turn, parts.said, concurrency_limit=None, **QUIET
        )  # fmt: skip
    parts.clip.clear(
        ends(say(handlers.cleared)), parts.turn, parts.outputs,
        cancels=asks, js=_script("turn", "page.forgetClip(); return turn;"), queue=False, **QUIET,
    )  # fmt: skip
    parts.delete.click(
        ends(say(handlers.forget)),
        [parts.turn, parts.clip, parts.overlay, parts.sheet, parts.archive, *fetched.values()],
        [parts.clip, *parts.outputs],
        cancels=asks, js=_script(
            "...files", "page.forgetClip(); page.writeChoices({ clip: '' }); return files;"
        ), queue=False, **QUIET,
    )  # fmt: skip


def _call(inputs: list[gr.components.Component]) -> dict[str, Any]:
    """How whatever needs the model is called: one visitor's at a time."""
    return QUIET | {
        "inputs": inputs,
        "concurrency_id": "model",
        "trigger_mode": "always_last",  # a clip that arrives during an answer has its turn after it
    }


def _ask(
    button: gr.Button,
    handler: Callable[..., Any],
    outputs: list[Any],
    inputs: list[Any],
    js: str = ENSURE_UPLOADED,
) -> Dependency:
    return button.click(lasts(handler, outputs), outputs=outputs, js=js, **_call(inputs))


def _wire_answers(parts: Parts, say: Say) -> list[Dependency]:
    """A clip that arrives is answered at once: from what is kept, or, in its turn, by the model.

    Recording ends with no upload event.
    """
    wanted = gr.Checkbox(visible="hidden")
    inputs = [parts.turn, *parts.inputs]
    recall = QUIET | {
        "fn": begins(say(handlers.recall)), "inputs": inputs, "outputs": [wanted, *parts.outputs],
        "queue": False, "trigger_mode": "always_last",
    }  # fmt: skip
    linked = recall | {"fn": begins(say(handlers.recall_linked))}
    begun = [
        gr.on(
            [parts.run.click, parts.clip.upload, parts.clip.stop_recording], **recall, js=KEEP_CLIP
        ),
        parts.examples.load_input_event.then(**recall),
        _wire_link(parts, say).then(**linked),
    ]
    asks, file = [], QUIET | {"fn": None, "inputs": [wanted, parts.attention]}
    for recalled in begun:
        recalled.then(
            **file, js=_script("wanted, file", "wanted || await page.openExplorer(file);")
        )
        call = _call([parts.turn, wanted, *parts.inputs])
        answer = lasts(say(handlers.answer_if), parts.outputs)
        asked = recalled.then(answer, outputs=parts.outputs, js=ENSURE_UPLOADED, **call)
        asked.then(**file, js=_script("wanted, file", "wanted && await page.openExplorer(file);"))
        asks.append(asked)
    return asks


def _wire_link(parts: Parts, say: Say) -> Dependency:
    """A link puts the page into its state: the script presses a button that nobody sees."""
    wanted = gr.Textbox(visible="hidden")
    button = gr.Button(visible="hidden", elem_id="open")
    return button.click(
        say(opened), wanted, parts.inputs,
        js=_script("", "return [page.linkedChoices()];"), queue=False, **QUIET,
    )  # fmt: skip


def _wire_part(parts: Parts, say: Say, part: str, came: gr.DownloadButton) -> Dependency:
    """The explorer of a large model asks for a part: the script presses, and knows which."""
    fetch = gr.Button(visible="hidden", elem_id=f"fetch-{part}")
    number = gr.Number(visible="hidden", precision=0)
    asked = _ask(
        fetch, say(handlers.fetch(part)), [parts.said, came], [parts.turn, *parts.inputs, number],
        js=_script(
            "...inputs",
            "await page.ensureUploaded(); "
            f"return [...inputs.slice(0, -1), page.requestedNumber('{part}')];",
        ),
    )  # fmt: skip
    asked.then(None, came, js=_script("file", f"await page.receivePart('{part}', file);"), **QUIET)
    return asked


def _wire_trials(parts: Parts, say: Say) -> list[Dependency]:
    """Each button tries its experiment; what is stopped leaves nothing where results come."""
    covered = gr.Textbox(visible="hidden")
    inputs, outputs = [parts.turn, covered, *parts.inputs], [parts.said, parts.tried]
    asks = [
        _ask(button, say(handlers.try_out(name)), outputs, inputs, js=SEND_MASK)
        for name, button in parts.tries.items()
    ]
    for asked in asks:
        asked.failure(lambda: "", outputs=parts.tried, concurrency_limit=None, **QUIET)
    return asks


def _wire_choices(parts: Parts, say: Say) -> None:
    """Another model has other labels, and is drawn otherwise."""
    labels = [parts.about, parts.than]
    parts.model.input(say(choices.labels_for), parts.model, labels, queue=False, **QUIET)
    parts.model.change(say(choices.works_for), parts.model, parts.drawing, queue=False, **QUIET)


def _wire_address(parts: Parts) -> None:
    """What is chosen goes into the page's address, by its own script."""
    chosen: list[Any] = [parts.method, parts.about, parts.than]
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
