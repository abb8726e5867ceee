"""What other implementations get wrong, each shown to be right here.

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
    """transformers' model with the same weights, its tables resized for what it will be shown."""
    config = transformers.TimesformerConfig(**(TINY | changes), attn_implementation="eager")
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    time, place = (f"timesformer.embeddings.{axis}_embeddings" for axis in ("time", "position"))
    state[time] = F.interpolate(state[time].mT, size=config.num_frames, mode="nearest").mT
    side = config.image_size // config.patch_size
    grid = state[place][:, 1:].mT.unflatten(2, model.config.grid)
    grid = F.interpolate(grid, size=(side, side), mode="nearest").flatten(2).mT
    state[place] = torch.cat([state[place][:, :1], grid], dim=1)
    theirs = transformers.TimesformerForVideoClassification(config).eval()
    theirs.load_state_dict(state)
    return theirs


@torch.no_grad()
@pytest.mark.parametrize("T", [1, 2, 8, 12])
def test_another_frame_count_is_computed_rightly(T: int) -> None:
    """transformers reshapes with the config's count: other numbers without a word, or an error."""
    model = tiny_model()
    clip = random_pixels(2, T, 3, 32, 32)
    wanted = peer_made_for(model, num_frames=T)(clip).logits
    torch.testing.assert_close(model(clip).logits, wanted, atol=1e-5, rtol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("side", [24, 40, 64])
def test_another_size_is_computed_rightly(side: int) -> None:
    """transformers raises an error for most."""
    model = tiny_model()
    clip = random_pixels(2, 4, 3, side, side)
    wanted = peer_made_for(model, image_size=side)(clip).logits
    torch.testing.assert_close(model(clip).logits, wanted, atol=1e-5, rtol=1e-5)


def test_places_are_resized_in_two_dimensions() -> None:
    """The released code resizes the flattened table at load, which shears it."""
    model = tiny_model().timesformer
    columns = torch.arange(4.0).expand(4, 4).flatten()
    model.position_table.data[0, 1:] = columns[:, None]  # each place holds its column
    grid = model.position_embedding((8, 4))[0, :, 0].view(8, 4)
    assert torch.equal(grid, torch.arange(4.0).expand(8, 4))


def test_no_table_is_made_up_for_other_frames(tmp_path: Path) -> None:
    """transformers leaves new tables as uninitialised memory, or draws them at random."""
    recognizer = load(tiny_checkpoint(tmp_path))
    other = recognizer.adapted(num_frames=7, size=48)
    frames = np.random.default_rng(0).integers(0, 256, (7, 60, 80, 3), dtype=np.uint8)
    first, second = (load(tmp_path).adapted(num_frames=7, size=48) for _ in range(2))
    logits = [r.logits(r.preprocess(frames).pixel_values) for r in (other, first, second)]
    assert logits[0].isfinite().all()
    assert torch.equal(logits[0], logits[1])
    assert torch.equal(logits[1], logits[2])


@torch.no_grad()
def test_time_attention_is_given_too() -> None:
    """transformers gives space attention alone, which makes no space-time heatmap."""
    output = tiny_model()(random_pixels(2, 4, 3, 32, 32), output_attentions=True)
    assert len(output.temporal_attentions) == 2
    for weights in output.temporal_attentions:
        assert weights.shape == (2 * 16, 4, 4, 4)
        torch.testing.assert_close(weights.sum(-1), torch.ones(32, 4, 4))


@torch.no_grad()
def test_space_only_gives_one_answer_a_clip() -> None:
    """transformers gives one a frame; the released code averages tokens, then normalises."""
    model = tiny_model("space_only")
    clip = random_pixels(2, 4, 3, 32, 32)
    logits = model(clip).logits
    assert logits.shape == (2, 5)
    tokens = [model.timesformer(clip[:, t : t + 1], output_hidden_states=True) for t in range(4)]
    cls = torch.stack([one.hidden_states[-1][:, 0] for one in tokens]).mean(0)
    wanted = model.classifier(model.timesformer.norm(cls))
    torch.testing.assert_close(logits, wanted, atol=1e-5, rtol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("size", [[32, 48], (32, 48)])
def test_frames_need_not_be_square(size: list[int] | tuple[int, int]) -> None:
    """transformers' config takes two numbers and its model fails on them."""
    model = TimesformerForVideoClassification(tiny_config(image_size=size)).eval()
    assert model(random_pixels(1, 4, 3, 32, 48)).logits.shape == (1, 5)


def test_the_rate_that_the_models_were_trained_with_is_a_rate() -> None:
    """transformers takes whole numbers alone for drop_path_rate; the training had 0.1."""
    assert tiny_config(drop_path_rate=0.1).drop_path_rate == 0.1


def test_time_attention_of_a_new_model_starts_at_nothing() -> None:
    """As in the released code; transformers draws `temporal_dense` at random."""
    for block in TimesformerModel(tiny_config()).blocks:
        assert not block.time_output.weight.any()


def test_a_forward_pass_leaves_the_config_alone() -> None:
    """transformers writes the kind of problem into it at the first call."""
    model = tiny_model()
    before = dataclasses.asdict(model.config)
    model(random_pixels(2, 4, 3, 32, 32), labels=torch.tensor([0, 1]))
    assert dataclasses.asdict(model.config) == before


def test_attention_is_given_before_dropout() -> None:
    """transformers gives it after: in training its rows do not sum to 1."""
    model = tiny_model(attention_probs_dropout_prob=0.5).train()
    output = model(random_pixels(1, 4, 3, 32, 32), output_attentions=True)
    for weights in (*output.attentions, *output.temporal_attentions):
        torch.testing.assert_close(weights.sum(-1), torch.ones(weights.shape[:-1]))


def test_attention_is_fused(monkeypatch: pytest.MonkeyPatch) -> None:
    """transformers refuses every kind of attention but the eager one."""
    calls: list[Tensor] = []
    fused = F.scaled_dot_product_attention

    def counted(q: Tensor, *rest: Tensor, **options: float) -> Tensor:
        calls.append(q)
        return fused(q, *rest, **options)

    monkeypatch.setattr(F, "scaled_dot_product_attention", counted)
    with torch.no_grad():
        tiny_model()(random_pixels(1, 4, 3, 32, 32))
    assert len(calls) == 2 * 2  # time and space of both blocks


def test_what_is_assumed_of_the_preprocessing_is_said(tmp_path: Path) -> None:
    """transformers takes ImageNet's mean and 224 pixels for a folder without a processor config."""
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


def test_models_of_something_something_are_shown_bgr() -> None:
    """They were trained on it (cv2.imdecode, channels never turned); all others feed them RGB."""
    frames = np.random.default_rng(0).integers(0, 256, (2, 64, 85, 3), dtype=np.uint8)
    for entry in PUBLISHED:
        small = dataclasses.replace(entry.preprocess, short_side=32, crop_size=(32, 32))
        plain = dataclasses.replace(small, channel_order="rgb")
        turned = plain(np.ascontiguousarray(frames[..., ::-1])).pixel_values
        assert torch.equal(small(frames).pixel_values, turned) == entry.name.endswith("ssv2")
