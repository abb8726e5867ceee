"""Requests: every value that a page can send is checked, and nothing but a refusal is raised."""

import json
import math
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from visitors import request_of

from timesformer.errors import TimesformerError
from timesformer.explain import METHODS
from timesformer.explain.registry import UNMEASURED
from timesformer.i18n import t
from timesformer.ui import handlers, model_choices
from timesformer.ui.answer_cache import AnswerCache
from timesformer.ui.outputs import SKIP
from timesformer.ui.request import AnalysisRequest, request_from
from timesformer.ui.server.examples import EXAMPLES

FULL = {
    "clip": {"example": "hand-waving"}, "model": "motion", "method": "relevance",
    "label": "moving left", "contrast": "moving right", "start": 1.5,
    "smooth": False, "sharper": True,
    "known": "c0ffee", "mask": [[1, 1, 1]], "number": 1, "kind": "video",
}  # fmt: skip
TEXTS = ("model", "method", "label", "contrast", "known")
STRANGE = (5, 0, True, False, [], ["motion"], {}, {"motion": 1}, "\ud800")


@pytest.fixture(scope="module", autouse=True)
def empty_cache() -> Iterator[None]:
    """A cache of answers without any."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handlers, "ANSWER_CACHE", AnswerCache())
        yield


def refusal_of(sent: object) -> str:
    with pytest.raises(TimesformerError) as raised:
        request_from(sent)
    return raised.value.message.key.removeprefix("errors.request.")


def test_a_request_is_what_the_page_sends() -> None:
    path = str(EXAMPLES["hand-waving"])
    assert request_from(FULL) == AnalysisRequest(
        path, "motion", "relevance", 1.5, "moving left", "moving right", False, True, "c0ffee"
    )
    assert request_from(request_of("/clip.mp4")).path == "/clip.mp4"


@pytest.mark.parametrize("empty", [{}, dict.fromkeys(FULL), FULL | dict.fromkeys(TEXTS, "")])
def test_what_is_missing_has_a_default(empty: dict[str, Any]) -> None:
    request = request_from(empty)
    assert request.label is request.contrast is request.target is None
    assert request.known == request.choice == ""
    assert request.method == model_choices.best_method("")
    if empty.get("clip") is None:
        assert (request.path, request.start, request.smooth) == (None, 0, True)


@pytest.mark.parametrize("value", [*STRANGE, "motion", None])
def test_a_request_is_an_object(value: object) -> None:
    if not isinstance(value, dict):
        assert refusal_of(value) == "malformed"


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_texts_are_texts(name: str, value: object) -> None:
    assert refusal_of(FULL | {name: value}) == "malformed"


@pytest.mark.parametrize(
    "start",
    [math.nan, math.inf, -math.inf, 10**400, -(10**400), True, False, "1", "", [], [1], {}],
    ids=str,
)
def test_a_start_is_a_finite_number(start: object) -> None:
    assert refusal_of(FULL | {"start": start}) == "malformed"


@pytest.mark.parametrize("value", [0, 1, "", "false", [], {}], ids=repr)
@pytest.mark.parametrize("name", ["smooth", "sharper"])
def test_a_switch_is_true_or_false(name: str, value: object) -> None:
    assert refusal_of(FULL | {name: value}) == "malformed"


@pytest.mark.parametrize(
    "clip",
    [5, "hand-waving", [], ["hand-waving"], {}, {"example": "unknown"}, {"example": ["a"]},
     {"example": None}, {"path": 5}, {"path": None}, {"path": ["a"]}, {"url": "a"}],
    ids=repr,
)  # fmt: skip
def test_a_clip_is_an_example_or_a_path(clip: object) -> None:
    assert refusal_of(FULL | {"clip": clip}) == "malformed"


def test_unknown_methods_are_refused() -> None:
    assert refusal_of(FULL | {"method": "guess"}) == "no_method"
    assert all(request_from(FULL | {"method": name}).method == name for name in METHODS)


REFUSALS = ("malformed", "no_method")
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.sampled_from(["", "motion", "relevance", "moving left", "hand-waving", "\ud800", "\0"])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FULL, "path", "example"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    changes=st.dictionaries(st.sampled_from(list(FULL)), VALUES, max_size=4),
    missing=st.sets(st.sampled_from(list(FULL))),
)
@settings(max_examples=300)
def test_no_request_raises_anything_but_a_refusal(
    changes: dict[str, Any], missing: set[str]
) -> None:
    """Texts of a request are sent back as JSON, which has no half characters."""
    sent = {name: value for name, value in FULL.items() if name not in missing} | changes
    needs_model, status, answer = handlers.recall(sent)
    if not needs_model:
        assert answer == SKIP
        assert any(escape(t(f"errors.request.{key}")) in status for key in REFUSALS)
        return
    request = request_from(sent)
    assert request.method in METHODS
    assert math.isfinite(request.start)
    texts = (request.choice, request.method, request.label, request.contrast, request.known)
    json.dumps(texts, ensure_ascii=False).encode()


def test_names_of_models_are_not_kept() -> None:
    """Each could have 256 kB."""
    for number in range(100):
        assert model_choices.best_method(f"someone/waves-{number}") == UNMEASURED[0]
    assert model_choices._read_scores.cache_info().currsize <= 3
