"""The page as a visitor meets it: answers, choices, downloads, and what goes wrong."""

import json
import re
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from pages import (
    choose_example,
    choose_method,
    choose_model,
    open_tab,
    opened_page,
    upload,
    wait_for_answer,
    whole_answer,
    write_gif,
)
from playwright.sync_api import Browser, Page, Request, expect
from sentences import pattern_of
from visitors import draw_files

from timesformer import load
from timesformer.i18n import probability_text, t
from timesformer.synthetic.clips import draw_clips
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.server import limits
from timesformer.ui.server.examples import EXAMPLES

SECRETS = re.compile(r"Traceback|/tmp|/home|\.py\b|Errno|ffmpeg|libav|0x[0-9a-f]{6}", re.I)
FILES = list(EXAMPLES.values())
RIGHT, LEFT = "moving right", "moving left"

# Records the sentences of the status that are seen, in window.statuses.
RECORD_STATUSES = """() => {
    window.statuses = [];
    const status = document.querySelector("#status");
    new MutationObserver(() => {
        if (status.checkVisibility()) statuses.push(status.innerText.trim());
    }).observe(status, { childList: true, subtree: true, characterData: true });
}"""


def asked(page: Page) -> list[str]:
    """Return a list that gets each request for the model's work from here on."""
    urls: list[str] = []

    def record(request: Request) -> None:
        if re.search(r"/gradio_api/(queue/join|run/|upload)", request.url):
            urls.append(request.url.partition("/gradio_api/")[2].partition("?")[0])

    page.on("request", record)
    return urls


def picture(page: Page, number: int = 0) -> str:
    """Return what a pane of the stage shows, as a data URL."""
    return str(page.locator("canvas.pane").nth(number).evaluate("pane => pane.toDataURL()"))


def assert_shares(page: Page, expected: np.ndarray) -> None:
    """Assert that the frames show the shares of an explanation."""
    titles = page.locator(".frames button").evaluate_all("all => all.map(one => one.title)")
    shares = [float(re.findall(r"[\d.]+(?= times)", title)[0]) for title in titles]
    assert shares == pytest.approx(expected.tolist(), abs=0.011)


def test_an_upload_is_answered_with_labels_and_heatmaps(page: Page) -> None:
    upload(page, FILES[0])
    wait_for_answer(page, SCENES[0].label)
    recognizer = load("motion")
    clip = recognizer.read(FILES[0])
    best = recognizer.predict(clip)[0]
    expect(page.locator(".verdict span")).to_have_text(
        t("answer.sure", percent=probability_text(best.probability))
    )
    titles = page.locator(".frames button").evaluate_all("all => all.map(one => one.title)")
    assert all(f"{time:.2f} s" in title for time, title in zip(clip.times, titles, strict=True))
    for method in ("libra-pointed", "rollout", "attention"):
        choose_method(page, method)
        expect(page.locator(".caveats")).to_contain_text(t(f"methods.{method}.caveat"))
        assert_shares(page, recognizer.explain(clip, method=method).frame_shares)
    images = page.locator(".frames img")
    assert images.evaluate_all("all => all.every(i => i.complete && i.naturalWidth > 100)")
    expect(page.locator("#status .status")).to_have_count(0)
    expect(page.locator("[data-do=cancel]")).to_have_count(0)  # nothing to cancel


