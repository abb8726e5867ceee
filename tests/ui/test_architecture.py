"""The drawing of a model is XML, has the model's own shapes, and its words say the same."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
import torch
from tiny import SCHEMES, tiny_config

from timesformer import TimesformerConfig, TimesformerForVideoClassification, embedded_models
from timesformer.checkpoints.registry import EMBEDDED_FOLDER
from timesformer.i18n import section, t
from timesformer.models.timesformer import DividedBlock
from timesformer.ui import catalog
from timesformer.ui.handlers import update_architecture
from timesformer.ui.sections.architecture import architecture_html, drawing_of, steps_of
from timesformer.ui.sections.diagram import CHARACTERS, FRAMES, MORE
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


class Checked(HTMLParser):
    """Fails where what is opened is not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("img", "meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def words_in(svg: ET.Element) -> str:
    """All words of a drawing, with wrapped lines joined again."""
    return " ".join(element.text or "" for element in svg.iter(f"{SVG}text"))


def test_every_step_is_drawn_and_can_be_linked_to(config: TimesformerConfig) -> None:
    svg = ET.fromstring(drawing_of(config))
    ids = [group.get("id") for group in svg.iter(f"{SVG}g") if group.get("id")]
    assert ids == [f"works-{name}" for name in STEPS[config.attention_type]]
    assert [step.name for step in steps_of(config)] == STEPS[config.attention_type]
    assert svg.get("aria-label") == t("architecture.drawing")
    page = architecture_html(config)
    assert all(f'class="of-{step.name}"' in page for step in steps_of(config))


def test_the_shapes_are_those_of_the_model(config: TimesformerConfig) -> None:
    said = words_in(ET.fromstring(drawing_of(config)))
    T, (h, w), (H, W) = config.num_frames, config.grid, config.image_shape
    D, A, M = config.hidden_size, config.num_attention_heads, config.intermediate_size
    reads = {
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
        reads[config.attention_type],
    ]
    assert [words for words in expected if words not in said] == []


def test_the_steps_of_a_block_are_those_of_the_code(config: TimesformerConfig) -> None:
    """Time attention has a linear map more, cls is averaged in divided blocks alone."""
    with torch.device("meta"):
        model = TimesformerForVideoClassification(config)
    block = model.timesformer.blocks[0]
    divided = isinstance(block, DividedBlock)
    said = words_in(ET.fromstring(drawing_of(config)))
    second = t("architecture.second_linear", D=config.hidden_size)
    assert (second in said) == hasattr(block, "time_output") == divided
    assert (t("architecture.cls_mean", T=config.num_frames) in said) == divided
    timed = hasattr(model.timesformer, "time_table")
    assert (t("architecture.place_and_time") in said) == timed
    assert (t("architecture.paper") in architecture_html(config)) == divided
    parameters = sum(parameter.numel() for parameter in model.parameters())
    assert f"{parameters:,}" in architecture_html(config)


def test_comparisons_are_counted_as_the_model_makes_them(config: TimesformerConfig) -> None:
    """By the lengths of the sequences that attention runs over."""
    T, N = config.num_frames, config.grid[0] * config.grid[1]
    values = {"T": T, "own": 1 + N, "divided": T + 1 + N, "joint": 1 + T * N}
    key = {
        "divided_space_time": "architecture.divided_compared",
        "joint_space_time": "architecture.joint_compared",
        "space_only": "architecture.space_only_compared",
    }[config.attention_type]
    assert t(key, **values) in architecture_html(config)


def test_the_drawing_stays_within_its_edges(config: TimesformerConfig) -> None:
    svg = ET.fromstring(drawing_of(config))
    _, _, width, height = map(float, str(svg.get("viewBox")).split())
    for rectangle in svg.iter(f"{SVG}rect"):
        x, y, w, h = (float(str(rectangle.get(name))) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert x + w <= width
        assert y + h <= height
    assert all(len(element.text or "") <= CHARACTERS + 8 for element in svg.iter(f"{SVG}text"))
    more = config.num_frames > FRAMES
    assert (MORE in words_in(svg)) == more


@pytest.mark.parametrize(
    "page", [architecture_html(CONFIGS["base"]), architecture_html(None), references_html()]
)
def test_the_html_is_well_formed(page: str) -> None:
    checked = Checked()
    checked.feed(page)
    assert checked.open == []


def test_models_are_drawn_before_they_are_loaded() -> None:
    assert architecture_html(catalog.known_config("motion")) == update_architecture("motion")
    for unknown in ("someone/waves", "../../etc"):
        assert t("architecture.unknown") in update_architecture(unknown)


def test_references_are_papers_with_what_they_are_for() -> None:
    page = references_html()
    assert list(PAPERS) == list(section("references")["papers"])
    for paper in PAPERS.values():
        assert re.fullmatch(r"\d{4}\.\d{4,5}", paper.arxiv)
        assert f'href="https://arxiv.org/abs/{paper.arxiv}"' in page
    assert BIBTEX.count("{") == BIBTEX.count("}")
    assert "2102.05095" in BIBTEX
