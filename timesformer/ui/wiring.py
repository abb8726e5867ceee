"""Events of the page: which handler each calls, and what can stop it.

The events are those of the bridge, a component that is not seen. The page's modules trigger them.
Every handler gets what `request()` in assets/web/js/request.js returns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from ..visualize.explorer import PARTS
from . import handlers
from .outputs import NO_FILE, SKIP, Outputs
from .request_token import forgets_clip, starts_request, stop_requests, until_superseded
from .server.middleware import MODEL

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

EVENTS = (
    "ask", "explore", "check", "experiment", "download", *PARTS, "stop", "forget", "model", "clear",
)  # fmt: skip

Localize = Callable[[Callable[..., Any]], Callable[..., Any]]  # a handler, in the page's language


def _script(parameters: str, body: str) -> str:
    """Return a JavaScript function that waits for the page's modules, `page`, and runs `body`."""
    return f"async ({parameters}) => {{ const page = await timesformer; {body} }}"


REQUEST = _script("token", "return [token, page.startRequest()];")
FORGET_REQUEST = _script(
    "token, request, ...files", "return [token, page.forgetRequest(), ...files];"
)
SAME_REQUEST = _script(
    "token, needed", "await page.ensureUploaded(); return [token, needed, page.startedRequest()];"
)
UPLOADED_REQUEST = _script("token", "await page.ensureUploaded(); return [token, page.request()];")
MODEL_REQUEST = _script("", "return [page.request()];")
STOP_REQUEST = _script("token", "return [token, page.stopRequest()];")


@dataclass(frozen=True, eq=False)
class Parts:
    """The components of a page that events come from or go to."""

    bridge: gr.HTML
    request: gr.HTML
    token: gr.State
    status: gr.HTML
    check: gr.HTML
    explorer: gr.HTML
    experiment: gr.HTML
    architecture: gr.HTML


def build_bridge() -> gr.HTML:
    """Return the component by which the page's modules and the server's handlers meet.

    Its value is the answer. Its events are named in `js_on_load`, as Gradio wants.
    """
    names = ", ".join(f"'{name}'" for name in EVENTS)
    component = "{ trigger, watch, props, events: [" + names + "] }"
    connect = f"timesformer.then(({{ connect }}) => connect({component}));"
    return gr.HTML(html_template="", visible="hidden", js_on_load=connect)


def wire(parts: Parts, localize: Localize) -> None:
    """Connect all events of a page.

    The token ends what the visitor stops or replaces. Gradio cancels only requests whose results
    must not appear any more. Where it cancels one, the browser loses an event that waits for it.
    """
    bridge, status = parts.bridge, parts.status
    check = _on_event(parts, bridge.check, localize(handlers.check), [status, parts.check])
    about_answer: list[Any] = [check, _wire_experiment(parts, localize)]
    explored, numbers = _wire_explorer(parts, localize)
    made = [
        _wire_file(parts, "download", localize(handlers.download)),
        *(_wire_file(parts, part, localize(handlers.fetch(part))) for part in PARTS),
    ]
    files: list[Any] = [numbers, *(file for _, file in made)]
    _wire_answer(parts, localize)
    requests: list[Any] = [*about_answer, explored, *(request for request, _ in made)]
    bridge.stop(
        stop_requests, [parts.token, parts.request], status,
        js=STOP_REQUEST, queue=False, **QUIET,
    )  # fmt: skip
    bridge.clear(  # what was found of the last answer, without the server
        None, None, [status, parts.check, parts.experiment],
        cancels=about_answer, js="() => ['', '', '']", queue=False, **QUIET,
    )  # fmt: skip
    bridge.forget(
        forgets_clip(localize(handlers.forget)), [parts.token, parts.request, *files],
        [status, bridge, parts.explorer, *files],
        cancels=requests, js=FORGET_REQUEST, queue=False, **QUIET,
    )  # fmt: skip
    bridge.model(
        localize(handlers.update_architecture), parts.request, parts.architecture,
        js=MODEL_REQUEST, queue=False, **QUIET,
    )  # fmt: skip


def _model_event(inputs: list[gr.components.Component]) -> dict[str, Any]:
    """Return the settings of an event that needs the model: one runs at a time."""
    return QUIET | {
        "inputs": inputs,
        "concurrency_id": MODEL,
        "trigger_mode": "always_last",  # a clip that arrives during an answer is queued behind it
    }


def _on_event(
    parts: Parts,
    event: Callable[..., Any],
    handler: Callable[..., Any],
    outputs: list[Any],
    *,
    ended: Outputs = (),
) -> Dependency:
    dependency: Dependency = event(
        until_superseded(handler, outputs, ended=ended), outputs=outputs, js=UPLOADED_REQUEST,
        **_model_event([parts.token, parts.request]),
    )  # fmt: skip
    _clear_errors(dependency, outputs)
    return dependency


def _clear_errors(request: Dependency, outputs: list[Any]) -> None:
    """Remove what Gradio writes over the outputs of a cancelled request."""
    skips = (gr.skip(),) * len(outputs)
    request.failure(lambda: skips, outputs=outputs, concurrency_limit=None, **QUIET)


def _wire_answer(parts: Parts, localize: Localize) -> None:
    """Answer a request from the cache, or else by the model in turn."""
    needs_model, outputs = gr.Checkbox(visible="hidden"), [parts.status, parts.bridge]
    recalled = parts.bridge.ask(
        starts_request(localize(handlers.recall)), [parts.token, parts.request],
        [needs_model, *outputs], js=REQUEST, queue=False, trigger_mode="always_last", **QUIET,
    )  # fmt: skip
    answer = until_superseded(localize(handlers.answer_if_needed), outputs)
    request: Dependency = recalled.then(
        answer, outputs=outputs, js=SAME_REQUEST,
        **_model_event([parts.token, needs_model, parts.request]),
    )  # fmt: skip
    _clear_errors(request, outputs)


def _wire_explorer(parts: Parts, localize: Localize) -> tuple[Dependency, gr.DownloadButton]:
    """Fill the explorer: its HTML, and then the file with its numbers, which is returned too."""
    file = gr.DownloadButton(visible="hidden")
    request = _on_event(
        parts, parts.bridge.explore, localize(handlers.explore),
        [parts.status, parts.explorer, file], ended=(SKIP, SKIP, NO_FILE),
    )  # fmt: skip
    request.success(None, file, js=_script("file", "await page.openExplorer(file);"), **QUIET)
    return request, file


def _wire_file(
    parts: Parts, name: str, handler: Callable[..., Any]
) -> tuple[Dependency, gr.DownloadButton]:
    """Make a file on request, and give it to the page's modules. Return its component too.

    The explorer waits for a part, and also gets nothing in its place.
    """
    file = gr.DownloadButton(visible="hidden")
    event = getattr(parts.bridge, name)
    request = _on_event(parts, event, handler, [parts.status, file], ended=(SKIP, NO_FILE))
    script = _script("file", f"await page.receiveFile('{name}', file);")
    received = request.then if name in PARTS else request.success
    received(None, file, js=script, **QUIET)
    return request, file


def _wire_experiment(parts: Parts, localize: Localize) -> Dependency:
    """Run an experiment. A stopped one leaves no result."""
    outputs, handler = [parts.status, parts.experiment], localize(handlers.run_experiment)
    request = _on_event(parts, parts.bridge.experiment, handler, outputs, ended=(SKIP, ""))
    request.failure(lambda: "", outputs=parts.experiment, concurrency_limit=None, **QUIET)
    return request
