"""A report is complete, loads nothing from outside and shows the numbers of the explanation."""

import base64
import json
import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load as read_tensors
from tiny import SCHEMES, random_clip, tiny_checkpoint

from timesformer import Recognizer, load
from timesformer.cli.main import main
from timesformer.i18n import t, use_language
from timesformer.visualize.explorer import MAX_BYTES
from timesformer.visualize.export import record_of, write_report

EXTERNAL = re.compile(r"""(?:src|href|action|poster)=["']?+(?!data:|#)|@import|url\((?!#|data:)""")


@pytest.fixture(scope="module", params=SCHEMES)
def recognizer(request: pytest.FixtureRequest, tmp_path_factory) -> Recognizer:
    folder = tmp_path_factory.mktemp(request.param)
    return load(tiny_checkpoint(folder, request.param), device="cpu", dtype="float32")


def report_of(recognizer: Recognizer, folder: Path, **options: object) -> str:
    file, clip = folder / "report.html", random_clip()
    explanation = recognizer.explain(clip)
    write_report(file, recognizer, clip, explanation, model="tiny", **options)
    return file.read_text("utf-8")


def test_labels_and_sentences_are_those_of_the_explanation(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    page, clip = report_of(recognizer, tmp_path), random_clip()
    explanation = recognizer.explain(clip)
    bars = re.findall(r'<li style="--share:([\d.]+)">([^<]+)</li>', page)
    expected = [
        (f"{p.probability:.4f}", t("report.label", label=p.label, probability=p.probability))
        for p in explanation.predictions
    ]
    assert [(share, unescape(words)) for share, words in bars] == expected
    shares = re.findall(r"<b>(\d\.\d\d)</b></span>", page)
    assert [float(s) for s in shares] == pytest.approx(explanation.frame_shares, abs=0.0051)
    assert t(f"methods.{explanation.method}.caveat") in unescape(page)
    assert t("report.title", label=explanation.predictions[0].label) in unescape(page)


def test_the_report_contains_the_record(recognizer: Recognizer, tmp_path: Path) -> None:
    clip = random_clip()
    explanation = recognizer.explain(clip, method="relevance")
    check = recognizer.check(clip, explanation)
    file = tmp_path / "report.html"
    write_report(file, recognizer, clip, explanation, model="tiny", check=check)
    page = file.read_text("utf-8")
    record = record_of(recognizer, clip, explanation, model="tiny", check=check)
    (shown,) = re.findall(r'<pre tabindex="0">(.*?)</pre>', page, re.S)
    assert json.loads(unescape(shown)) == json.loads(json.dumps(record))
    assert f"<dd>{record['weights']}</dd>" in page
    assert record["summary"] in unescape(page)
    assert record["check"]["summary"] in unescape(page)


def test_the_heatmap_and_its_labels_are_named_in_the_language(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path / "motion", id2label={0: "moving left", 1: "moving right"})
    recognizer, clip, file = load(folder, device="cpu"), random_clip(), tmp_path / "report.html"
    explanation = recognizer.explain(clip, method="gradsam", target=("moving left", "moving right"))
    with use_language("de"):
        write_report(file, recognizer, clip, explanation, model="motion")
        rows = {
            "method": t("methods.gradsam.name"),
            "labels": f"{t('labels.moving left')}, {t('labels.moving right')}",
        }
        expected = [
            f"<dt>{t(f'report.rows.{row}')}</dt><dd>{text}</dd>" for row, text in rows.items()
        ]
    assert [row for row in expected if row not in file.read_text("utf-8")] == []


def test_nothing_is_loaded_from_outside(recognizer: Recognizer, tmp_path: Path) -> None:
    page = report_of(recognizer, tmp_path)
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert EXTERNAL.findall(markup) == []
    assert "default-src 'none'" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page


def test_the_report_contains_the_video(recognizer: Recognizer, tmp_path: Path) -> None:
    page = report_of(recognizer, tmp_path)
    (video,) = re.findall(r'src="data:video/mp4;base64,([^"]+)"', page)
    (tmp_path / "video.mp4").write_bytes(base64.b64decode(video))
    assert len(recognizer.read(tmp_path / "video.mp4").frames) == 4


def test_the_report_contains_queries_and_keys(recognizer: Recognizer, tmp_path: Path) -> None:
    page = report_of(recognizer, tmp_path)
    (coded,) = re.findall(r'id="queries">([^<]+)<', page)
    tensors = read_tensors(base64.b64decode(coded))
    kinds = {"divided_space_time": {"time", "space"}, "joint_space_time": {"joint"},
             "space_only": {"space"}}[recognizer.model.config.attention_type]  # fmt: skip
    assert {name.split(".")[0] for name in tensors} == kinds
    assert all(np.isfinite(tensor.numpy()).all() for tensor in tensors.values())
    assert page.count("<script") == page.count("</script>") == 2


def test_a_large_model_has_no_explorer(
    recognizer: Recognizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timesformer.visualize.explorer.MAX_BYTES", MAX_BYTES // 10**6)
    page = report_of(recognizer, tmp_path)
    assert "<script" not in page
    assert 'class="explorer"' not in page


def test_a_label_cannot_write_html(tmp_path: Path) -> None:
    evil = "</title><script>alert(1)</script>"
    folder = tiny_checkpoint(tmp_path / "evil", id2label={0: evil, 1: "sit"})
    page = report_of(load(folder, device="cpu"), tmp_path)
    assert "<script>alert" not in page
    assert evil in unescape(page)


def test_the_command_line_writes_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = Path(__file__).parents[2] / "assets" / "clips" / "cat-sleeping.mp4"
    file = tmp_path / "report.html"
    assert main(["explain", str(clip), "--method", "attention", "--report", str(file)]) == 0
    first = capsys.readouterr().out.splitlines()[0].split("%")[1].strip()
    page = unescape(file.read_text("utf-8"))
    assert t("report.title", label=first) in page
    assert t("methods.attention.caveat") in page
