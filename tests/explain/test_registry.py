"""Every method in the table has all it needs, and keeps the laws of a heatmap."""

import inspect

import pytest
import torch
from gradient_cases import B, N, T, clips, model_of
from tiny import SCHEMES

from timesformer.explain import METHODS, Options, best_method
from timesformer.i18n import LANGUAGES
from timesformer.models.timesformer import TimesformerForVideoClassification

CASES = [(name, scheme) for name, method in METHODS.items() for scheme in sorted(method.schemes)]


@pytest.mark.parametrize("name", METHODS)
def test_a_function_takes_the_options_of_its_method(name: str) -> None:
    method = METHODS[name]
    _, _, *keywords = inspect.signature(method.function).parameters
    assert method.options <= set(keywords)
    assert method.options <= vars(Options(name)).keys() - {"method"}
    assert method.schemes <= set(SCHEMES)
    assert all(options.keys() <= method.options for options in method.variants.values())
    assert method.is_slow == ("on_progress" in keywords)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", METHODS)
def test_every_language_describes_every_method(name: str, code: str) -> None:
    sentences = LANGUAGES[code].sentences
    assert all(
        sentences[f"methods.{name}.{part}"] for part in ("name", "short", "choice", "use", "caveat")
    )
    if METHODS[name].paper:
        assert sentences[f"references.papers.{name}"]


@pytest.mark.parametrize(("name", "scheme"), CASES)
def test_a_heatmap_is_non_negative_and_comes_with_the_logits(name: str, scheme: str) -> None:
    model = model_of(scheme)
    heatmap = METHODS[name].function(model, clips())
    assert heatmap.patches.shape == (B, T, N)
    assert heatmap.patches.min() >= 0
    assert heatmap.patches.std() > 0
    torch.testing.assert_close(heatmap.logits, model(clips()).logits, atol=1e-9, rtol=0)


@pytest.mark.parametrize(("name", "scheme"), CASES)
def test_clips_of_a_batch_are_independent(name: str, scheme: str) -> None:
    model, function = model_of(scheme), METHODS[name].function
    batch, alone = function(model, clips()).patches, function(model, clips()[1:]).patches
    torch.testing.assert_close(batch[1:], alone, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_changes_nothing_in_the_model(name: str) -> None:
    model = model_of(SCHEMES[0])
    before = {key: value.clone() for key, value in model.state_dict().items()}
    METHODS[name].function(model, clips())
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize(("name", "scheme"), CASES)
def test_methods_work_in_inference_mode(name: str, scheme: str) -> None:
    model = model_of(scheme)
    with torch.inference_mode():
        inside = METHODS[name].function(model, clips()).patches.clone()
    outside = METHODS[name].function(model, clips()).patches
    torch.testing.assert_close(inside, outside, atol=1e-9, rtol=1e-6)


def test_a_method_refuses_schemes_without_its_attention() -> None:
    model: TimesformerForVideoClassification = model_of("space_only")
    with pytest.raises(ValueError, match="divided attention"):
        METHODS["time-attention"].function(model, clips())


def test_the_best_method_takes_the_options_and_fits_the_scheme() -> None:
    ranking = ("time-attention", "attention", "libra", "no such method")
    assert best_method(ranking) == "time-attention"
    assert best_method(ranking, "space_only") == "attention"
    assert best_method(ranking, "space_only", {"target"}) == "libra"
    assert best_method(ranking, "joint_space_time", {"norm_aware"}) == "rollout"
    assert best_method(ranking, None, {"target", "patch"}) == "time-attention"  # which refuses them
    assert [best_method((), given=given) for given in ((), {"block"}, {"patch"})] == [
        "libra", "attention", "rollout",
    ]  # fmt: skip
