"""The words for protocols, and what they mean."""

import pytest

from timesformer.protocols import CENTER, FB, Protocol, protocol_named


@pytest.mark.parametrize(
    ("word", "protocol"),
    [
        ("center", CENTER),
        ("fb", FB),
        ("1x3", FB),
        ("4x3", Protocol(4, 3)),
        ("10\u00d73", Protocol(10, 3)),
    ],
)
def test_words_for_protocols(word: str, protocol: Protocol) -> None:
    assert protocol_named(word) == protocol


@pytest.mark.parametrize("word", ["", "centre", "3x1", "0x3", "100x3", "4x3x"])
def test_other_words_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match=f"protocol is '{word}'; choose center, fb, or clips"):
        protocol_named(word)
