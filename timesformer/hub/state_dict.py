"""Reading weights with every known key map, strictly, and writing them with transformers' keys."""

import hashlib
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..errors import CheckpointError
from ..i18n import Message, joined
from .client import find_file
from .key_maps import TRANSFORMERS, KeyMap, find_key_map, list_keys
from .source import Repository, Source, display_name

SAFETENSORS_FILE = "model.safetensors"
PICKLE_FILE = "pytorch_model.bin"
WEIGHT_FILES = (SAFETENSORS_FILE, PICKLE_FILE)  # in order of preference
CONTAINERS = ("model_state", "state_dict", "model", "module")  # dicts that hold the weights
PREFIXES = ("module.", "model.")  # that wrappers put before every key
SHA256 = re.compile(r"[0-9a-f]{64}")
MAX_HEADER_BYTES = 1_000_000  # of a safetensors file; 30,000 in the largest TimeSformer
MAX_TENSORS = 3_000  # in a safetensors file; 2,569 in a TimeSformer of 128 blocks, the maximum


@dataclass(frozen=True, eq=False)
class Weights:
    """The tensors of one file by their keys, and the key map of these keys.

    `name` is the file's name in messages.
    """

    name: str
    tensors: Mapping[str, Tensor]
    key_map: KeyMap

    def fit(self, expected: Mapping[str, Tensor], *, prefix: str = "") -> dict[str, Tensor]:
        """Return the weights for every name of `expected`, in float32.

        `prefix` precedes these names in a whole model: "timesformer." for the encoder, which has no
        classifier. Raises CheckpointError with the keys that are missing, left over, of another
        shape or not finite.
        """
        try:
            keys = {self.key_map.key(prefix + ours): ours for ours in expected}
        except KeyError as error:
            raise CheckpointError(
                "weights.no_key_of", source=self.name, kind=self.key_map.name, key=error.args[0]
            ) from error
        tensors = self.tensors
        if prefix:
            classifier = {self.key_map.key(f"classifier.{kind}") for kind in ("weight", "bias")}
            tensors = {key: value for key, value in tensors.items() if key not in classifier}
        shapes = {key: expected[ours].shape for key, ours in keys.items()}
        faults = _differences(shapes, tensors)
        if faults:
            raise CheckpointError("weights.mismatch", source=self.name, faults=joined(faults))
        bad = [key for key in keys if not tensors[key].isfinite().all()]
        if bad:
            raise CheckpointError("weights.not_finite", source=self.name, keys=list_keys(bad))
        return {ours: tensors[key].float() for key, ours in keys.items()}


def weight_files(source: Source) -> tuple[str, ...]:
    """Return the names of weight files in order of preference; `public` sources have no pickles."""
    is_public = isinstance(source, Repository) and source.public
    return (SAFETENSORS_FILE,) if is_public else WEIGHT_FILES


def find_weights(source: Source) -> Weights:
    """Return the weights of a folder or Hub repository. Raises CheckpointError."""
    files, name = weight_files(source), display_name(source)
    path = find_file(source, *files)
    if path is None:
        raise CheckpointError("weights.none", name=name, files=", ".join(files))
    return read_weights(path, name=name)


def read_weights(path: Path, *, name: str) -> Weights:
    """Return the weights in a file; `name` is the name of its source in messages.

    No code in the file is run. Raises CheckpointError for a file that is damaged, holds other
    objects than tensors, or matches no key map or several.
    """
    reader = _read_safetensors if path.suffix == ".safetensors" else _read_pickle
    try:
        _check_hash(path)
        tensors = reader(path)
    except Exception as error:  # each library raises its own classes for damaged files
        within = Message("errors.weights.file_of", file=path.name, source=name)
        raise CheckpointError(
            "weights.damaged", file=name if name == path.name else within
        ) from error
    if TRANSFORMERS.signature.removeprefix("timesformer.") in tensors:  # an encoder alone
        tensors = {f"timesformer.{key}": value for key, value in tensors.items()}
    return Weights(name, tensors, find_key_map(tensors))


def write_weights(state: Mapping[str, Tensor], folder: str | Path, *, prefix: str = "") -> None:
    """Write `model.safetensors`, without the `prefix` of `Weights.fit`, as transformers does."""
    from safetensors.torch import save_file

    tensors = {
        TRANSFORMERS.key(prefix + ours).removeprefix(prefix): value.detach().cpu().contiguous()
        for ours, value in state.items()
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    save_file(tensors, Path(folder) / SAFETENSORS_FILE, metadata={"format": "pt"})


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


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a name comes twice")
    return values


def _read_pickle(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a file written by torch.save, without containers and prefixes."""
    is_zip = zipfile.is_zipfile(path)  # not so before torch 1.6; only ZIP files can be mapped
    state = torch.load(path, map_location="cpu", weights_only=True, mmap=is_zip)
    if not isinstance(state, dict):
        raise ValueError("holds no names")
    for container in (*CONTAINERS, *CONTAINERS):  # containers may be nested
        if isinstance(state.get(container), dict):
            state = state[container]
    if not state or not all(_is_plain(value) for value in state.values()):
        raise ValueError("holds no tensors, or more than tensors")
    while prefix := next((p for p in PREFIXES if all(key.startswith(p) for key in state)), None):
        state = {key.removeprefix(prefix): value for key, value in state.items()}
    return dict(state)


def _is_plain(value: object) -> bool:
    """Return True for a tensor with each of its numbers in the file once."""
    return isinstance(value, Tensor) and value.layout == torch.strided and value.is_contiguous()


def _differences(shapes: Mapping[str, torch.Size], tensors: Mapping[str, Tensor]) -> list[Message]:
    missing, left_over = shapes.keys() - tensors.keys(), tensors.keys() - shapes.keys()
    wrong = [
        f"{key} {tuple(tensors[key].shape)} ≠ {tuple(shapes[key])}"
        for key in sorted(shapes.keys() & tensors.keys())
        if tensors[key].shape != shapes[key]
    ]
    faults = []
    if missing:
        faults.append(Message("errors.weights.missing", keys=list_keys(sorted(missing))))
    if left_over:
        faults.append(Message("errors.weights.left_over", keys=list_keys(sorted(left_over))))
    if wrong:
        faults.append(Message("errors.weights.wrong_shape", keys=list_keys(wrong)))
    return faults
