"""Files come from a folder, the cache or the Hub; what is missing is an error of ours."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from local_hub import error_of, serve
from safetensors.torch import load_file
from tiny import PREPROCESS, random_pixels, tiny_model

from timesformer import TimesformerModel
from timesformer.checkpoints import checkpoint
from timesformer.checkpoints.registry import find_published
from timesformer.cli.main import main
from timesformer.hub.client import MAX_JSON_BYTES, find_file, list_files, read_json
from timesformer.hub.key_maps import TRANSFORMERS
from timesformer.hub.source import Repository, resolve
from timesformer.hub.weight_files import INDEX_SUFFIX, PICKLE_FILE, SAFETENSORS_FILE
from timesformer.i18n import Message

REPOSITORY = "facebook/timesformer-base-finetuned-ssv2"
PINNED = find_published(REPOSITORY).revision
COMMIT = "0123456789abcdef0123456789abcdef01234567"
INDEX_FILE = SAFETENSORS_FILE + INDEX_SUFFIX


def downloaded(cache: Path, repository: str, commit: str = COMMIT) -> Path:
    """Make the folder that `hf download` makes in the cache for the newest revision."""
    root = cache / f"models--{repository.replace('/', '--')}"
    (root / "refs").mkdir(parents=True)
    (root / "refs" / "main").write_text(commit)
    folder = root / "snapshots" / commit
    folder.mkdir(parents=True)
    return folder


def offline(name: str, commit: str) -> Message:
    return Message("errors.hub.offline", name=name, repository=f"{name}@{commit}")


def other_commit(name: str, commit: str) -> Message:
    """Return the message for a request of `commit` where the cache has COMMIT."""
    repository = f"{name}@{commit}"
    return Message("errors.hub.other_commit", name=name, commit=COMMIT, repository=repository)


@pytest.fixture
def dead_hub(hub: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Serve a Hub that closes every connection; yield the connections."""
    from huggingface_hub import constants

    connections: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse() -> None:
            with suppress(OSError):  # the server is closed
                while True:
                    connection, address = server.accept()
                    connections.append(address)
                    connection.close()

        thread = threading.Thread(target=refuse)
        thread.start()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setattr(constants, "ENDPOINT", address)
        yield connections
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_an_unreachable_hub_is_asked_once(dead_hub: list[object]) -> None:
    assert error_of(checkpoint.load_checkpoint, REPOSITORY) == offline(REPOSITORY, PINNED)
    assert len(dead_hub) == 1


def test_an_offline_client_asks_no_hub(
    dead_hub: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert error_of(checkpoint.load_checkpoint, REPOSITORY) == offline(REPOSITORY, PINNED)
    assert dead_hub == []


def test_a_downloaded_published_model_works_offline(hub: Path) -> None:
    """Published repositories only have a pickle, and the cache has no record of safetensors."""
    folder = downloaded(hub, REPOSITORY, PINNED)
    model = tiny_model()
    model.config.save_pretrained(folder)
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    torch.save(state, folder / PICKLE_FILE)
    loaded = checkpoint.load_checkpoint(REPOSITORY)
    clip = random_pixels(1, 4, 3, 32, 32)
    assert torch.equal(loaded.model(clip).logits, model(clip).logits)
    assert loaded.preprocess.channel_order == "bgr"  # from the table: the Hub does not record it


def test_any_downloaded_repository_works_offline(hub: Path) -> None:
    folder = downloaded(hub, "someone/waves")
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, folder)
    assert checkpoint.load_checkpoint("someone/waves").preprocess == PREPROCESS


@pytest.mark.parametrize("name", [SAFETENSORS_FILE, PICKLE_FILE])
def test_weights_that_changed_in_the_cache_are_not_used(name: str, hub: Path) -> None:
    """Change one bit of a weight, which shows only in the hash that is the file's name."""
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
    assert error_of(checkpoint.load_checkpoint, "someone/waves").key == "errors.weights.damaged"


