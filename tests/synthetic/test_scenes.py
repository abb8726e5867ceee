"""The example clips have every label, and each scene moves as labelled."""

import re
from pathlib import Path

import numpy as np
import pytest

from timesformer.i18n import t
from timesformer.synthetic.motion import LABELS
from timesformer.synthetic.scenes import FRAMES, SCENES, SIZE, Scene, draw_examples, render_scene
from timesformer.video.clip import read_clip
from timesformer.video.probe import scan

CLIPS = Path(__file__).parents[2] / "assets" / "clips"
BY_LABEL = {scene.label: scene for scene in SCENES if not scene.hard}
HARD = {scene.name: scene for scene in SCENES if scene.hard}
NEARBY = 3 / FRAMES  # between two moments whose difference shows motion
HUBS = {"turning clockwise": (-0.15, 0.0), "turning anticlockwise": (0.06, 0.18)}


def changes(scene: Scene, *moments: float) -> list[np.ndarray]:
    """Return the points (N, 2), y and x in half-widths, that change around each moment."""
    pairs = [time for moment in moments for time in (moment, moment + NEARBY)]
    frames = render_scene(scene, moments=pairs).astype(int)
    changed = np.abs(np.diff(frames, axis=0)[::2]).max(axis=-1) > 40
    return [(np.argwhere(picture) + 0.5) * 2 / SIZE - 1 for picture in changed]


def turned(frame: np.ndarray, angle: float, hub: tuple[float, float]) -> np.ndarray:
    """Return a disc of the frame around the hub, turned clockwise by an angle in radians."""
    direction, radius = np.meshgrid(np.linspace(0, 2 * np.pi, 720), np.linspace(0.15, 0.6, 60))
    x = hub[0] + radius * np.cos(direction - angle)
    y = hub[1] + radius * np.sin(direction - angle)
    rows, columns = (((places + 1) * SIZE / 2).astype(int) for places in (y, x))
    return frame[rows, columns].astype(int)


def test_every_label_has_one_scene_that_is_not_hard() -> None:
    assert sorted(scene.label for scene in SCENES if not scene.hard) == sorted(LABELS)


def test_only_hard_scenes_have_a_question_as_title() -> None:
    assert len(HARD) == 2
    assert all(scene.label in LABELS for scene in SCENES)
    assert all(t(f"scenes.{scene.name}").endswith("?") == scene.hard for scene in SCENES)


