"""Defects of other implementations, each with a test that this one does not have it.

Seen in transformers 5.23 and in the released code (facebookresearch/TimeSformer, a5ef29a).
"""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import transformers
from tiny import TINY, random_pixels, tiny_checkpoint, tiny_config, tiny_model
from torch import Tensor

from timesformer import TimesformerForVideoClassification, TimesformerModel, load
from timesformer.checkpoints.checkpoint import PREPROCESSING_ASSUMED
from timesformer.checkpoints.registry import PUBLISHED
from timesformer.hub.key_maps import TRANSFORMERS
from timesformer.preprocess import PREPROCESSOR_FILE


def peer_made_for(model: TimesformerForVideoClassification, **changes: int) -> torch.nn.Module:
    """Return the model of transformers with the same weights, and tables for its input."""
    config = transformers.TimesformerConfig(**(TINY | changes), attn_implementation="eager")
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    time, position = (f"timesformer.embeddings.{axis}_embeddings" for axis in ("time", "position"))
    state[time] = F.interpolate(state[time].mT, size=config.num_frames, mode="nearest").mT
    side = config.image_size // config.patch_size
    grid = state[position][:, 1:].mT.unflatten(2, model.config.grid)
    grid = F.interpolate(grid, size=(side, side), mode="nearest").flatten(2).mT
    state[position] = torch.cat([state[position][:, :1], grid], dim=1)
    theirs = transformers.TimesformerForVideoClassification(config).eval()
    theirs.load_state_dict(state)
    return theirs


