"""Makers of video files that no camera makes: forged, cut, scrambled, joined and empty files."""

import random
import struct
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from video_files import make, numbered

Maker = Callable[[Path], object]


def film(path: Path, count: int = 12, rate: int = 12, **settings: object) -> Path:
    """Make a video of numbered frames; `settings` are arguments of `video_files.make`."""
    return make(path, [numbered(i) for i in range(count)], rate=rate, **settings)


def filmed(count: int = 12, rate: int = 12, **settings: object) -> Maker:
    return lambda path: film(path, count, rate, **settings)


def sized(width: int, height: int, *, count: int = 12, **settings: object) -> Maker:
    """Return a maker of a video with grey frames of a size."""
    pictures = [np.full((height, width, 3), 20 * i % 256, np.uint8) for i in range(count)]
    return lambda path: make(path, pictures, rate=12, **settings)


def written(content: bytes) -> Maker:
    return lambda path: path.write_bytes(content)


def changed(maker: Maker, change: Callable[[bytearray], bytes | bytearray | None]) -> Maker:
    """Return a maker that changes the file of `maker`, in place or by a return value."""

    def make_changed(path: Path) -> None:
        maker(path)
        data = bytearray(path.read_bytes())
        path.write_bytes(change(data) or data)

    return make_changed


def packed(tag: bytes, offset: int, layout: str, *values: int) -> Callable[[bytearray], None]:
    """Write numbers over those so many bytes after the first place where a tag stands."""

    def write(data: bytearray) -> None:
        struct.pack_into(layout, data, data.index(tag) + offset, *values)

    return write


def gif_of(width: int, height: int, *, count: int = 2) -> Maker:
    """Return a maker of a small GIF whose header has a large size."""
    small = sized(32, 32, count=count, codec="gif", pix_fmt="rgb8")
    return changed(small, lambda data: struct.pack_into("<HH", data, 6, width, height))


def vp8_of(width: int, height: int) -> Maker:
    """Return a maker of a small VP8 video whose key frame has a large size."""
    return changed(filmed(codec="libvpx"), packed(b"\x9d\x01\x2a", 3, "<HH", width, height))


def png_of(width: int, height: int, pix_fmt: str) -> Maker:
    """Return a maker of a small PNG in a MOV with a large size and a valid checksum."""

    def enlarge(data: bytearray) -> None:
        at = data.index(b"IHDR")
        struct.pack_into(">II", data, at + 4, width, height)
        struct.pack_into(">I", data, at + 17, zlib.crc32(data[at : at + 17]))

    return changed(sized(32, 32, count=1, codec="png", pix_fmt=pix_fmt), enlarge)


def jpegs_of(side: int) -> Maker:
    """Return a maker of small JPEGs in an AVI with a large size."""

    def enlarge(data: bytearray) -> None:
        at = -1
        while (at := data.find(b"\xff\xc0\0\x11", at + 1)) >= 0:
            struct.pack_into(">HH", data, at + 5, side, side)

    return changed(filmed(codec="mjpeg", pix_fmt="yuvj420p"), enlarge)


def media(data: bytes) -> tuple[int, int]:
    """Return the first and last position of the pictures of an MP4."""
    at = data.index(b"mdat")
    return at + 4, at - 4 + int.from_bytes(data[at - 4 : at], "big")


