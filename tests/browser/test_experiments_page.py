"""Experiments: a visitor presses, guesses and opens the result."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from pages import choose_example, explore, open_tab, opened_page, wait_for_answer
from playwright.sync_api import Browser, Locator, Page, expect

from timesformer import load
from timesformer.experiments import (
    ExperimentResult,
    freeze,
    keep_fewest_patches,
    mask,
    mask_top_patches,
    reverse,
    shuffle,
)
from timesformer.i18n import probability_text, t
from timesformer.recognizer import Recognizer
from timesformer.synthetic.scenes import SCENES
from timesformer.ui.model_choices import best_method
from timesformer.ui.sections.experiment_text import REVERSED, change_text, reverse_text
from timesformer.ui.server.examples import EXAMPLES
from timesformer.video.clip import Clip
from timesformer.visualize.captions import fewest_text

EXAMPLE = SCENES[0]
VIDEO = EXAMPLES[EXAMPLE.name]
FORGET_OLD = "document.querySelector('.experiment')?.removeAttribute('data-experiment')"


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return load("motion")


@pytest.fixture(scope="module")
def clip(recognizer: Recognizer) -> Clip:
    return recognizer.read(VIDEO)


@pytest.fixture(scope="module")
def shared_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page with the answer to an example, which the tests share."""
    with opened_page(browser, address, viewport={"width": 1280, "height": 900}) as page:
        choose_example(page, EXAMPLE.name)
        wait_for_answer(page)
        yield page


@pytest.fixture
def answered(shared_page: Page) -> Page:
    """The page with the answer and the experiments."""
    open_tab(shared_page, "experiment")
    return shared_page


def run(page: Page, experiment: str) -> Locator:
    """Run an experiment and return its result, which is still closed."""
    page.evaluate(
        "for (const old of document.querySelectorAll('.experiment')) old.dataset.experiment = ''"
    )
    page.click(f"[data-try={experiment}]")
    result = page.locator(f'#experiment-result [data-experiment="{experiment}"]')
    expect(result.locator("h3")).to_have_text(t(f"experiments.questions.{experiment}"))
    expect(result.locator("details.reveal > *:not(summary)").first).not_to_be_visible()
    return result


def opened(result: Locator) -> Locator:
    """Open a result and return it."""
    result.locator("summary").first.click()
    expect(result.locator("details.reveal > *:not(summary)").first).to_be_visible()
    return result


def numbers(cells: Locator) -> list[float]:
    return [float(re.sub(r"[^\d.]", "", text)) for text in cells.all_inner_texts()]


def test_a_result_is_opened_by_keyboard(answered: Page, recognizer: Recognizer, clip: Clip) -> None:
    answered.locator("[data-try=reverse]").focus()
    answered.keyboard.press("Enter")
    result = answered.locator('#experiment-result [data-experiment="reverse"]')
    summary = result.locator("summary")
    expect(summary).to_have_text(t("experiments.guess"))
    bars = result.locator(".bars").first
    expect(bars).not_to_be_visible()
    for _ in range(20):
        answered.keyboard.press("Tab")
        if summary.evaluate("summary => summary === document.activeElement"):
            break
    answered.keyboard.press("Enter")
    expect(bars).to_be_visible()

    outcome = reverse(recognizer, clip)
    columns = [outcome.before, outcome.after[0]]
    expected = [probability_text(p.probability) for column in columns for p in column[:3]]
    assert result.locator(".bars b").all_inner_texts() == expected
    change = change_text(outcome.label, outcome.probability, outcome.probabilities[0])
    expect(result.locator(".change")).to_contain_text(change)
    label = outcome.after[0][0].label
    meaning = reverse_text(outcome.label, label, REVERSED[outcome.label])
    expect(result).to_contain_text(meaning)


def assert_rows(result: Locator, outcome: ExperimentResult) -> None:
    expected = [100 * p for p in (outcome.probability, *outcome.probabilities)]
    assert numbers(result.locator(".numbers td:last-child")) == pytest.approx(expected, abs=0.06)
    labels = [top.label for top, *_ in (outcome.before, *outcome.after)]
    assert result.locator(".numbers td:nth-child(2)").all_inner_texts() == labels


