"""A report, opened from the disk."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from timesformer import Explanation, Recognizer, load
from timesformer.i18n import t
from timesformer.synthetic.scenes import SCENES
from timesformer.visualize.export import write_report

CLIP = Path(__file__).parents[2] / "assets" / "clips" / f"{SCENES[0].name}.mp4"
MODELS = ("motion", "motion-joint", "motion-space")


@pytest.fixture(scope="module", params=MODELS)
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    return load(request.param, device="cpu")


@pytest.fixture(scope="module")
def explanation(recognizer: Recognizer) -> Explanation:
    return recognizer.explain(recognizer.read(CLIP))


@pytest.fixture(scope="module")
def file(recognizer: Recognizer, explanation: Explanation, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(path, recognizer, recognizer.read(CLIP), explanation, model="motion")
    return path


@pytest.fixture
def report(browser: Browser, file: Path) -> Iterator[Page]:
    """The opened file. The test fails if it requests another file or logs anything."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_function("() => window.explorer?.attention")
    yield page
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]
    assert messages == []
    page.close()


def test_a_report_shows_the_answer(report: Page, explanation: Explanation) -> None:
    best = explanation.predictions[0]
    expect(report.locator("h1")).to_have_text(t("report.title", label=best.label))
    labels = report.locator(".labels li").all_inner_texts()
    assert labels == [
        t("report.label", label=p.label, probability=p.probability)
        for p in explanation.predictions[:5]
    ]
    shares = [float(share) for share in report.locator(".dot b").all_inner_texts()]
    assert shares == pytest.approx(explanation.frame_shares.tolist(), abs=0.0051)
    images = report.locator(".strip img")
    assert images.evaluate_all("all => all.every(i => i.complete && i.naturalWidth > 100)")
    report.wait_for_function("() => document.querySelector('video').readyState >= 2")
    assert report.locator("video").evaluate("v => v.error") is None


def test_the_explorer_has_the_numbers_of_the_model(report: Page, recognizer: Recognizer) -> None:
    kind = {"divided_space_time": "space", "joint_space_time": "joint", "space_only": "space"}[
        recognizer.model.config.attention_type
    ]
    sequence, token = (3, 1 + 100) if kind == "space" else (0, 1 + 100 * 8 + 3)
    row = report.evaluate(
        "([kind, sequence, token]) => Array.from("
        "window.explorer.attention.row(kind, 2, 1, sequence, token))",
        [kind, sequence, token],
    )
    values = recognizer.at_model(recognizer.preprocess(recognizer.read(CLIP)).pixel_values)
    with torch.inference_mode():
        weights = recognizer.model(values, output_attentions=True).attentions[2]
    np.testing.assert_allclose(row, weights[sequence, 1, token], rtol=0.03, atol=2e-4)


def test_the_arithmetic_has_the_weights_of_the_explorer(report: Page) -> None:
    report.locator("#arithmetic > summary").click()
    expect(report.locator(".arithmetic")).to_contain_text(t("arithmetic.empty"))
    report.evaluate("window.explorer.show({ block: 3, head: 2, frame: 4, row: 7, column: 7 })")
    section = report.locator(".arithmetic")
    expect(section.locator(".query")).to_contain_text("3, head 2")
    texts = section.locator("td.share").all_inner_texts()
    weights = report.evaluate(
        """() => {
            const { query, keys } = window.explorer.numbersShown();
            return softmax(query, keys);
            function softmax(query, keys) {
                const scores = keys.map((key) => query.reduce((s, q, i) => s + q * key[i], 0));
                const most = Math.max(...scores);
                const powers = scores.map((s) => Math.exp((s - most) / Math.sqrt(query.length)));
                return powers.map((p) => 100 * p / powers.reduce((a, b) => a + b));
            }
        }"""
    )
    if len(weights) > 8:
        best = sorted(weights, reverse=True)
        weights = [*best[:5], sum(best[5:])]
    expected = [*weights, 100.0]
    assert [float(text.rstrip("%")) for text in texts] == pytest.approx(expected, abs=0.051)


def test_a_report_works_on_a_phone_in_dark_mode_and_in_print(report: Page) -> None:
    light = report.evaluate("getComputedStyle(document.body).backgroundColor")
    report.emulate_media(color_scheme="dark")
    assert report.evaluate("getComputedStyle(document.body).backgroundColor") != light
    report.locator("#arithmetic > summary").click()
    report.evaluate("window.explorer.show({ block: 1, head: 1 })")
    expect(report.locator(".arithmetic table")).to_be_visible()
    report.set_viewport_size({"width": 390, "height": 844})
    assert report.evaluate("document.documentElement.scrollWidth") == 390
    report.emulate_media(media="print")
    assert report.locator("h1").is_visible()
