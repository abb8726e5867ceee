"""The law of reading: what is read is what plays.

Frames read from any start equal those that a plain decode from the beginning shows.
"""

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
import recordings
from av.video.reformatter import Colorspace
from recordings import Coded, film, joined, muxed, packets_of, with_descriptions, with_jumps
from video_files import make, number_of, numbered

from timesformer.errors import ClipError
from timesformer.video import decode as decode_module
from timesformer.video import player
from timesformer.video.clip import frame_times, read_clip
from timesformer.video.decode import TIME_TOLERANCE, decode
from timesformer.video.demux import open_video
from timesformer.video.parts import parts_of
from timesformer.video.probe import scan

PLENTY = 10**7
MAX_LATE = 0.13  # seconds between the pieces of a recording; B-frames delay its decoding clock
STARTS = (0.0, 0.11, 0.34, 0.63, 0.97)  # parts of the duration
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
GROUPS = {"g": "10", "keyint_min": "10", "sc_threshold": "0"}
FLAT = GROUPS | {"bf": "0"}
DEEP = GROUPS | {"bf": "3"}


class Shown(NamedTuple):
    """A frame of a plain decode."""

    time: float
    frame: av.VideoFrame

    def picture(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return the frame as RGB of a shape (height, width, 3)."""
        height, width, _ = shape
        rgb = self.frame.reformat(
            width, height, "rgb24", src_colorspace=Colorspace.ITU601, threads=1
        )
        return rgb.to_ndarray()


def plain(*pieces: Path) -> list[Shown]:
    """Return the frames of files that are decoded one after another, each from its beginning."""
    shown: list[Shown] = []
    for piece in pieces:
        with av.open(str(piece)) as container:
            rate = container.streams.video[0].guessed_rate
            frames = list(container.decode(video=0))
        begin = shown[-1].time + 1 / rate if shown else 0.0
        shown += [Shown(begin + frame.time - frames[0].time, frame) for frame in frames]
    return shown


@pytest.fixture(autouse=True)
def _skips_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "MIN_SKIPPED_PACKETS", 1)


def check_law(path: Path, truth: Sequence[Shown], *, late: float = 0.0) -> None:
    """Check a file against the frames that play; joints may be `late` by so many seconds."""
    timeline = scan(path)
    times = timeline.times
    assert len(times) == len(truth)
    assert times[0] == 0
    assert np.all(np.diff(times) > 0)
    np.testing.assert_allclose(times, [shown.time for shown in truth], atol=0.002 + late)
    whole = decode(path, times, timeline=timeline, max_pixels=PLENTY)
    check_frames(whole.frames, truth, range(len(truth)))
    assert not whole.is_unread.any()
    for part in STARTS:
        start = part * timeline.duration
        clip = read_clip(path, num_frames=3, sampling_rate=5, start=start)
        wanted = frame_times(num_frames=3, sampling_rate=5, start=start) + TIME_TOLERANCE
        indices = (np.searchsorted(times, wanted, side="right") - 1).tolist()
        np.testing.assert_array_equal(clip.times, times[indices])
        check_frames(clip.frames, truth, indices)


def check_frames(frames: np.ndarray, truth: Sequence[Shown], indices: Sequence[int]) -> None:
    for frame, index in zip(frames, indices, strict=True):
        np.testing.assert_array_equal(frame, truth[index].picture(frame.shape))


# Recordings that were joined byte by byte.

LIVE = {"codec": "libvpx", "muxer": {"live": "1"}, "options": {"b": "2M"}}
VP9 = {"codec": "libvpx-vp9", "options": {"b": "2M", "cpu-used": "8"}}
MPEG2 = {"codec": "mpeg2video", "options": {"bf": "2", "g": "12", "b": "4M"}}
KINDS = {
    "live.webm": LIVE,
    "seekable.webm": {"codec": "libvpx", "options": {"b": "2M"}},
    "vp9.webm": VP9,
    "vp9-live.webm": VP9 | {"muxer": {"live": "1"}},
    "h264.mkv": {"options": DEEP},
    "fragmented.mp4": {"muxer": FRAGMENTED, "options": FLAT},
    "fragmented-b.mp4": {"muxer": FRAGMENTED, "options": DEEP},
    "h264.ts": {"options": FLAT},
    "h264-b.ts": {"options": DEEP},
    "mpeg2.ts": MPEG2,
    "h264.flv": {"options": FLAT},
    "h264-b.flv": {"options": DEEP},
}
# The settings of each piece, after its number of frames.
PIECES = {
    "long-then-short": [(31, {}), (12, {})],
    "short-then-long": [(7, {}), (40, {})],
    "three": [(14, {}), (9, {}), (23, {})],
    "one-frame-first": [(1, {}), (20, {})],
    "larger": [(15, {}), (21, {"scale": 2})],
    "smaller": [(15, {"scale": 2}), (21, {})],
    "quicker": [(15, {}), (30, {"rate": 50})],
    "slower": [(30, {"rate": 50}), (15, {"rate": 25})],
}


# In MPEG-TS a frame has no length, so a piece of one frame cannot be told from a jump.
JOINED = [
    (kind, pieces)
    for kind in KINDS
    for pieces in PIECES
    if not (kind.endswith(".ts") and pieces == "one-frame-first")
]


@pytest.mark.parametrize(("kind", "pieces"), JOINED)
def test_joined_recordings_play_one_after_another(kind: str, pieces: str, tmp_path: Path) -> None:
    files = []
    for index, (count, settings) in enumerate(PIECES[pieces]):
        numbers = range(100 * index, 100 * index + count)
        files.append(film(tmp_path / f"{index}-{kind}", numbers, **KINDS[kind] | settings))
    check_law(joined(tmp_path / kind, files), plain(*files), late=MAX_LATE)


# Clocks of MPEG-TS.

JUMPS = {
    "back-0.2": {20: -0.2},
    "back-5": {20: -5.0},
    "on-30": {20: 30.0},
    "on-20-hours": {20: 72_000.0},
    "back-20-hours": {20: -72_000.0},
    "often": {10: 7.0, 20: -3.0, 30: -100.0, 40: 2.5},
    "twice": {10: -4.0, 30: 9.0},
}
CODINGS = {
    "h264": {"options": FLAT},
    "h264-b": {"options": DEEP},
    "mpeg2": MPEG2 | {"options": {"bf": "0", "g": "10", "b": "4M"}},
    "hevc": {"codec": "libx265", "options": {"x265-params": "log-level=none:bframes=0:keyint=10"}},
}


@pytest.mark.parametrize("jumps", JUMPS)
@pytest.mark.parametrize("coding", CODINGS)
def test_a_clock_that_jumps_is_followed(coding: str, jumps: str, tmp_path: Path) -> None:
    source = film(tmp_path / "a.mp4", range(55), **CODINGS[coding])
    path = with_jumps(tmp_path / "a.ts", source, JUMPS[jumps], start=80_000.0)
    check_law(path, plain(source), late=MAX_LATE)


@pytest.mark.parametrize("coding", ["h264", "mpeg2"])
def test_a_clock_that_jumps_within_a_group_is_followed(coding: str, tmp_path: Path) -> None:
    source = film(tmp_path / "a.mp4", range(55), **CODINGS[coding])
    check_law(with_jumps(tmp_path / "a.ts", source, {13: -4.0, 27: 9.0}), plain(source), late=0.05)


@pytest.mark.parametrize("before", [0.02, 0.5, 1.02, 1.9])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_clock_that_wraps_is_followed(coding: str, before: float, tmp_path: Path) -> None:
    """The clock of MPEG-TS has 33 bits; `before` are the seconds up to its wrap."""
    source = film(tmp_path / "a.mp4", range(55), **CODINGS[coding])
    wrap = recordings.TS_WRAP / recordings.TS_CLOCK
    path = with_jumps(tmp_path / "a.ts", source, {}, start=wrap - before)
    check_law(path, plain(source), late=MAX_LATE)


# Field-coded H.264.


@pytest.mark.parametrize("progressive", [0, 18, 36])
@pytest.mark.parametrize("count", [50, 37])
@pytest.mark.parametrize(
    ("name", "separate"), [("a.ts", False), ("a.ts", True), ("a.mkv", False), ("a.mp4", False)]
)
def test_two_fields_are_one_frame(
    name: str, separate: bool, count: int, progressive: int, tmp_path: Path
) -> None:
    path = recordings.of_fields(tmp_path / name, count, progressive=progressive, separate=separate)
    truth = plain(path)
    assert [number_of(shown.picture((48, 64, 3))) for shown in truth] == list(range(count))
    check_law(path, truth)


@pytest.mark.parametrize("name", ["a.ts", "a.mkv", "a.mp4"])
def test_interlaced_frames_without_fields_need_no_decoding(name: str, tmp_path: Path) -> None:
    path = recordings.interlaced(tmp_path / name, 40)
    with av.open(str(path)) as container:
        assert next(container.decode(video=0)).interlaced_frame
    with open_video(path) as playback:
        assert len(list(playback)) == 40
        assert not playback.may_have_fields
    check_law(path, plain(path))


def test_packets_that_repeat_all_parameters_are_entries(tmp_path: Path) -> None:
    """After recordings with other parameters, decoding can begin at the third."""
    pieces = [
        film(tmp_path / f"{number}.ts", range(20 * number, 20 * number + 20), rate=rate)
        for number, rate in enumerate((25, 24, 25))
    ]
    path = joined(tmp_path / "a.ts", pieces)
    assert (scan(path).entries[:, 0] >= 40).any()
    check_law(path, plain(*pieces), late=MAX_LATE)


# Shapes that change in the middle.


class Box(NamedTuple):
    """The place of a frame between black bars."""

    top: int
    left: int
    height: int
    width: int


def in_box(shown: Shown, box: Box, height: int, width: int) -> np.ndarray:
    top, left, h, w = box
    picture = np.zeros((height, width, 3), np.uint8)
    picture[top : top + h, left : left + w] = shown.picture((h, w, 3))
    return picture


def check_shapes(
    path: Path, truth: list[Shown], joint: int, size: tuple[int, int], box: Box
) -> None:
    """Check that frames fill `size`, and from the frame `joint` on stand in a box."""
    timeline = scan(path)
    assert len(timeline.times) == len(truth)
    whole = Box(0, 0, *size)
    wanted = [in_box(shown, whole if i < joint else box, *size) for i, shown in enumerate(truth)]
    times = timeline.times[[0, 5, joint - 1, joint, joint + 7, -1]].tolist()
    decoded = decode(path, times, timeline=timeline, max_pixels=PLENTY)
    for frame, index in zip(decoded.frames, [0, 5, joint - 1, joint, joint + 7, -1], strict=True):
        np.testing.assert_array_equal(frame, wanted[index])
    assert decoded.has_bars
    clip = read_clip(path, num_frames=8, sampling_rate=None)
    assert [note.key for note in clip.notes] == ["notes.clip.other_shapes"]
    for start in (0.0, float(timeline.times[joint])):
        clip = read_clip(path, num_frames=2, sampling_rate=2, start=start)
        assert clip.notes == ()


def turned_film(path: Path, numbers: range, **settings: object) -> Path:
    """Make a video of numbered frames on their side."""
    return make(path, [numbered(number).swapaxes(0, 1) for number in numbers], rate=25, **settings)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("a.webm", {"codec": "libvpx", "options": {"b": "2M", "auto-alt-ref": "0"}}),
        ("a.webm", {"codec": "libvpx-vp9", "options": {"b": "2M", "lag-in-frames": "0"}}),
        ("a.ts", {"options": FLAT}),
        ("a.ts", {"options": DEEP}),
    ],
)
def test_a_phone_that_is_turned_keeps_the_shape(
    name: str, settings: dict[str, object], tmp_path: Path
) -> None:
    upright = film(tmp_path / f"0{name}", range(30), **settings)
    turned = turned_film(tmp_path / f"1{name}", range(100, 130), **settings)
    if name == "a.ts":
        path = joined(tmp_path / name, [upright, turned])
    else:
        moved = [p._replace(pts=p.pts + 1.2, dts=p.dts + 1.2) for p in packets_of(turned)]
        path = muxed(tmp_path / name, packets_of(upright) + moved, template=upright)
    check_shapes(path, plain(upright, turned), 30, (48, 64), Box(0, 14, 48, 36))


WIDE = Fraction(4, 3)  # 16:9 for frames of 4:3


@pytest.mark.parametrize(
    ("aspects", "size", "box"),
    [((1, WIDE), (48, 64), Box(6, 0, 36, 64)), ((WIDE, 1), (48, 85), Box(0, 10, 48, 64))],
)
@pytest.mark.parametrize("codec", ["libx264", "mpeg2video"])
def test_pixels_that_change_their_shape_keep_it(
    codec: str, aspects: tuple[Fraction, Fraction], size: tuple[int, int], box: Box, tmp_path: Path
) -> None:
    def piece(index: int) -> Path:
        def widen(stream: av.VideoStream) -> None:
            stream.codec_context.sample_aspect_ratio = Fraction(aspects[index])

        numbers = range(100 * index, 100 * index + 30)
        return film(tmp_path / f"{index}.ts", numbers, codec=codec, tune=widen)

    pieces = [piece(0), piece(1)]
    check_shapes(joined(tmp_path / "a.ts", pieces), plain(*pieces), 30, size, box)


# Parameters that change in the middle.

FINE, COARSE = FLAT | {"qp": "14"}, FLAT | {"qp": "38"}
CODED = [
    ("libx264", FINE, COARSE),
    ("libx264", FLAT | {"profile": "baseline"}, FLAT | {"profile": "high"}),
    ("libx264", FINE | {"g": "1"}, COARSE | {"g": "1"}),
    ("libx265", {"x265-params": "log-level=none:bframes=0:keyint=10:qp=14"},
     {"x265-params": "log-level=none:bframes=0:keyint=10:qp=38:ctu=16"}),
]  # fmt: skip
Settings = dict[str, str]


def pieces_of(folder: Path, name: str, codec: str, order: str, *settings: Settings) -> list[Path]:
    """Make a piece for each letter of `order`; its settings are those of the letter."""
    return [
        film(
            folder / f"{index}{name}",
            range(100 * index, 100 * index + 31 + 4 * index),
            codec=codec,
            options=settings["AB".index(letter)],
        )
        for index, letter in enumerate(order)
    ]


@pytest.mark.parametrize("order", ["AB", "BA", "ABA", "ABAB"])
@pytest.mark.parametrize(("codec", "fine", "coarse"), CODED)
def test_each_sample_description_is_obeyed(
    codec: str, fine: Settings, coarse: Settings, order: str, tmp_path: Path
) -> None:
    pieces = pieces_of(tmp_path, "a.mp4", codec, order, fine, coarse)
    check_law(with_descriptions(tmp_path / "a.mp4", pieces, order), plain(*pieces))


def units_of(data: bytes) -> list[bytes]:
    return [unit.rstrip(b"\0") for unit in data.split(b"\0\0\1")[1:]]


def without_repeats(packets: list[Coded], *, is_hevc: bool) -> list[Coded]:
    """Leave parameters only in the first packet."""
    kinds = (32, 33, 34) if is_hevc else (7, 8)
    kept = packets[:1]
    for packet in packets[1:]:
        units = [
            unit
            for unit in units_of(packet.data)
            if (unit[0] >> 1 & 63 if is_hevc else unit[0] & 31) not in kinds
        ]
        kept.append(packet._replace(data=b"".join(b"\0\0\0\1" + unit for unit in units)))
    return kept


@pytest.mark.parametrize("often", [True, False])
@pytest.mark.parametrize("order", ["AB", "BA", "ABA"])
@pytest.mark.parametrize("name", ["a.ts", "a.mkv"])
@pytest.mark.parametrize(("codec", "fine", "coarse"), CODED)
def test_parameters_in_the_stream_are_obeyed(
    codec: str, fine: Settings, coarse: Settings, name: str, order: str, often: bool, tmp_path: Path
) -> None:
    pieces = pieces_of(tmp_path, "a.ts", codec, order, fine, coarse)
    packets: list[Coded] = []
    for piece in pieces:
        own = packets_of(piece)
        if not often:
            own = without_repeats(own, is_hevc=codec == "libx265")
        begin = packets[-1].dts + 0.04 if packets else 1.0
        packets += [p._replace(pts=p.pts - own[0].dts + begin, dts=p.dts - own[0].dts + begin)
                    for p in own]  # fmt: skip
    check_law(muxed(tmp_path / name, packets, template=pieces[0]), plain(*pieces))


@pytest.mark.parametrize("name", ["a.ts", "a.mp4", "a.mkv"])
@pytest.mark.parametrize(
    "options",
    [
        {"x264-params": "intra-refresh=1", "g": "12", "bf": "0"},
        {"x264-params": "intra-refresh=1", "g": "12", "bf": "2"},
        {"x264-params": "open-gop=1", "g": "12", "bf": "3"},
    ],
)
def test_streams_without_closed_groups_play(
    name: str, options: dict[str, str], tmp_path: Path
) -> None:
    path = film(tmp_path / name, range(80), options=options)
    check_law(path, plain(path))


def test_open_groups_of_hevc_play(tmp_path: Path) -> None:
    options = {"x265-params": "log-level=none:open-gop=1:keyint=12:bframes=4"}
    for name in ("a.ts", "a.mp4"):
        path = film(tmp_path / name, range(80), codec="libx265", options=options)
        check_law(path, plain(path))


@pytest.mark.parametrize("part", [0.1, 0.3, 0.55, 0.8])
@pytest.mark.parametrize(
    "settings",
    [
        {"options": DEEP},
        {"options": {"g": "12", "bf": "3", "x264-params": "open-gop=1"}},
        {"options": {"g": "12", "bf": "0", "x264-params": "intra-refresh=1"}},
        {"codec": "mpeg2video", "options": {"bf": "2", "g": "12", "b": "4M"}},
        {
            "codec": "libx265",
            "options": {"x265-params": "log-level=none:open-gop=1:keyint=12:bframes=3"},
        },
    ],
)
def test_a_broadcast_that_begins_in_the_middle_plays(
    settings: dict[str, object], part: float, tmp_path: Path
) -> None:
    path = film(tmp_path / "a.ts", range(110), **settings)
    data = path.read_bytes()
    tables = 3 * recordings.TS_PACKET
    path.write_bytes(data[:tables] + data[int(part * len(data)) // 188 * 188 :])
    check_law(path, plain(path))


# Frames that are held, and tracks beside the film.


@pytest.mark.parametrize("name", ["a.mkv", "a.webm", "a.mp4"])
@pytest.mark.parametrize(
    "pts",
    [
        [*range(0, 400, 40), *range(4000, 4400, 40)],
        [*range(0, 2000, 40), 9000],
        [0, 40, 5000, 5040, 5080, 9000, 9040],
    ],
)
def test_a_clip_of_the_whole_video_goes_by_time(name: str, pts: list[int], tmp_path: Path) -> None:
    codec = "libvpx" if name == "a.webm" else "libx264"
    options = {"b": "2M"} if name == "a.webm" else FLAT
    numbers = [numbered(number) for number in range(len(pts))]
    path = make(tmp_path / name, numbers, pts=pts, codec=codec, options=options)
    check_law(path, plain(path))
    clip = read_clip(path, num_frames=8, sampling_rate=None)
    middles = (np.arange(8) + 0.5) * clip.duration / 8
    held = np.searchsorted(np.array(pts) / 1000, middles, side="right") - 1
    near = np.abs(np.array(pts) / 1000 - middles[:, None]).min(axis=1) < 0.1
    shown = np.array([number_of(frame) for frame in clip.frames])
    np.testing.assert_array_equal(shown[~near], held[~near])
    assert (~near).sum() > 4


def test_a_film_wins_over_an_enabled_picture(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.mkv"):
        with av.open(str(tmp_path / name), "w") as output:
            picture = output.add_stream("libx264", 30)
            picture.width, picture.height, picture.pix_fmt = 640, 480, "yuv420p"
            picture.disposition = av.stream.Disposition.default
            stream = output.add_stream("libx264", 30)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            art = av.VideoFrame.from_ndarray(np.zeros((480, 640, 3), np.uint8), "rgb24")
            output.mux([*picture.encode(art), *picture.encode(None)])
            for number in range(20):
                output.mux(stream.encode(av.VideoFrame.from_ndarray(numbered(number), "rgb24")))
            output.mux(stream.encode(None))
        clip = read_clip(tmp_path / name, num_frames=10, sampling_rate=2)
        assert [number_of(frame) for frame in clip.frames] == [0, 2, 4, 6, 8, 10, 12, 14, 16, 19]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_side_data_that_pyav_does_not_know_is_passed_over(
    degrees: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames of spatial video have such side data; FFmpeg cannot write them."""

    class Unknown:
        def get(self, kind: str) -> None:
            raise ValueError("29 is not a valid Type")

    class Spatial:
        side_data = Unknown()

        def __init__(self, frame: av.VideoFrame) -> None:
            self.rotation = frame.rotation

    pictures = [numbered(number) for number in range(5)]
    path = make(
        tmp_path / "a.mp4", pictures, tune=lambda stream: stream.set_display_rotation(degrees)
    )
    known = read_clip(path, num_frames=3, sampling_rate=1)
    original = decode_module._display_matrix
    monkeypatch.setattr(decode_module, "_display_matrix", lambda frame: original(Spatial(frame)))
    spatial = read_clip(path, num_frames=3, sampling_rate=1)
    np.testing.assert_array_equal(spatial.frames, known.frames)


def test_dolby_vision_in_av1_is_read(tmp_path: Path) -> None:
    options = {"preset": "12", "svtav1-params": "film-grain=0"}
    path = film(tmp_path / "a.mp4", range(20), scale=2, codec="libsvtav1", options=options)
    truth = plain(path)
    data = path.read_bytes()
    at = data.index(b"av01", data.index(b"stsd"))
    path.write_bytes(data[:at] + b"dav1" + data[at + 4 :])
    check_law(path, truth)


# Encrypted files.

COMMON = {
    "encryption_scheme": "cenc-aes-ctr",
    "encryption_key": "00112233445566778899aabbccddeeff",
    "encryption_kid": "0123456789abcdef0123456789abcdef",
}


def check_encrypted(path: Path) -> None:
    for rate in (4, None):
        with pytest.raises(ClipError) as caught:
            read_clip(path, num_frames=8, sampling_rate=rate)
        assert caught.value.message.key == "errors.clip.encrypted"


@pytest.mark.parametrize("codec", ["libx264", "libx265", "libsvtav1"])
@pytest.mark.parametrize("muxer", [{}, FRAGMENTED, {"movflags": "+faststart"}])
def test_common_encryption_is_called_encrypted(
    codec: str, muxer: dict[str, str], tmp_path: Path
) -> None:
    if codec == "libsvtav1" and muxer is FRAGMENTED:
        muxer = {"movflags": "frag_keyframe+empty_moov"}
    options = {"libx265": {"x265-params": "log-level=none"}, "libsvtav1": {"preset": "12"}}
    path = film(
        tmp_path / "a.mp4",
        range(20),
        scale=2,
        codec=codec,
        options=options.get(codec),
        muxer=muxer | COMMON,
    )
    check_encrypted(path)
    data = path.read_bytes()
    for kind in (b"senc", b"saiz", b"saio"):  # of samples; a shop keeps them elsewhere
        data = data.replace(kind, b"free")
    path.write_bytes(data)
    check_encrypted(path)


@pytest.mark.parametrize("packet", [188, 192])
@pytest.mark.parametrize("codec", ["libx264", "mpeg2video"])
def test_a_scrambled_broadcast_is_called_encrypted(codec: str, packet: int, tmp_path: Path) -> None:
    path = film(tmp_path / "a.ts", range(60), codec=codec)
    data = recordings.scrambled(path.read_bytes())
    if packet == 192:  # a disc's, each with a time before
        data = b"".join(bytes(4) + data[i : i + 188] for i in range(0, len(data), 188))
    path.write_bytes(data)
    check_encrypted(path)


def test_a_scrambled_disc_is_called_encrypted(tmp_path: Path) -> None:
    path = film(tmp_path / "a.vob", range(60), codec="mpeg2video")
    check_law(path, plain(path))
    path.write_bytes(recordings.scrambled_disc(path.read_bytes()))
    check_encrypted(path)


def test_encrypted_webm_is_called_encrypted(tmp_path: Path) -> None:
    path = film(tmp_path / "a.webm", range(20), codec="libvpx", muxer={"live": "1"})
    path.write_bytes(recordings.with_encryption(path.read_bytes()))
    check_encrypted(path)


def test_encrypted_windows_media_is_called_encrypted(tmp_path: Path) -> None:
    path = film(tmp_path / "a.asf", range(20), codec="wmv2", options={"b": "2M"})
    path.write_bytes(recordings.with_content_encryption(path.read_bytes()))
    check_encrypted(path)


# What cannot be read.


def test_a_segment_and_a_damaged_index_have_sentences_of_their_own(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", range(20), muxer=FRAGMENTED)
    data = path.read_bytes()
    begins = data.index(b"moof") - 4
    for content, key in (
        (data[begins:], "segment"),
        (data[:60], "truncated"),
        (data[: data.index(b"moov") - 4] + b"\0\0\0\3free", "damaged"),
    ):
        path.write_bytes(content)
        with pytest.raises(ClipError) as caught:
            read_clip(path, num_frames=8, sampling_rate=None)
        assert caught.value.message.key == f"errors.clip.{key}"


@pytest.mark.parametrize("position", [3, 4, 2**63 - 1, 2**64])
def test_nothing_is_read_behind_the_end(position: int, tmp_path: Path) -> None:
    """A forged index can name any position. Python has errors of its own for large ones."""
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    with path.open("rb") as file:
        for opened in (file, io.BytesIO(b"abc")):
            (part,) = parts_of(opened)
            part.seek(position)
            assert part.read(8) == b""
            assert part.tell() == position
