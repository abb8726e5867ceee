"""The page as a visitor meets it."""

import json
import re
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from sentences import says
from server import served

from timesformer import load
from timesformer.i18n import section, t
from timesformer.synthetic.clips import draw_clips
from timesformer.synthetic.scenes import SCENES

EXAMPLES = Path(__file__).parents[2] / "assets" / "clips"
METHODS = {name: method["choice"] for name, method in section("methods").items()}
UNTURNED = "matrix(1, 0, 0, 1, 0, 0)"
SECRETS = re.compile(r"Traceback|/tmp|/home|\.py\b|Errno|ffmpeg|libav|0x[0-9a-f]{6}", re.I)


def upload(page: Page, path: Path) -> None:
    page.set_input_files("#clip input[type=file]", str(path))


def wait_for_answer(page: Page) -> None:
    expect(page.locator("#status")).to_contain_text(
        re.compile(f"{says('status.answered')}|{says('status.answered_before')}")
    )
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
    page.wait_for_function("() => document.querySelector('#overlay video')?.readyState >= 2")
    assert video.evaluate("v => v.error") is None
    assert video.evaluate("v => v.duration") == pytest.approx(8 * 2.1 / 7, abs=0.15)
    page.wait_for_function("() => document.querySelector('#overlay video').currentTime > 0.3")


def test_a_recording_is_answered_and_not_mirrored(page: Page) -> None:
    page.click('#clip button[aria-label="Capture from camera"]')
    page.click('#clip [title="grant webcam access"]')
    page.click('#clip button[aria-label="start recording"]')
    page.wait_for_timeout(3000)
    preview = page.locator("#clip video").first
    assert preview.evaluate("video => getComputedStyle(video).transform") in ("none", UNTURNED)
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
    page.get_by_role("button", name=t(f"scenes.{SCENES[4].name}")).click()
    wait_for_answer(page)
    expect(page.locator("#status")).to_contain_text(SCENES[4].label)


def ask_for_long_work(page: Page, start: str) -> None:
    """Asks for what takes seconds on any machine and is not kept: each test has its `start`."""
    page.locator("#settings > button").click()
    page.get_by_label(t("page.start")).fill(start)
    page.get_by_label(METHODS["occlusion"]).check()


def test_a_clip_that_arrives_during_an_answer_has_its_turn(page: Page) -> None:
    ask_for_long_work(page, "0.07")
    page.get_by_role("button", name=t(f"scenes.{SCENES[0].name}")).click()
    expect(page.locator("#status")).to_contain_text(t("status.masking"))
    page.get_by_role("button", name=t(f"scenes.{SCENES[4].name}")).click()
    expect(page.locator("#status")).to_contain_text(f"{SCENES[4].label},")
    wait_for_answer(page)


def test_what_was_asked_before_does_not_cover_what_is_asked_now(page: Page) -> None:
    """An answer that is kept comes at once, while the model still looks at the clip before."""
    page.get_by_role("button", name=t(f"scenes.{SCENES[5].name}")).click()
    wait_for_answer(page)  # and is kept, if it was not
    ask_for_long_work(page, "0.08")
    page.get_by_role("button", name=t(f"scenes.{SCENES[0].name}")).click()
    expect(page.locator("#status")).to_contain_text(t("status.masking"))
    page.get_by_label(t("page.start")).fill("0")
    page.get_by_label(METHODS["rollout"]).check()
    page.get_by_role("button", name=t(f"scenes.{SCENES[5].name}")).click()
    expect(page.locator("#status")).to_contain_text(SCENES[5].label)
    page.wait_for_timeout(6000)  # what was on its way has come
    expect(page.locator("#status")).to_contain_text(SCENES[5].label)
    expect(page.locator("#answer")).to_contain_text(SCENES[5].label)


def test_settings_and_the_sheet(page: Page) -> None:
    page.click("#settings button")
    page.get_by_label(METHODS["attention"]).check()
    page.get_by_label(t("page.smooth")).check()
    upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
    wait_for_answer(page)
    explanation = (r := load("motion")).explain(
        r.read(EXAMPLES / f"{SCENES[0].name}.mp4"), method="attention"
    )
    shares = page.locator("#strip .dot b").all_inner_texts()
    assert [float(share) for share in shares] == pytest.approx(
        explanation.frame_shares.tolist(), abs=0.011
    )
    with page.expect_download() as download:
        page.click("#sheet")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_two_visitors_get_their_own_answers(page: Page, browser: Browser, address: str) -> None:
    other = browser.new_context()
    other.set_default_timeout(90_000)
    neighbour = other.new_page()
    neighbour.goto(address)
    upload(neighbour, EXAMPLES / f"{SCENES[1].name}.mp4")
    upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
    for visitor, scene in ((page, SCENES[0]), (neighbour, SCENES[1])):
        wait_for_answer(visitor)
        expect(visitor.locator("#status")).to_contain_text(f"{scene.label},")
    other.close()


