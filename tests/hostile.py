"""Malicious variants of a whole checkpoint, and the keys of their refusals."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tiny import tiny_checkpoint

from timesformer.hub.weight_files import MAX_HEADER_BYTES, SAFETENSORS_FILE

Header = dict[str, Any]
Make = Callable[[Header, bytes], bytes]

KEYS = [f"timesformer.encoder.layer.{i}.attention.attention.qkv.weight" for i in (0, 1)]
EMPTY = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
DAMAGED = "errors.weights.damaged"


def joined(header: Header | bytes, data: bytes) -> bytes:
    written = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(written).to_bytes(8, "little") + written + data


def overlapping(header: Header, data: bytes) -> bytes:
    """Let two tensors share their numbers."""
    header[KEYS[1]]["data_offsets"] = header[KEYS[0]]["data_offsets"]
    return joined(header, data)


def with_a_hole(header: Header, data: bytes) -> bytes:
    """Leave numbers between tensors that belong to none."""
    middle = header[KEYS[0]]["data_offsets"][0]
    for key, tensor in header.items():
        if key != "__metadata__" and tensor["data_offsets"][0] >= middle:
            tensor["data_offsets"] = [offset + 64 for offset in tensor["data_offsets"]]
    return joined(header, data[:middle] + bytes(64) + data[middle:])


def overflowing(header: Header, data: bytes) -> bytes:
    """Declare a shape whose size overflows."""
    header[KEYS[0]]["shape"] = [2**40, 2**40]
    return joined(header, data)


def twice(header: Header, data: bytes) -> bytes:
    """Repeat a name; the library silently drops one of the two tensors."""
    written = json.dumps(header).encode().replace(KEYS[1].encode(), KEYS[0].encode())
    return joined(written, data)


def not_finite(header: Header, data: bytes) -> bytes:
    """Set a weight to NaN, which makes every logit NaN."""
    first = header[KEYS[0]]["data_offsets"][0]
    return joined(header, data[:first] + struct.pack("<f", float("nan")) + data[first + 4 :])


def names(count: int) -> Header:
    return {f"tensor.{number}": EMPTY for number in range(count)}


# Each with the key of its refusal.
HOSTILE: dict[str, tuple[Make, str]] = {
    "empty": (lambda header, data: b"", DAMAGED),
    "a header of 2**63 bytes": (lambda header, data: struct.pack("<Q", 2**63) + data, DAMAGED),
    "a header above the library's cap": (
        lambda header, data: joined(b"{" + b" " * 100_000_001, b""),
        DAMAGED,
    ),
    "a header cut off": (lambda header, data: joined(header, data)[:1000], DAMAGED),
    "overlapping tensors": (overlapping, DAMAGED),
    "a hole between tensors": (with_a_hole, DAMAGED),
    "bytes behind the last": (lambda header, data: joined(header, data + bytes(64)), DAMAGED),
    "a shape that overflows": (overflowing, DAMAGED),
    "500,000 empty tensors": (lambda header, data: joined(header | names(500_000), data), DAMAGED),
    "90 MB of remarks": (
        lambda header, data: joined(header | {"__metadata__": {"a": "x" * 90_000_000}}, data),
        DAMAGED,
    ),
    "a name that comes twice": (twice, DAMAGED),
    "a weight that is no number": (
        not_finite,
        "errors.weights.not_finite",
    ),
    "a huge shape of no numbers": (
        lambda header, data: joined(header | {"huge": EMPTY | {"shape": [0, 2**50]}}, data),
        "errors.weights.mismatch",
    ),
    "as many names as a header may have": (
        lambda header, data: joined(header | names((MAX_HEADER_BYTES - 20_000) // 73), data),
        DAMAGED,
    ),
}


def hostile_checkpoint(folder: Path, kind: str) -> tuple[Path, str]:
    """Write a checkpoint with malicious weights; return its folder and the key of its refusal."""
    mine = tiny_checkpoint(folder / "mine")
    file = mine / SAFETENSORS_FILE
    whole = file.read_bytes()
    length = int.from_bytes(whole[:8], "little")
    make, key = HOSTILE[kind]
    file.write_bytes(make(json.loads(whole[8 : 8 + length]), whole[8 + length :]))
    return mine, key
