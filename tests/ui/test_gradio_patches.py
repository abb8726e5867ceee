"""Gradio's patches give the results of Gradio, at a fraction of the cost."""

import gc
import tracemalloc
from copy import deepcopy
from typing import Any

import gradio as gr
import pytest
from gradio.state_holder import SessionState
from visitors import in_own_loop

from timesformer.ui.gradio_patches import Blocks, Sessions
from timesformer.ui.page import Page
from timesformer.ui.request_token import RequestToken

SKIP, OFF = gr.skip(), gr.update(interactive=False)
GIVEN: list[Any] = [
    (SKIP,) * 4,
    ("<b>1</b>", SKIP, SKIP, SKIP),
    (SKIP, {"a": 0.75, "b": 0.25}, OFF, ""),
    ("x", {"a": 1.0}, "press", "y"),
    (SKIP, SKIP, OFF, SKIP),
    SKIP,
]


def small_page(kind: type[gr.Blocks]) -> gr.Blocks:
    """Build a page with four outputs."""
    with kind() as page:
        outputs = [gr.HTML(), gr.Label(), gr.Button(), gr.HTML()]
        gr.Button().click(lambda: None, outputs=outputs)
    return page


async def sent(page: gr.Blocks, values: Any, session: SessionState) -> list[Any]:
    """Return the data that the browser gets, without the second mark of skipped HTML."""
    (event,) = page.fns.values()
    data = list(await page.postprocess_data(event, deepcopy(values), session))
    for value in data:
        if isinstance(value, dict) and value.get("props") == SKIP:
            del value["props"]
    return data


def test_outputs_equal_gradio_s_and_skipped_components_are_not_created(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def compare() -> None:
        theirs, ours = small_page(gr.Blocks), small_page(Blocks)
        for values in GIVEN:
            expected = await sent(theirs, values, SessionState(theirs))
            assert await sent(ours, values, Sessions(ours)["a"]) == expected
        monkeypatch.setattr(gr.HTML, "__init__", lambda *_, **__: pytest.fail("HTML was created"))
        await sent(ours, (SKIP, {"a": 1.0}, OFF, SKIP), Sessions(ours)["b"])

    in_own_loop(compare())


def test_a_tab_takes_little_memory_whatever_it_shows(page: Page) -> None:
    sessions = Sessions(page)
    mine = sessions["mine"]
    gc.collect()  # else it may happen below, and hide objects
    before = len(gc.get_objects())
    tracemalloc.start()
    tabs = [sessions[f"tab{number}"] for number in range(100)]
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept / len(tabs) < 30_000  # bytes
    assert (len(gc.get_objects()) - before) / len(tabs) < 100
    for number, block in page.blocks.items():
        mine[number] = mine[number] if block.stateful else block
    for number, block in page.blocks.items():
        if not block.stateful:
            mine._update_value_in_config(number, "x" * 10**6)
    assert sum(len(str(item)) for item in vars(mine).items()) < 100_000
    assert len(mine.config_values) == 0


def test_a_session_is_created_once_and_shares_no_state(page: Page) -> None:
    sessions = Sessions(page)
    mine, other = sessions["mine"], sessions["other"]
    assert sessions["mine"] is mine
    tokens = [number for number, block in page.blocks.items() if block.stateful]
    assert tokens
    for number in tokens:
        assert isinstance(mine[number], RequestToken)
        assert mine[number] is not other[number]
