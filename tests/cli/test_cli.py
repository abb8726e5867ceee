"""The command line: results on stdout, one line and exit code 2 for bad input."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sentences import pattern_of
from tiny import tiny_checkpoint

from timesformer.checkpoints.measured import measured_methods
from timesformer.checkpoints.registry import EMBEDDED_FOLDER, PUBLISHED
from timesformer.cli.clips import OUTPUT_FILES
from timesformer.cli.experiments import CHOICES
from timesformer.cli.main import main
from timesformer.explain import METHODS
from timesformer.i18n import LANGUAGES, t
from timesformer.i18n.catalog import Catalog
from timesformer.synthetic.scenes import SCENES, Scene
from timesformer.visualize import overlay

ROOT = Path(__file__).parents[2]
CLIPS = ROOT / "assets" / "clips"
CLIP = str(CLIPS / "ball-rolling-left.mp4")
KNOWN = [scene for scene in SCENES if not scene.hard]


@pytest.mark.parametrize("scene", KNOWN, ids=lambda scene: scene.name)
def test_an_example_is_recognized(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", str(CLIPS / f"{scene.name}.mp4"), "--json", "--top", "10"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["predictions"][0]["label"] == scene.label
    assert sum(p["probability"] for p in answer["predictions"]) == pytest.approx(1)
    assert [len(times) for times in answer["times"]] == [8]


def test_a_protocol_reads_several_clips(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", CLIP, "--json", "--protocol", "3x3"]) == 0
    answer = json.loads(capsys.readouterr().out)
    starts = [times[0] for times in answer["times"]]
    assert len(starts) == 3
    assert starts == sorted(set(starts))
    assert answer["predictions"][0]["label"] == "moving left"


def test_explain_writes_overlay_and_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video, sheet = tmp_path / "overlay.mp4", tmp_path / "sheet.png"
    clip = str(CLIPS / f"{SCENES[0].name}.mp4")
    assert main(["explain", clip, "--out", str(video), "--sheet", str(sheet)]) == 0
    assert b"ftyp" in video.read_bytes()[:16]
    assert sheet.read_bytes().startswith(b"\x89PNG")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 8 + 1
    assert all(overlay.UNIT in line for line in lines[1:])


def test_the_default_method_is_the_best_measured_that_takes_the_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A model without a record uses libra."""
    ranking = measured_methods(EMBEDDED_FOLDER / "motion")
    tiny = str(tiny_checkpoint(tmp_path))
    for words, expected in (
        ([], ranking[0]),
        (["--patch", "3,7,7"], next(m for m in ranking if "patch" in METHODS[m].options)),
        (["--negative"], next(m for m in ranking if "negative" in METHODS[m].options)),
        (["--norm-aware"], "rollout"),
        (["--model", tiny], "libra"),
        (["--model", tiny, "--heads", "max"], "rollout"),
    ):
        record = tmp_path / "record.json"
        assert main(["explain", CLIP, *words, "--record", str(record)]) == 0
        assert json.loads(record.read_text("utf-8"))["options"]["method"] == expected
    capsys.readouterr()


def test_explain_is_sharper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record, arrays = tmp_path / "record.json", tmp_path / "arrays.npz"
    words = ["--method", "moved", "--sharper", "--record", str(record), "--arrays", str(arrays)]
    assert main(["explain", CLIP, *words]) == 0
    assert json.loads(record.read_text("utf-8"))["grid"] == [28, 28]
    with np.load(arrays) as found:
        assert found["moved"].shape == found["heatmaps"].shape == (8, 28, 28)
    assert re.search(pattern_of("heatmap.moved"), capsys.readouterr().out)


