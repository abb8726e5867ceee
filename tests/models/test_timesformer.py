"""Laws of the model, then its agreement with transformers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
import torch.nn.functional as F
import transformers
from tiny import SCHEMES, TINY, random_pixels, randomized, tiny_model
from torch import Tensor, nn

from timesformer.hub.key_maps import TRANSFORMERS
from timesformer.models.config import TimesformerConfig
from timesformer.models.outputs import TimesformerOutput
from timesformer.models.timesformer import TimesformerForVideoClassification, TimesformerModel

TOLERANCE = 1e-5


def peer_of(model: TimesformerForVideoClassification) -> nn.Module:
    fields = {name: getattr(model.config, name) for name in TINY}
    config = transformers.TimesformerConfig(
        **fields, attention_type=model.config.attention_type, attn_implementation="eager"
    )
    peer = transformers.TimesformerForVideoClassification(config).eval()
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    peer.load_state_dict(state, strict=True)
    return peer


def assert_near(ours: Tensor, theirs: Tensor) -> None:
    torch.testing.assert_close(ours, theirs, atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", [(2, 4, 3, 32, 32), (1, 7, 3, 24, 40), (3, 1, 3, 8, 16)])
def test_attention_rows_sum_to_one(scheme: str, shape: tuple[int, ...]) -> None:
    output = tiny_model(scheme)(random_pixels(*shape), output_attentions=True)
    for weights in output.attentions + (output.temporal_attentions or ()):
        assert_near(weights.sum(-1), torch.ones(weights.shape[:-1]))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", [(2, 4, 3, 32, 32), (2, 5, 3, 24, 40)])
def test_fused_attention_equals_explicit(scheme: str, shape: tuple[int, ...]) -> None:
    model, clips = tiny_model(scheme), random_pixels(*shape)
    fused = model(clips, output_hidden_states=True)
    explicit = model(clips, output_hidden_states=True, output_attentions=True)
    assert_near(fused.logits, explicit.logits)
    for ours, theirs in zip(fused.hidden_states, explicit.hidden_states, strict=True):
        assert_near(ours, theirs)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_clips_of_a_batch_do_not_mix(scheme: str) -> None:
    model, clips = tiny_model(scheme), random_pixels(3, 5, 3, 32, 24)
    alone = torch.cat([model(clip[None]).logits for clip in clips])
    assert_near(model(clips).logits, alone)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_frames_permuted_with_their_time_embeddings_change_nothing(scheme: str) -> None:
    model, clips = tiny_model(scheme), random_pixels(2, 4, 3, 32, 32)
    before = model(clips).logits
    order = torch.tensor([2, 0, 3, 1])
    if scheme != "space_only":
        table = model.timesformer.time_table
        table.data = table.data[:, order]
    assert_near(model(clips[:, order]).logits, before)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_gradient_with_respect_to_the_weights_needs_no_hook(scheme: str) -> None:
    model = tiny_model(scheme)
    output = model(random_pixels(1, 4, 3, 32, 32), output_attentions=True)
    weights = output.attentions + (output.temporal_attentions or ())
    for gradient in torch.autograd.grad(output.logits[0, 1], weights, allow_unused=True):
        assert gradient is not None
        assert gradient.abs().sum() > 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_parameter_learns(scheme: str) -> None:
    model = tiny_model(scheme).train()
    model(random_pixels(2, 4, 3, 32, 32), labels=torch.tensor([1, 2])).loss.backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_two_threads_equal_one() -> None:
    model = tiny_model("divided_space_time")
    clips = [random_pixels(1, 4, 3, 32, 32, seed=seed) for seed in range(16)]

    def logits(index: int) -> Tensor:
        with torch.no_grad():
            return model(clips[index], output_attentions=bool(index % 2)).logits

    in_turn = [logits(index) for index in range(16)]
    with ThreadPoolExecutor(2) as threads:
        at_once = list(threads.map(logits, range(16)))
    for ours, theirs in zip(at_once, in_turn, strict=True):
        torch.testing.assert_close(ours, theirs, atol=0, rtol=0)


def test_drop_path_leaves_out_whole_rows_and_keeps_the_mean() -> None:
    model = tiny_model("divided_space_time", drop_path_rate=0.5, num_hidden_layers=2)
    assert [block.drop_path.rate for block in model.timesformer.blocks] == [0.0, 0.5]
    drop = model.timesformer.blocks[1].drop_path.train()
    torch.manual_seed(0)
    dropped = drop(torch.ones(4000, 3))
    assert set(dropped.unique().tolist()) == {0.0, 2.0}
    assert (dropped[:, 0] == dropped[:, 2]).all()
    assert dropped.mean() == pytest.approx(1.0, abs=0.05)


def test_time_attention_starts_at_zero() -> None:
    model = TimesformerForVideoClassification(TimesformerConfig(**TINY))
    assert all(block.time_output.weight.abs().sum() == 0 for block in model.timesformer.blocks)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((1, 3, 4, 32, 32), r"\(B, T, 3, H, W\)"),
        ((4, 3, 32, 32), r"\(B, T, 3, H, W\)"),
        ((1, 4, 3, 30, 32), "30 x 32 pixels do not divide into patches of 8 x 8"),
    ],
)
def test_wrong_pixel_values_are_named(shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        tiny_model("divided_space_time")(random_pixels(*shape))


@pytest.mark.parametrize("mode", ["nearest", "linear", "bicubic"])
def test_tables_interpolate_to_any_grid_and_frame_count(mode: str) -> None:
    model = tiny_model("divided_space_time", position_interpolation=mode)
    clips = random_pixels(1, 6, 3, 24, 48)
    state = model.timesformer.embed(clips)
    assert state.patches.shape == (1, 6, 3 * 6, 32)
    flat = tiny_model("divided_space_time", position_interpolation=mode)
    flat.timesformer.position_table.data[:] = 1.5
    flat.timesformer.time_table.data[:] = -0.5
    plain = flat.timesformer.patch_embedding(clips.flatten(0, 1)).flatten(2).transpose(1, 2)
    assert_near(flat.timesformer.embed(clips).patches[0], plain + 1.0)


def test_outputs_are_a_tuple_on_request() -> None:
    model, clips = tiny_model("divided_space_time"), random_pixels(1, 4, 3, 32, 32)
    loss, logits, hidden = model(
        clips, labels=torch.tensor([0]), output_hidden_states=True, return_dict=False
    )
    assert loss.shape == ()
    assert logits.shape == (1, 5)
    assert len(hidden) == 3
    output = model(clips)
    assert isinstance(output, TimesformerOutput)
    assert output[0] is output["logits"] is output.logits


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({}, torch.tensor([1, 3])),
        ({"problem_type": "multi_label_classification"}, torch.rand(2, 5)),
        ({"problem_type": "regression"}, torch.rand(2, 5)),
    ],
)
def test_loss_equals_the_peer(changes: dict[str, str], labels: Tensor) -> None:
    model, clips = tiny_model("divided_space_time", **changes), random_pixels(2, 4, 3, 32, 32)
    peer = peer_of(model)
    peer.config.problem_type = model.config.problem_type
    assert_near(model(clips, labels=labels).loss, peer(clips, labels=labels).loss)
    assert model.config.problem_type == changes.get("problem_type")


@torch.no_grad()
@pytest.mark.parametrize("scheme", ["divided_space_time", "joint_space_time"])
@pytest.mark.parametrize("changes", [{}, {"qkv_bias": False}, {"hidden_act": "silu"}])
def test_equals_transformers(scheme: str, changes: dict[str, object]) -> None:
    model, clips = tiny_model(scheme, **changes), random_pixels(2, 4, 3, 32, 32)
    config = transformers.TimesformerConfig(
        **TINY, attention_type=scheme, attn_implementation="eager", **changes
    )
    peer = transformers.TimesformerForVideoClassification(config).eval()
    peer.load_state_dict({TRANSFORMERS.key(k): v for k, v in model.state_dict().items()})
    ours = model(clips, output_attentions=True, output_hidden_states=True)
    theirs = peer(clips, output_attentions=True, output_hidden_states=True)
    assert_near(ours.logits, theirs.logits)
    assert_near(model(clips).logits, theirs.logits)
    for name in ("hidden_states", "attentions"):
        assert len(ours[name]) == len(theirs[name])
        for mine, other in zip(ours[name], theirs[name], strict=True):
            assert_near(mine, other)
    last = peer.timesformer(clips).last_hidden_state
    assert_near(model.timesformer(clips).last_hidden_state, last)


@torch.no_grad()
def test_space_only_equals_the_mean_over_frames_of_transformers() -> None:
    """The original averages the frames' tokens and then normalizes (transformers does neither)."""
    model, clips = tiny_model("space_only"), random_pixels(2, 4, 3, 32, 32)
    peer = peer_of(model)
    theirs = peer(clips, output_hidden_states=True, output_attentions=True)
    ours = model(clips, output_hidden_states=True, output_attentions=True)
    for name in ("hidden_states", "attentions"):
        for mine, other in zip(ours[name], theirs[name], strict=True):
            assert_near(mine, other)
    mean = theirs.hidden_states[-1].unflatten(0, (2, 4)).mean(1)  # (B, 1+N, D)
    normalized = peer.timesformer.layernorm(mean)
    assert_near(model.timesformer(clips).last_hidden_state, normalized)
    assert_near(ours.logits, peer.classifier(normalized[:, 0]))
    assert theirs.logits.shape == (8, 5)  # the fault of the peer this stands in for


