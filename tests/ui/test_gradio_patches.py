"""Gradio's patches give the results of Gradio, at a fraction of the cost."""

import gc
import tracemalloc

from timesformer.ui.gradio_patches import Sessions
from timesformer.ui.page import Page
from timesformer.ui.request_token import RequestToken


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