def test_names_are_unique_and_safe_as_file_names() -> None:
    names = [scene.name for scene in SCENES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_clip_of_a_scene_is_small_and_current(scene: Scene) -> None:
    path = CLIPS / f"{scene.name}.mp4"
    assert path.stat().st_size < 250_000
    assert len(scan(path).times) == FRAMES
    first = read_clip(path, num_frames=1, sampling_rate=1).frames[0]
    drawn = render_scene(scene, moments=[0.0])[0]
    assert first.shape == drawn.shape == (SIZE, SIZE, 3)
    assert np.abs(first.astype(int) - drawn).mean() < 4  # of 255, lost by the encoding


def test_the_repository_has_the_clips_of_all_scenes() -> None:
    assert {path.stem for path in CLIPS.glob("*.mp4")} == {scene.name for scene in SCENES}


def test_drawing_twice_gives_the_same_pixels() -> None:
    scene = BY_LABEL["moving away from you"]
    first, second = (render_scene(scene, moments=[0.0, 0.5]) for _ in range(2))
    assert first.dtype == np.uint8
    assert np.array_equal(first, second)


def test_every_scene_is_written_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = np.zeros((2, SIZE, SIZE, 3), np.uint8)
    monkeypatch.setattr("timesformer.synthetic.scenes.render_scene", lambda scene: still)
    reports: list[tuple[int, int]] = []
    draw_examples(tmp_path / "clips", on_progress=lambda *report: reports.append(report))
    written = {path.name for path in (tmp_path / "clips").iterdir()}
    assert written == {f"{scene.name}.mp4" for scene in SCENES}
    assert reports == [(done, len(SCENES)) for done in range(len(SCENES) + 1)]


@pytest.mark.parametrize(
    ("label", "axis", "sign"),
    [("moving left", 1, -1), ("moving right", 1, 1), ("moving up", 0, -1), ("moving down", 0, 1)],
)
def test_objects_move_as_labelled(label: str, axis: int, sign: int) -> None:
    places = np.array([points.mean(axis=0) for points in changes(BY_LABEL[label], 0.0, 0.4, 0.85)])
    along, across = sign * places[:, axis], places[:, 1 - axis]
    assert np.all(np.diff(along) > 0.25)
    assert along[-1] - along[0] > 0.7
    assert np.ptp(across) < 0.15


@pytest.mark.parametrize(
    ("label", "sign"), [("moving toward you", 1), ("moving away from you", -1)]
)
def test_objects_grow_toward_the_viewer_and_shrink_away(label: str, sign: int) -> None:
    spreads = [points.std() for points in changes(BY_LABEL[label], 0.0, 0.4, 0.85)]
    assert np.all(np.diff(sign * np.log(spreads)) > 0.2)


@pytest.mark.parametrize(
    ("label", "sign"), [("turning clockwise", 1), ("turning anticlockwise", -1)]
)
def test_objects_turn_as_labelled(label: str, sign: int) -> None:
    hub = HUBS[label]
    before, after = render_scene(BY_LABEL[label], moments=[0.3, 0.3 + 9 / FRAMES])
    angles = np.radians(np.arange(-40, 41, 4))
    errors = [np.abs(turned(before, a, hub) - turned(after, 0, hub)).mean() for a in angles]
    assert 10 < sign * np.degrees(angles[np.argmin(errors)]) < 30


def test_the_pendulum_goes_back_and_forth() -> None:
    middles = (np.arange(4) + 0.5) * 18 / (FRAMES - 1)  # of four swings, 18 frames each
    before, after = middles - NEARBY, middles + NEARBY
    frames = render_scene(BY_LABEL["shaking"], moments=[*before, *after]).astype(int)
    bob = frames[:, 210:, :, 2] < 60  # little blue: only the red centre of the bob
    x = [np.argwhere(picture)[:, 1].mean() for picture in bob]
    assert np.all(np.sign(np.subtract(x[4:], x[:4])) == [1, -1, 1, -1])


def test_the_still_scene_stands_still() -> None:
    frames = render_scene(BY_LABEL["standing still"], moments=[0.0, 0.5, 1.0])
    assert np.all(frames == frames[0])


def test_the_hand_waves_and_the_head_is_nearly_still() -> None:
    turning_points = [(6 + 12 * k) / (FRAMES - 1) for k in range(4)]  # a wave takes 24 frames
    frames = render_scene(HARD["hand-waving"], moments=turning_points).astype(int)
    changed = np.abs(np.diff(frames, axis=0)).max(axis=-1) > 40
    head, arm = changed[:, :, : SIZE // 2], changed[:, :, SIZE // 2 :]
    assert head.mean(axis=(1, 2)).max() < 0.03
    assert arm.mean(axis=(1, 2)).min() > 0.1
    skin = frames[:, 120:250, 230:, 0] - frames[:, 120:250, 230:, 2] > 40  # only the hand
    x = [np.argwhere(picture)[:, 1].mean() for picture in skin]
    assert np.all(np.sign(np.diff(x)) == [-1, 1, -1])
    assert np.abs(np.diff(x)).min() > 0.2 * SIZE / 2


def test_the_near_tram_moves_right_and_the_far_tram_left() -> None:
    points = changes(HARD["trams-passing"], 0.0, 0.4, 0.85)
    nearer = [picture[picture[:, 0] > 0.35, 1] for picture in points]
    farther = [picture[picture[:, 0] < 0.05, 1] for picture in points]
    assert np.all(np.diff([x.mean() for x in nearer]) > 0.2)
    assert np.all(np.diff([x.mean() for x in farther]) < -0.2)
    assert all(len(near) > 2 * len(far) for near, far in zip(nearer, farther, strict=True))
