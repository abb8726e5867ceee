"""Gradio's patches give the results of Gradio, at a fraction of the cost."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import gradio as gr

ROOT = Path(__file__).parents[2]

# Scripts for other processes, because Gradio leaves an event loop open.
SKIPS = """
import asyncio, json
import gradio as gr
from gradio.state_holder import SessionState
from timesformer.ui.gradio_patches import Blocks, Sessions

def built(kind):
    with kind() as page:
        outputs = [gr.HTML(), gr.Label(), gr.Button(), gr.HTML()]
        gr.Button().click(lambda: None, outputs=outputs)
    return page, outputs

def sent(page, values, session):
    (event,) = page.fns.values()
    return asyncio.run(page.postprocess_data(event, values, session))

makes = {"HTML": 0}
make = gr.HTML.__init__
def counting(self, *inputs, **options):
    makes["HTML"] += 1
    make(self, *inputs, **options)

SKIP, OFF = gr.skip(), gr.update(interactive=False)
GIVEN = [
    (SKIP,) * 4,
    ("<b>1</b>", SKIP, SKIP, SKIP),
    (SKIP, {"a": 0.75, "b": 0.25}, OFF, ""),
    ("x", {"a": 1.0}, "press", "y"),
    (SKIP, SKIP, OFF, SKIP),
    SKIP,
]
(theirs, _), (ours, outputs) = built(gr.Blocks), built(Blocks)
pairs = []
for values in GIVEN:
    copies = json.loads(json.dumps(values)), json.loads(json.dumps(values))
    pairs.append((sent(theirs, copies[0], SessionState(theirs)),
                  sent(ours, copies[1], Sessions(ours)["a"])))
gr.HTML.__init__ = counting
sent(ours, (SKIP, {"a": 1.0}, OFF, SKIP), Sessions(ours)["b"])
"""
SESSIONS = """
import gc, json, sys, tracemalloc
from timesformer.ui.gradio_patches import Sessions
from timesformer.ui.model_choices import offered_models
from timesformer.ui.page import build_page
from timesformer.ui.server.temp_files import open_temp_files
page = build_page(list(offered_models()), open_temp_files())
sessions = Sessions(page)
sessions["first"]
tokens = [number for number, block in page.blocks.items() if block.stateful]
mine, others = sessions["mine"], sessions["others"]
before = len(gc.get_objects())
tracemalloc.start()
many = [sessions[f"tab{number}"] for number in range(100)]
kept = tracemalloc.get_traced_memory()[0] / len(many)
objects = (len(gc.get_objects()) - before) / len(many)
shown = [number for number, block in page.blocks.items() if not block.stateful]
for number in shown:
    mine._update_value_in_config(number, "x" * 10**6)
for number in shown + tokens:
    mine[number] = page.blocks[number] if number in shown else mine[number]
"""


def run_script(script: str, expression: str) -> Any:
    """Run a script and return the value of an expression at its end."""
    run = subprocess.run(
        [sys.executable, "-c", f"{script}\nprint(json.dumps({expression}))"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_outputs_equal_gradio_s_and_skipped_components_are_not_created() -> None:
    pairs, makes = run_script(SKIPS, "[pairs, makes]")
    assert len(pairs) == 6
    for theirs, ours in pairs:
        for value in (*theirs, *ours):  # Gradio marks skipped HTML twice
            if isinstance(value, dict) and value.get("props") == gr.skip():
                del value["props"]
        assert ours == theirs
    assert makes == {"HTML": 0}


def test_a_tab_takes_little_memory_whatever_it_shows() -> None:
    text_size = "sum(len(str(item)) for item in vars(mine).items())"
    kept, objects, values, settings = run_script(
        SESSIONS, f"[kept, objects, {text_size}, len(mine.config_values)]"
    )
    assert kept < 30_000  # bytes
    assert objects < 100
    assert values < 100_000
    assert settings == 0


def test_a_session_is_created_once_and_shares_no_state() -> None:
    same, mine, others = run_script(
        SESSIONS,
        "[sessions['mine'] is mine, [mine[t].__class__.__name__ for t in tokens], "
        "[mine[t] is others[t] for t in tokens]]",
    )
    assert same
    assert set(mine) == {"RequestToken"}
    assert not any(others)
