"""The page as a visitor meets it."""

import json
import re
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from pages import write_gif
from playwright.sync_api import Browser, Page, Response, expect
from sentences import pattern_of

from timesformer import load
from timesformer.i18n import t
from timesformer.synthetic.clips import draw_clips
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.server import limits
from timesformer.ui.server.examples import EXAMPLES

UNMIRRORED = ("none", "matrix(1, 0, 0, 1, 0, 0)")
SECRETS = re.compile(r"Traceback|/tmp|/home|\.py\b|Errno|ffmpeg|libav|0x[0-9a-f]{6}", re.I)
ANSWERED = re.compile(f"{pattern_of('status.answered')}|{pattern_of('status.answered_before')}")
FILES = list(EXAMPLES.values())

# Records the sentences of the status in window.statuses. Two that change at once leave one.
RECORD_STATUSES = """() => {
    window.statuses = [];
    const status = document.querySelector("#status");
    new MutationObserver(() => statuses.push(status.innerText.trim())).observe(
        status, { childList: true, subtree: true, characterData: true },
    );
}"""
# The mean brightness of a picture's left and right edge.
BRIGHTNESS = """image => {
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


def upload(page: Page, path: Path) -> None:
    page.set_input_files("#clip input[type=file]", str(path))


def click_example(page: Page, number: int) -> None:
    page.get_by_role("button", name=t(f"scenes.{SCENES[number].name}")).click()


def wait_for_answer(page: Page) -> None:
    expect(page.locator("#status")).to_contain_text(ANSWERED)
    expect(page.locator("#answer .confidence-set")).to_have_count(5)
    expect(page.locator("#strip figure")).to_have_count(8)


def assert_shares(page: Page, expected: np.ndarray) -> None:
    """Assert that the strip shows the shares of frames of an explanation."""
    shares = page.locator("#strip .dot b").all_inner_texts()
    assert [float(share) for share in shares] == pytest.approx(expected.tolist(), abs=0.011)


def test_an_upload_is_answered_with_labels_and_heatmaps(page: Page) -> None:
    upload(page, FILES[0])
    wait_for_answer(page)
    recognizer = load("motion")
    clip = recognizer.read(FILES[0])
    explanation = recognizer.explain(clip)
    best = explanation.predictions[0]
    expect(page.locator("#status")).to_contain_text(f"{best.label}, {best.probability:.0%}")
    captions = page.locator("#strip figcaption").all_inner_texts()
    assert captions == [f"{time:.2f} s" for time in clip.times]
    assert_shares(page, explanation.frame_shares)
    images = page.locator("#strip img")
    assert images.evaluate_all("all => all.every(i => i.complete && i.naturalWidth > 100)")
    stored = json.loads(page.evaluate("JSON.stringify(localStorage)"))
    assert not any(".mp4" in f"{key}{value}" for key, value in stored.items())


def test_the_overlay_plays(page: Page) -> None:
    upload(page, FILES[1])
    wait_for_answer(page)
    video = page.locator("#overlay video")
    page.wait_for_function("() => document.querySelector('#overlay video')?.readyState >= 2")
    assert video.evaluate("v => v.error") is None
    assert video.evaluate("v => v.duration") == pytest.approx(8 * 2.1 / 7, abs=0.15)
    page.wait_for_function("() => document.querySelector('#overlay video').currentTime > 0.3")


def test_a_recording_is_answered_and_not_mirrored(page: Page) -> None:
    """Like an example and an upload, it downloads nothing of the video editor that is hidden."""
    editor: list[Response] = []
    page.on("response", lambda response: "ffmpeg" in response.url and editor.append(response))
    click_example(page, 3)
    wait_for_answer(page)
    page.click('#clip button[aria-label="Capture from camera"]')
    page.click('#clip [title="grant webcam access"]')
    page.click('#clip button[aria-label="start recording"]')
    page.wait_for_timeout(3000)  # of recording
    preview = page.locator("#clip video").first
    assert preview.evaluate("video => getComputedStyle(video).transform") in UNMIRRORED
    page.click(
        '#clip button[aria-label="stop recording"], #clip button[aria-label="start recording"]'
    )
    wait_for_answer(page)
    left, right = page.locator("#strip figure img:first-child").first.evaluate(BRIGHTNESS)
    assert left > right + 20  # the camera shows a bright bar at the left
    assert {response.status for response in editor} <= {404}


def test_an_example_is_answered_by_one_click(page: Page) -> None:
    click_example(page, 4)
    wait_for_answer(page)
    expect(page.locator("#status")).to_contain_text(SCENES[4].label)


def choose_slow_work(page: Page, start: str) -> None:
    """Choose occlusion and a start that no other test uses, so that nothing is cached."""
    page.locator("#settings > button").click()
    page.get_by_label(t("page.start")).fill(start)
    page.get_by_label(t("methods.occlusion.choice")).check()


def start_slow_work(page: Page, start: str, hold: Path) -> None:
    """Ask for work that goes on while `hold` exists, and record the status from here on."""
    hold.touch()
    page.evaluate(RECORD_STATUSES)
    choose_slow_work(page, start)
    click_example(page, 0)
    expect(page.locator("#status")).to_contain_text(t("status.masking"))


def statuses_after(page: Page, sentence: str) -> list[str]:
    """Return the sentences of the status after the first one that contains `sentence`."""
    statuses = page.evaluate("statuses")
    first = next(i for i, status in enumerate(statuses) if sentence in status)
    return statuses[first:]


def test_a_clip_that_arrives_during_an_answer_is_answered_next(page: Page, hold: Path) -> None:
    start_slow_work(page, "0.07", hold)
    click_example(page, 4)
    hold.unlink()
    expect(page.locator("#status")).to_contain_text(f"{SCENES[4].label},")
    wait_for_answer(page)


def test_older_work_does_not_change_a_newer_answer(page: Page, hold: Path) -> None:
    """A cached answer is shown at once, while the model works for an older request."""
    click_example(page, 5)
    wait_for_answer(page)
    start_slow_work(page, "0.08", hold)
    page.get_by_label(t("page.start")).fill("0")
    page.get_by_label(t("methods.rollout.choice")).check()
    click_example(page, 5)
    expect(page.locator("#status")).to_contain_text(
        re.compile(pattern_of("status.answered_before"))
    )
    hold.unlink()
    page.click("#check")  # needs the model, so it comes after the older work
    expect(page.locator("#checked polyline")).to_have_count(4)
    assert not [s for s in statuses_after(page, SCENES[5].label) if f"{SCENES[0].label}," in s]
    expect(page.locator("#answer")).to_contain_text(SCENES[5].label)


def test_stop_ends_the_work_and_the_page_goes_on(page: Page, hold: Path) -> None:
    """The next request masks no patches, so a later status on masking is of the stopped work."""
    start_slow_work(page, "0.09", hold)
    page.click("#stop")
    expect(page.locator("#status")).to_contain_text(t("status.stopped"))
    hold.unlink()
    page.get_by_label(t("methods.rollout.choice")).check()
    page.click("#run")
    wait_for_answer(page)
    statuses = statuses_after(page, t("status.stopped"))
    assert not [status for status in statuses if t("status.masking") in status]


def test_stop_without_work_changes_nothing(page: Page) -> None:
    click_example(page, 5)
    wait_for_answer(page)
    page.evaluate(RECORD_STATUSES)
    page.click("#stop")
    page.click("#stop")
    page.click("#check")
    expect(page.locator("#checked polyline")).to_have_count(4)
    assert t("status.stopped") not in page.evaluate("statuses")


def explained(folder: Path) -> int:
    """Return how often the server explained a clip."""
    file = folder / "explanations"
    return len(file.read_text().split()) if file.exists() else 0


def test_other_choices_are_answered_by_themselves(page: Page, folder: Path) -> None:
    """Several in a row make one request. Without a clip, none."""
    page.click("#settings > button")
    page.get_by_label(t("methods.gradcam.choice")).check()
    page.set_input_files("#clip input[type=file]", str(FILES[2]))
    wait_for_answer(page)
    before = explained(folder)
    remarks = page.locator("#strip .remarks")
    for name in ("attention", "relevance", "time-attention", "gradsam"):
        page.get_by_label(t(f"methods.{name}.choice"), exact=True).check()
    expect(remarks).to_contain_text(t("methods.gradsam.name"))
    page.get_by_label(t("page.target")).click()
    page.get_by_role("option").filter(has_text="moving right").click()
    expect(remarks).to_contain_text(t("heatmap.for", name="Grad-SAM", label="moving right"))
    page.click("#model input")
    page.get_by_role("option").filter(has_text="motion-joint").click()
    expect(page.get_by_label(t("page.target"))).to_have_value("")
    expect(remarks).not_to_contain_text("moving right")
    assert explained(folder) == before + 3


def test_another_choice_supersedes_older_work(page: Page, hold: Path) -> None:
    start_slow_work(page, "0.06", hold)
    page.get_by_label(t("methods.relevance.choice")).check()
    hold.unlink()
    expect(page.locator("#strip .remarks")).to_contain_text(t("methods.relevance.caveat"))
    wait_for_answer(page)


def test_the_settings_apply_and_the_sheet_is_downloaded(page: Page) -> None:
    page.click("#settings button")
    page.get_by_label(t("methods.attention.choice")).check()
    page.get_by_label(t("page.smooth")).check()
    upload(page, FILES[0])
    wait_for_answer(page)
    recognizer = load("motion")
    explanation = recognizer.explain(recognizer.read(FILES[0]), method="attention")
    assert_shares(page, explanation.frame_shares)
    with page.expect_download() as download:
        page.click("#sheet")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_two_visitors_get_their_own_answers(page: Page, browser: Browser, address: str) -> None:
    context = browser.new_context()
    other = context.new_page()
    other.goto(address)
    upload(other, FILES[1])
    upload(page, FILES[0])
    for visitor, scene in ((page, SCENES[0]), (other, SCENES[1])):
        wait_for_answer(visitor)
        expect(visitor.locator("#status")).to_contain_text(f"{scene.label},")
    context.close()


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
    upload(page, write_gif(tmp_path / "clip.GIF"))
    wait_for_answer(page)


def test_a_file_above_the_limit_is_refused(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.mp4"
    large.write_bytes(bytes(limits.MAX_UPLOAD_BYTES + 2**20))
    upload(page, large)
    sentence = t("errors.server.upload_too_large", megabytes=limits.MAX_UPLOAD_BYTES / 1e6)
    expect(page.locator("#status [role=alert]")).to_have_text(sentence)
    expect(page.locator(".toast-body")).to_have_count(0)
    expect(page.locator("#strip figure")).to_have_count(0)


def test_a_text_file_named_mp4_is_an_error(page: Page, tmp_path: Path) -> None:
    fake = tmp_path / "holiday.mp4"
    fake.write_text("this is not a video\n" * 50)
    upload(page, fake)
    expect(page.locator("#status [role=alert]")).to_contain_text(t("errors.clip.not_a_video"))
    assert not SECRETS.search(page.inner_text("body"))
    expect(page.locator("#strip figure")).to_have_count(0)


def test_a_model_that_is_not_here_is_an_error(page: Page) -> None:
    page.click("#model input")
    page.get_by_role("option").filter(has_text="base-finetuned-k400").click()
    upload(page, FILES[0])
    alert = page.locator("#status [role=alert]")
    expect(alert).to_contain_text("timesformer download facebook/timesformer")
    assert not SECRETS.search(page.inner_text("body"))


def test_buttons_without_a_clip_are_an_error(page: Page) -> None:
    for button in ("#run", "#try-reverse"):
        page.click(button)
        expect(page.locator("#status [role=alert]")).to_contain_text(t("errors.page.no_clip"))


def test_a_label_is_explained_tested_and_downloaded(page: Page, tmp_path: Path) -> None:
    page.locator("#settings > button").click()
    page.get_by_label(t("methods.relevance.choice")).check()
    page.get_by_label(t("page.target")).click()
    page.get_by_role("option").filter(has_text="moving right").click()
    upload(page, FILES[0])
    wait_for_answer(page)
    remarks = page.locator("#strip .remarks")
    expect(remarks).to_contain_text(t("heatmap.for", name="relevance", label="moving right"))
    expect(remarks).to_contain_text(t("methods.relevance.caveat"))

    page.click("#check")
    expect(page.locator("#checked")).to_contain_text(re.compile(pattern_of("heatmap.check")))
    assert page.locator("#checked polyline").count() == 4

    page.click("#pack")
    expect(page.locator("#status")).to_contain_text(t("status.packed"))
    with page.expect_download() as download:
        page.click("#archive")
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        record = json.loads(archive.read("explanation.json"))
    assert record["labels"] == ["moving right"]

    page.click("#examples .gallery-item >> nth=1")  # another clip clears the results
    expect(page.locator("#checked polyline")).to_have_count(0)
    wait_for_answer(page)


def test_a_refused_camera_is_explained(page: Page, address: str) -> None:
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => "
        "{ throw new DOMException('no', 'NotAllowedError'); };"
    )
    page.goto(address)
    page.click('#clip button[aria-label="Capture from camera"]')
    page.click('#clip [title="grant webcam access"]')
    alert = page.locator("#status [role=alert]")
    expect(alert).to_contain_text(t("camera.NotAllowedError"))


def test_nothing_scrolls_sideways(page: Page) -> None:
    upload(page, FILES[0])
    wait_for_answer(page)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_visitors_name_other_models_if_the_owner_permits_it(owners_page: Page) -> None:
    page = owners_page
    upload(page, FILES[0])
    wait_for_answer(page)  # by the default model, which is shown by its description
    for name, error in (
        ("someone/waves", t("errors.request.hub_unavailable", name="someone/waves")),
        ("/etc/hostname", t("errors.request.not_a_hub_id")),
    ):
        page.fill("#model input", name)
        page.keyboard.press("Enter")
        page.click("#run")
        expect(page.locator("#status")).to_contain_text(error)
