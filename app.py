"""Serve the page: `python app.py`, then open http://127.0.0.1:7860."""

import gc
import signal

gc.disable()  # objects of the start stay for good; collecting them would take a second

from timesformer.checkpoints.registry import embedded_models
from timesformer.errors import TimesformerError
from timesformer.ui.handlers import cache_example_answers
from timesformer.ui.model_cache import asks_for_gpu, recognizer_named
from timesformer.ui.model_choices import allows_any_model, offered_models
from timesformer.ui.page import FIRST_EXAMPLE, build_page
from timesformer.ui.server.examples import EXAMPLES
from timesformer.ui.server.temp_files import open_temp_files

try:
    temp_files = open_temp_files()
    temp_files.use()
    models = offered_models()
    demo = build_page(tuple(models), temp_files, any_model=allows_any_model())
    first_name, first = next(iter(models.items()))
    recognizer_named(first)
    if first in embedded_models():
        cache_example_answers(first_name, [FIRST_EXAMPLE])
except TimesformerError as error:
    raise SystemExit(str(error)) from None
gc.freeze()
gc.enable()

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, temp_files.on_signal)
    demo.launch(prevent_thread_lock=True)
    if not asks_for_gpu(first):  # ZeroGPU lends its GPU to visitors' requests only
        cache_example_answers(first_name, EXAMPLES)
    gc.freeze()  # and the cached answers stay for good too
    demo.block_thread()