def test_explain_writes_every_kind_of_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {
        "--beside": "beside.mp4", "--arrays": "all.npz", "--record": "record.json",
        "--frames-by-frames": "frames.pdf",
    }  # fmt: skip
    files = [word for option, name in names.items() for word in (option, str(tmp_path / name))]
    clip = str(CLIPS / f"{SCENES[0].name}.mp4")
    options = ["--method", "relevance", "--target", "moving left", "--than", "moving right"]
    assert main(["explain", clip, *options, "--check", *files]) == 0
    assert t("methods.relevance.name") in capsys.readouterr().out
    record = json.loads((tmp_path / "record.json").read_text("utf-8"))
    assert record["labels"] == ["moving left", "moving right"]
    assert record["check"]["label"] == "moving left"
    with np.load(tmp_path / "all.npz") as arrays:
        assert arrays["frame_attention"].shape == (6, 4, 8, 8)
    assert (tmp_path / "frames.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "beside.mp4").stat().st_size > 1000


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--frames-by-frames", "frames.gif"], "frames.gif"),
        (
            ["--model", "motion-space", "--frames-by-frames", "frames.svg"],
            t("errors.cli.no_frame_attention"),
        ),
        (["--method", "gradcam", "--than", "moving left"], t("errors.cli.contrast_alone")),
        (["--method", "time-attention", "--model", "motion-space"], "divided"),
        (["--method", "attention", "--block", "9"], "0 to 5"),
        (["--patch", "9,0,0"], "14 x 14"),
        (["--heads", "median"], "median"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    options: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["explain", CLIP, *options]) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_patch_is_given_by_three_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", CLIP, "--patch", "3,7,7", "--heads", "1", "--method", "attention"]) == 0
    frames = [line for line in capsys.readouterr().out.splitlines() if overlay.UNIT in line][:8]
    assert [line for line in frames if f" 0.00 {overlay.UNIT}" not in line] == [frames[3]]
    with pytest.raises(SystemExit):
        main(["explain", CLIP, "--patch", "3,7"])
    assert "3,7" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--out", "--beside"])
def test_a_clip_is_not_written_over(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip, link = tmp_path / "clip.mp4", tmp_path / "link.mp4"
    clip.write_bytes((CLIPS / "ball-rolling-left.mp4").read_bytes())
    link.symlink_to(clip)
    assert main(["explain", str(clip), option, str(link)]) == 2
    assert "link.mp4" in capsys.readouterr().err
    assert main(["explain", str(clip), option, str(clip)]) == 2
    assert "clip.mp4" in capsys.readouterr().err
    assert clip.read_bytes() == (CLIPS / "ball-rolling-left.mp4").read_bytes()


@pytest.mark.parametrize("name", ["a.gif", "a.webm", "a.mov", "a.txt", "mp4", "a.mp4.part"])
@pytest.mark.parametrize("option", OUTPUT_FILES)
def test_a_file_name_of_another_format_is_refused(
    option: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["explain", CLIP, option, name]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    for word in (option, name, *OUTPUT_FILES[option][0]):
        assert word in line
    assert list(tmp_path.iterdir()) == []


def test_two_outputs_of_one_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.pdf").touch()
    (tmp_path / "link.pdf").hardlink_to(tmp_path / "old.pdf")
    (tmp_path / "here").symlink_to(tmp_path)
    for first, second in (("a.pdf", "a.pdf"), ("a.pdf", "here/a.pdf"), ("old.pdf", "link.pdf")):
        files = ["--sheet", first, "--frames-by-frames", second]
        assert main(["explain", CLIP, *files]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert Path(second).name in line


@pytest.mark.parametrize(
    ("name", "start", "kind"),
    [("a.JPG", b"\xff\xd8", "JPEG"), ("a.jpeg", b"\xff\xd8", "JPEG"), ("a.pdf", b"%PDF", None)],
)
def test_a_sheet_has_the_format_of_its_name(
    name: str, start: bytes, kind: str | None, tmp_path: Path
) -> None:
    sheet = tmp_path / name
    assert main(["explain", CLIP, "--sheet", str(sheet)]) == 0
    assert sheet.read_bytes().startswith(start)
    if kind:
        with Image.open(sheet) as picture:
            assert picture.format == kind


LABELS = ["挥手", "坐下→起立", "🏃 run", "two\nlines \x1b[31m", "half \ud800"]
PAGES = ["ascii", "cp1252", "cp437", "utf-8", "gb18030"]


@pytest.mark.parametrize("page", PAGES)
def test_any_label_is_printed_on_any_code_page(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = str(tiny_checkpoint(tmp_path, id2label=dict(enumerate(LABELS))))
    printed = []
    for words, options in (
        (["predict"], ["--top", "5"]),
        (["predict"], ["--json"]),
        (["explain"], ["--method", "gradcam", "--target", "3"]),
        (["try", "reverse"], []),
    ):
        stdout = io.TextIOWrapper(io.BytesIO(), encoding=page)
        monkeypatch.setattr(sys, "stdout", stdout)
        assert main([*words, CLIP, "--model", model, *options]) == 0
        printed.append(stdout.buffer.getvalue().decode(page))
        assert "\x1b" not in printed[-1]
    lines = printed[0].splitlines()
    assert len(lines) == len(LABELS)
    assert any("\\u6325" in line or "挥手" in line for line in lines)
    assert any("two lines" in line for line in lines)


def test_any_label_is_written_to_any_file(tmp_path: Path) -> None:
    model = str(tiny_checkpoint(tmp_path / "model", id2label=dict(enumerate(LABELS))))
    files = {
        "--sheet": "a.png", "--arrays": "a.npz", "--record": "a.json", "--report": "a.html",
    }  # fmt: skip
    options = [word for option, name in files.items() for word in (option, str(tmp_path / name))]
    clip = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    clip.write_bytes((CLIPS / "ball-rolling-left.mp4").read_bytes())
    assert main(["explain", str(clip), "--model", model, *options]) == 0
    record = json.loads((tmp_path / "a.json").read_text("utf-8"))
    labels = {prediction["label"] for prediction in record["predictions"]}
    assert {LABELS[0], LABELS[2], "two lines [31m", "half"} <= labels


def test_a_terminal_without_unicode_shows_no_traceback(tmp_path: Path) -> None:
    model = str(tiny_checkpoint(tmp_path, id2label=dict(enumerate(LABELS))))
    c_locale = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for arguments in (["predict", CLIP, "--model", model], ["explain", "--help"]):
        run = subprocess.run(
            [sys.executable, "-m", "timesformer", *arguments],
            cwd=ROOT, capture_output=True, env=os.environ | c_locale,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        assert run.stdout.isascii()
        assert b"Traceback" not in run.stderr


@pytest.mark.parametrize("arguments", [["models"], ["explain", "--help"]])
def test_a_reader_that_stops_causes_no_traceback(arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb") as pipe:
        run = subprocess.run(
            [sys.executable, "-m", "timesformer", *arguments],
            cwd=ROOT, stdout=pipe, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert run.stderr == ""


@pytest.mark.parametrize("target", ["moving left", "3"])
def test_relevance_is_printed_by_frame(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", CLIP, "--method", "relevance", "--target", target]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 8 + 1
    assert all("evidence for" in line for line in lines[1:-1])


ROWS = {
    "reverse": 3,
    "shuffle": 7,
    "freeze": 10,
    "hottest": 8,
    "fewest": 5,
    "frames": 3,
    "schemes": 3,
}


@pytest.mark.parametrize("experiment", CHOICES)
def test_an_experiment_is_a_table(experiment: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", experiment, CLIP]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == ROWS[experiment]
    if experiment == "reverse":
        assert "moving left" in lines[1]
        assert lines[1].endswith(t("experiments.unchanged"))
        assert "moving right" in lines[2]
        assert lines[2].endswith("frames 8 7 6 5 4 3 2 1")
    if experiment == "schemes":
        for line, compared in zip(lines, ("204", "1,568", "196"), strict=True):
            assert f" {compared} comparisons a patch" in line


@pytest.mark.parametrize("experiment", [c for c in CHOICES if c != "schemes"])
def test_a_value_is_not_called_a_probability(
    experiment: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tiny_checkpoint(tmp_path, id2label={0: "score"}, problem_type="regression")
    assert main(["try", experiment, CLIP, "--model", str(model)]) == 0
    text = capsys.readouterr().out.lower()
    assert "score" in text
    assert "probability" not in text
    assert "%" not in text.replace("10%", "")  # of the patches that are masked


@pytest.mark.parametrize(
    "words", [["predict", CLIP], ["explain", CLIP], ["try", "reverse", CLIP], ["evaluate"]]
)
def test_heads_that_weights_do_not_tell_are_asked_for(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny_checkpoint(tmp_path) / "config.json").unlink()
    command = [*words, *([] if words == ["evaluate"] else ["--model"]), str(tmp_path)]
    assert main(command) == 2
    assert t("errors.weights.no_heads", width=32) in capsys.readouterr().err
    assert main([*command, "--num-attention-heads", "5"]) == 2
    assert "32" in capsys.readouterr().err  # which 5 does not divide
    code = main([*command, "--num-attention-heads", "4"])
    out, error = capsys.readouterr()
    if words == ["evaluate"]:  # weights without a config have no labels of drawn clips
        assert t("errors.evaluation.other_labels", count=5) in error
    else:
        assert (code, bool(out)) == (0, True)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_the_request_for_heads_names_the_option(language: Catalog) -> None:
    assert "--num-attention-heads" in language.sentences["errors.weights.no_heads"]


def test_models_lists_every_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert "motion" in out
    assert out.count("CC BY-NC 4.0") == len(PUBLISHED)


@pytest.mark.parametrize(
    "arguments",
    [
        ["predict", "nowhere.mp4"],
        ["predict", "no\nwhere\x1b.mp4"],
        ["predict", str(ROOT / "README.md")],
        ["predict", CLIP, "--start", "99"],
        ["predict", CLIP, "--model", "nobody/nothing"],
        ["predict", CLIP, "--size", "20"],
        ["predict", CLIP, "--device", "nonsense"],
        ["predict", CLIP, "--device", "cuda:7"],
        ["explain", CLIP, "--method", "rollout", "--target", "moving left"],
        [
            "explain",
            CLIP,
            "--method",
            "relevance",
            "--target",
            "juggling",
        ],
        ["try", "frames", CLIP, "--frames", "600"],
        ["train", "motion", "--device", "nonsense"],
        ["evaluate", "nothing"],
        ["evaluate", "motion", "--footage", "nowhere"],
        ["evaluate", "motion", "nowhere", "--save"],
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.chdir(ROOT)
    assert main(arguments) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert len(error.splitlines()) == 1, error
    assert str(ROOT) not in error


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OSError(28, "No space left on device", "/home/someone/out.mp4"), "out.mp4 cannot"),
        (OSError("no number"), "a file cannot be read or written: OSError."),
    ],
)
def test_a_file_error_names_the_file_without_its_folder(
    fault: OSError,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: object) -> None:
        raise fault

    monkeypatch.setattr("timesformer.cli.clips.list_models", fail)
    assert main(["models"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"timesformer: {words}")
    assert "/home" not in line


def test_a_download_of_an_embedded_model_says_where_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["download", "motion"]) == 0
    assert capsys.readouterr().out == "motion is on this computer.\n"


def test_a_process_prints_no_traceback() -> None:
    process = subprocess.run(
        [sys.executable, "-m", "timesformer", "predict", "nowhere.mp4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 2
    assert process.stdout == ""
    assert len(process.stderr.splitlines()) == 1, process.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["predict"],
        ["predict", "a", "--top", "0"],
        ["predict", "a", "--start", "soon"],
        ["explain", "a", "--out", "nowhere/a.mp4"],
    ],
)
def test_wrong_usage_is_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert "usage:" in error
    assert "_" not in error  # no name from the code
