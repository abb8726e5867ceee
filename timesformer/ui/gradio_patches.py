"""Gradio's page and its sessions, without what they would do for nothing on everybody's loop."""

from copy import copy
from types import SimpleNamespace
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

SKIPPED = gr.skip()


class Blocks(gr.Blocks):
    """Gradio makes a component anew for every output that is skipped, which takes a millisecond.

    An answer is told in ten steps of ten outputs, of which most are skipped; where thirty press at
    once, all would wait for that.
    """

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """What the browser is sent for what a handler gave."""
        outputs = block_fn.outputs
        if not isinstance(predictions, tuple | list) or not len(predictions) == len(outputs) > 1:
            return await super().postprocess_data(block_fn, predictions, state)
        given = [number for number, value in enumerate(predictions) if value != SKIPPED]
        sent: list[Any] = [gr.skip() for _ in outputs]
        if given:
            few = copy(block_fn)
            few.outputs = [outputs[number] for number in given]
            values = [predictions[number] for number in given]
            alone = values[0] if len(values) == 1 else values  # as Gradio takes what is alone
            found = await super().postprocess_data(few, alone, state)
            for number, value in zip(given, found, strict=True):
                sent[number] = value
        return sent


class Session(SessionState):
    """What is kept of an open tab: no copy of every component's settings and of all it shows.

    Gradio would make links of that, to which the door is closed; it takes 25 ms and some hundred
    kilobytes for each tab.
    """

    def __init__(self, page: gr.Blocks) -> None:
        bare: Any = SimpleNamespace(default_config=page.default_config, blocks=())
        super().__init__(bare)

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()

    def _update_config(self, key: int) -> None: ...

    def _update_value_in_config(self, key: int, value: Any) -> None: ...


class Sessions(StateHolder):
    """The sessions of a page, each there as soon as somebody speaks of it."""

    def __init__(self, page: gr.Blocks) -> None:
        super().__init__()
        self.set_blocks(page)

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)