def test_shuffled_frames_have_their_numbers(
    answered: Page, recognizer: Recognizer, clip: Clip
) -> None:
    assert_rows(opened(run(answered, "shuffle")), shuffle(recognizer, clip))


def test_the_hottest_tenth_has_its_numbers(
    answered: Page, recognizer: Recognizer, clip: Clip
) -> None:
    outcome = mask_top_patches(
        recognizer, clip, explanation=recognizer.explain(clip, method=best_method("motion"))
    )
    assert_rows(opened(run(answered, "hottest")), outcome)


def test_a_slider_shows_the_hottest_patches_as_a_film(
    answered: Page, recognizer: Recognizer, clip: Clip
) -> None:
    result = opened(run(answered, "fewest"))
    explanation = recognizer.explain(clip, method=best_method("motion"))
    fewest = keep_fewest_patches(recognizer, clip, explanation=explanation).fewest
    sentence = fewest_text(fewest, explanation.labels[0])
    expect(result.locator(".meanings")).to_contain_text(sentence)
    film = result.locator(".fewest.ready")
    expect(film.locator(".strip canvas")).to_have_count(8)
    expect(film.locator("output")).to_contain_text(f"{fewest.by_heat.count:,}")
    slider, strip = film.locator("input"), film.locator(".strip")
    colours = """(strip) => [...strip.children].map((canvas) => canvas.toDataURL().length)"""
    few = strip.evaluate(colours)
    slider.fill(slider.get_attribute("max"))
    whole = list(fewest.by_heat.curve.values())[-1]
    expect(film.locator("output")).to_contain_text(probability_text(whole))
    answered.wait_for_function(
        "(few) => [...document.querySelectorAll('.fewest .strip canvas')]"
        ".every((canvas, frame) => canvas.toDataURL().length > few[frame])",
        arg=few,
    )


def test_a_slider_shows_each_frozen_frame_without_a_request(
    answered: Page, recognizer: Recognizer, clip: Clip
) -> None:
    result = opened(run(answered, "freeze"))
    outcome = freeze(recognizer, clip)
    slider, shown = (
        result.get_by_label(t("experiments.frame")),
        result.locator("[data-frame]:visible"),
    )
    expect(slider).to_have_value(str(outcome.best + 1))
    requests: list[str] = []
    answered.on("request", lambda request: requests.append(request.url))
    slider.focus()
    answered.keyboard.press("Home")
    for k, predictions in enumerate(outcome.after):
        expect(shown).to_have_count(1)
        expect(shown.locator("h4")).to_have_text(t("experiments.only_frame", number=k + 1))
        assert shown.locator(".bars b").all_inner_texts() == [
            probability_text(p.probability) for p in predictions[:3]
        ]
        best = predictions[0]
        sentence = t(
            "experiments.frame_words",
            number=k + 1,
            label=best.label,
            probability=probability_text(best.probability),
        )
        expect(slider).to_have_attribute("aria-valuetext", sentence)
        expect(result.locator(".chosen")).to_have_attribute("data-bar", str(k + 1))
        answered.keyboard.press("ArrowRight")
    assert [url for url in requests if "heartbeat" not in url] == []
    result.get_by_text(t("experiments.numbers")).click()
    assert_rows(result, outcome)


def test_patches_masked_in_the_explorer_are_masked(
    answered: Page, recognizer: Recognizer, clip: Clip
) -> None:
    answered.click("[data-try=mask]")
    expect(answered.locator("#status [role=alert]")).to_contain_text(
        t("errors.experiment.nothing_masked")
    )
    result = answered.locator("#experiment-result")
    expect(result).to_contain_text(t("errors.experiment.nothing_masked"))
    explore(answered)
    answered.get_by_role("button", name=t("explorer.mask"), exact=True).click()
    frames = answered.get_by_role(
        "checkbox", name=re.compile(f"^{t('explorer.mask_frame', frame='[23]')}$")
    )
    frames.first.check()
    frames.last.check()
    assert answered.evaluate("window.explorer.mask.list().length") == 2 * 14 * 14
    open_tab(answered, "experiment")
    result = opened(run(answered, "mask"))
    outcome = mask(recognizer, clip, patches=product((1, 2), range(14), range(14)))
    assert result.locator(".bars b").all_inner_texts()[3:] == [
        probability_text(p.probability) for p in outcome.after[0][:3]
    ]
    expect(result).to_contain_text("25%")


