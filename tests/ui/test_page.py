"""The page as it is built: its limits, its models, and its buttons in every language."""

import re
from collections import Counter
from copy import copy
from pathlib import Path

import gradio as gr
import pytest
from built import built_page
from fastapi import FastAPI

from timesformer.errors import TimesformerError
from timesformer.i18n import LANGUAGES
from timesformer.ui.page import RELOADING, Page
from timesformer.ui.sections.header import TABS
from timesformer.ui.server import limits
from timesformer.ui.server.index_page import IndexPage
from timesformer.ui.wiring import EVENTS


@pytest.mark.parametrize("permission", ["", "1"])
def test_the_page_is_built_with_its_limits(
    permission: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMESFORMER_MODELS", "someone/waves,motion")
    monkeypatch.setenv("TIMESFORMER_ANY_MODEL", permission)
    page = built_page(tmp_path)
    ids = Counter(block.elem_id for block in page.blocks.values())
    for part in ("experiment-result", "stage-place", "status", *(f"tab-{name}" for name in TABS)):
        assert ids[part] == len(LANGUAGES)  # which the page's script presses or fills
    targets = Counter(name for event in page.config["dependencies"] for _, name in event["targets"])
    for name in EVENTS:
        assert targets[name] % len(LANGUAGES) == 0 < targets[name]
    index = next(m for m in page.settings["app_kwargs"]["middleware"] if m.cls is IndexPage)
    for code in LANGUAGES:
        html = index.kwargs["body"](code)
        select = html.partition('<select id="model"')[2].partition("</select>")[0]
        names = re.findall('<option value="([^"]*)"', select)
        assert names == ["someone/waves", "motion", *([""] if permission else [])]
        assert ('id="other-model"' in html) is bool(permission)
    assert page.delete_cache is None  # Gradio would go by the system's time
    events = [event for event in page.config["dependencies"] if event["backend_fn"]]
    assert events
    assert "public" not in {event["api_visibility"] for event in events}
    assert page.settings["max_file_size"] == limits.MAX_UPLOAD_BYTES
    assert page.settings["run_history"] is False
    assert page.settings["enable_monitoring"] is False


@pytest.mark.parametrize(
    "options", [{"share": True}, {"max_file_size": None}, {"debug": True}, {"num_workers": 2}]
)
def test_the_page_is_not_launched_with_other_limits(
    options: dict[str, object], page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gr.Blocks, "launch", lambda *_, **__: pytest.fail("it was launched"))
    with pytest.raises(TimesformerError) as refused:
        page.launch(**options)
    assert refused.value.message.key == "errors.page.fixed_option"


def test_the_page_is_not_mounted_without_its_limits(page: Page) -> None:
    with pytest.raises(TimesformerError) as refused:
        gr.mount_gradio_app(FastAPI(), copy(page), path="/")  # which changes a page
    assert refused.value.message.key == "errors.page.not_mounted"


def test_the_page_is_not_built_to_be_reloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(RELOADING, ".")
    with pytest.raises(TimesformerError) as refused:
        built_page(tmp_path)
    assert refused.value.message.key == "errors.page.no_reload"