@torch.no_grad()
@pytest.mark.parametrize("T", [1, 2, 8, 12])
def test_any_number_of_frames_is_computed(T: int) -> None:
    """transformers reshapes with the config's count: wrong numbers in silence, or an error."""
    model = tiny_model()
    clip = random_pixels(2, T, 3, 32, 32)
    expected = peer_made_for(model, num_frames=T)(clip).logits
    torch.testing.assert_close(model(clip).logits, expected, atol=1e-5, rtol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("side", [24, 40, 64])
def test_any_frame_size_is_computed(side: int) -> None:
    """transformers raises an error for most sizes."""
    model = tiny_model()
    clip = random_pixels(2, 4, 3, side, side)
    expected = peer_made_for(model, image_size=side)(clip).logits
    torch.testing.assert_close(model(clip).logits, expected, atol=1e-5, rtol=1e-5)


def test_the_position_table_is_resized_in_two_dimensions() -> None:
    """The released code resizes the flattened table at load, which shears it."""
    model = tiny_model().timesformer
    columns = torch.arange(4.0).expand(4, 4).flatten()
    model.position_table.data[0, 1:] = columns[:, None]  # each position holds its column
    grid = model.position_embedding((8, 4))[0, :, 0].view(8, 4)
    assert torch.equal(grid, torch.arange(4.0).expand(8, 4))


def test_tables_for_other_frames_are_not_random(tmp_path: Path) -> None:
    """transformers leaves new tables as uninitialized memory, or draws them at random."""
    recognizer = load(tiny_checkpoint(tmp_path))
    other = recognizer.adapted(num_frames=7, size=48)
    frames = np.random.default_rng(0).integers(0, 256, (7, 60, 80, 3), dtype=np.uint8)
    first, second = (load(tmp_path).adapted(num_frames=7, size=48) for _ in range(2))
    logits = [r.logits(r.preprocess(frames).pixel_values) for r in (other, first, second)]
    assert logits[0].isfinite().all()
    assert torch.equal(logits[0], logits[1])
    assert torch.equal(logits[1], logits[2])


@torch.no_grad()
def test_time_attention_is_an_output() -> None:
    """transformers returns space attention only, which is not enough for a heatmap over time."""
    output = tiny_model()(random_pixels(2, 4, 3, 32, 32), output_attentions=True)
    assert len(output.temporal_attentions) == 2
    for weights in output.temporal_attentions:
        assert weights.shape == (2 * 16, 4, 4, 4)
        torch.testing.assert_close(weights.sum(-1), torch.ones(32, 4, 4))


@torch.no_grad()
def test_space_only_has_one_answer_a_clip() -> None:
    """transformers has one for each frame. The released code averages tokens, then normalizes."""
    model = tiny_model("space_only")
    clip = random_pixels(2, 4, 3, 32, 32)
    logits = model(clip).logits
    assert logits.shape == (2, 5)
    tokens = [model.timesformer(clip[:, t : t + 1], output_hidden_states=True) for t in range(4)]
    cls = torch.stack([output.hidden_states[-1][:, 0] for output in tokens]).mean(0)
    expected = model.classifier(model.timesformer.norm(cls))
    torch.testing.assert_close(logits, expected, atol=1e-5, rtol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("size", [[32, 48], (32, 48)])
def test_frames_need_not_be_square(size: list[int] | tuple[int, int]) -> None:
    """The config of transformers takes two numbers, and its model fails with them."""
    model = TimesformerForVideoClassification(tiny_config(image_size=size)).eval()
    assert model(random_pixels(1, 4, 3, 32, 48)).logits.shape == (1, 5)


def test_the_drop_path_rate_is_a_fraction() -> None:
    """transformers takes only whole numbers. The released models were trained with 0.1."""
    assert tiny_config(drop_path_rate=0.1).drop_path_rate == 0.1


def test_time_attention_of_a_new_model_adds_nothing() -> None:
    """The released code starts with zeros, transformers with random numbers."""
    for block in TimesformerModel(tiny_config()).blocks:
        assert not block.time_output.weight.any()


def test_a_forward_pass_does_not_change_the_config() -> None:
    """transformers writes `problem_type` into it at the first call."""
    model = tiny_model()
    before = dataclasses.asdict(model.config)
    model(random_pixels(2, 4, 3, 32, 32), labels=torch.tensor([0, 1]))
    assert dataclasses.asdict(model.config) == before


def test_attention_weights_are_those_before_dropout() -> None:
    """transformers returns them after dropout, so in training their rows do not sum to 1."""
    model = tiny_model(attention_probs_dropout_prob=0.5).train()
    output = model(random_pixels(1, 4, 3, 32, 32), output_attentions=True)
    for weights in (*output.attentions, *output.temporal_attentions):
        torch.testing.assert_close(weights.sum(-1), torch.ones(weights.shape[:-1]))


def test_attention_is_fused(monkeypatch: pytest.MonkeyPatch) -> None:
    """transformers supports only eager attention."""
    calls: list[Tensor] = []
    fused = F.scaled_dot_product_attention

    def counted(q: Tensor, *rest: Tensor, **options: float) -> Tensor:
        calls.append(q)
        return fused(q, *rest, **options)

    monkeypatch.setattr(F, "scaled_dot_product_attention", counted)
    with torch.no_grad():
        tiny_model()(random_pixels(1, 4, 3, 32, 32))
    assert len(calls) == 2 * 2  # time and space of both blocks


def test_assumed_preprocessing_has_a_note(tmp_path: Path) -> None:
    """Without a processor config, transformers assumes ImageNet's mean and 224 pixels."""
    folder = tiny_checkpoint(tmp_path)
    (folder / PREPROCESSOR_FILE).unlink()
    recognizer = load(folder, dtype="float32")
    assert recognizer.notes == (PREPROCESSING_ASSUMED,)
    assert recognizer.preprocess.mean == (0.45,) * 3
    assert recognizer.preprocess.crop_size == (32, 32)


def test_a_clip_spans_the_seconds_that_the_model_was_trained_on() -> None:
    """transformers' pipelines show 0.27 s, or the whole file, to models trained on 8.5 s."""
    spans = {round(entry.preprocess.seconds or 0, 1) for entry in PUBLISHED}
    assert spans == {0.0, 8.5, 12.8}  # 0 is the whole video


def test_something_something_models_get_bgr() -> None:
    """They were trained on BGR, from cv2.imdecode. Other implementations feed them RGB."""
    frames = np.random.default_rng(0).integers(0, 256, (2, 64, 85, 3), dtype=np.uint8)
    for entry in PUBLISHED:
        small = dataclasses.replace(entry.preprocess, short_side=32, crop_size=(32, 32))
        plain = dataclasses.replace(small, channel_order="rgb")
        reversed_channels = plain(np.ascontiguousarray(frames[..., ::-1])).pixel_values
        assert torch.equal(small(frames).pixel_values, reversed_channels) == entry.name.endswith(
            "ssv2"
        )
