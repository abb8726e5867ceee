"""The page, built in the process of the tests."""

from pathlib import Path

import pytest
from visitors import in_own_loop

from timesformer.ui.model_choices import allows_any_model, offered_models
from timesformer.ui.page import Page, build_page
from timesformer.ui.server.temp_files import ROOT, open_temp_files


def built_page(folder: Path) -> Page:
    """Build the page with the owner's settings in the environment, and its files in `folder`.

    Gradio finds a running loop. Without one, it opens loops and leaves them open.
    """

    async def build() -> Page:
        temp_files = open_temp_files()
        return build_page(list(offered_models()), temp_files, any_model=allows_any_model())

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT, str(folder))
        return in_own_loop(build())
