"""Makers of recordings as browsers, cameras and receivers write them.

They are joined, or their clock, shape or parameters change in the middle.
"""

import itertools
import struct
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import field_coding
from video_files import make, numbered

TS_CLOCK = 90_000  # a second
TS_WRAP = 1 << 33
TS_PACKET = 188


class Coded(NamedTuple):
    """A packet; times are in seconds."""

    data: bytes
    pts: float
    dts: float
    is_key: bool


def film(
    path: Path, numbers: Iterable[int], *, scale: int = 1, rate: int = 25, **settings: object
) -> Path:
    """Make a video of numbered frames; `settings` are arguments of `video_files.make`."""
    pictures = [numbered(number).repeat(scale, 0).repeat(scale, 1) for number in numbers]
    return make(path, pictures, rate=rate, **settings)


def joined(path: Path, pieces: Iterable[Path]) -> Path:
    """Write the bytes of files after each other."""
    path.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    return path


def packets_of(path: Path) -> list[Coded]:
    """Return the packets of a video."""
    with av.open(str(path)) as container:
        unit = float(container.streams.video[0].time_base or 0)
        return [
            Coded(bytes(p), (p.pts or 0) * unit, (p.dts or 0) * unit, p.is_keyframe)
            for p in container.demux(video=0)
            if p.size
        ]


def muxed(
    path: Path, packets: Sequence[Coded], *, template: Path, muxer: dict[str, str] | None = None
) -> Path:
    """Write packets; the stream's header is that of the file `template`."""
    with av.open(str(template)) as source, av.open(str(path), "w", options=muxer or {}) as output:
        stream = output.add_stream_from_template(source.streams.video[0])
        if path.suffix == template.suffix == ".ts":
            stream.codec_context.extradata = None  # else the muxer repeats it at key frames
        stream.time_base = Fraction(1, TS_CLOCK)
        for coded in packets:
            packet = av.Packet(coded.data)
            packet.stream, packet.time_base = stream, Fraction(1, TS_CLOCK)
            packet.pts, packet.dts = round(coded.pts * TS_CLOCK), round(coded.dts * TS_CLOCK)
            packet.is_keyframe = coded.is_key
            output.mux(packet)
    return path


def with_jumps(path: Path, source: Path, jumps: dict[int, float], *, start: float = 10.0) -> Path:
    """Write a video as MPEG-TS that starts at `start` seconds.

    `jumps` maps the number of a packet to the seconds by which the clock jumps before it.
    """
    packets = packets_of(source)
    edges = [0, *jumps, len(packets)]
    pieces, offset = [], start - packets[0].dts
    for index, (first, end) in enumerate(itertools.pairwise(edges)):
        offset += jumps.get(first, 0.0)
        moved = [p._replace(pts=p.pts + offset, dts=p.dts + offset) for p in packets[first:end]]
        piece = path.with_suffix(f".{index}.ts")
        pieces.append(muxed(piece, moved, template=source, muxer={"mpegts_copyts": "1"}))
    return joined(path, pieces)


def scrambled(source: bytes) -> bytes:
    """Return an MPEG-TS whose video is scrambled, as pay television is."""
    data = bytearray(source)
    for at in range(0, len(data), TS_PACKET):
        if struct.unpack_from(">H", data, at + 1)[0] & 0x1FFF == 0x100:  # FFmpeg's first stream
            data[at + 3] |= 0x80
            begin = at + 4 + (1 + data[at + 4] if data[at + 3] & 0x20 else 0)
            scrambled_bytes = bytes(byte ^ 0x5A for byte in data[begin : at + TS_PACKET])
            data[begin : at + TS_PACKET] = scrambled_bytes
    return bytes(data)


def scrambled_disc(source: bytes) -> bytes:
    """Return an MPEG-PS whose packets of video are scrambled, as on a film's disc."""
    data = bytearray(source)
    at = data.find(b"\0\0\1\xe0")
    while at >= 0:
        data[at + 6] |= 0x10
        begin, end = at + 9 + data[at + 8], at + 6 + struct.unpack_from(">H", data, at + 4)[0]
        data[begin:end] = bytes(byte ^ 0x5A for byte in data[begin:end])
        at = data.find(b"\0\0\1\xe0", end)
    return bytes(data)


