"""The page as it is built: its limits, its models, and its buttons in every language."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from timesformer.ui.server import limits

ROOT = Path(__file__).parents[2]

BUILD = """
import json
from timesformer.i18n import LANGUAGES, section
from timesformer.ui.model_choices import allows_any_model, offered_models
from timesformer.ui.page import build_page
from timesformer.ui.server.temp_files import open_temp_files
from timesformer.visualize.explorer import PARTS
temp_files = open_temp_files()
temp_files.use()
page = build_page(list(offered_models()), temp_files, any_model=allows_any_model())
ids = {block.elem_id for block in page.blocks.values()}
fetches = {f"fetch-{part}" for part in PARTS}
experiments = {f"try-{name}" for name in section("experiments")["buttons"]}
missing = {"run", "check", "pack", *fetches, *experiments} - ids
events = page.config["dependencies"]
visibility = [event["api_visibility"] for event in events if event["backend_fn"]]
dropdowns = [block for block in page.blocks.values() if block.elem_id == "model"]
assert len(dropdowns) == len(LANGUAGES)
models = [[name for _, name in dropdown.choices] for dropdown in dropdowns]
assert all(names == models[0] for names in models)
print(json.dumps({
    "delete_cache": page.delete_cache, "visibility": visibility, "settings": page.settings,
    "models": models[0], "chosen": dropdowns[0].value, "missing": sorted(missing),
    "any_model": dropdowns[0].allow_custom_value,
}, default=str))
"""


@pytest.mark.parametrize("permission", ["", "1"])
def test_the_page_is_built_with_its_limits(permission: str, tmp_path: Path) -> None:
    """Another process builds it, because Gradio leaves an event loop open."""
    environment = {
        "GRADIO_TEMP_DIR": str(tmp_path),
        "TIMESFORMER_MODELS": "someone/waves,motion",
        "TIMESFORMER_ANY_MODEL": permission,
    }
    run = subprocess.run(
        [sys.executable, "-c", BUILD], cwd=ROOT, capture_output=True, text=True,
        env=os.environ | environment,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    page = json.loads(run.stdout)
    assert page["any_model"] is bool(permission)
    assert page["models"] == ["someone/waves", "motion"]
    assert page["chosen"] == "someone/waves"
    assert page["missing"] == []  # buttons that the page's script presses
    assert page["delete_cache"] is None  # Gradio would go by the system's time
    assert "public" not in page["visibility"]
    assert page["settings"]["max_file_size"] == limits.MAX_UPLOAD_BYTES
    assert page["settings"]["run_history"] is False
    assert page["settings"]["enable_monitoring"] is False


ASK = """
import os, sys
import gradio as gr
from fastapi import FastAPI
from timesformer.errors import TimesformerError
from timesformer.ui.page import build_page
from timesformer.ui.server.temp_files import open_temp_files
try:
    page = build_page(["motion"], open_temp_files())
    eval(sys.argv[1])
except TimesformerError as error:
    print(error.message.key)
"""


@pytest.mark.parametrize(
    ("call", "variables", "key"),
    [
        ("page.launch(share=True)", {}, "errors.page.fixed_option"),
        ("page.launch(max_file_size=None)", {}, "errors.page.fixed_option"),
        ("page.launch(debug=True)", {}, "errors.page.fixed_option"),
        ("page.launch(num_workers=2)", {}, "errors.page.fixed_option"),
        ("gr.mount_gradio_app(FastAPI(), page, path='/')", {}, "errors.page.not_mounted"),
        ("page.launch()", {"GRADIO_WATCH_DIRS": "."}, "errors.page.no_reload"),
    ],
)
def test_the_page_is_not_served_without_its_limits(
    call: str, variables: dict[str, str], key: str, tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", ASK, call], cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"GRADIO_TEMP_DIR": str(tmp_path)} | variables,
    )  # fmt: skip
    assert (run.stdout.strip(), run.returncode) == (key, 0), run.stderr
