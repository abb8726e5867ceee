"""Builds the page and opens it: `python app.py`, then http://127.0.0.1:7860."""

from timesformer.ui.page import build_page, launch_settings

demo = build_page()

if __name__ == "__main__":
    demo.launch(**launch_settings())