def test_choices_whose_heat_is_here_need_no_server(page: Page) -> None:
    """Each redraws the picture at once, and nothing is asked twice."""
    requests = asked(page)
    for scene in (SCENES[2], SCENES[0]):
        with whole_answer(page):
            choose_example(page, scene.name)
        wait_for_answer(page, scene.label)
    assert requests == 2 * ["run/predict", "queue/join"]
    page.click('.frames [data-frame="3"]')
    page.wait_for_function("!document.querySelector('video.source').seeking")
    shown = [picture(page)]

    def assert_redrawn() -> None:
        page.wait_for_function(
            "(last) => document.querySelector('canvas.pane').toDataURL() !== last", arg=shown[-1]
        )
        expect(page.locator(".stage.waiting")).to_have_count(0)
        shown.append(picture(page))

    for method in ("rollout", "libra", "gradsam", "attention"):
        choose_method(page, method)
        assert_redrawn()
    bars = page.locator(".predictions button")
    for number in range(5):  # by pointed Libra
        bars.nth(number).click()
        assert_redrawn()
        expect(bars.nth(number)).to_have_attribute("aria-pressed", "true")
    page.locator("input[name=shape][value=patches]").check(force=True)
    assert_redrawn()
    page.fill("input.opacity", "0.2")
    assert_redrawn()
    choose_example(page, SCENES[2].name)
    expect(page.locator(".verdict b")).to_have_text(SCENES[2].label.capitalize())
    assert_redrawn()
    places = [page.locator(f".stage {place}").bounding_box() for place in (".panes", ".tools")]
    page.click("[data-do=compare]")
    expect(page.locator("canvas.pane")).to_have_count(2)
    page.wait_for_function("!document.querySelector('video.source').seeking")
    assert picture(page) != picture(page, 1)
    expect(page.locator(".captions span")).to_have_text(t("methods.libra-pointed.short"))
    expect(page.locator(".captions select")).to_have_value("attention")
    page.select_option(".captions select", "rollout")
    expect(page.locator("canvas.pane").nth(1)).to_have_attribute(
        "aria-label", re.compile("Rollout")
    )
    assert places == [
        page.locator(f".stage {place}").bounding_box() for place in (".panes", ".tools")
    ]
    page.click("[data-do=compare]")
    expect(page.locator("canvas.pane")).to_have_count(1)
    assert requests == 2 * ["run/predict", "queue/join"]


def test_heat_is_told_apart_and_made_sharper(page: Page, tmp_path: Path) -> None:
    """Each asks the server once; then it is here, also for the file."""
    with whole_answer(page):
        upload(page, draw_files(tmp_path, 1, seed=6)[0])
    wait_for_answer(page)
    sent = asked(page)
    choose_method(page, "moved")
    wait_for_answer(page)
    expect(page.locator(".scale.two")).to_have_text(t("stage.moved_scale"))
    expect(page.locator(".why")).to_contain_text(re.compile(pattern_of("heatmap.moved")))
    pictures = [picture(page)]
    for shape in ("sharper", "patches", "sharper"):
        page.locator(f"input[name=shape][value={shape}]").check(force=True)
        wait_for_answer(page)
        pictures.append(picture(page))
    assert sent.count("queue/join") == 2
    choose_method(page, "attention")
    wait_for_answer(page)
    expect(page.locator(".scale.two")).to_have_count(0)
    assert sent.count("queue/join") == 3
    page.click(".downloads summary")
    with page.expect_download() as download:
        page.click("[data-download=archive]")
    file = tmp_path / "all.zip"
    download.value.save_as(file)
    with zipfile.ZipFile(file) as archive:
        assert json.loads(archive.read("explanation.json"))["grid"] == [28, 28]


def test_the_browser_goes_back_to_the_last_tab_and_opens_it_again(page: Page) -> None:
    shown = page.locator("header [data-tab][aria-current]")
    for name in ("how", "experiment", "see"):
        open_tab(page, name)
    for name in ("experiment", "how"):
        page.go_back()
        expect(shown).to_have_attribute("data-tab", name)
    page.reload()
    expect(shown).to_have_attribute("data-tab", "how")
    expect(page.locator("#references")).to_be_visible()


def test_going_back_to_a_tab_changes_nothing_else(page: Page, tmp_path: Path) -> None:
    """The choices stay, and the address follows them; also the visitor's own clip."""
    open_tab(page, "how")
    open_tab(page, "see")
    choose_example(page, SCENES[4].name)
    wait_for_answer(page, SCENES[4].label)
    page.go_back()
    expect(page).to_have_url(re.compile(f"show=works.*clip={SCENES[4].name}"))
    page.go_forward()
    upload(page, draw_files(tmp_path, 1, seed=9)[0])
    wait_for_answer(page)
    shown = page.inner_text(".verdict b")
    expect(page.locator("[data-do=delete]")).to_be_visible()
    page.go_back()
    page.go_forward()
    expect(page.locator("header [data-tab][aria-current]")).to_have_attribute("data-tab", "see")
    expect(page.locator("[data-do=delete]")).to_be_visible()
    assert page.inner_text(".verdict b") == shown


def start_slow_work(page: Page, hold: Path, name: str = SCENES[0].name) -> None:
    """Ask for work that goes on while `hold` exists.

    It is "there or moved" of a model of which the server caches no such answer.
    """
    with whole_answer(page):
        choose_model(page, "motion-space")
        wait_for_answer(page)
    with whole_answer(page):
        choose_example(page, name)
        wait_for_answer(page)
    hold.touch()
    choose_method(page, "moved")
    expect(page.locator("#status")).to_contain_text(t("status.explaining"))
    expect(page.locator(".stage.waiting")).to_have_count(1)  # the old answer stays, dimmed
    expect(page.locator(".predictions li")).to_have_count(5)