def test_half_a_download_counts_as_missing(hub: Path) -> None:
    tiny_model().config.save_pretrained(downloaded(hub, "someone/waves"))
    message = error_of(checkpoint.load_checkpoint, "someone/waves")
    assert message == offline("someone/waves", COMMIT)


def test_a_published_model_is_pinned_and_loads_at_any_commit(hub: Path) -> None:
    """Keep another commit than the pinned one in the cache."""
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, downloaded(hub, REPOSITORY))
    assert error_of(checkpoint.load_checkpoint, REPOSITORY) == other_commit(REPOSITORY, PINNED)
    loaded = checkpoint.load_checkpoint(f"{REPOSITORY}@{COMMIT}")
    assert loaded.preprocess.channel_order == "bgr"
    assert checkpoint.load_checkpoint(REPOSITORY, revision="main").labels == loaded.labels


@pytest.fixture
def serving(hub: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Serve a Hub with one repository, someone/waves; yield its folder."""
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


def test_a_file_that_a_repository_lacks_is_none(serving: Path) -> None:
    assert find_file(Repository("someone/waves"), SAFETENSORS_FILE, PICKLE_FILE) is None


def test_a_download_reports_its_progress_and_then_works_offline(
    serving: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub import constants

    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, serving)
    reports: list[tuple[int, int | None]] = []
    size = (serving / SAFETENSORS_FILE).stat().st_size
    checkpoint.download_checkpoint("someone/waves", on_progress=lambda *now: reports.append(now))
    assert reports[-1] == (size, size)
    weights = [done for done, total in reports if total == size]
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
def test_the_two_bars_of_a_xet_download_report_once(
    shown: bool, serving: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with HF_HUB_DISABLE_PROGRESS_BARS."""
    import huggingface_hub
    from huggingface_hub.utils import _xet_progress_reporting, disable_progress_bars
    from huggingface_hub.utils.tqdm import enable_progress_bars

    def by_xet(*_: object, tqdm_class: type, **__: object) -> str:
        reporter = _xet_progress_reporting.XetDownloadProgressReporter(
            reconstruction_desc="model.safetensors",
            total=100,
            log_level=20,
            name="huggingface_hub.xet_get",
            tqdm_class=tqdm_class,
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
        return "model.safetensors"

    if not shown:
        disable_progress_bars()
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", by_xet)
    reports: list[tuple[int, int | None]] = []
    repository = Repository("someone/waves")
    find_file(repository, SAFETENSORS_FILE, on_progress=lambda *now: reports.append(now))
    enable_progress_bars()
    assert reports[0] == (0, 100)
    assert reports[-1] == (100, 100)
    assert [done for done, _ in reports] == sorted(done for done, _ in reports)


def test_a_whole_download_needs_no_optional_file(hub: Path) -> None:
    """After `hf download`, the cache has no record that the preprocessor config is absent."""
    tiny_model().save_pretrained(downloaded(hub, "someone/waves"))
    loaded = checkpoint.load_checkpoint("someone/waves")
    assert loaded.notes[0] == checkpoint.PREPROCESSING_UNKNOWN


@pytest.mark.parametrize("public", [False, True])
def test_a_public_source_is_requested_without_a_token(
    public: bool, serving: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, serving)
    source = Repository("someone/waves", public=public)
    assert list_files(source).is_open
    checkpoint.download_checkpoint(source, on_progress=lambda *_: None)
    tokens = (serving.parent / "authorizations").read_text().split("\n")
    assert any("hf_secret" in line for line in tokens) is not public
    assert len(tokens) > 3


def test_a_public_source_is_never_read_from_a_pickle(hub: Path) -> None:
    folder = downloaded(hub, "someone/waves")
    model = tiny_model()
    model.config.save_pretrained(folder)
    PREPROCESS.save_pretrained(folder)
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    torch.save(state, folder / PICKLE_FILE)
    checkpoint.load_checkpoint("someone/waves")
    message = error_of(checkpoint.load_checkpoint, Repository("someone/waves", public=True))
    assert message.key == "errors.hub.offline"


def test_from_pretrained_takes_the_newest_revision_or_the_named_one(hub: Path) -> None:
    tiny_model().save_pretrained(downloaded(hub, REPOSITORY, COMMIT))
    TimesformerModel.from_pretrained(REPOSITORY)
    TimesformerModel.from_pretrained(f"{REPOSITORY}@{COMMIT}")
    message = error_of(TimesformerModel.from_pretrained, REPOSITORY, revision=PINNED)
    assert message == other_commit(REPOSITORY, PINNED)


def test_the_offline_message_names_a_download_that_helps(hub: Path) -> None:
    """`download NAME` alone would fetch the pinned commit of a published model."""
    message = error_of(TimesformerModel.from_pretrained, REPOSITORY)
    assert message == offline(REPOSITORY, "main")


def test_a_folder_named_like_a_published_model_has_its_own_preprocessing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, REPOSITORY)
    assert checkpoint.load_checkpoint(REPOSITORY).preprocess == PREPROCESS


def test_local_checkpoints_are_not_downloaded(tmp_path: Path) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was downloaded")

    checkpoint.save_checkpoint(tiny_model(), PREPROCESS, tmp_path)
    for name in ("motion", str(tmp_path), str(tmp_path / SAFETENSORS_FILE)):
        checkpoint.download_checkpoint(name, on_progress=never)


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ([], "none"),
        (["README.md", "training_args.bin"], "none"),
        (["best.safetensors"], "other_name"),
        (["model.onnx"], "other_format"),
        (["adapter_model.safetensors"], "adapter"),
        ([INDEX_FILE, "a.safetensors"], "no_shard"),
    ],
)
@pytest.mark.parametrize("on_hub", [True, False])
def test_a_download_without_weights_is_refused(
    files: list[str], key: str, on_hub: bool, serving: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_model().config.save_pretrained(serving)
    shards = {"weight_map": {"a": "a.safetensors", "b": "b.safetensors"}}
    for file in files:
        (serving / file).write_text(json.dumps(shards))
    name = "someone/waves" if on_hub else str(serving)
    message = error_of(checkpoint.download_checkpoint, name, on_progress=lambda *_: None)
    assert message.key == f"errors.weights.{key}"
    if key in ("none", "other_name"):
        for file in (SAFETENSORS_FILE, PICKLE_FILE, INDEX_FILE, PICKLE_FILE + INDEX_SUFFIX):
            assert file in message
    assert main(["download", name]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert message in error


def test_a_missing_path_is_not_requested_from_the_hub(tmp_path: Path) -> None:
    message = error_of(find_file, resolve(tmp_path / "missing"), "config.json")
    assert message == Message("errors.checkpoint.not_here", name="missing")


def test_the_first_existing_file_is_found(tmp_path: Path) -> None:
    assert find_file(tmp_path, SAFETENSORS_FILE, PICKLE_FILE) is None
    (tmp_path / PICKLE_FILE).touch()
    assert find_file(tmp_path, SAFETENSORS_FILE, PICKLE_FILE) == tmp_path / PICKLE_FILE
    (tmp_path / SAFETENSORS_FILE).touch()
    assert find_file(resolve(str(tmp_path)), SAFETENSORS_FILE) == tmp_path / SAFETENSORS_FILE


def test_json_is_read_whole_or_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"wörter": 1}), "utf-8")
    assert read_json(tmp_path, "a.json") == {"wörter": 1}
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "c.json").write_text("[" + " " * MAX_JSON_BYTES + "]")
    keys = {
        "b.json": "errors.checkpoint.not_json",
        "c.json": "errors.checkpoint.json_too_large",
        "d.json": "errors.checkpoint.no_file",
    }
    for file, key in keys.items():
        message = error_of(read_json, tmp_path, file)
        assert message.key == key
        assert message.values["file"] == file
