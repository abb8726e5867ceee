"""Answers for the examples are cached, answers for visitors' clips never."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny import motion_recognizer, random_clip

from timesformer import Explanation, write_mp4
from timesformer.ui import answer_cache
from timesformer.ui.analysis import Analysis
from timesformer.ui.answer import Answer, make_answer
from timesformer.ui.answer_cache import AnswerCache
from timesformer.ui.request import AnalysisRequest
from timesformer.ui.server import limits
from timesformer.ui.server.examples import EXAMPLES, example_name

BOAT, BALL, BUS = (
    EXAMPLES[name] for name in ("boat-sailing-right", "ball-rolling-left", "bus-coming-nearer")
)
LABELS = ("moving left", "moving right")


def request_for(path: Path, method: str = "rollout", **more: object) -> AnalysisRequest:
    return AnalysisRequest(str(path), "motion", method, **more)


@pytest.fixture(scope="module")
def explanations() -> dict[str, Explanation]:
    """A heatmap of each of some methods, for the first of LABELS where there is a label."""
    recognizer, clip = motion_recognizer(), random_clip(T=8)
    options = {"rollout": {}, "attention": {}, "gradsam": {"target": LABELS[0]}}
    return {name: recognizer.explain(clip, method=name, **more) for name, more in options.items()}


def answer_to(request: AnalysisRequest, explanation: Explanation) -> Answer:
    analysis = Analysis("motion", motion_recognizer(), random_clip(T=8), explanation)
    return make_answer(request, analysis, 0.1)


def test_an_example_is_recognized_by_its_content(tmp_path: Path) -> None:
    copy = shutil.copy(BOAT, tmp_path / "upload.mp4")
    assert example_name(str(copy)) == "boat-sailing-right"
    other = bytearray(BOAT.read_bytes())
    other[-1] ^= 1
    (tmp_path / "other.mp4").write_bytes(other)
    assert example_name(str(tmp_path / "other.mp4")) is None
    assert example_name(str(tmp_path / "gone.mp4")) is None
    assert example_name(None) is example_name("\0") is None


def test_an_answer_is_cached_with_all_its_heatmaps(
    tmp_path: Path, explanations: dict[str, Explanation]
) -> None:
    cache, copy = AnswerCache(), Path(shutil.copy(BOAT, tmp_path / "upload.mp4"))
    assert cache.get(request_for(BOAT)) is None
    for path, method in ((BOAT, "rollout"), (copy, "attention"), (BOAT, "gradsam")):
        request = request_for(path, method, label=LABELS[0])
        cache.put(request, answer_to(request, explanations[method]))
    for path in (BOAT, copy):
        answer = cache.get(request_for(path))
        assert answer is not None
        assert answer.example == "boat-sailing-right"
        for method in explanations:
            assert answer.has_heatmap(request_for(path, method, label=LABELS[0]))
    assert not answer.has_heatmap(request_for(BOAT, "gradsam", label=LABELS[1]))
    assert not answer.has_heatmap(request_for(BOAT, "gradsam", label=LABELS[0], contrast="shaking"))
    assert not answer.has_heatmap(request_for(BOAT, "relevance"))


def test_a_heatmap_of_the_most_probable_label_has_two_names(
    explanations: dict[str, Explanation],
) -> None:
    """A request names the label, or none."""
    best = explanations["rollout"].predictions[0].label
    explanation = motion_recognizer().explain(random_clip(T=8), method="gradsam", target=best)
    answer = answer_to(request_for(BOAT, "gradsam"), explanation)
    assert answer.has_heatmap(request_for(BOAT, "gradsam"))
    assert answer.has_heatmap(request_for(BOAT, "gradsam", label=best))


@pytest.fixture
def own_clip(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "mine.mp4"
    write_mp4(path, np.zeros((9, 64, 64, 3), np.uint8), fps=30)
    return path


def test_only_answers_to_whole_examples_by_offered_models_are_cached(
    own_clip: Path, explanations: dict[str, Explanation], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = AnswerCache()
    kept = request_for(BOAT)
    others = (
        request_for(own_clip),
        replace(kept, start=0.5),
        replace(kept, choice="someone/waves"),
        replace(kept, path=None),
    )
    for request in (kept, *others):
        cache.put(request, answer_to(request, explanations["rollout"]))
    assert [cache.get(request) is not None for request in (kept, *others)] == [True] + [False] * 4


def test_the_least_recently_used_answer_is_dropped(
    explanations: dict[str, Explanation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_CACHED_ANSWERS", 2)
    cache = AnswerCache()
    for path in (BOAT, BALL, BOAT, BUS):
        cache.put(request_for(path), answer_to(request_for(path), explanations["rollout"]))
        assert cache.get(request_for(path)) is not None
    assert [cache.get(request_for(path)) is not None for path in (BOAT, BALL, BUS)] == [
        True, False, True,
    ]  # fmt: skip


def test_an_answer_holds_a_limited_number_of_heatmaps(
    explanations: dict[str, Explanation], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Visitors can ask for heatmaps of every label, and of every pair of labels."""
    monkeypatch.setattr(limits, "MAX_CACHED_HEATMAPS", 2)
    cache, request = AnswerCache(), request_for(BOAT)
    for explanation in explanations.values():
        cache.put(request, answer_to(request, explanation))
    answer = cache.get(request)
    assert answer is not None
    assert [key.method for key in answer.explanations] == list(explanations)[:2]


def test_heatmaps_of_many_threads_are_all_kept(explanations: dict[str, Explanation]) -> None:
    cache = AnswerCache()

    def put(method: str) -> None:
        request = request_for(BOAT, method)
        cache.put(request, answer_to(request, explanations[method]))

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(put, [*explanations] * 4)) == [None] * 12
    answer = cache.get(request_for(BOAT))
    assert answer is not None
    assert {key.method for key in answer.explanations} == set(explanations)


def test_a_deleted_file_is_no_error(
    explanations: dict[str, Explanation], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An example's upload may be deleted between two looks at it."""
    names = iter(["boat-sailing-right", None, None])
    monkeypatch.setattr(answer_cache, "example_name", lambda _: next(names))
    assert AnswerCache().get(request_for(tmp_path / "gone.mp4")) is None