def test_fewer_and_more_frames_are_side_by_side(answered: Page, clip: Clip) -> None:
    result = opened(run(answered, "frames"))
    assert result.locator("thead th").all_inner_texts() == ["4 frames", "8 frames", "16 frames"]
    assert numbers(result.locator(".cost b"))[:3] == [196 + T for T in (4, 8, 16)]
    first = load("motion").predict(clip, top_k=1)[0]
    expect(result.locator("td:nth-child(2) .bars li").first).to_contain_text(
        probability_text(first.probability)
    )


def test_three_schemes_are_side_by_side(answered: Page) -> None:
    result = opened(run(answered, "schemes"))
    names = ("motion", "motion-joint", "motion-space")
    for place, name in enumerate(names, start=1):
        recognizer = load(name)
        expected = recognizer.predict(recognizer.read(VIDEO), top_k=3)
        bars = result.locator(f"tr:has(.bars) td:nth-child({place})")
        assert bars.locator("li span").all_inner_texts() == [p.label for p in expected]
        texts = bars.locator("li b").all_inner_texts()
        assert texts == [probability_text(p.probability) for p in expected]
    assert numbers(result.locator(".cost b"))[:3] == [204, 1568, 196]
    pictures = result.locator("img")
    assert pictures.evaluate_all("all => all.every(one => one.complete && one.naturalWidth)")
    assert pictures.evaluate_all("all => all.every(one => one.alt)")


def test_a_stopped_experiment_leaves_nothing(answered: Page, hold: Path) -> None:
    run(answered, "reverse")  # comes after the answer's own heatmaps
    hold.touch()
    answered.click("[data-try=schemes]")
    expect(answered.locator("#experiment-result progress")).to_have_count(1)
    answered.click("#status [data-do=cancel]")
    expect(answered.locator("#notice")).to_have_text(t("stage.stopped"))
    expect(answered.locator("#experiment-result .status")).to_be_hidden()
    hold.unlink()
    expect(answered.locator("#experiment-result .status")).to_have_count(0)
    hold.touch()
    answered.click("[data-try=schemes]")
    expect(answered.locator("#experiment-result progress")).to_have_count(1)
    answered.click("#status [data-do=cancel]")
    answered.click("[data-try=schemes]")  # while the stopped one still ends
    hold.unlink()
    expect(answered.locator("[data-experiment=schemes]")).to_have_count(1)


def test_the_last_press_wins(answered: Page, hold: Path) -> None:
    """A running experiment ends, and those between are not asked for."""
    hold.touch()
    refused: list[int] = []
    answered.on("response", lambda response: refused.append(response.status))
    for name in ("schemes", "shuffle", "reverse", "hottest"):
        answered.click(f"[data-try={name}]")
        answered.wait_for_timeout(100)
    hold.unlink()
    expect(answered.locator("#experiment-result [data-experiment]")).to_have_attribute(
        "data-experiment", "hottest"
    )
    expect(answered.locator("#experiment-buttons .running")).to_have_count(0)
    assert max(refused) < 400


def test_a_new_clip_clears_the_result_of_the_old_one(answered: Page) -> None:
    """Also if the page holds the answer to the new clip, and while the experiment still runs."""
    for name in (SCENES[4].name, EXAMPLE.name):
        open_tab(answered, "experiment")
        run(answered, "reverse")
        open_tab(answered, "see")
        choose_example(answered, name)
        wait_for_answer(answered)
        expect(answered.locator("#experiment-result [data-experiment]")).to_have_count(0)


def test_results_fit_on_a_phone(answered: Page) -> None:
    answered.set_viewport_size({"width": 390, "height": 800})
    for experiment in ("shuffle", "freeze", "schemes"):
        result = opened(run(answered, experiment))
        assert answered.evaluate("document.documentElement.scrollWidth") <= 390
        assert result.evaluate("section => section.scrollWidth <= section.clientWidth")
        controls = "#experiment-buttons button, #experiment-result :is(summary, input)"
        sizes = answered.locator(controls).evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"
        )
        assert all(min(size) >= 24 for size in sizes)  # pixels, WCAG's minimum for targets
