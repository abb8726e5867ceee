"""Reading weights with every known key map, strictly, and writing them with transformers' keys."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
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
from .key_maps import ENCODER, KEY_MAPS, TRANSFORMERS, KeyMap, find_key_map, list_keys
from .source import Repository, Source, display_name

SAFETENSORS_FILE = "model.safetensors"
PICKLE_FILE = "pytorch_model.bin"
WEIGHT_FILES = (SAFETENSORS_FILE, PICKLE_FILE)  # in order of preference
INDEX_SUFFIX = ".index.json"  # of the file that names the shard of each tensor
FORMATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
# Names that torch's own wrappers put between others. Names before all others need no list.
WRAPPERS = re.compile(
    r"(?<=\.)(module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\."
)
AVERAGED = re.compile(r"(?<![a-z])(ema|swa|averaged?|shadow|teacher)(?![a-z])")
QUANTIZED = re.compile(r"\.(SCB|absmax|quant_state\..*|quant_map|nested_absmax)")
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
MAX_DEPTH = 8  # of dicts within dicts
MAX_ENTRIES = 100_000  # of all dicts: a pickle can refer to one dict very often
SHA256 = re.compile(r"[0-9a-f]{64}")
MAX_HEADER_BYTES = 1_000_000  # of a safetensors file; 30,000 in the largest TimeSformer
MAX_TENSORS = 3_000  # in a safetensors file; 2,569 in a TimeSformer of 128 blocks, the maximum


@dataclass(frozen=True, eq=False)
class Weights:
    """The tensors of one file by their keys, and the key map of these keys.

    `name` is the file's name in messages. `notes` name a choice between several sets of weights.
    """

    name: str
    tensors: Mapping[str, Tensor]
    key_map: KeyMap
    notes: tuple[str, ...] = ()

    @torch.inference_mode(False)
    def fit(self, expected: Mapping[str, Tensor], *, prefix: str = "") -> dict[str, Tensor]:
        """Return the weights for every name of `expected`, in float32.

        `prefix` precedes these names in a whole model: "timesformer." for the encoder, which has no
        classifier. Raises CheckpointError with the keys that are missing, left over, of another
        shape or not finite. The same holds for keys of another number format than FORMATS.
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
        self._check_formats({key: tensors[key] for key in keys if key in tensors})
        shapes = {key: expected[ours].shape for key, ours in keys.items()}
        faults = _differences(shapes, tensors)
        if faults:
            raise CheckpointError("weights.mismatch", source=self.name, faults=joined(faults))
        state = {ours: tensors[key].float() for key, ours in keys.items()}
        bad = [key for key, ours in keys.items() if not state[ours].isfinite().all()]
        if bad:
            raise CheckpointError("weights.not_finite", source=self.name, keys=list_keys(bad))
        return state

    def _check_formats(self, tensors: Mapping[str, Tensor]) -> None:
        """Raise CheckpointError for numbers of another format than FORMATS."""
        odd = [key for key, value in tensors.items() if value.dtype not in FORMATS]
        if not odd:
            return
        kind = str(tensors[odd[0]].dtype).removeprefix("torch.")
        if any(QUANTIZED.search(key) for key in self.tensors):
            kind = f"{kind}, bitsandbytes"
        raise CheckpointError(
            "weights.number_format", source=self.name, format=kind, keys=list_keys(odd)
        )


def weight_files(source: Source) -> tuple[str, ...]:
    """Return the names of weight files and indices of shards, in order of preference.

    `public` sources have neither pickles nor shards.
    """
    if isinstance(source, Repository) and source.public:
        return (SAFETENSORS_FILE,)
    return tuple(name for file in WEIGHT_FILES for name in (file, file + INDEX_SUFFIX))


def find_weights(source: Source) -> Weights:
    """Return the weights of a folder or Hub repository. Raises CheckpointError."""
    paths, name = find_weight_files(source), display_name(source)
    if len(paths) == 1:
        return read_weights(paths[0], name=name)
    state: dict[str, object] = {}
    for path in paths:
        part = _read_file(path, name=name)
        if isinstance(part, Mapping):
            state |= part
    return _weights_in(state, name)


