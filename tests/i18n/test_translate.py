"""Sentences, numbers and errors in the current language."""

import copy
import pickle
import threading
from collections.abc import Iterator

import pytest

from timesformer.errors import CheckpointError
from timesformer.i18n import (
    LANGUAGES,
    Message,
    format_number,
    joined,
    label_text,
    language,
    localized,
    probability_text,
    t,
    translate,
    use_language,
)


def test_a_message_is_english_and_is_translated_with_its_numbers() -> None:
    late = Message("errors.clip.start_too_late", duration=1234.56, start=2000)
    assert late == translate(late) == t(late.key, **late.values)
    with use_language("de"):
        assert "1234,6" in translate(late)
        assert "2000,0" in translate(late)


@pytest.mark.parametrize("code", LANGUAGES)
def test_numbers_are_grouped_and_names_keep_their_commas(code: str) -> None:
    large = Message("errors.checkpoint.json_too_large", file="f", name="a/b, c.d", limit=4_000_000)
    with use_language(code):
        assert format_number(4_000_000, ",") in translate(large)
        assert "a/b, c.d" in translate(large)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_message_within_a_message_is_translated_too(code: str) -> None:
    parts = [Message(f"errors.weights.{fault}", keys="a") for fault in ("missing", "left_over")]
    error = CheckpointError("weights.mismatch", source="x", faults=joined(parts))
    with use_language(code):
        for part in parts:
            assert translate(part) in translate(error.message)
    assert str(error) == error.message == CheckpointError(error.message).message


def test_a_message_is_copied_and_pickled_with_its_values() -> None:
    message = Message("notes.clip.damaged", unread=1, total=2)
    for other in (copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert (other, other.key, other.values) == (message, message.key, message.values)


def test_other_text_is_not_translated() -> None:
    with use_language("zh"):
        assert translate("a {word}") == "a {word}"
        assert label_text("a label of some checkpoint") == "a label of some checkpoint"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", ("0.25", "12.3%", "1,234", "12,345")),
        ("de", ("0,25", "12,3\u00a0%", "1.234", "12.345")),
        ("es", ("0,25", "12,3\u00a0%", "1234", "12\u202f345")),
        ("fr", ("0,25", "12,3\u00a0%", "1\u00a0234", "12\u00a0345")),
        ("zh", ("0.25", "12.3%", "1,234", "12,345")),
    ],
)
def test_numbers_are_written_as_the_language_does(code: str, written: tuple[str, ...]) -> None:
    with use_language(code):
        numbers = ((0.25, ".2f"), (0.1234, ".1%"), (1234, ","), (12345, ","))
        assert tuple(format_number(*number) for number in numbers) == written


def test_a_change_has_its_sign() -> None:
    assert [format_number(n, "+d") for n in (3, 0, -3)] == ["+3", "0", "\N{MINUS SIGN}3"]


def test_a_language_is_current_within_its_bounds_and_in_its_thread_alone() -> None:
    seen: list[str] = []
    with use_language("de"):
        assert language().code == "de"
        other = threading.Thread(target=lambda: seen.append(language().code))
        other.start()
        other.join()
    assert (language().code, seen) == ("en", ["en"])


def test_a_handler_and_a_generator_keep_their_language() -> None:
    def generate() -> Iterator[str]:
        yield language().code
        yield language().code

    german, french = localized("de", generate)(), localized("fr", generate)()
    assert [next(german), next(french), next(german), next(french)] == ["de", "fr", "de", "fr"]
    assert localized("zh", lambda: language().code)() == "zh"
    assert language().code == "en"


def test_a_generator_that_is_stopped_is_closed() -> None:
    closed = []

    def generate() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append(language().code)

    answers = localized("es", generate)()
    next(answers)
    answers.close()
    assert closed == ["en"]


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "<1%"), (0.004, "<1%"), (0.005, "<1%"), (0.0051, "1%"), (0.0149, "1%"), (0.5, "50%"),
     (0.994, "99%"), (0.9949, "99%"), (0.995, ">99%"), (0.9999, ">99%"), (1.0, ">99%")],
)  # fmt: skip
def test_percentages_near_the_ends_are_not_rounded_to_them(probability: float, text: str) -> None:
    assert probability_text(probability) == text


@pytest.mark.parametrize("code", LANGUAGES)
def test_percentages_are_written_as_in_the_language(code: str) -> None:
    with use_language(code):
        assert probability_text(0.001) == "<" + format_number(0.01, ".0%")
        assert probability_text(0.999) == ">" + format_number(0.99, ".0%")
