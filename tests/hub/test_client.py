"""Finding files without a network, and quickly saying how to get what is not there."""

import errno
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file
from sentences import says
from tiny import PREPROCESS, random_pixels, tiny_model

from timesformer import TimesformerModel
from timesformer.checkpoints import checkpoint
from timesformer.checkpoints.registry import find_published
from timesformer.errors import CheckpointError
from timesformer.hub.client import MAX_JSON_BYTES, _progress_bar, find_file, list_files, read_json
from timesformer.hub.key_maps import TRANSFORMERS
from timesformer.hub.source import Repository, resolve
from timesformer.hub.state_dict import PICKLE_FILE, SAFETENSORS_FILE
from timesformer.i18n import t

REPOSITORY = "facebook/timesformer-base-finetuned-ssv2"
PINNED = find_published(REPOSITORY).revision
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CLOSED_PORT = "http://127.0.0.1:9"  # "discard"; nothing listens there
ASK = """
import sys, time
import timesformer
started = time.monotonic()
try:
    timesformer.load(sys.argv[1])
except timesformer.CheckpointError as error:
    print(error)
    print(time.monotonic() - started)
"""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the Hub client, and no Hub."""
    from huggingface_hub import constants

    cache = tmp_path / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return cache


def downloaded(cache: Path, repository: str, commit: str = COMMIT) -> Path:
    """The folder in the cache of a repository of which `hf download` got the newest revision."""
    place = cache / f"models--{repository.replace('/', '--')}"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text(commit)
    folder = place / "snapshots" / commit
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    "surroundings", [{"HF_HUB_OFFLINE": "1"}, {"HF_ENDPOINT": CLOSED_PORT}], ids=["offline", "dead"]
)
def test_an_unreachable_hub_is_told_at_once_with_what_to_do(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    environment = os.environ | {"HF_HOME": str(tmp_path), "NO_PROXY": "127.0.0.1"} | surroundings
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASK, REPOSITORY],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    sentence, seconds = told.stdout.splitlines()
    pinned = f"{REPOSITORY}@{PINNED}"
    assert sentence == t("errors.hub.offline", name=REPOSITORY, repository=pinned)
    assert float(seconds) < 10  # the client alone retries for 23 s; a busy machine is slow
    assert told.stderr == ""


def test_what_hf_download_got_works_offline(hub: Path) -> None:
    """The published repositories hold a pickle alone, and no trace of the safetensors asked for."""
    folder = downloaded(hub, REPOSITORY, PINNED)
    model = tiny_model()
    model.config.save_pretrained(folder)
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    torch.save(state, folder / PICKLE_FILE)
    loaded = checkpoint.load_checkpoint(REPOSITORY)
    clip = random_pixels(1, 4, 3, 32, 32)
    assert torch.equal(loaded.model(clip).logits, model(clip).logits)
    assert loaded.preprocess.channel_order == "bgr"  # from our table: the Hub does not say


def test_a_repository_of_anyone_works_offline_too(hub: Path) -> None:
    folder = downloaded(hub, "someone/waves")
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, folder)
    assert checkpoint.load_checkpoint("someone/waves").preprocess == PREPROCESS


@pytest.mark.parametrize("name", [SAFETENSORS_FILE, PICKLE_FILE])
def test_weights_that_changed_in_the_cache_are_not_used(name: str, hub: Path) -> None:
    """By one bit of a weight, which the format does not tell; in the cache their name is a hash."""
    folder = downloaded(hub, "someone/waves")
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, folder)
    torch.save(load_file(folder / SAFETENSORS_FILE), folder / PICKLE_FILE)
    for other in {SAFETENSORS_FILE, PICKLE_FILE} - {name}:
        (folder / other).unlink()
    content = bytearray((folder / name).read_bytes())
    blob = folder / hashlib.sha256(content).hexdigest()
    (folder / name).rename(blob)
    (folder / name).symlink_to(blob)
    assert checkpoint.load_checkpoint("someone/waves").preprocess == PREPROCESS
    content[len(content) // 2] ^= 1
    blob.write_bytes(content)
    with pytest.raises(CheckpointError, match=f"{name}.*someone/waves@{COMMIT}"):
        checkpoint.load_checkpoint("someone/waves")


def test_half_a_download_is_told_as_a_missing_one(hub: Path) -> None:
    tiny_model().config.save_pretrained(downloaded(hub, "someone/waves"))
    with pytest.raises(CheckpointError, match=f"timesformer download someone/waves@{COMMIT}` once"):
        checkpoint.load_checkpoint("someone/waves")


def test_a_published_model_is_pinned_and_any_commit_can_be_asked_for(hub: Path) -> None:
    """What is in the cache is another commit than the one that is known to be right."""
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, downloaded(hub, REPOSITORY))
    with pytest.raises(CheckpointError, match=f"download {REPOSITORY}@{PINNED}`"):
        checkpoint.load_checkpoint(REPOSITORY)
    asked = checkpoint.load_checkpoint(f"{REPOSITORY}@{COMMIT}")
    assert asked.preprocess.channel_order == "bgr"
    assert checkpoint.load_checkpoint(REPOSITORY, revision="main").labels == asked.labels


@contextmanager
def serve(handler: type[BaseHTTPRequestHandler], patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Hub on this computer, in place of the real one."""
    from huggingface_hub import constants

    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    address = f"http://127.0.0.1:{server.server_port}"
    patch.setenv("NO_PROXY", "127.0.0.1")
    patch.setattr(constants, "HF_HUB_OFFLINE", False)
    patch.setattr(constants, "ENDPOINT", address)
    template = address + "/{repo_id}/resolve/{revision}/{filename}"
    patch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def answering(hub: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, str], None]]:
    """A Hub on this computer; called with a status and the Hub's error code, it answers so."""
    answer: dict[str, int | str] = {}
    monkeypatch.setattr(time, "sleep", lambda _: None)  # the client's, between its tries

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == "/" else int(answer["status"]))
            self.send_header("X-Error-Code", str(answer["code"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD

        def log_message(self, *_: object) -> None: ...

    with serve(Handler, monkeypatch):
        yield lambda status, code: answer.update(status=status, code=code)


@pytest.mark.parametrize(
    ("status", "code", "pattern"),
    [
        (404, "RepoNotFound", says("errors.hub.not_found", name="someone/waves")),
        (401, "RepoNotFound", says("errors.hub.not_found")),
        (
            404,
            "RevisionNotFound",
            says("errors.hub.no_revision", name="someone/waves", revision="v2"),
        ),
        (403, "GatedRepo", says("errors.hub.gated")),
        (403, "", says("errors.hub.refused_account", status=403)),
        (503, "", says("errors.hub.refused", status=503)),
    ],
)
def test_every_refusal_of_the_hub_is_a_sentence(
    status: int, code: str, pattern: str, answering: Callable[[int, str], None]
) -> None:
    answering(status, code)
    with pytest.raises(CheckpointError, match=pattern):
        find_file(Repository("someone/waves", "v2"), "config.json")


def test_a_file_the_repository_does_not_have_is_none(
    answering: Callable[[int, str], None],
) -> None:
    answering(404, "EntryNotFound")
    assert find_file(Repository("someone/waves"), SAFETENSORS_FILE, PICKLE_FILE) is None


@pytest.fixture
def serving(hub: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The folder of someone/waves on a Hub on this computer."""
    folder = tmp_path / "served"
    folder.mkdir()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with (folder.parent / "authorizations").open("a") as record:
                record.write(f"{self.headers['Authorization']}\n")
            if "someone/ripples" in self.path:  # as the Hub does after a repository was renamed
                self.send_response(307)
                self.send_header("Location", self.path.replace("ripples", "waves"))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            file = folder / self.path.rpartition("/")[2]
            found = self.path == "/" or file.is_file()
            content = file.read_bytes() if found and self.path != "/" else b""
            if self.path.startswith("/api/models/someone/waves"):
                sizes = [{"rfilename": f.name, "size": f.stat().st_size} for f in folder.iterdir()]
                listing = {"id": "someone/waves", "sha": COMMIT, "siblings": sizes}
                listing |= {"gated": False, "private": False}
                found, content = True, json.dumps(listing).encode()
            self.send_response(200 if found else 404)
            if not found:
                self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{hashlib.sha1(content).hexdigest()}"')
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None: ...

    with serve(Handler, monkeypatch):
        yield folder


def test_a_download_tells_how_far_it_is_and_then_works_offline(
    serving: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub import constants

    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, serving)
    told: list[tuple[int, int | None]] = []
    size = (serving / SAFETENSORS_FILE).stat().st_size
    checkpoint.download_checkpoint("someone/waves", on_progress=lambda *now: told.append(now))
    assert told[-1] == (size, size)
    weights = [done for done, total in told if total == size]
    assert weights == sorted(weights)
    assert capfd.readouterr().err == ""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    loaded = checkpoint.load_checkpoint("someone/waves")
    assert loaded.preprocess == PREPROCESS


def test_a_renamed_repository_is_found_under_its_old_name(
    serving: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, serving)
    assert checkpoint.load_checkpoint("someone/ripples").preprocess == PREPROCESS
    assert list_files(Repository("someone/ripples")).revision == COMMIT
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert checkpoint.load_checkpoint("someone/ripples").preprocess == PREPROCESS


def test_the_files_of_a_repository_and_their_sizes_are_known_before(serving: Path) -> None:
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, serving)
    listing = list_files(Repository("someone/waves"))
    assert listing.revision == COMMIT
    assert listing.sizes == {file.name: file.stat().st_size for file in serving.iterdir()}


@pytest.mark.parametrize("shown", [True, False])
def test_the_two_bars_of_a_xet_download_are_heard_as_one(
    shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where HF_HUB_DISABLE_PROGRESS_BARS is set."""
    from huggingface_hub.utils import _xet_progress_reporting, disable_progress_bars
    from huggingface_hub.utils.tqdm import enable_progress_bars

    if not shown:
        disable_progress_bars()
    told: list[tuple[int, int | None]] = []
    reporter = _xet_progress_reporting.XetDownloadProgressReporter(
        reconstruction_desc="model.safetensors",
        total=100,
        log_level=20,
        name="huggingface_hub.xet_get",
        tqdm_class=_progress_bar(lambda *now: told.append(now)),
    )
    for done, wire in ((0, 30), (40, 70), (100, 90)):
        reporter.update_progress(
            SimpleNamespace(
                total_bytes_completed=done,
                total_transfer_bytes_completed=wire,
                total_bytes_completion_rate=None,
                total_transfer_bytes_completion_rate=None,
                total_bytes=100,
                total_transfer_bytes=None,
            )
        )
    enable_progress_bars()
    assert told[0] == (0, 100)
    assert told[-1] == (100, 100)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_repository_that_is_here_whole_needs_no_file_that_it_may_lack(hub: Path) -> None:
    """As `hf download` leaves it: no trace of the preprocessor config that it does not have."""
    tiny_model().save_pretrained(downloaded(hub, "someone/waves"))
    loaded = checkpoint.load_checkpoint("someone/waves")
    assert loaded.notes[0] == checkpoint.PREPROCESSING_UNKNOWN


@pytest.mark.parametrize("public", [False, True])
def test_a_visitor_s_model_is_asked_for_as_anybody(
    public: bool, serving: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, serving)
    place = Repository("someone/waves", public=public)
    assert list_files(place).is_open
    checkpoint.download_checkpoint(place, on_progress=lambda *_: None)
    asked = (serving.parent / "authorizations").read_text().split("\n")
    assert any("hf_secret" in line for line in asked) is not public
    assert len(asked) > 3


def test_a_visitor_s_model_is_never_read_from_a_pickle(hub: Path) -> None:
    folder = downloaded(hub, "someone/waves")
    model = tiny_model()
    model.config.save_pretrained(folder)
    PREPROCESS.save_pretrained(folder)
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    torch.save(state, folder / PICKLE_FILE)
    checkpoint.load_checkpoint("someone/waves")
    with pytest.raises(CheckpointError, match=says("errors.hub.offline")):
        checkpoint.load_checkpoint(Repository("someone/waves", public=True))


def test_from_pretrained_takes_the_newest_revision_or_the_named_one(hub: Path) -> None:
    tiny_model().save_pretrained(downloaded(hub, REPOSITORY, COMMIT))
    TimesformerModel.from_pretrained(REPOSITORY)
    TimesformerModel.from_pretrained(f"{REPOSITORY}@{COMMIT}")
    with pytest.raises(CheckpointError, match=f"download {REPOSITORY}@{PINNED}`"):
        TimesformerModel.from_pretrained(REPOSITORY, revision=PINNED)


def test_a_folder_named_like_a_published_model_has_its_own_preprocessing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, REPOSITORY)
    assert checkpoint.load_checkpoint(REPOSITORY).preprocess == PREPROCESS


def test_what_is_here_is_not_downloaded(tmp_path: Path) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was downloaded")

    for name in ("motion", str(tmp_path)):
        checkpoint.download_checkpoint(name, on_progress=never)


def test_a_full_disk_is_told(serving: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", full)
    with pytest.raises(CheckpointError, match=says("errors.hub.disk_full", name="someone/waves")):
        find_file(Repository("someone/waves"), "config.json")


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk_full"),
        (RuntimeError("Xet: No space left on device"), "disk_full"),
        (PermissionError(errno.EACCES, "Permission denied"), "cache_read_only"),
        (RuntimeError("the connection broke"), "offline"),
    ],
)
def test_what_else_can_go_wrong_with_a_download(
    fault: Exception, key: str, serving: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    def broken(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", broken)
    with pytest.raises(CheckpointError, match=says(f"errors.hub.{key}")):
        find_file(Repository("someone/waves"), "config.json")


def test_a_missing_folder_given_as_a_path_is_not_asked_of_the_hub(tmp_path: Path) -> None:
    with pytest.raises(
        CheckpointError, match=says("errors.checkpoint.not_here", name="missing")
    ) as caught:
        find_file(resolve(tmp_path / "missing"), "config.json")
    assert str(tmp_path) not in str(caught.value)


def test_the_first_file_that_is_there(tmp_path: Path) -> None:
    assert find_file(tmp_path, SAFETENSORS_FILE, PICKLE_FILE) is None
    (tmp_path / PICKLE_FILE).touch()
    assert find_file(tmp_path, SAFETENSORS_FILE, PICKLE_FILE) == tmp_path / PICKLE_FILE
    (tmp_path / SAFETENSORS_FILE).touch()
    assert find_file(resolve(str(tmp_path)), SAFETENSORS_FILE) == tmp_path / SAFETENSORS_FILE


def test_json_is_read_whole_or_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"wörter": 1}), "utf-8")
    assert read_json(tmp_path, "a.json") == {"wörter": 1}
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CheckpointError, match=says("errors.checkpoint.not_json", file="b.json")):
        read_json(tmp_path, "b.json")
    (tmp_path / "d.json").write_text("[" + " " * MAX_JSON_BYTES + "]")
    with pytest.raises(
        CheckpointError,
        match=says("errors.checkpoint.json_too_large", file="d.json", limit=4_000_000),
    ):
        read_json(tmp_path, "d.json")
    with pytest.raises(CheckpointError, match=says("errors.checkpoint.no_file", file="c.json")):
        read_json(tmp_path, "c.json")
