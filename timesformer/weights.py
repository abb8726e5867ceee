"""Reading and writing weights in the layout of transformers, strictly."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor

from .errors import CheckpointError
from .hub import find_file

SAFETENSORS_FILE = "model.safetensors"
PICKLE_FILE = "pytorch_model.bin"

# our name -> the name in transformers
RENAMES = {
    "timesformer.cls_token": "timesformer.embeddings.cls_token",
    "timesformer.position_table": "timesformer.embeddings.position_embeddings",
    "timesformer.time_table": "timesformer.embeddings.time_embeddings",
    "timesformer.patch_embedding": "timesformer.embeddings.patch_embeddings.projection",
    "timesformer.norm": "timesformer.layernorm",
    "timesformer.blocks": "timesformer.encoder.layer",
    "classifier": "classifier",
}
BLOCK_RENAMES = {
    "time_norm": "temporal_layernorm",
    "time_attention.qkv": "temporal_attention.attention.qkv",
    "time_attention.output": "temporal_attention.output.dense",
    "time_output": "temporal_dense",
    "space_norm": "layernorm_before",
    "space_attention.qkv": "attention.attention.qkv",
    "space_attention.output": "attention.output.dense",
    "mlp_norm": "layernorm_after",
    "mlp.0": "intermediate.dense",
    "mlp.3": "output.dense",
}
BLOCK_KEY = re.compile(r"(timesformer\.blocks)\.(\d+)\.(.+)\.(weight|bias)")


def transformers_name(name: str) -> str:
    """Key in a transformers checkpoint of one of our parameters."""
    block = BLOCK_KEY.fullmatch(name)
    if block:
        stem, index, part, kind = block.groups()
        return f"{RENAMES[stem]}.{index}.{BLOCK_RENAMES[part]}.{kind}"
    if name in RENAMES:
        return RENAMES[name]
    stem, _, kind = name.rpartition(".")
    return f"{RENAMES[stem]}.{kind}"


def read_weights(
    name: str | Path,
    expected: Mapping[str, Tensor],
    *,
    prefix: str = "",
    revision: str | None = None,
) -> dict[str, Tensor]:
    """Weights for every name of `expected`, from a folder or Hub repository, in fp32.

    `prefix` is what stands before those names in a whole model: "timesformer." for the encoder
    alone, whose files come with or without it and may hold a classifier, which is left out.
    Raises CheckpointError naming the keys that are missing, left over or of another shape.
    """
    found = _read_file(name, revision)
    if prefix:
        found = {key: value for key, value in found.items() if not key.startswith("classifier.")}
        if not any(key.startswith(prefix) for key in found):
            found = {prefix + key: value for key, value in found.items()}
    keys = {transformers_name(prefix + ours): ours for ours in expected}
    faults = _differences({key: expected[ours].shape for key, ours in keys.items()}, found)
    if faults:
        raise CheckpointError(
            f"The weights of {Path(name).name} do not fit its config: " + "; ".join(faults) + "."
        )
    return {ours: found[key].float() for key, ours in keys.items()}


def write_weights(state: Mapping[str, Tensor], folder: str | Path, *, prefix: str = "") -> None:
    """Writes `model.safetensors`; `prefix` as in read_weights, left off as transformers does."""
    from safetensors.torch import save_file

    named = {
        transformers_name(prefix + ours).removeprefix(prefix): value.detach().cpu().contiguous()
        for ours, value in state.items()
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    save_file(named, Path(folder) / SAFETENSORS_FILE, metadata={"format": "pt"})


def push_folder(save: Callable[[Path], None], repository: str, *, private: bool) -> str:
    """Fills a folder with `save`, uploads it as the Hub model `repository`, gives its address."""
    from huggingface_hub import HfApi

    api = HfApi()
    address = api.create_repo(repository, private=private, exist_ok=True)
    with TemporaryDirectory() as folder:
        save(Path(folder))
        api.upload_folder(repo_id=address.repo_id, folder_path=folder)
    return str(address)


def _read_file(name: str | Path, revision: str | None) -> dict[str, Tensor]:
    path = find_file(name, SAFETENSORS_FILE, PICKLE_FILE, revision=revision)
    if path is None:
        raise CheckpointError(
            f"{Path(name).name} has neither {SAFETENSORS_FILE} nor {PICKLE_FILE}."
        )
    reader = _read_safetensors if path.name == SAFETENSORS_FILE else _read_pickle
    try:
        return reader(path)
    except Exception as error:  # each reader has a dozen classes of its own for a damaged file
        raise CheckpointError(
            f"{path.name} of {Path(name).name} is damaged or is not a file of weights alone. "
            "Get it again from where it came from."
        ) from error


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    return load_file(path)


def _read_pickle(path: Path) -> dict[str, Tensor]:
    state = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    if not all(isinstance(value, Tensor) for value in state.values()):
        raise ValueError("holds more than tensors")
    return dict(state)


def _differences(expected: Mapping[str, torch.Size], found: Mapping[str, Tensor]) -> list[str]:
    shared = expected.keys() & found.keys()
    wrong = [
        f"{key} {tuple(found[key].shape)} instead of {tuple(expected[key])}"
        for key in sorted(shared)
        if found[key].shape != expected[key]
    ]
    faults = {
        "missing": sorted(expected.keys() - found.keys()),
        "left over": sorted(found.keys() - expected.keys()),
        "of another shape": wrong,
    }
    return [f"{what}: {_some(keys)}" for what, keys in faults.items() if keys]


def _some(keys: list[str], most: int = 4) -> str:
    more = f" and {len(keys) - most} more" if len(keys) > most else ""
    return ", ".join(keys[:most]) + more
