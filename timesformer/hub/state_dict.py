"""Reading weights of every known layout, strictly, and writing them in that of transformers."""

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

from ..errors import CheckpointError, Sentence, joined
from .client import find_file
from .key_maps import TRANSFORMERS, Layout, layout_of, listed
from .source import Place, Repository, name_of

SAFETENSORS_FILE = "model.safetensors"
PICKLE_FILE = "pytorch_model.bin"
WEIGHT_FILES = (SAFETENSORS_FILE, PICKLE_FILE)  # in the order in which they are looked for
CONTAINERS = ("model_state", "state_dict", "model", "module")  # what weights are saved within
PREFIXES = ("module.", "model.")  # what wrappers put before every name
SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_HEADER = 1_000_000  # bytes, of a safetensors file; that of the largest TimeSformer has 30,000
MOST_NAMES = 3_000  # of tensors there; a TimeSformer of 128 blocks, the most it may have, has 2,569


@dataclass(frozen=True, eq=False)
class Weights:
    """The tensors of one file, by the names they have there, and the layout that these are of."""

    source: str
    tensors: Mapping[str, Tensor]
    layout: Layout

    def fit(self, expected: Mapping[str, Tensor], *, prefix: str = "") -> dict[str, Tensor]:
        """The weights for every name of `expected`, in fp32.

        `prefix` is what stands before those names in a whole model: "timesformer." for the encoder
        alone, for which a classifier is left out. Raises CheckpointError naming the keys that are
        missing, left over or of another shape, or that hold numbers which are not finite.
        """
        try:
            keys = {self.layout.key(prefix + ours): ours for ours in expected}
        except KeyError as error:
            raise CheckpointError(
                "The weights of {source} are of {kind} and have no {key}, which its config asks "
                "for.",
                source=self.source,
                kind=self.layout.name,
                key=error.args[0],
            ) from error
        found = self.tensors
        if prefix:
            classifier = {self.layout.key(f"classifier.{kind}") for kind in ("weight", "bias")}
            found = {key: value for key, value in found.items() if key not in classifier}
        faults = _differences({key: expected[ours].shape for key, ours in keys.items()}, found)
        if faults:
            raise CheckpointError(
                "The weights of {source} do not fit the config: {faults}.",
                source=self.source,
                faults=joined(faults),
            )
        broken = [key for key in keys if not found[key].isfinite().all()]
        if broken:
            raise CheckpointError(
                "The weights of {source} are not all finite numbers, in {keys}. "
                "Get them again from where they came from.",
                source=self.source,
                keys=listed(broken),
            )
        return {ours: found[key].float() for key, ours in keys.items()}


def weight_files(place: Place) -> tuple[str, ...]:
    """The files that weights are looked for in: of a visitor's choice, never a pickle."""
    visitors = isinstance(place, Repository) and place.public
    return (SAFETENSORS_FILE,) if visitors else WEIGHT_FILES


def find_weights(place: Place) -> Weights:
    """The weights of a folder or a Hub repository, as transformers names the file.

    Raises CheckpointError where there is none, or none that can be trusted.
    """
    files, name = weight_files(place), name_of(place)
    path = find_file(place, *files)
    if path is None:
        raise CheckpointError(
            "{name} has no weights. They are looked for in {files}.",
            name=name,
            files=", ".join(files),
        )
    return read_weights(path, source=name)


def read_weights(path: Path, *, source: str) -> Weights:
    """The weights in a file, of any known layout; `source` is what people call where it is from.

    Nothing in the file is run. Raises CheckpointError for a file that is damaged, holds more than
    numbers, or is of no layout or of several.
    """
    reader = _read_safetensors if path.suffix == ".safetensors" else _read_pickle
    try:
        _check_hash(path)
        tensors = reader(path)
    except Exception as error:  # each reader has a dozen classes of its own for a damaged file
        within = Sentence("{file} of {source}", file=path.name, source=source)
        raise CheckpointError(
            "{file} is damaged, or holds objects besides weights, which are not opened. "
            "Get it again from where it came from, or have its weights saved as safetensors.",
            file=source if source == path.name else within,
        ) from error
    bare = TRANSFORMERS.telltale.removeprefix("timesformer.")
    if bare in tensors:  # an encoder by itself
        tensors = {f"timesformer.{key}": value for key, value in tensors.items()}
    return Weights(source, tensors, layout_of(tensors))


def write_weights(state: Mapping[str, Tensor], folder: str | Path, *, prefix: str = "") -> None:
    """Writes `model.safetensors`; `prefix` as in `Weights.fit`, left off as transformers does."""
    from safetensors.torch import save_file

    named = {
        TRANSFORMERS.key(prefix + ours).removeprefix(prefix): value.detach().cpu().contiguous()
        for ours, value in state.items()
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    save_file(named, Path(folder) / SAFETENSORS_FILE, metadata={"format": "pt"})


def _check_hash(path: Path) -> None:
    """Raises ValueError for what has changed in the Hub's cache, whose large files are their hash.

    The Hub's client looks at the size of what it has downloaded, and at nothing after that. Where
    no links can be made, as on some Windows, its files have their plain names: nothing is checked.
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
    """Raises ValueError for what the library takes: endless headers, and names that come twice."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > MOST_HEADER:
            raise ValueError(f"a header of {length} bytes")
        names = json.loads(file.read(length), object_pairs_hook=_distinct)
    if len(names) > MOST_NAMES:
        raise ValueError(f"{len(names)} names")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _read_pickle(path: Path) -> dict[str, Tensor]:
    """The tensors of a file written by torch.save, out of what they are kept and wrapped in."""
    mappable = zipfile.is_zipfile(path)  # files of torch before 1.6 are not
    state = torch.load(path, map_location="cpu", weights_only=True, mmap=mappable)
    if not isinstance(state, dict):
        raise ValueError("holds no names")
    for container in (*CONTAINERS, *CONTAINERS):  # one may be within another
        if isinstance(state.get(container), dict):
            state = state[container]
    if not state or not all(_is_plain(value) for value in state.values()):
        raise ValueError("holds no tensors, or more than tensors")
    while prefix := next((p for p in PREFIXES if all(key.startswith(p) for key in state)), None):
        state = {key.removeprefix(prefix): value for key, value in state.items()}
    return dict(state)


def _is_plain(value: object) -> bool:
    """Whether it is a tensor whose numbers are all in the file, each once."""
    return isinstance(value, Tensor) and value.layout == torch.strided and value.is_contiguous()


def _differences(expected: Mapping[str, torch.Size], found: Mapping[str, Tensor]) -> list[Sentence]:
    missing, left_over = expected.keys() - found.keys(), found.keys() - expected.keys()
    wrong = [
        f"{key} {tuple(found[key].shape)} ≠ {tuple(expected[key])}"
        for key in sorted(expected.keys() & found.keys())
        if found[key].shape != expected[key]
    ]
    faults = []
    if missing:
        faults.append(Sentence("missing: {keys}", keys=listed(sorted(missing))))
    if left_over:
        faults.append(Sentence("left over: {keys}", keys=listed(sorted(left_over))))
    if wrong:
        faults.append(Sentence("of another shape: {keys}", keys=listed(wrong)))
    return faults