def test_what_is_chosen_during_an_answer_is_answered_next(page: Page, hold: Path) -> None:
    """Older work does not change a newer answer, not even one that the page holds."""
    start_slow_work(page, hold)
    choose_method(page, "rollout")
    choose_example(page, SCENES[4].name)
    with whole_answer(page):
        hold.unlink()
        wait_for_answer(page)
    chosen = page.locator(f'[data-example="{SCENES[4].name}"]')
    expect(chosen).to_have_attribute("aria-pressed", "true")
    hold.touch()
    choose_method(page, "moved")
    expect(page.locator("#status")).to_contain_text(t("status.explaining"))
    choose_example(page, SCENES[0].name)  # comes with a quick heatmap first
    wait_for_answer(page)
    expect(page.locator("input[name=method][value=attention]")).to_be_checked()
    shown = page.inner_text(".verdict b")
    hold.unlink()
    page.click("[data-do=check]")  # needs the model, so it comes after the older work
    expect(page.locator("#checked polyline")).to_have_count(4)
    expect(page.locator(".verdict b")).to_have_text(shown)
    choose_example(page, SCENES[2].name)  # another clip clears what was found of the last
    expect(page.locator("#checked polyline")).to_have_count(0)


def test_cancel_ends_the_work_and_the_page_goes_on(page: Page, hold: Path) -> None:
    """The next request is quick, so a later status on computing is of the stopped work."""
    start_slow_work(page, hold, SCENES[1].name)
    page.evaluate(RECORD_STATUSES)
    page.click("#status [data-do=cancel]")
    expect(page.locator("#notice")).to_have_text(t("stage.stopped"))  # while the step still runs
    expect(page.locator(".stage.waiting")).to_have_count(0)
    expect(page.locator("input[name=method][value=attention]")).to_be_checked()  # is still shown
    hold.unlink()
    choose_method(page, "rollout")
    choose_example(page, SCENES[5].name)
    wait_for_answer(page)
    expect(page.locator("#status .status")).to_have_count(0)
    assert not [status for status in page.evaluate("statuses") if t("status.explaining") in status]


def explained(folder: Path) -> int:
    """Return how often the server explained a clip."""
    return len((folder / "explanations").read_text().split())


def test_other_labels_and_models_are_answered_by_themselves(
    page: Page, folder: Path, tmp_path: Path
) -> None:
    """Several choices in a row make one request. The clip is no example."""
    with whole_answer(page):
        upload(page, draw_files(tmp_path, 1, seed=5)[0])
    wait_for_answer(page)
    before = explained(folder)
    bars = page.locator(".predictions button")
    labels = bars.evaluate_all("all => all.map(bar => bar.dataset.label)")
    page.evaluate(
        "(labels) => labels.forEach((label) => "
        "document.querySelector(`.predictions [data-label='${label}']`).click())",
        labels[1:4],
    )
    wait_for_answer(page)
    expect(page.locator("canvas.pane")).to_have_attribute("aria-label", re.compile(labels[3]))
    page.click(".more > summary")
    page.select_option("[data-choice=contrast]", labels[0])
    wait_for_answer(page)
    both = re.compile(f"{labels[3]}.+{labels[0]}")
    expect(page.locator("canvas.pane")).to_have_attribute("aria-label", both)
    assert explained(folder) == before + 2
    choose_model(page, "motion-joint")
    expect(page.locator("[data-choice=label]")).to_have_value("")
    wait_for_answer(page)
    expect(page.locator(".numbers")).to_contain_text("motion-joint")


def test_two_visitors_get_their_own_answers(page: Page, browser: Browser, address: str) -> None:
    with opened_page(browser, address) as other:
        upload(other, FILES[1])
        upload(page, FILES[0])
        for visitor, scene in ((page, SCENES[0]), (other, SCENES[1])):
            wait_for_answer(visitor, scene.label)


