"""Subclasses of Gradio's sessions that skip work of no use here.

They override private methods of Gradio 6.31. Its version is pinned, and
tests/ui/test_gradio_patches.py compares the results with Gradio's own.
"""

from types import SimpleNamespace
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder


class Session(SessionState):
    """The state of an open tab, without copies of every component's settings and values.

    Gradio uses those for shareable links, whose route is closed here. They would take 25 ms and
    some hundred kilobytes for each tab.
    """

    def __init__(self, page: gr.Blocks) -> None:
        bare: Any = SimpleNamespace(default_config=page.default_config, blocks=())
        super().__init__(bare)

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()

    def _update_config(self, key: int) -> None: ...

    def _update_value_in_config(self, key: int, value: Any) -> None: ...


class Iterators(dict[str, Any]):
    """The running generators of an app, by event. A generator may be deleted twice.

    Two requests that cancel one event both delete its generator.
    """

    def __delitem__(self, event: str) -> None:
        self.pop(event, None)


class Sessions(StateHolder):
    """The sessions of a page. Each is created by its first request, whichever route that is for."""

    def __init__(self, page: gr.Blocks) -> None:
        super().__init__()
        self.set_blocks(page)

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)