def find_weight_files(source: Source, *, on_progress: Progress | None = None) -> list[Path]:
    """Return the file with the weights of a source, or all its shards.

    `on_progress` is as in `find_file`. Raises CheckpointError, which names the files that are
    missing and those that are there instead.
    """
    files, name = weight_files(source), display_name(source)
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


def _shards_of(source: Source, index: str) -> list[str]:
    """Return the names of the files that an index of shards lists. Raises CheckpointError."""
    files = read_json(source, index).get("weight_map")
    names = set(files.values()) if isinstance(files, dict) else set()
    if not names or not all(
        isinstance(name, str) and Path(name).name == name != "" for name in names
    ):
        raise CheckpointError("weights.bad_index", file=index, name=display_name(source))
    return sorted(names)


def read_weights(path: Path, *, name: str) -> Weights:
    """Return the weights in a file; `name` is the name of its source in messages.

    No code in the file is run. Containers and wrappers around the weights are taken off. Raises
    CheckpointError for a file that is damaged, holds other objects than tensors, or matches no key
    map or several.
    """
    return _weights_in(_read_file(path, name=name), name, file=path)


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


def _file_in(path: Path, name: str) -> str:
    """Return the name of a file of the source `name` for messages."""
    if name == path.name:
        return name
    return Message("errors.weights.file_of", file=path.name, source=name)


@torch.inference_mode(False)
def _read_file(path: Path, *, name: str) -> object:
    """Return the tensors of a file, within the dicts that hold them. Raises CheckpointError."""
    file = _file_in(path, name)
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


def _weights_in(state: object, name: str, *, file: Path | None = None) -> Weights:
    """Return the weights in the contents of a file or of several shards."""
    damaged = CheckpointError("weights.damaged", file=_file_in(file, name) if file else name)
    try:
        tensors = dict(_flat(state, count()))
    except ValueError as error:
        raise damaged from error
    if not tensors:
        raise damaged
    if any(".lora_" in key for key in tensors):
        raise CheckpointError("weights.adapter", name=name)
    prefixes = _prefixes(tensors)
    chosen = min(prefixes, key=lambda prefix: bool(AVERAGED.search(prefix)), default="")
    others = tuple(prefix for prefix in prefixes if len(prefix) > len(chosen))
    found = {
        key.removeprefix(chosen): value
        for key, value in tensors.items()
        if key.startswith(chosen) and not key.startswith(others)
    }
    if not all(_is_plain(value) for value in found.values()):
        raise damaged
    if any(signature in found for signature in ENCODER):
        found = {f"timesformer.{key}": value for key, value in found.items()}
    notes: tuple[str, ...] = ()
    if len(prefixes) > 1:
        every = joined((f"{prefix}*" for prefix in prefixes), "lists.and")
        notes = (Message("notes.checkpoint.several_weights", all=every, used=f"{chosen}*"),)
    return Weights(name, found, find_key_map(found), notes)


def _prefixes(tensors: Mapping[str, Tensor]) -> list[str]:
    """Return what precedes the names of a TimeSformer in a file, in the order of the file.

    There are several if a file also holds averaged weights, for example.
    """
    signatures = sorted((*(m.signature for m in KEY_MAPS), *ENCODER), key=len, reverse=True)
    prefixes: dict[str, None] = {}
    for key in tensors:
        signature = next((s for s in signatures if f".{key}".endswith(f".{s}")), None)
        if signature:
            prefixes[key.removesuffix(signature)] = None
    return list(prefixes)


def _flat(
    value: object, entries: Iterator[int], prefix: str = "", depth: int = 0
) -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors in dicts within dicts, by their keys joined by dots.

    Numbers are left out: they count steps. The names of WRAPPERS are left out, too. Raises
    ValueError for more than MAX_ENTRIES `entries`.
    """
    if isinstance(value, Tensor) and value.ndim and prefix:
        yield WRAPPERS.sub("", prefix), value
    elif isinstance(value, Mapping) and depth < MAX_DEPTH:
        for key, part in value.items():
            if next(entries) > MAX_ENTRIES:
                raise ValueError("too many entries")
            if isinstance(key, str):
                yield from _flat(part, entries, f"{prefix}.{key}" if prefix else key, depth + 1)


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
