"""Serve the page: `python app.py`, then open http://127.0.0.1:7860."""

import gc
import signal

gc.disable()  # objects of the start stay for good; collecting them would take a second

from timesformer.errors import TimesformerError
from timesformer.ui.handlers import cache_example_answers
from timesformer.ui.model_cache import IS_ZERO_GPU, load_at_start
from timesformer.ui.model_choices import allows_any_model, offered_models
from timesformer.ui.page import build_page
from timesformer.ui.server.temp_files import open_temp_files

try:
    temp_files = open_temp_files()
    temp_files.use()
    models = offered_models()
    demo = build_page(tuple(models), temp_files, any_model=allows_any_model())
    load_at_start(list(models.values()))
except TimesformerError as error:
    raise SystemExit(str(error)) from None
gc.freeze()
gc.enable()

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, temp_files.on_signal)
    demo.launch(prevent_thread_lock=True)
    if not IS_ZERO_GPU:  # there, the GPU is lent to visitors' requests only
        cache_example_answers(next(iter(models)))
    gc.freeze()  # and the cached answers stay for good too
    demo.block_thread()