def box(kind: bytes, *bodies: bytes) -> bytes:
    """Return a box of MP4."""
    body = b"".join(bodies)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the kind and the body of each box."""
    found, at = [], 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        found.append((kind, data[at + 8 : at + size]))
        at += size
    return found


SAMPLE_TABLE = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def body_of(data: bytes, path: Sequence[bytes]) -> bytes:
    """Return the body of the first box at a path of kinds."""
    for kind in path:
        data = next(body for found, body in boxes(data) if found == kind)
    return data


def with_box(data: bytes, path: Sequence[bytes], change: Callable[[bytes], bytes]) -> bytes:
    """Return an MP4 in which the bodies of the boxes at a path of kinds are changed."""
    if not path:
        return change(data)
    return b"".join(
        box(kind, with_box(body, path[1:], change) if kind == path[0] else body)
        for kind, body in boxes(data)
    )


def with_descriptions(path: Path, pieces: Sequence[Path], order: str) -> Path:
    """Write MP4 files as one track; `order` names the sample description of each, such as "ABA".

    All have one frame rate and no B-frames.
    """
    kinds = sorted(set(order))
    packets = [packets_of(piece) for piece in pieces]
    step = packets[0][1].dts - packets[0][0].dts
    whole = [packet for piece in packets for packet in piece]
    moved = [packet._replace(pts=i * step, dts=i * step) for i, packet in enumerate(whole)]
    data = muxed(path, moved, template=pieces[0]).read_bytes()
    described = [pieces[order.index(kind)].read_bytes() for kind in kinds]
    entries = [body_of(piece, (*SAMPLE_TABLE, b"stsd"))[8:] for piece in described]
    (first,) = struct.unpack(">I", body_of(data, (*SAMPLE_TABLE, b"stco"))[8:12])
    sizes = [sum(len(packet.data) for packet in piece) for piece in packets]
    offsets = [first + sum(sizes[:i]) for i in range(len(sizes))]
    runs = [(i + 1, len(p), kinds.index(order[i]) + 1) for i, p in enumerate(packets)]
    tables = {
        b"stsd": struct.pack(">II", 0, len(entries)) + b"".join(entries),
        b"stsc": struct.pack(">II", 0, len(runs)) + b"".join(struct.pack(">III", *r) for r in runs),
        b"stco": struct.pack(f">II{len(offsets)}I", 0, len(offsets), *offsets),
    }
    for kind, table in tables.items():
        data = with_box(data, (*SAMPLE_TABLE, kind), lambda _, table=table: table)
    path.write_bytes(data)
    return path


def interlaced(path: Path, count: int) -> Path:
    """Write H.264 in which single blocks may be of fields, but no frame is two fields."""
    options = {"x264opts": "tff=1:keyint=8:bframes=2"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", 25, options)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(numbered(number))))
        container.mux(stream.encode(None))
    return path


def of_fields(
    path: Path, count: int, *, progressive: int = 0, separate: bool = False, step: float = 0.04
) -> Path:
    """Write H.264 of fields; `separate` gives each field a packet of its own."""
    coded = list(field_coding.pictures(count, progressive=progressive))
    template = path.with_suffix(".h264")
    template.write_bytes(b"".join(part.data for parts in coded for part in parts))
    packets = []
    for i, parts in enumerate(coded):
        if separate:
            for j, part in enumerate(parts):
                time = 1 + (i + j / 2) * step
                packets.append(Coded(part.data, time, time, part.is_key))
        else:
            data = b"".join(part.data for part in parts)
            packets.append(Coded(data, 1 + i * step, 1 + i * step, parts[0].is_key))
    return muxed(path, packets, template=template)


def _element(data: bytes, at: int) -> tuple[int, int]:
    """Return where the content of an element of Matroska begins and ends; its size is at `at`."""
    length = 9 - data[at].bit_length()
    size = int.from_bytes(data[at : at + length], "big") & ((1 << 7 * length) - 1)
    return at + length, at + length + size


def _sized(content: bytes) -> bytes:
    return (1 << 56 | len(content)).to_bytes(8, "big") + content


def with_encryption(data: bytes) -> bytes:
    """Return a live WebM whose first track says that it is encrypted, as its specification has it.

    The track has an encoding (0x6240), an encryption (0x5035) with the name of a key (0x47E2).
    """
    kind, key = b"\x50\x33\x81\x01", b"\x50\x35" + _sized(b"\x47\xe2" + _sized(b"a key"))
    encodings = b"\x6d\x80" + _sized(b"\x62\x40" + _sized(kind + key))
    tracks_at = data.rindex(b"\x16\x54\xae\x6b") + 4
    begin, end = _element(data, tracks_at)
    if data[begin] == 0xBF:  # a checksum, which is left out
        _, begin = _element(data, begin + 1)
    entry_begin, entry_end = _element(data, begin + 1)
    assert data[begin] == 0xAE, "a track's entry comes first"
    entry = b"\xae" + _sized(data[entry_begin:entry_end] + encodings)
    return data[:tracks_at] + _sized(entry + data[entry_end:end]) + data[end:]


def with_content_encryption(data: bytes) -> bytes:
    """Return an ASF whose header says that the content is encrypted."""
    size, count = struct.unpack_from("<QI", data, 16)
    guid = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e")
    fields = (b"\1\2\3\4", b"DRM\0", b"key\0", b"http://a\0")  # secret, type, key, licence
    body = b"".join(struct.pack("<I", len(field)) + field for field in fields)
    added = guid + struct.pack("<Q", 24 + len(body)) + body
    return (
        data[:16]
        + struct.pack("<QI", size + len(added), count + 1)
        + data[28:30]
        + added
        + data[30:]
    )
