"""Builds the page and opens it: `python app.py`, then http://127.0.0.1:7860."""

import gc
import signal

gc.disable()  # what is made until the page is there stays: to look through it takes a second

from timesformer.errors import TimesformerError
from timesformer.ui.catalog import any_model, offered_models
from timesformer.ui.handlers import prepare
from timesformer.ui.inference import LENT, load_at_start
from timesformer.ui.page import build_page, launch_settings
from timesformer.ui.server.temp_files import open_storage

try:
    storage = open_storage()
    storage.use()
    models = offered_models()
    load_at_start(list(models.values()))
except TimesformerError as error:
    raise SystemExit(str(error)) from None
demo = build_page(tuple(models), any_model=any_model())
gc.freeze()
gc.enable()

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, storage.leave)
    demo.launch(**launch_settings(storage), prevent_thread_lock=True)
    if not LENT:  # where a GPU is lent to visitors alone
        prepare(next(iter(models)))
    gc.freeze()  # what was kept of the examples stays, too
    demo.block_thread()