@torch.no_grad()
@pytest.mark.parametrize("T", [2, 6, 8, 12])
def test_other_frame_counts_equal_a_model_built_for_them(T: int) -> None:
    """The original stretches the time table by nearest neighbour and uses the real frame count.

    transformers, built for T frames with the table so stretched, is right; built for 4 it is not.
    """
    model, clips = tiny_model("divided_space_time"), random_pixels(2, T, 3, 32, 32)
    ours = model(clips).logits
    table = model.timesformer.time_table.data
    stretched = tiny_model("divided_space_time", num_frames=T)
    stretched.load_state_dict(
        model.state_dict()
        | {"timesformer.time_table": F.interpolate(table.transpose(1, 2), size=T).transpose(1, 2)}
    )
    peer = peer_of(stretched)
    assert_near(ours, peer(clips).logits)


@torch.no_grad()
def test_transformers_is_wrong_at_other_frame_counts() -> None:
    """The test above therefore builds a model for the frame count."""
    model, clips = tiny_model("divided_space_time"), random_pixels(1, 8, 3, 32, 32)
    difference = (peer_of(model)(clips).logits - model(clips).logits).abs().max()
    assert difference > 100 * TOLERANCE


def test_encoder_gives_tokens_before_and_after_the_norm() -> None:
    model = randomized(TimesformerModel(TimesformerConfig(**TINY)))
    output = model(random_pixels(2, 4, 3, 32, 32), output_hidden_states=True)
    assert output.logits is None
    assert len(output.hidden_states) == 3
    assert_near(model.norm(output.hidden_states[-1]), output.last_hidden_state)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", [(2, 4, 3, 32, 32), (1, 7, 3, 24, 40)])
def test_a_last_block_for_cls_only_changes_no_answer(scheme: str, shape: tuple[int, ...]) -> None:
    model, clips = tiny_model(scheme), random_pixels(*shape)
    whole, cls_only = (model.timesformer(clips, cls_only=only) for only in (False, True))
    assert_near(cls_only.last_hidden_state, whole.last_hidden_state[:, :1])
    *_, last = model.timesformer.trace(clips)
    assert_near(model(clips).logits, model.classify(last))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_module_is_called(scheme: str) -> None:
    """Otherwise hooks and adapters of a module would have no effect."""
    model, called = tiny_model(scheme), set()
    for name, module in model.named_modules():
        module.register_forward_hook(lambda *_, name=name: called.add(name))
    model(random_pixels(1, 4, 3, 32, 32))
    expected = {name for name, module in model.named_modules() if type(module) is not nn.ModuleList}
    assert called == expected


def test_logits_of_half_precision_are_in_float32() -> None:
    model, clips = tiny_model("divided_space_time"), random_pixels(1, 4, 3, 32, 32)
    assert model.bfloat16()(clips.bfloat16()).logits.dtype == torch.float32
