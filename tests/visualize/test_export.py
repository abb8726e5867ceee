"""Exported files hold the explanation, and can be read back."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import SCHEMES, random_clip, tiny_checkpoint, tiny_model

from timesformer import Recognizer, load
from timesformer.i18n import LANGUAGES, t, use_language
from timesformer.visualize import overlay as drawing
from timesformer.visualize.captions import check_text
from timesformer.visualize.export import (
    AXES,
    arrays_of,
    contact_sheet,
    fingerprint,
    record_of,
    write_archive,
    write_arrays,
    write_explanation_record,
    write_videos,
)

T, h, w, L, A = 4, 4, 4, 2, 4


@pytest.fixture(scope="module", params=SCHEMES)
def recognizer(request: pytest.FixtureRequest, tmp_path_factory) -> Recognizer:
    folder = tmp_path_factory.mktemp(request.param)
    return load(tiny_checkpoint(folder, request.param), device="cpu", dtype="float32")


def test_arrays_have_named_axes_and_are_read_back(recognizer: Recognizer, tmp_path: Path) -> None:
    clip = random_clip()
    explanation = recognizer.explain(clip)
    arrays = arrays_of(recognizer, clip, explanation)
    write_arrays(tmp_path / "arrays.npz", arrays)
    with np.load(tmp_path / "arrays.npz") as found:
        for name, values in arrays.items():
            np.testing.assert_array_equal(found[name], values)
            assert tuple(found[f"{name}_axes"]) == AXES[name]
            assert values.ndim == len(AXES[name])
    assert arrays["heatmaps"].shape == (T, h, w)
    assert arrays["cls_attention"].shape == (L, A, T, h, w)
    space_only = recognizer.model.config.attention_type == "space_only"
    assert ("frame_attention" in arrays) != space_only
    assert arrays["labels"].tolist() == list(recognizer.labels)
    by_label = {p.label: p.probability for p in explanation.predictions}
    expected = [by_label[label] for label in recognizer.labels]
    np.testing.assert_allclose(arrays["probabilities"], expected, rtol=1e-6)


def test_attention_equals_that_of_the_model(recognizer: Recognizer) -> None:
    """Rows of frame_attention sum to 1; cls_attention is the row of cls of the model's output."""
    clip = random_clip()
    arrays = arrays_of(recognizer, clip, recognizer.explain(clip))
    scheme = recognizer.model.config.attention_type
    with torch.no_grad():
        values = recognizer.preprocess(clip).pixel_values
        output = recognizer.model(values, output_attentions=True)
    for block, weights in enumerate(output.attentions):
        if scheme == "joint_space_time":
            expected = weights[0, :, 0, 1:].reshape(A, h, w, T).permute(0, 3, 1, 2)
        else:
            expected = weights[:, :, 0, 1:].reshape(T, A, h, w).transpose(0, 1)
        np.testing.assert_allclose(arrays["cls_attention"][block], expected, atol=1e-6)
    if scheme == "space_only":
        return
    np.testing.assert_allclose(arrays["frame_attention"].sum(-1), 1, atol=1e-5)
    for block in range(L):
        if scheme == "divided_space_time":
            expected = output.temporal_attentions[block].mean(0)
        else:
            patches = output.attentions[block][0, :, 1:, 1:].reshape(A, h * w, T, h * w, T)
            expected = patches.sum(3).mean(1)
            expected = expected / expected.sum(-1, keepdim=True)
        np.testing.assert_allclose(arrays["frame_attention"][block], expected, atol=1e-6)


def test_the_record_holds_options_and_results(recognizer: Recognizer, tmp_path: Path) -> None:
    clip = random_clip()
    explanation = recognizer.explain(clip, method="gradcam", target="jump", negative=True)
    check = recognizer.check(clip, explanation)
    record = record_of(recognizer, clip, explanation, model="tiny", check=check)
    write_explanation_record(tmp_path / "record.json", record)
    found = json.loads((tmp_path / "record.json").read_text("utf-8"))
    assert found["options"]["method"] == "gradcam"
    assert found["options"]["negative"] is True
    assert found["labels"] == ["jump"]
    assert found["weights"] == fingerprint(recognizer.model)
    assert found["times"] == clip.times.round(4).tolist()
    assert found["box"]["width"] == explanation.box.width
    assert found["preprocess"]["num_frames"] == T
    assert [p["label"] for p in found["predictions"]] == [p.label for p in explanation.predictions]
    assert found["check"]["label"] == "jump"
    assert len(found["check"]["deletion"]) == len(found["check"]["insertion"])
    assert found["check"]["summary"] == check_text(explanation, check)


def test_a_fingerprint_depends_on_the_weights_alone() -> None:
    model = tiny_model()
    first = fingerprint(model)
    assert fingerprint(tiny_model()) == first
    assert fingerprint(tiny_model(SCHEMES[1])) != first
    model.classifier.bias.data[0] += 1e-3
    assert fingerprint(model) != first
    assert fingerprint(tiny_model().bfloat16()) == first


def test_the_second_video_shows_frames_and_overlay(recognizer: Recognizer, tmp_path: Path) -> None:
    clip = random_clip()
    explanation = recognizer.explain(clip)
    overlay, beside = tmp_path / "overlay.mp4", tmp_path / "beside.mp4"
    write_videos(clip, explanation, overlay=overlay, beside=beside)
    both, one = (recognizer.read(file).frames for file in (beside, overlay))
    assert both.shape[:2] == one.shape[:2]
    assert both.shape[2] == 2 * one.shape[2]
    assert abs(both[:, :, one.shape[2] :].astype(int) - one).mean() < 20  # two compressions


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sheet_names_the_method_in_the_language(
    code: str, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "contact_sheet", lambda *_, footer, **__: footer.encode())
    explanation = recognizer.explain(random_clip(), method="gradsam")
    with use_language(code):
        footer = contact_sheet(random_clip(), explanation, footer="mine").decode()
        assert footer == t("lists.comma", first="mine", rest=t("methods.gradsam.name"))


def test_the_archive_holds_every_file(recognizer: Recognizer, tmp_path: Path) -> None:
    clip = random_clip()
    explanation = recognizer.explain(clip)
    arrays = arrays_of(recognizer, clip, explanation)
    write_archive(
        tmp_path / "all.zip", recognizer, clip, explanation, model="tiny", arrays=arrays, longest=64
    )
    assert [file.name for file in tmp_path.iterdir()] == ["all.zip"]
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        assert archive.testzip() is None
    expected = {
        "overlay.mp4", "side-by-side.mp4", "sheet.png", "arrays.npz", "explanation.json",
        "report.html",
    }  # fmt: skip
    if recognizer.model.config.attention_type != "space_only":
        expected |= {"frames.svg", "frames.pdf"}
    assert sizes.keys() == expected
    assert min(sizes.values()) > 500
