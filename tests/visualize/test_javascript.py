"""The JavaScript modules get the sentences of the current language."""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from timesformer.i18n import LANGUAGES, language, t, use_language
from timesformer.ui.server import limits
from timesformer.visualize import javascript
from timesformer.visualize.javascript import catalog_html


def read(html: str) -> dict[str, Any]:
    match = re.fullmatch(r'<div hidden id="catalog">([^<]+)</div>', html)
    assert match
    return json.loads(unescape(match[1]))


def is_part(part: object, whole: object) -> bool:
    if not isinstance(part, Mapping) or not isinstance(whole, Mapping):
        return part == whole
    return all(is_part(value, whole.get(key)) for key, value in part.items())


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_modules_get_sentences_of_the_current_language(code: str) -> None:
    with use_language(code):
        catalog = read(catalog_html())
        for name, sentence in catalog["errors"].pop("server").items():
            assert sentence == t(f"errors.server.{name}", megabytes=limits.MAX_UPLOAD_BYTES / 1e6)
        assert is_part(catalog, language().sections)
    assert catalog["explorer"].keys() == LANGUAGES["en"].sections["explorer"].keys()


def test_a_sentence_cannot_end_the_element(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javascript, "section", lambda name: {"evil": "</div><b>"})
    assert read(catalog_html())["stage"] == {"evil": "</div><b>"}
