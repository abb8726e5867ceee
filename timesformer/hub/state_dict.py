"""Weights: taken out of every container, fitted strictly by a key map, and written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import torch
from torch import Tensor

from ..errors import CheckpointError
from ..i18n import Message, joined
from .key_maps import ENCODER, KEY_MAPS, TRANSFORMERS, KeyMap, find_key_map, list_keys
from .source import Source, display_name
from .weight_files import SAFETENSORS_FILE, file_label, find_weight_files, read_contents

FORMATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
# Names that torch's own wrappers put between others. Names before all others need no list.
WRAPPERS = re.compile(
    r"(?<=\.)(module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\."
)
AVERAGED = re.compile(r"(?<![a-z])(ema|swa|averaged?|shadow|teacher)(?![a-z])")
QUANTIZED = re.compile(r"\.(SCB|absmax|quant_state\..*|quant_map|nested_absmax)")
MAX_DEPTH = 8  # of dicts within dicts
MAX_ENTRIES = 100_000  # of all dicts: a pickle can refer to one dict very often


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


def find_weights(source: Source) -> Weights:
    """Return the weights of a folder or Hub repository. Raises CheckpointError."""
    paths, name = find_weight_files(source), display_name(source)
    if len(paths) == 1:
        return read_weights(paths[0], name=name)
    state: dict[str, object] = {}
    for path in paths:
        part = read_contents(path, name=name)
        if isinstance(part, Mapping):
            state |= part
    return _weights_in(state, name)


def read_weights(path: Path, *, name: str) -> Weights:
    """Return the weights in a file; `name` is the name of its source in messages.

    No code in the file is run. Containers and wrappers around the weights are taken off. Raises
    CheckpointError for a file that is damaged, holds other objects than tensors, or matches no key
    map or several.
    """
    return _weights_in(read_contents(path, name=name), name, file=path)


def write_weights(state: Mapping[str, Tensor], folder: str | Path, *, prefix: str = "") -> None:
    """Write `model.safetensors`, without the `prefix` of `Weights.fit`, as transformers does."""
    from safetensors.torch import save_file

    tensors = {
        TRANSFORMERS.key(prefix + ours).removeprefix(prefix): value.detach().cpu().contiguous()
        for ours, value in state.items()
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    save_file(tensors, Path(folder) / SAFETENSORS_FILE, metadata={"format": "pt"})


def _weights_in(state: object, name: str, *, file: Path | None = None) -> Weights:
    """Return the weights in the contents of a file or of several shards."""
    damaged = CheckpointError("weights.damaged", file=file_label(file, name) if file else name)
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