def cut_in_media(data: bytearray) -> bytes:
    start, end = media(data)
    return bytes(data[: (start + end) // 2])


def zero_media(data: bytearray) -> None:
    start, end = media(data)
    data[start:end] = bytes(end - start)


def flip_media(data: bytearray) -> None:
    """Flip one bit in 1 percent of the bytes of the pictures."""
    start, end = media(data)
    chance = random.Random(5)
    for at in chance.sample(range(start, end), max(1, (end - start) // 100)):
        data[at] ^= 1 << chance.randrange(8)


def scramble_index(data: bytearray) -> None:
    at, chance = data.index(b"moov"), random.Random(5)
    for _ in range(40):
        data[chance.randrange(at + 4, len(data))] = chance.randrange(256)


def recorded(path: Path) -> None:
    """Make a WebM as browsers do: into a stream that cannot be rewritten."""

    class Stream:
        def __init__(self) -> None:
            self.data = bytearray()

        def write(self, block: bytes) -> int:
            self.data += block
            return len(block)

    stream = Stream()
    _encode(av.open(stream, "w", format="webm"), "libvpx")
    path.write_bytes(stream.data)


def _encode(output: av.container.OutputContainer, codec: str) -> None:
    with output:
        stream = output.add_stream(codec, 12)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for i in range(12):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(numbered(i), "rgb24")))
        output.mux(stream.encode(None))


def _picture(output: av.container.OutputContainer, codec: str) -> tuple[av.VideoStream, bytes]:
    """Return a new stream, and an encoded picture that the stream can repeat."""
    stream = output.add_stream(codec, 30)
    stream.width, stream.height = 16, 16
    stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    frame = av.VideoFrame.from_ndarray(np.full((16, 16, 3), 99, np.uint8), "rgb24")
    return stream, bytes(next(iter([*stream.encode(frame), *stream.encode(None)])))


def repeated(times: list[int]) -> Maker:
    """Return a maker of a video that repeats a picture at times in milliseconds."""

    def write(path: Path) -> None:
        with av.open(str(path), "w") as output:
            stream, picture = _picture(output, "mjpeg")
            for time in times:
                packet = av.Packet(picture)
                packet.stream, packet.is_keyframe = stream, True
                packet.pts = packet.dts = time
                packet.time_base = Fraction(1, 1000)
                output.mux(packet)

    return write


def many_streams(path: Path) -> None:
    with av.open(str(path), "w") as output:
        pictures = [_picture(output, "mjpeg") for _ in range(500)]
        for time in (0, 500):
            for stream, picture in pictures:
                packet = av.Packet(picture)
                packet.stream, packet.is_keyframe = stream, True
                packet.pts = packet.dts = time
                packet.time_base = Fraction(1, 1000)
                output.mux(packet)


def many_chapters(path: Path) -> None:
    with av.open(str(path), "w") as output:
        unit = Fraction(1, 1000)
        output.set_chapters(
            [
                {"id": i, "start": i, "end": i + 1, "time_base": unit, "metadata": {"title": "a"}}
                for i in range(20_000)
            ]
        )
        _encode(output, "libx264")


def long_words(path: Path) -> None:
    with av.open(str(path), "w") as output:
        output.metadata["title"] = "<script>alert(1)</script>"
        output.metadata["comment"] = "a" * 8_000_000
        _encode(output, "libx264")


def at_odd_times(start: int) -> Maker:
    """Return a maker of a video that starts at a time in milliseconds, also before 0."""

    def write(path: Path) -> None:
        with av.open(str(path), "w", options={"avoid_negative_ts": "disabled"}) as output:
            stream, picture = _picture(output, "mjpeg")
            for i in range(12):
                packet = av.Packet(picture)
                packet.stream, packet.is_keyframe = stream, True
                packet.pts = packet.dts = start + 80 * i
                packet.time_base = Fraction(1, 1000)
                output.mux(packet)

    return write


def no_packets(path: Path) -> None:
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", 12)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        output.start_encoding()


def with_sound(*, pictures: bool, cover: bool = False) -> Maker:
    """Return a maker of a file with sound, and with video, with cover art or with neither."""

    def write(path: Path) -> None:
        with av.open(str(path), "w") as output:
            sound = output.add_stream("aac", 44100)
            video = output.add_stream("png" if cover else "libx264", 12) if pictures else None
            if video:
                video.width, video.height = 64, 48
                video.pix_fmt = "rgb24" if cover else "yuv420p"
                if cover:
                    video.disposition = av.stream.Disposition.attached_pic
                for i in range(1 if cover else 12):
                    output.mux(video.encode(av.VideoFrame.from_ndarray(numbered(i), "rgb24")))
                output.mux(video.encode(None))
            noise = np.zeros((2, 44100), np.float32)
            frame = av.AudioFrame.from_ndarray(noise, "fltp", "stereo")
            frame.sample_rate = 44100
            output.mux([*sound.encode(frame), *sound.encode(None)])

    return write


SUBTITLES = b"1\n00:00:00,000 --> 00:00:02,000\nHello\n\n2\n00:00:02,000 --> 00:00:04,000\nThere\n"


def subtitles_only(path: Path) -> None:
    source = path.with_suffix(".srt")
    source.write_bytes(SUBTITLES)
    with av.open(str(source)) as words, av.open(str(path), "w") as output:
        stream = output.add_stream_from_template(words.streams.subtitles[0])
        for packet in words.demux(words.streams.subtitles[0]):
            if packet.size:
                packet.stream = stream
                output.mux(packet)


def glued(path: Path) -> None:
    """Join three videos of different sizes."""
    parts = []
    for width in (64, 96, 128):
        sized(width, 48, codec="mpeg2video")(path)
        parts.append(path.read_bytes())
    path.write_bytes(b"".join(parts))


def _chunk(tag: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return tag + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def avi_of_subtitles(path: Path) -> None:
    """Make an AVI whose only stream is a playlist, declared as subtitles."""
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
    header = _chunk(b"avih", struct.pack("<14I", 40_000, 0, 0, 0, 1, 0, 1, 0, 64, 48, 0, 0, 0, 0))
    stream = struct.pack("<4s4sIHHIIIIIIII4H", b"txts", bytes(4), *[0] * 5, 1, 25, 0, 1, *[0] * 6)
    streams = _chunk(b"LIST", b"strl", _chunk(b"strh", stream), _chunk(b"strf", bytes(4)))
    name = b"a\0\0\0"
    words = b"GAB2\0\x02\0" + struct.pack("<I", len(name)) + name + b"\x04\0"
    words += struct.pack("<I", len(playlist)) + playlist
    movie = _chunk(b"LIST", b"movi", _chunk(b"00tx", words))
    path.write_bytes(_chunk(b"RIFF", b"AVI ", _chunk(b"LIST", b"hdrl", header, streams), movie))


def turned(degrees: int) -> Maker:
    return filmed(tune=lambda stream: stream.set_display_rotation(degrees))


def turned_by_an_eighth(data: bytearray) -> None:
    at = data.index(b"tkhd") + 44  # the matrix of a track's header, numbers of 16 + 16 bits
    cos = round(65536 * 0.5**0.5)
    struct.pack_into(">iiiiiiiii", data, at, cos, cos, 0, -cos, cos, 0, 0, 0, 1 << 30)


def widened(stream: av.VideoStream) -> None:
    stream.codec_context.sample_aspect_ratio = Fraction(2, 1)
