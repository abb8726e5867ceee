"""Finding files without a network, and quickly saying how to get what is not there."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from tiny import PREPROCESS, random_pixels, tiny_model

from timesformer import checkpoints
from timesformer.errors import CheckpointError
from timesformer.formats import TRANSFORMERS
from timesformer.hub import find_file, read_json
from timesformer.weights import PICKLE_FILE, SAFETENSORS_FILE

REPOSITORY = "facebook/timesformer-base-finetuned-ssv2"
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


def downloaded(cache: Path, repository: str) -> Path:
    """The folder in the cache of a repository of which `hf download` got the newest revision."""
    place = cache / f"models--{repository.replace('/', '--')}"
    commit = "0123456789abcdef0123456789abcdef01234567"
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
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    sentence, seconds = told.stdout.splitlines()
    assert sentence == (
        f"{REPOSITORY} is not on this computer and the Hugging Face Hub cannot be reached. "
        f"With a network, run `hf download {REPOSITORY}` once; after that it works offline."
    )
    assert float(seconds) < 10  # the client alone retries for 23 s; a busy machine is slow
    assert told.stderr == ""


def test_what_hf_download_got_works_offline(hub: Path) -> None:
    """The published repositories hold a pickle alone, and no trace of the safetensors asked for."""
    folder = downloaded(hub, REPOSITORY)
    model = tiny_model()
    model.config.save_pretrained(folder)
    state = {TRANSFORMERS.key(name): value for name, value in model.state_dict().items()}
    torch.save(state, folder / PICKLE_FILE)
    checkpoint = checkpoints.load_checkpoint(REPOSITORY)
    clip = random_pixels(1, 4, 3, 32, 32)
    assert torch.equal(checkpoint.model(clip).logits, model(clip).logits)
    assert checkpoint.preprocess.channel_order == "bgr"  # from our table: the Hub does not say


def test_a_repository_of_anyone_works_offline_too(hub: Path) -> None:
    folder = downloaded(hub, "someone/waves")
    checkpoints.save_checkpoint(tiny_model(), PREPROCESS, folder)
    assert checkpoints.load_checkpoint("someone/waves").preprocess == PREPROCESS


def test_half_a_download_is_told_as_a_missing_one(hub: Path) -> None:
    tiny_model().config.save_pretrained(downloaded(hub, REPOSITORY))
    with pytest.raises(CheckpointError, match=f"run `hf download {REPOSITORY}` once"):
        checkpoints.load_checkpoint(REPOSITORY)


@pytest.fixture
def answering(hub: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, str], None]]:
    """A Hub on this computer; called with a status and the Hub's error code, it answers so."""
    from huggingface_hub import constants

    answer: dict[str, int | str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == "/" else int(answer["status"]))
            self.send_header("X-Error-Code", str(answer["code"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", address)
    template = address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield lambda status, code: answer.update(status=status, code=code)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (404, "RepoNotFound", "The Hub has no public model named 'someone/waves'"),
        (401, "RepoNotFound", "a private or gated model needs `hf auth login` first"),
        (404, "RevisionNotFound", "someone/waves has no revision 'v2' on the Hub"),
        (403, "", "cannot be reached"),
    ],
)
def test_every_refusal_of_the_hub_is_a_sentence(
    status: int, code: str, words: str, answering: Callable[[int, str], None]
) -> None:
    answering(status, code)
    with pytest.raises(CheckpointError, match=words):
        find_file("someone/waves", "config.json", revision="v2")


def test_a_file_the_repository_does_not_have_is_none(
    answering: Callable[[int, str], None],
) -> None:
    answering(404, "EntryNotFound")
    assert find_file("someone/waves", SAFETENSORS_FILE, PICKLE_FILE) is None


@pytest.mark.parametrize(
    "name", ["no-such-model", "", "a b/c", "../up", "/tmp/nothing/here", "a/b/c", "a" * 5000]
)
def test_an_unknown_name_is_told_without_asking_the_network(name: str) -> None:
    with pytest.raises(CheckpointError, match="There is no checkpoint named") as caught:
        find_file(name, "config.json")
    assert "facebook/timesformer-base-finetuned-k400" in str(caught.value)
    assert "/tmp" not in str(caught.value)


def test_a_missing_folder_given_as_a_path_is_not_asked_of_the_hub(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint named 'missing' here") as caught:
        find_file(tmp_path / "missing", "config.json")
    assert str(tmp_path) not in str(caught.value)


def test_the_first_file_that_is_there(tmp_path: Path) -> None:
    assert find_file(tmp_path, SAFETENSORS_FILE, PICKLE_FILE) is None
    (tmp_path / PICKLE_FILE).touch()
    assert find_file(tmp_path, SAFETENSORS_FILE, PICKLE_FILE) == tmp_path / PICKLE_FILE
    (tmp_path / SAFETENSORS_FILE).touch()
    assert find_file(str(tmp_path), SAFETENSORS_FILE, PICKLE_FILE) == tmp_path / SAFETENSORS_FILE


def test_json_is_read_whole_or_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"wörter": 1}), "utf-8")
    assert read_json(tmp_path, "a.json") == {"wörter": 1}
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CheckpointError, match=r"The b\.json of .* is not JSON"):
        read_json(tmp_path, "b.json")
    with pytest.raises(CheckpointError, match=r"has no c\.json"):
        read_json(tmp_path, "c.json")
