"""One page for all tests that do not serve it."""

import pytest
from built import built_page

from timesformer.ui.page import Page


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The page with its usual settings. No test serves it or changes its parts."""
    return built_page(tmp_path_factory.mktemp("page"))
