"""Builds the page and opens it: `python app.py`, then http://127.0.0.1:7860."""

from timesformer.ui.engine import recognizer_named
from timesformer.ui.guard import any_model, offered_models
from timesformer.ui.page import build_page, launch_settings

models = offered_models()
demo = build_page(tuple(models), any_model=any_model())

recognizer_named(next(iter(models.values())))  # on a ZeroGPU Space, models start out on the GPU

if __name__ == "__main__":
    demo.launch(**launch_settings())
