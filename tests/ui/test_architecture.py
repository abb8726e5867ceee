"""The diagram of a model has the shapes and the steps of its code."""

import re
import xml.etree.ElementTree as ET

import pytest
import torch
from markup import text_of
from tiny import SCHEMES, tiny_config

from timesformer import TimesformerConfig, TimesformerForVideoClassification, embedded_models
from timesformer.checkpoints.registry import EMBEDDED_FOLDER
from timesformer.i18n import section, t
from timesformer.models.blocks import DividedBlock
from timesformer.ui import model_choices
from timesformer.ui.handlers import update_architecture
from timesformer.ui.sections.architecture import architecture_html, diagram_svg
from timesformer.ui.sections.diagram import MAX_CHARACTERS, MAX_FRAMES, MORE
from timesformer.ui.sections.references import BIBTEX, PAPERS, references_html

SVG = "{http://www.w3.org/2000/svg}"
CONFIGS = {
    **{name: TimesformerConfig.from_pretrained(EMBEDDED_FOLDER / name)
       for name in embedded_models()},
    "base": TimesformerConfig(num_labels=400),
    "large": TimesformerConfig(num_frames=96, num_labels=600),
    "oblong": tiny_config(image_size=(32, 64)),
    **{scheme: tiny_config(scheme) for scheme in SCHEMES},
}  # fmt: skip
STEPS = {
    "divided_space_time": ["embed", "time", "space", "mlp", "classifier"],
    "joint_space_time": ["embed", "space", "mlp", "classifier"],
    "space_only": ["embed", "space", "mlp", "classifier"],
}


@pytest.fixture(params=CONFIGS.values(), ids=CONFIGS.keys())
def config(request: pytest.FixtureRequest) -> TimesformerConfig:
    return request.param


@pytest.fixture
def svg(config: TimesformerConfig) -> ET.Element:
    return ET.fromstring(diagram_svg(config))


def text_in(svg: ET.Element) -> str:
    """Return all text of a diagram, with wrapped lines joined."""
    return " ".join(element.text or "" for element in svg.iter(f"{SVG}text"))


def test_every_step_is_drawn_and_can_be_linked_to(
    config: TimesformerConfig, svg: ET.Element
) -> None:
    steps = STEPS[config.attention_type]
    ids = [group.get("id") for group in svg.iter(f"{SVG}g") if group.get("id")]
    assert ids == [f"step-{name}" for name in steps]
    assert svg.get("aria-label") == t("architecture.drawing")
    assert re.findall(r'class="of-(\w+)"', architecture_html(config)) == steps


def test_the_shapes_are_those_of_the_model(config: TimesformerConfig, svg: ET.Element) -> None:
    T, (h, w), (H, W) = config.num_frames, config.grid, config.image_shape
    D, A, M = config.hidden_size, config.num_attention_heads, config.intermediate_size
    attention = {
        "divided_space_time": t("architecture.time_reads", N=h * w, T=T),
        "joint_space_time": t("architecture.joint_reads", tokens=T * h * w),
        "space_only": t("architecture.cls_means", T=T),
    }
    expected = [
        t("architecture.pixels", T=T, H=H, W=W, C=config.num_channels),
        t("architecture.tokens", T=T, N=h * w, D=D),
        t("architecture.heads", A=A, head=D // A),
        t("architecture.mlp_maps", D=D, M=M, activation="GELU"),
        t("architecture.classes", D=D, K=config.num_labels),
        t("architecture.block", L=config.num_hidden_layers),
        attention[config.attention_type],
    ]
    assert [sentence for sentence in expected if sentence not in text_in(svg)] == []


def test_the_steps_of_a_block_are_those_of_the_code(
    config: TimesformerConfig, svg: ET.Element
) -> None:
    """Only divided blocks have a second linear map after time attention, and average cls."""
    with torch.device("meta"):
        model = TimesformerForVideoClassification(config)
    block, text = model.timesformer.blocks[0], text_in(svg)
    is_divided = isinstance(block, DividedBlock)
    second = t("architecture.second_linear", D=config.hidden_size)
    assert (second in text) == hasattr(block, "time_output") == is_divided
    assert (t("architecture.cls_mean", T=config.num_frames) in text) == is_divided
    has_time_embedding = hasattr(model.timesformer, "time_table")
    assert (t("architecture.position_and_time") in text) == has_time_embedding
    assert (t("architecture.paper") in architecture_html(config)) == is_divided
    parameters = sum(parameter.numel() for parameter in model.parameters())
    assert f"{parameters:,}" in architecture_html(config)


def test_comparisons_are_counted_by_the_lengths_of_sequences(config: TimesformerConfig) -> None:
    T, N = config.num_frames, config.grid[0] * config.grid[1]
    values = {"T": T, "own": 1 + N, "divided": T + 1 + N, "joint": 1 + T * N}
    key = {
        "divided_space_time": "architecture.divided_compared",
        "joint_space_time": "architecture.joint_compared",
        "space_only": "architecture.space_only_compared",
    }[config.attention_type]
    assert t(key, **values) in architecture_html(config)


def test_the_diagram_stays_within_its_edges(config: TimesformerConfig, svg: ET.Element) -> None:
    _, _, width, height = map(float, str(svg.get("viewBox")).split())
    for rectangle in svg.iter(f"{SVG}rect"):
        x, y, w, h = (float(str(rectangle.get(name))) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert x + w <= width
        assert y + h <= height
    lines = [element.text or "" for element in svg.iter(f"{SVG}text")]
    assert max(map(len, lines)) <= MAX_CHARACTERS + 8
    assert (MORE in lines) == (config.num_frames > MAX_FRAMES)


@pytest.mark.parametrize(
    "html", [architecture_html(CONFIGS["base"]), architecture_html(None), references_html()]
)
def test_the_html_is_well_formed(html: str) -> None:
    assert text_of(html)


def test_models_are_drawn_before_they_are_loaded() -> None:
    known = architecture_html(model_choices.known_config("motion"))
    assert update_architecture({"model": "motion"}) == known
    for unknown in ("someone/waves", "../../etc"):
        assert t("architecture.unknown") in update_architecture({"model": unknown})


def test_every_reference_has_its_use_and_its_address() -> None:
    page = references_html()
    assert list(PAPERS) == list(section("references")["papers"])
    for paper in PAPERS.values():
        assert re.fullmatch(r"\d{4}\.\d{4,5}", paper.arxiv)
        assert f'href="https://arxiv.org/abs/{paper.arxiv}"' in page
    assert BIBTEX.count("{") == BIBTEX.count("}")
    assert "2102.05095" in BIBTEX
