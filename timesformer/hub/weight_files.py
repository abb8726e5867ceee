"""Files of weights: found in a source, and read without running code in them."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from torch import Tensor
from torch.serialization import get_unsafe_globals_in_checkpoint, safe_globals

from ..errors import CheckpointError
from ..i18n import Message, joined
from ..progress import Progress
from .client import check_whole, file_names, find_file, read_json
from .key_maps import list_keys
from .source import Repository, Source, display_name

SAFETENSORS_FILE = "model.safetensors"
PICKLE_FILE = "pytorch_model.bin"
WEIGHT_FILES = (SAFETENSORS_FILE, PICKLE_FILE)  # in order of preference
INDEX_SUFFIX = ".index.json"  # of the file that names the shard of each tensor
UNREADABLE = ("F4", "F6_", "F8_E8M0")  # number formats of safetensors that torch may lack
OTHER_FORMATS = {
    ".onnx": "ONNX",
    ".h5": "TensorFlow",
    ".pb": "TensorFlow",
    ".keras": "TensorFlow",
    ".tflite": "TensorFlow Lite",
    ".msgpack": "Flax",
    ".gguf": "GGUF",
    ".mlmodel": "Core ML",
}
WEIGHT_SUFFIXES = (".safetensors", ".bin", ".pt", ".pth", ".pyth", ".ckpt")
# Files beside the weights in folders of transformers' Trainer and of accelerate
NOT_WEIGHTS = re.compile(
    r"(optimizer|scheduler|scaler|training_args|rng_state|random_states)[._\d].*"
)
SHA256 = re.compile(r"[0-9a-f]{64}")
MAX_HEADER_BYTES = 1_000_000  # of a safetensors file; 30,000 in the largest TimeSformer
MAX_TENSORS = 3_000  # in a safetensors file; 2,569 in a TimeSformer of 128 blocks, the maximum


def expected_files(source: Source) -> tuple[str, ...]:
    """Return the names of weight files and indices of shards, in order of preference.

    `public` sources have neither pickles nor shards.
    """
    if isinstance(source, Repository) and source.public:
        return (SAFETENSORS_FILE,)
    return tuple(name for file in WEIGHT_FILES for name in (file, file + INDEX_SUFFIX))


def find_weight_files(source: Source, *, on_progress: Progress | None = None) -> list[Path]:
    """Return the file with the weights of a source, or all its shards.

    `on_progress` is as in `find_file`. Raises CheckpointError, which names the files that are
    missing and those that are there instead.
    """
    files, name = expected_files(source), display_name(source)
    path = find_file(source, *files, on_progress=on_progress)
    if path is None:
        raise CheckpointError(_missing_weights(source, name, joined(files, "lists.comma")))
    if not path.name.endswith(INDEX_SUFFIX):
        return [path]
    paths = []
    for file in _shards_of(source, path.name):
        shard = find_file(source, file, on_progress=on_progress)
        if shard is None:
            raise CheckpointError("weights.no_shard", name=name, file=file)
        paths.append(shard)
    return paths


def file_label(path: Path, name: str) -> str:
    """Return the name of a file of the source `name` for messages."""
    if name == path.name:
        return name
    return Message("errors.weights.file_of", file=path.name, source=name)


@torch.inference_mode(False)
def read_contents(path: Path, *, name: str) -> object:
    """Return the tensors of a file, within the dicts that hold them. Raises CheckpointError."""
    file = file_label(path, name)
    if path.suffix in OTHER_FORMATS:
        raise CheckpointError("weights.other_format", name=name, kind=OTHER_FORMATS[path.suffix])
    check_whole(path, file)
    reader = _read_safetensors if path.suffix == ".safetensors" else _read_pickle
    try:
        _check_hash(path)
        state = reader(path)
    except CheckpointError:
        raise
    except Exception as error:  # each library raises its own classes for damaged files
        raise CheckpointError("weights.damaged", file=file) from error
    if isinstance(state, _Ignored):
        raise CheckpointError("weights.whole_module", file=file)
    return state


def _shards_of(source: Source, index: str) -> list[str]:
    """Return the names of the files that an index of shards lists. Raises CheckpointError."""
    files = read_json(source, index).get("weight_map")
    names = set(files.values()) if isinstance(files, dict) else set()
    if not names or not all(
        isinstance(name, str) and Path(name).name == name != "" for name in names
    ):
        raise CheckpointError("weights.bad_index", file=index, name=display_name(source))
    return sorted(names)


def _missing_weights(source: Source, name: str, expected: str) -> Message:
    """Return the sentence on a source without the `expected` files, and on what it has instead."""
    paths = [Path(file) for file in file_names(source)]
    if any(path.name.startswith("adapter_") for path in paths):
        return Message("errors.weights.adapter", name=name)
    files = [str(path) for path in paths if path.suffix in WEIGHT_SUFFIXES]
    named = [file for file in files if not NOT_WEIGHTS.fullmatch(Path(file).name)]
    if named:
        return Message(
            "errors.weights.other_name", name=name, expected=expected, files=list_keys(named)
        )
    kinds = [OTHER_FORMATS[path.suffix] for path in paths if path.suffix in OTHER_FORMATS]
    if kinds:
        return Message("errors.weights.other_format", name=name, kind=kinds[0])
    return Message("errors.weights.none", name=name, files=expected)


def _check_hash(path: Path) -> None:
    """Raise ValueError for a file in the Hub's cache that differs from the hash in its name.

    The Hub's client only checks the size of a download. Without symbolic links, as on some Windows
    systems, cached files have plain names and are not checked.
    """
    file = path.resolve()
    if not SHA256.fullmatch(file.name):
        return
    with file.open("rb") as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != file.name:
            raise ValueError("not what was downloaded")


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    _check_header(path)
    return load_file(path)


def _check_header(path: Path) -> None:
    """Raise ValueError for long headers and duplicate names, which the library accepts."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > MAX_HEADER_BYTES:
            raise ValueError(f"a header of {length} bytes")
        names = json.loads(file.read(length), object_pairs_hook=_unique_names)
    if len(names) > MAX_TENSORS:
        raise ValueError(f"{len(names)} names")
    for key, entry in names.items():
        if key != "__metadata__" and entry["dtype"].startswith(UNREADABLE):
            raise CheckpointError(
                "weights.number_format", source=path.name, format=entry["dtype"], keys=key
            )


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a name comes twice")
    return values


class _Ignored:
    """A stand-in for an object of a class that is not torch's, which is not imported."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __setstate__(self, state: object) -> None: ...


_READING = Lock()  # because the classes that `torch.load` knows are those of the whole process


@contextmanager
def _without_classes(path: Path) -> Iterator[None]:
    """Put `_Ignored` in the place of classes that are not torch's while a file is read."""
    with _READING:
        names = get_unsafe_globals_in_checkpoint(str(path))
        with safe_globals([(_Ignored, name) for name in names]):
            yield


def _read_pickle(path: Path) -> object:
    """Return the contents of a file written by torch.save, without objects that are not torch's."""
    if not zipfile.is_zipfile(path):  # before torch 1.6; such a file cannot be mapped either
        return torch.load(path, map_location="cpu", weights_only=True)
    with zipfile.ZipFile(path) as archive:
        if any(name.endswith("/constants.pkl") for name in archive.namelist()):
            return _Ignored()  # a program of TorchScript
    with _without_classes(path):
        return torch.load(path, map_location="cpu", weights_only=True, mmap=True)
