"""Encryption: the signs that the pictures of a file are encrypted."""

import re

from av.container import InputContainer
from av.video.stream import VideoStream

from .parts import Part, mp4_index

_STREAM_TAGS = frozenset({"encv", "drmi"})  # of Common Encryption and FairPlay
_SAMPLE_ENTRIES = re.compile(rb"stsd.{12}(?:encv|drmi)", re.DOTALL)
_MATROSKA_KEY = "enc_key_id"  # FFmpeg's name for the key of an encrypted WebM
_ASF_OBJECT = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e")  # content encryption
_PES_FLAGS = re.compile(rb"\x00\x00\x01[\xe0-\xef]..([\x80-\xbf])", re.DOTALL)
_HEAD_BYTES = 4 << 20  # of a broadcast, a second or more
_SYNC, _TS_PACKET_BYTES = 0x47, (188, 192, 204)  # plain, of a disc, with error correction


def is_encrypted(part: Part, container: InputContainer, stream: VideoStream) -> bool:
    """Return True if the pictures of an open file are encrypted."""
    if stream.codec_context is not None and stream.codec_context.codec_tag in _STREAM_TAGS:
        return True
    if _MATROSKA_KEY in stream.metadata:
        return True
    kind = container.format.name
    if kind.startswith("mov"):
        return num_encrypted_tracks(part) >= len(container.streams.video)
    if kind not in ("mpegts", "mpeg", "asf"):
        return False
    head = part.peek(_HEAD_BYTES)
    if kind == "asf":
        return _ASF_OBJECT in head
    scrambled = _ts_flags(head, stream.id) if kind == "mpegts" else _pes_flags(head)
    return 2 * sum(scrambled) > len(scrambled)


def num_encrypted_tracks(part: Part) -> int:
    """Return the number of tracks of an MP4 whose pictures are encrypted."""
    return len(_SAMPLE_ENTRIES.findall(mp4_index(part)[1]))


def _ts_flags(data: bytes, pid: int) -> list[bool]:
    """Return True for each scrambled packet of a stream of MPEG-TS, False for the others."""
    for size in _TS_PACKET_BYTES:
        for start in range(min(size, len(data))):
            heads = range(start, len(data) - 3, size)
            if len(heads) > 4 and all(data[at] == _SYNC for at in heads[:5]):
                return [
                    bool(data[at + 3] & 0xC0)
                    for at in heads
                    if (data[at + 1] & 0x1F) << 8 | data[at + 2] == pid
                ]
    return []


def _pes_flags(data: bytes) -> list[bool]:
    """Return the same for packets of video in MPEG-PS, as on a DVD."""
    return [bool(match[1][0] & 0x30) for match in _PES_FLAGS.finditer(data)]
