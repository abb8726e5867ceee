"""Builds the page and opens it: `python app.py`, then http://127.0.0.1:7860."""

from timesformer.ui.engine import LENT, recognizer_named
from timesformer.ui.guard import any_model, offered_models
from timesformer.ui.handlers import prepare
from timesformer.ui.page import build_page, launch_settings

models = offered_models()
demo = build_page(tuple(models), any_model=any_model())
first = next(iter(models))

recognizer_named(models[first])  # on a ZeroGPU Space, models start out on the GPU

if __name__ == "__main__":
    demo.launch(**launch_settings(), prevent_thread_lock=True)
    if not LENT:  # where a GPU is lent to visitors alone
        prepare(first)
    demo.block_thread()
