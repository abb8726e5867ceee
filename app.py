"""Builds the page and opens it: `python app.py`, then http://127.0.0.1:7860."""

from timesformer.ui.handlers import recognizer_named
from timesformer.ui.page import DEFAULT_MODEL, build_page, launch_settings

demo = build_page()

recognizer_named(DEFAULT_MODEL)  # on a ZeroGPU Space, models start out on the GPU

if __name__ == "__main__":
    demo.launch(**launch_settings())