def test_a_clip_that_the_browser_cannot_play_is_answered(page: Page, tmp_path: Path) -> None:
    """MPEG-4 part 2 in AVI: no preview, and no error either."""
    path = tmp_path / "clip.avi"
    pixels = draw_clips(1, num_frames=64, size=112, seed=0).pixels[0]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", 30)
        stream.width = stream.height = 112
        for frame in (pixels.permute(0, 2, 3, 1).numpy() * 255).astype(np.uint8):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(stream.encode(None))
    upload(page, path)
    wait_for_answer(page)
    expect(page.locator("#clip")).to_have_attribute("data-note", t("page.no_preview"))
    expect(page.locator(".toast-body")).to_have_count(0)


def test_a_gif_is_answered(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "clip.GIF"
    with av.open(str(path), "w", format="gif") as container:
        stream = container.add_stream("gif", 10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb8"
        for i in range(22):
            picture = np.full((64, 64, 3), 10 * i, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    upload(page, path)
    wait_for_answer(page)


def test_a_file_above_the_limit_is_refused_with_the_limit(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.mp4"
    large.write_bytes(bytes(51 * 1024 * 1024))
    upload(page, large)
    expect(page.locator(".toast-body")).to_contain_text("exceed the maximum allowed size")
    assert page.locator("#strip figure").count() == 0


def test_a_text_file_named_mp4_gets_a_sentence(page: Page, tmp_path: Path) -> None:
    fake = tmp_path / "holiday.mp4"
    fake.write_text("this is not a video\n" * 50)
    upload(page, fake)
    alert = page.locator("#status [role=alert]")
    expect(alert).to_contain_text(t("errors.clip.not_a_video"))
    assert not SECRETS.search(page.inner_text("body"))
    assert page.locator("#strip figure").count() == 0


def test_a_model_that_is_not_here_gets_a_sentence(page: Page) -> None:
    page.click("#model input")
    page.get_by_role("option").filter(has_text="base-finetuned-k400").click()
    upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
    alert = page.locator("#status [role=alert]")
    expect(alert).to_contain_text("timesformer download facebook/timesformer")
    assert not SECRETS.search(page.inner_text("body"))


def test_pressing_the_button_without_a_clip_gets_a_sentence(page: Page) -> None:
    page.click("#run")
    expect(page.locator("#status [role=alert]")).to_contain_text(t("errors.page.no_clip"))


def test_stop_stops(page: Page) -> None:
    ask_for_long_work(page, "0.09")
    upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
    expect(page.locator("#status")).to_contain_text(t("status.masking"))
    page.click("#stop")
    expect(page.locator("#status")).to_contain_text(t("status.stopped"))
    page.wait_for_timeout(4000)  # what was on its way has come
    expect(page.locator("#status")).to_contain_text(t("status.stopped"))
    page.click("#run")  # and the page still works
    wait_for_answer(page)


def test_a_label_is_explained_checked_and_taken_along(page: Page, tmp_path: Path) -> None:
    page.locator("#settings > button").click()
    page.get_by_label(METHODS["relevance"]).check()
    page.get_by_label(t("page.target")).click()
    page.get_by_role("option").filter(has_text="moving right").click()
    upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
    wait_for_answer(page)
    remarks = page.locator("#strip .remarks")
    expect(remarks).to_contain_text(t("heatmap.for", name="relevance", label="moving right"))
    expect(remarks).to_contain_text(t("methods.relevance.caveat"))

    page.click("#check")
    expect(page.locator("#checked")).to_contain_text(re.compile(says("heatmap.check")))
    assert page.locator("#checked polyline").count() == 4

    page.click("#pack")
    expect(page.locator("#status")).to_contain_text(t("status.packed"))
    with page.expect_download() as download:
        page.click("#archive")
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        record = json.loads(archive.read("explanation.json"))
    assert record["about"] == ["moving right"]

    page.click("#examples .gallery-item >> nth=1")  # what was of the old clip goes
    expect(page.locator("#checked polyline")).to_have_count(0)
    wait_for_answer(page)


def test_a_refused_camera_is_explained(address: str, browser: Browser) -> None:
    context = browser.new_context()
    context.set_default_timeout(90_000)
    page = context.new_page()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => "
        "{ throw new DOMException('no', 'NotAllowedError'); };"
    )
    page.goto(address)
    page.click('#clip button[aria-label="Capture from camera"]')
    page.click('#clip [title="grant webcam access"]')
    alert = page.locator("#status [role=alert]")
    expect(alert).to_contain_text(t("camera.NotAllowedError"))
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


def test_a_visitor_may_name_a_model_where_the_owner_permits_it(
    browser: Browser, tmp_path: Path
) -> None:
    permitted = "import os; os.environ['TIMESFORMER_ANY_MODEL'] = '1'"
    with served(tmp_path, first=permitted) as place:
        page = browser.new_page()
        page.set_default_timeout(90_000)
        page.goto(place)
        page.wait_for_selector("#clip input[type=file]", state="attached")
        upload(page, EXAMPLES / f"{SCENES[0].name}.mp4")
        wait_for_answer(page)  # of the model chosen at first, which is shown by its words
        page.fill("#model input", "someone/waves")
        page.keyboard.press("Enter")
        page.click("#run")
        expect(page.locator("#status")).to_contain_text(
            t("errors.request.hub_unavailable", name="someone/waves")
        )
        page.fill("#model input", "/etc/hostname")
        page.keyboard.press("Enter")
        page.click("#run")
        expect(page.locator("#status")).to_contain_text(t("errors.request.not_a_hub_id"))
        page.close()
