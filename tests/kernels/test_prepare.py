"""A prepared model gives the answers, gradients and saved weights of the plain one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from tiny import SCHEMES, random_pixels, tiny_model
from torch import Tensor, nn

from timesformer import TimesformerForVideoClassification
from timesformer.kernels.onednn import packs
from timesformer.kernels.prepare import is_int8, prepare

SHAPES = [(2, 4, 3, 32, 32), (1, 7, 3, 24, 40), (3, 1, 3, 8, 16), (1, 9, 3, 16, 16)]

needs_int8 = pytest.mark.skipif(
    not packs(torch.int8), reason="int8 products need a processor with VNNI instructions"
)


def assert_near(ours: Tensor, theirs: Tensor, tolerance: float = 1e-5) -> None:
    torch.testing.assert_close(ours, theirs, atol=tolerance, rtol=0)


def weights_of(model: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def assert_same_weights(ours: dict[str, Tensor], theirs: dict[str, Tensor]) -> None:
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(value, theirs[name]) for name, value in ours.items())


@torch.inference_mode()
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_logits_equal_those_of_the_plain_model(scheme: str, shape: tuple[int, ...]) -> None:
    model, clips = tiny_model(scheme), random_pixels(*shape)
    prepared = prepare(model)
    assert_near(prepared(clips).logits, model(clips).logits)
    ours, theirs = (
        one(clips, output_hidden_states=True, output_attentions=True) for one in (prepared, model)
    )
    assert_near(ours.logits, theirs.logits)
    for name in ("hidden_states", "attentions", "temporal_attentions"):
        for mine, other in zip(ours[name] or (), theirs[name] or (), strict=True):
            assert_near(mine, other)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_mlp_computes_long_clips_in_parts(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared, clips = prepare(tiny_model(scheme)), random_pixels(2, 5, 3, 24, 40)
    with torch.inference_mode():
        at_once = prepared(clips).logits
        monkeypatch.setattr("timesformer.kernels.blocks.MAX_MLP_TOKENS", 7)
        assert_near(prepared(clips).logits, at_once)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_gradients_of_pixels_are_those_of_the_plain_model(scheme: str) -> None:
    model, found = tiny_model(scheme), []
    for one in (model, prepare(model)):
        clips = random_pixels(1, 5, 3, 24, 40).requires_grad_()
        (gradients,) = torch.autograd.grad(one(clips).logits[0, 1], clips)
        found.append(gradients)
    assert found[0].abs().max() > 1e-3
    assert_near(found[1], found[0])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("int8", [False, pytest.param(True, marks=needs_int8)])
def test_the_copy_is_frozen_and_saves_the_same_weights(scheme: str, int8: bool) -> None:
    model = tiny_model(scheme)
    expected = weights_of(model)
    prepared = prepare(model, int8=int8)
    assert not any(parameter.requires_grad for parameter in prepared.parameters())
    assert_same_weights(weights_of(prepared), expected)
    with pytest.raises(RuntimeError, match="frozen"):
        prepared.load_state_dict(expected)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_model_and_copy_share_no_weights(scheme: str) -> None:
    model, clips = tiny_model(scheme).train(), random_pixels(1, 4, 3, 32, 32)
    expected = weights_of(model)
    prepared = prepare(model)
    assert model.training
    assert_same_weights(weights_of(model), expected)
    assert all(parameter.requires_grad for parameter in model.parameters())
    with torch.no_grad():
        before = prepared(clips).logits
        for parameter in model.parameters():
            parameter.zero_()
        assert torch.equal(prepared(clips).logits, before)
    assert_same_weights(weights_of(prepared), expected)


@torch.inference_mode()
def test_training_mode_has_no_effect() -> None:
    rates = {"hidden_dropout_prob": 0.5, "attention_probs_dropout_prob": 0.5, "drop_path_rate": 0.5}
    model, clips = tiny_model(**rates), random_pixels(2, 4, 3, 32, 32)
    for weights in (False, True):
        found = prepare(model).train()(clips, output_attentions=weights).logits
        assert_near(found, model(clips).logits)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_weights_of_another_precision_are_rounded_once(dtype: torch.dtype) -> None:
    model = tiny_model()
    prepared = prepare(model, dtype=dtype)
    assert_same_weights(weights_of(prepared), weights_of(tiny_model().to(dtype)))
    block = model.timesformer.blocks[0]
    product = block.time_output.weight.double() @ block.time_attention.output.weight.double()
    fused = prepared.timesformer.blocks[0].time_fused
    assert torch.equal(fused.weight, product.float().to(dtype))
    assert prepared(random_pixels(1, 4, 3, 32, 32).to(dtype)).logits.dtype == torch.float32


@torch.inference_mode()
def test_a_prepared_model_can_be_moved() -> None:
    prepared, clips = prepare(tiny_model()), random_pixels(1, 4, 3, 32, 32)
    expected = prepared(clips).logits
    assert_near(prepared.to("cpu", torch.float64)(clips.double()).logits.float(), expected)
    assert_near(prepared.float()(clips).logits, expected)
    assert prepared.to("meta")(clips.to("meta")).logits.shape == expected.shape


@pytest.mark.parametrize("int8", [False, pytest.param(True, marks=needs_int8)])
def test_two_threads_give_the_same_logits(int8: bool) -> None:
    prepared = prepare(tiny_model(), int8=int8)
    clips = [random_pixels(1, 4, 3, 32, 32, seed=seed) for seed in range(16)]

    def logits(clip: Tensor) -> Tensor:
        with torch.inference_mode():
            return prepared(clip).logits

    in_turn = [logits(clip) for clip in clips]
    with ThreadPoolExecutor(2) as threads:
        assert all(map(torch.equal, threads.map(logits, clips), in_turn))


@torch.inference_mode()
def test_an_activation_without_a_kernel_is_called() -> None:
    model, clips = tiny_model(), random_pixels(1, 4, 3, 32, 32)
    before = model(clips).logits
    for block in model.timesformer.blocks:
        block.mlp[1] = nn.Tanh()
    assert (model(clips).logits - before).abs().max() > 0.01
    assert_near(prepare(model)(clips).logits, model(clips).logits)


@needs_int8
@torch.inference_mode()
@pytest.mark.parametrize("scheme", SCHEMES)
def test_int8_logits_are_close(scheme: str) -> None:
    model, clips = tiny_model(scheme), random_pixels(2, 5, 3, 24, 40)
    prepared = prepare(model, int8=True)
    assert is_int8(prepared)
    assert not is_int8(prepare(model))
    expected = model(clips).logits
    assert 0 < (prepared(clips).logits - expected).abs().max() < 0.1 * expected.std()
    with torch.inference_mode(False), torch.enable_grad():  # gradients are of exact products
        assert_near(prepared(clips.clone()).logits, expected)


def test_int8_is_refused_without_instructions_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timesformer.kernels.prepare.packs", lambda _: False)
    with pytest.raises(ValueError, match="VNNI"):
        prepare(tiny_model(), int8=True)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_a_model_prepared_in_any_grad_mode_gives_gradients(mode: Callable[[], object]) -> None:
    with mode():
        prepared: TimesformerForVideoClassification = prepare(tiny_model())
    clips = random_pixels(1, 4, 3, 32, 32).requires_grad_()
    prepared(clips).logits.sum().backward()
    assert clips.grad is not None
