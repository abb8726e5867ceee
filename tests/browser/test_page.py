"""The page as a visitor meets it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from timesformer import load
from timesformer.scenes import SCENES
from timesformer.ui import text

EXAMPLES = Path(__file__).parents[2] / "assets" / "clips"
PATIENCE = 90_000  # milliseconds, on two busy cores
SECRETS = re.compile(r"Traceback|/tmp|/home|\.py\b|Errno|ffmpeg|libav|0x[0-9a-f]{6}", re.I)


def upload(page: Page, path: Path) -> None:
    page.set_input_files("#clip input[type=file]", str(path))


def wait_for_answer(page: Page) -> None:
    expect(page.locator("#status")).to_contain_text("Answered in", timeout=PATIENCE)
    expect(page.locator("#answer .confidence-set")).to_have_count(5)
    expect(page.locator("#strip figure")).to_have_count(8)


def test_an_upload_is_answered_with_labels_and_heatmaps(page: Page) -> None:
    clip = EXAMPLES / f"{SCENES[0].name}.mp4"
    upload(page, clip)
    wait_for_answer(page)

    recognizer = load("motion")
    shown = recognizer.read(clip)
    explanation = recognizer.explain(shown)
    best = explanation.predictions[0]
    expect(page.locator("#status")).to_contain_text(f"{best.label}, {best.probability:.0%}")
    captions = page.locator("#strip figcaption").all_inner_texts()
    assert captions == [f"{time:.2f} s" for time in shown.times]
    shares = page.locator("#strip .dot b").all_inner_texts()
    assert [float(share) for share in shares] == pytest.approx(
        explanation.frame_shares.tolist(), abs=0.011
    )
    images = page.locator("#strip img")
    assert images.evaluate_all("all => all.every(i => i.complete && i.naturalWidth > 100)")


def test_the_overlay_plays(page: Page) -> None:
    upload(page, EXAMPLES / f"{SCENES[1].name}.mp4")
    wait_for_answer(page)
    video = page.locator("#overlay video")
    page.wait_for_function(
        "() => document.querySelector('#overlay video')?.readyState >= 2", timeout=PATIENCE
    )
    assert video.evaluate("v => v.error") is None
    assert video.evaluate("v => v.duration") == pytest.approx(8 * 2.1 / 7, abs=0.15)
    page.wait_for_function("() => document.querySelector('#overlay video').currentTime > 0.3")


def test_a_recording_is_answered_and_not_mirrored(page: Page) -> None:
    page.click('#clip button[aria-label="Capture from camera"]')
    page.click('#clip [title="grant webcam access"]')
    page.click('#clip button[aria-label="start recording"]')
    page.wait_for_timeout(3000)
    page.click(
        '#clip button[aria-label="stop recording"], #clip button[aria-label="start recording"]'
    )
    wait_for_answer(page)
    left, right = page.locator("#strip figure img:first-child").first.evaluate(
        """image => {
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            const brightness = (x) => {
                const pixels = context.getImageData(x, 0, 4, canvas.height).data;
                return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
            };
            return [brightness(4), brightness(canvas.width - 8)];
        }"""
    )
    assert left > right + 20  # the bright bar is on the left of what the camera films


def test_an_example_is_answered_by_one_click(page: Page) -> None:
    page.get_by_role("button", name=SCENES[4].title).click()
    wait_for_answer(page)
    expect(page.locator("#status")).to_contain_text(SCENES[4].label)


def test_a_text_file_named_mp4_gets_a_sentence(page: Page, tmp_path: Path) -> None:
    fake = tmp_path / "holiday.mp4"
    fake.write_text("this is not a video\n" * 50)
    upload(page, fake)
    alert = page.locator("#status [role=alert]")
    expect(alert).to_contain_text("not a video", timeout=PATIENCE)
    assert not SECRETS.search(page.inner_text("body"))
    assert page.locator("#strip figure").count() == 0


def test_a_model_that_is_not_here_gets_a_sentence(page: Page) -> None:
    page.click("#model input")
    page.get_by_role("option").filter(has_text="base-finetuned-k400").click()
    upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
    alert = page.locator("#status [role=alert]")
    expect(alert).to_contain_text("hf download facebook/timesformer", timeout=PATIENCE)
    assert not SECRETS.search(page.inner_text("body"))


def test_pressing_the_button_without_a_clip_gets_a_sentence(page: Page) -> None:
    page.click("#run")
    expect(page.locator("#status [role=alert]")).to_contain_text(text.NO_CLIP)


def test_stop_stops(page: Page) -> None:
    upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
    page.wait_for_selector("#status progress", timeout=PATIENCE)
    page.click("#stop")
    expect(page.locator("#status")).to_contain_text(text.STOPPED)
    page.wait_for_timeout(4000)
    expect(page.locator("#status")).to_contain_text(text.STOPPED)
    page.click("#run")  # and the page still works
    wait_for_answer(page)


def test_a_refused_camera_is_explained(address: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => "
        "{ throw new DOMException('no', 'NotAllowedError'); };"
    )
    page.goto(address)
    page.click('#clip button[aria-label="Capture from camera"]')
    page.click('#clip [title="grant webcam access"]')
    alert = page.locator("#status [role=alert]")
    expect(alert).to_contain_text(text.CAMERA_HELP["NotAllowedError"])
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
    wait_for_answer(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_nothing_is_kept_in_the_browser(page: Page) -> None:
    upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
    wait_for_answer(page)
    kept = json.loads(page.evaluate("JSON.stringify(localStorage)"))
    assert not any(".mp4" in f"{key}{value}" for key, value in kept.items())