def test_clips_that_the_browser_cannot_play_are_answered(page: Page, tmp_path: Path) -> None:
    """MPEG-4 part 2 in AVI, and a GIF: the page shows the frames of the model, and says so."""
    path = tmp_path / "clip.avi"
    pixels = draw_clips(1, num_frames=64, size=112, seed=0).pixels[0]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", 30)
        stream.width = stream.height = 112
        for frame in (pixels.permute(0, 2, 3, 1).numpy() * 255).astype(np.uint8):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(stream.encode(None))
    for file in (path, write_gif(tmp_path / "clip.GIF")):
        upload(page, file)
        wait_for_answer(page)
        expect(page.locator(".no-preview")).to_have_text(t("stage.no_preview"))
        shown = picture(page)
        page.wait_for_function(
            "(first) => document.querySelector('canvas.pane').toDataURL() !== first", arg=shown
        )
    choose_example(page, SCENES[0].name)
    wait_for_answer(page)
    expect(page.locator(".no-preview")).to_have_text("")


def test_what_is_no_video_is_refused_with_its_reason(page: Page, tmp_path: Path) -> None:
    """The page goes on with the answer that it shows."""
    large, fake = tmp_path / "large.mp4", tmp_path / "holiday.mp4"
    large.write_bytes(bytes(limits.MAX_UPLOAD_BYTES + 2**20))
    fake.write_text("this is not a video\n" * 50)
    shown = page.inner_text(".verdict b")
    upload(page, large)
    megabytes = limits.MAX_UPLOAD_BYTES / 1e6
    sentence = t("errors.server.upload_too_large", megabytes=megabytes)
    expect(page.locator("#notice[role=alert]")).to_have_text(sentence)
    upload(page, fake)
    expect(page.locator("#status [role=alert]")).to_contain_text(t("errors.clip.not_a_video"))
    expect(page.locator("#notice")).to_be_empty()
    choose_model(page, "facebook/timesformer-base-finetuned-k400")
    alert = page.locator("#status [role=alert]")
    expect(alert).to_contain_text("timesformer download facebook/timesformer")
    expect(page.locator("#model")).to_have_value("motion")
    assert not SECRETS.search(page.inner_text("body"))
    assert "NaN" not in page.inner_text("body")
    expect(page.locator(".stage.waiting")).to_have_count(0)
    expect(page.locator(".verdict b")).to_have_text(shown)


def test_a_label_is_explained_tested_and_downloaded(page: Page, tmp_path: Path) -> None:
    choose_method(page, "libra")
    choose_example(page, SCENES[0].name)
    wait_for_answer(page)
    page.click(f'.predictions [data-label="{RIGHT}"]')
    wait_for_answer(page)
    name = t("heatmap.for", name="Libra", label=RIGHT)
    expect(page.locator("canvas.pane")).to_have_attribute("aria-label", re.compile(name, re.I))
    page.click("[data-do=check]")
    expect(page.locator("#checked")).to_contain_text(re.compile(pattern_of("heatmap.check")))
    assert page.locator("#checked polyline").count() == 4
    expect(page.locator("#checked .check-curves")).to_be_in_viewport()

    files = {}
    for kind in ("video", "sheet", "archive"):
        page.click(".downloads summary")
        with page.expect_download() as download:
            page.click(f"[data-download={kind}]")
        files[kind] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[kind])
    assert [file.suffix for file in files.values()] == [".mp4", ".png", ".zip"]
    with av.open(str(files["video"])) as video:
        assert video.streams.video[0].frames > 1
    assert files["sheet"].read_bytes().startswith(b"\x89PNG")
    with zipfile.ZipFile(files["archive"]) as archive:
        record = json.loads(archive.read("explanation.json"))
    assert record["labels"] == [RIGHT]


def test_a_refused_camera_is_explained(page: Page) -> None:
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => "
        "{ throw new DOMException('no', 'NotAllowedError'); }; }"
    )
    page.click("[data-do=camera]")
    expect(page.locator("#notice[role=alert]")).to_have_text(t("camera.NotAllowedError"))


def test_visitors_name_other_models_if_the_owner_permits_it(owners_page: Page) -> None:
    page = owners_page
    for name, error in (
        ("someone/waves", t("errors.request.hub_unavailable", name="someone/waves")),
        ("/etc/hostname", t("errors.request.not_a_hub_id")),
    ):
        page.select_option("#model", "")
        page.fill("#other-model input", name)
        page.keyboard.press("Enter")
        expect(page.locator("#status [role=alert]")).to_contain_text(error)
        expect(page.locator("#model")).to_have_value("motion")  # whose answer is still shown
        wait_for_answer(page)
    page.select_option("#model", "")
    page.keyboard.press("Escape")
    expect(page.locator("#model")).to_have_value("motion")
    choose_model(page, "mine")
    wait_for_answer(page)
