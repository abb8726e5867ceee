"""Data of the explorer: a section of HTML, and files of tensors."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load as load_tensors
from tiny import PREPROCESS, SCHEMES, random_clip, tiny_checkpoint

from timesformer import Recognizer, TimesformerConfig, TimesformerForVideoClassification, load
from timesformer.checkpoints.registry import PUBLISHED, embedded_models
from timesformer.explain import queries_and_keys
from timesformer.visualize.explorer import (
    block_bytes,
    clip_hash,
    explorer_html,
    is_sent,
    is_sent_whole,
    queries_file,
    rollout_bytes,
    rollouts_file,
)
from timesformer.visualize.overlay import colour_table, crop


@pytest.fixture(scope="module", params=SCHEMES)
def recognizer(request: pytest.FixtureRequest, tmp_path_factory) -> Recognizer:
    folder = tmp_path_factory.mktemp(request.param)
    return load(tiny_checkpoint(folder, request.param), device="cpu", dtype="float32")


def shaped(config: TimesformerConfig) -> Recognizer:
    """Return a recognizer of a shape, without weights."""
    (side, _), T = config.image_shape, config.num_frames
    crop = {"crop_size": (side, side), "short_side": side, "num_frames": T}
    with torch.device("meta"):
        model = TimesformerForVideoClassification(config)
    return Recognizer(model, type(PREPROCESS)(**(vars(PREPROCESS) | crop)), ())


def test_the_file_holds_the_queries_and_keys_in_float16(recognizer: Recognizer, tmp_path) -> None:
    clip = random_clip()
    content = queries_file(recognizer, clip, model="tiny")
    pixel_values = recognizer.preprocess(clip).pixel_values
    theirs = queries_and_keys(recognizer.model.timesformer, pixel_values)
    found = load_tensors(content)
    assert found.keys() == theirs.keys()
    for name, tensor in found.items():
        assert tensor.dtype == torch.float16
        torch.testing.assert_close(tensor.float(), theirs[name], rtol=2**-10, atol=1e-6)
    assert sum(tensor.nbytes for tensor in found.values()) == 2 * block_bytes(recognizer)
    (tmp_path / "file").write_bytes(content)
    with safe_open(tmp_path / "file", "pt") as file:
        about = file.metadata()
    assert about == {
        "scheme": recognizer.model.config.attention_type,
        "blocks": "[0, 1]",
        "num_blocks": "2",
        "frames": "4",
        "grid": "[4, 4]",
        "model": "tiny",
        "clip": clip_hash(clip),
    }


def test_a_block_is_a_part_of_the_file(recognizer: Recognizer) -> None:
    clip = random_clip()
    whole = load_tensors(queries_file(recognizer, clip, model="tiny"))
    for name, tensor in load_tensors(
        queries_file(recognizer, clip, model="tiny", blocks=[1])
    ).items():
        torch.testing.assert_close(tensor, whole[name][1:])


def test_the_rollouts_of_a_frame_are_those_of_its_patches(recognizer: Recognizer, tmp_path) -> None:
    clip = random_clip()
    content = rollouts_file(recognizer, clip, model="tiny", frame=2)
    found = load_tensors(content)
    assert {name: tensor.dtype for name, tensor in found.items()} == {
        "patches": torch.float16, "cls": torch.float16,
    }  # fmt: skip
    assert sum(tensor.nbytes for tensor in found.values()) == rollout_bytes(recognizer)
    for place in range(16):
        drawn = found["patches"][place].float().numpy()
        theirs = recognizer.explain(clip, patch=(2, place // 4, place % 4)).heatmaps
        np.testing.assert_allclose(
            drawn / drawn.mean(), theirs.reshape(4, 16), rtol=2**-9, atol=1e-6
        )
        total = drawn.mean() + float(found["cls"][place])
        assert total == pytest.approx(1, abs=2**-10)
    (tmp_path / "file").write_bytes(content)
    with safe_open(tmp_path / "file", "pt") as file:
        assert file.metadata() == {"frame": "2", "model": "tiny", "clip": clip_hash(clip)}


def test_different_clips_have_different_hashes() -> None:
    assert clip_hash(random_clip()) == clip_hash(random_clip())
    assert clip_hash(random_clip()) != clip_hash(random_clip(seed=1))


class Section(HTMLParser):
    """Return the attributes of the single section."""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.attributes = dict(attributes)


def test_the_section_holds_the_data_of_the_script(recognizer: Recognizer) -> None:
    clip, parser = random_clip(), Section()
    parser.feed(explorer_html(recognizer, clip, recognizer.explain(clip), model='"><b>'))
    data = json.loads(parser.attributes["data-explorer"])
    assert parser.attributes["class"] == "explorer"
    assert data["model"] == '"><b>'
    assert data["grid"] == [4, 4]
    assert len(data["frames"]) == len(data["times"]) == 4
    assert all(frame.startswith("data:image/jpeg;base64,") for frame in data["frames"])
    assert data["size"] == [48, 48]  # the square that the model saw of 64 x 48
    assert (data["blocks"], data["heads"]) == (2, 4)
    assert data["whole"] is True
    sizes = {"block": block_bytes(recognizer), "frame": rollout_bytes(recognizer)}
    assert data["megabytes"] == {part: size / 1e6 for part, size in sizes.items()}
    assert len(data["colours"]) == 256 * 6
    assert data["clip"] == clip_hash(clip)


def test_the_frames_are_cropped_to_the_box(recognizer: Recognizer) -> None:
    clip = random_clip()
    box = recognizer.explain(clip).box
    np.testing.assert_array_equal(crop(clip.frames, box), clip.frames[:, :, 8:56])


def test_embedded_models_are_sent_whole_and_published_ones_in_blocks() -> None:
    for name in embedded_models():
        assert is_sent_whole(load(name, device="cpu"))
    base, *larger = (
        shaped(TimesformerConfig(num_frames=entry.num_frames, image_size=entry.size))
        for entry in {(one.num_frames, one.size): one for one in PUBLISHED}.values()
    )
    assert not is_sent_whole(base)
    assert is_sent(base, "block")
    assert not any(is_sent(one, "block") for one in larger)
    assert all(is_sent(one, "frame") for one in (base, *larger))


def test_colours_run_from_dark_to_bright() -> None:
    colours = colour_table()
    assert colours.shape == (256, 3)
    light = colours @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(light) > -1).all()
    assert light[0] < 5 < 240 < light[-1]
