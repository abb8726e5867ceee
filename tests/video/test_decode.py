"""Decoding finds the exact frame: each frame of a test video spells its number."""

import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from video_files import make, number_of, numbered

from timesformer.errors import ClipError
from timesformer.video import player
from timesformer.video.decode import decode, orient
from timesformer.video.probe import scan

PLENTY = 10**7


def numbers(path: Path, times: np.ndarray | list[float]) -> list[int]:
    decoded = decode(path, times, timeline=scan(path), max_pixels=PLENTY)
    return [number_of(frame) for frame in decoded.frames]


COUNT = 70
FILES = {
    "plain.mp4": {},
    "b_frames.mp4": {"options": {"bf": "3", "g": "20"}},
    "open_gop.mp4": {"options": {"bf": "3", "g": "20", "x264-params": "open-gop=1"}},
    "fragmented.mp4": {"muxer": {"movflags": "frag_keyframe+empty_moov+default_base_moof"}},
    "live.webm": {"codec": "libvpx", "muxer": {"live": "1"}, "options": {"b": "2M"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"b": "2M", "cpu-used": "8"}},
    "mpeg4.avi": {"codec": "mpeg4", "options": {"bf": "2", "g": "12", "b": "4M"}},
    "h264.avi": {"options": {"bf": "2", "g": "20"}},
    "broadcast.ts": {"codec": "mpeg2video", "options": {"bf": "2", "g": "12", "b": "4M"}},
    "h264.ts": {"options": {"bf": "2", "g": "20"}},
    "slow.mp4": {"rate": 25},
    "quick.mov": {"rate": 60},
    "pieces.mkv": {"pts": [3 * i * i for i in range(COUNT)]},
}


@pytest.fixture(params=FILES)
def video(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return make(
        tmp_path / request.param, [numbered(i) for i in range(COUNT)], **FILES[request.param]
    )


def test_every_frame_is_found_at_its_time(video: Path) -> None:
    timeline = scan(video)
    assert len(timeline.times) == COUNT
    assert timeline.times[0] == 0
    assert np.all(np.diff(timeline.times) > 0)
    decoded = decode(video, timeline.times, timeline=timeline, max_pixels=PLENTY)
    assert [number_of(frame) for frame in decoded.frames] == list(range(COUNT))
    np.testing.assert_array_equal(decoded.times, timeline.times)
    assert not decoded.is_unread.any()


def test_skipping_to_key_frames_changes_no_frame(
    video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = scan(video).times[[3, 21, 45, 66]]
    monkeypatch.setattr(player, "MIN_SKIPPED_PACKETS", 1)
    assert numbers(video, times) == [3, 21, 45, 66]
    monkeypatch.setattr(player, "MIN_SKIPPED_PACKETS", 10**6)
    assert numbers(video, times) == [3, 21, 45, 66]


def test_far_frames_are_reached_without_decoding_the_frames_between(tmp_path: Path) -> None:
    """FFmpeg logs each damaged packet when it demuxes the packet, and again when it decodes it."""
    regular = {"g": "50", "sc_threshold": "0"}  # a key frame each 50 frames, and no others
    path = make(tmp_path / "a.mp4", [numbered(i) for i in range(600)], options=regular)
    damaged(path, slice(50, 300))
    level = av.logging.get_level()
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture() as demuxed:
        timeline = scan(path)
    with av.logging.Capture() as skipped:
        decode(path, [10.0], timeline=timeline, max_pixels=PLENTY, threads=1)
    with av.logging.Capture() as played:
        decode(path, [5.0], timeline=timeline, max_pixels=PLENTY, threads=1)
    av.logging.set_level(level)
    assert len(skipped) <= len(demuxed) < len(played)
    assert numbers(path, [10.0, 19.0]) == [300, 570]


def test_a_frame_is_shown_until_the_next(tmp_path: Path) -> None:
    pts = [0, 100, 150, 1000, 1040]
    path = make(tmp_path / "a.mkv", [numbered(i) for i in range(5)], pts=pts)
    assert numbers(path, [-1.0, 0.09, 0.1, 0.148, 0.9, 0.999, 1.0, 1.0395, 77.0]) == [
        *(0, 0, 1, 1, 2, 3, 3, 4, 4)  # 0.999 and 1.0395: a millisecond is WebM's rounding
    ]


def test_times_may_come_in_any_order_and_twice(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp4", [numbered(i) for i in range(10)], rate=10)
    assert numbers(path, [0.9, 0.1, 0.5, 0.1, 0.9]) == [9, 1, 5, 1, 9]


def test_frames_without_time_stamps_are_counted(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp4", [numbered(i) for i in range(20)], options={"bf": "0"})
    data = bytearray(path.read_bytes())
    at = data.index(b"stts") + 8
    count, each, _ = struct.unpack_from(">III", data, at)
    assert (count, each) == (1, 20)
    struct.pack_into(">I", data, at + 8, 0)  # every frame lasts 0
    path.write_bytes(data)
    timeline = scan(path)
    assert timeline.is_counted
    assert len(timeline.times) == 20
    assert numbers(path, timeline.times) == list(range(20))


def test_large_frames_are_reduced_and_keep_their_shape(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp4", [numbered(5).repeat(4, 0).repeat(4, 1)])
    decoded = decode(path, [0.0], timeline=scan(path), max_pixels=64 * 48)
    assert decoded.frames.shape == (1, 48, 64, 3)
    assert number_of(decoded.frames[0]) == 5


def test_wide_pixels_are_made_square(tmp_path: Path) -> None:
    def widen(stream: av.VideoStream) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(4, 3)

    path = make(tmp_path / "a.mp4", [numbered(5)], tune=widen)
    assert decode(path, [0.0], timeline=scan(path), max_pixels=PLENTY).frames.shape[1:3] == (48, 85)


def quarters() -> np.ndarray:
    """Return 48 x 64 pixels of four colours, so that every rotation and mirroring shows."""
    colours = np.array([[[255, 255, 255], [220, 0, 0]], [[0, 180, 0], [0, 0, 200]]], np.uint8)
    return colours.repeat(24, 0).repeat(32, 1)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_frames_are_upright(tmp_path: Path, degrees: int, mirrored: bool) -> None:
    path = make(
        tmp_path / "a.mp4",
        [quarters()] * 3,
        tune=lambda stream: stream.set_display_rotation(degrees, hflip=mirrored),
    )
    seen = np.rot90(quarters(), degrees // 90)
    seen = seen[:, ::-1] if mirrored else seen
    frames = decode(path, [0.0, 0.1], timeline=scan(path), max_pixels=PLENTY).frames
    assert frames.shape[1:] == seen.shape
    middles = (slice(12, None, 24), slice(12, None, 24))
    for frame in frames:
        np.testing.assert_allclose(frame[middles].astype(int), seen[middles], atol=12)


@given(st.sampled_from([0, 90, 180, 270]))
def test_rotation_keeps_every_pixel(degrees: int) -> None:
    cos, sin = round(np.cos(np.radians(degrees))), round(np.sin(np.radians(degrees)))
    picture = np.arange(24).reshape(4, 6, 1)
    turned = orient(picture, [cos, -sin, 0, sin, cos, 0, 0, 0, 1])
    np.testing.assert_array_equal(turned, np.rot90(picture, degrees // 90))


MATRICES = {"bt709": (1, 0.2126, 0.0722), "bt601": (6, 0.299, 0.114), "bt2020": (9, 0.2627, 0.0593)}


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", MATRICES)
def test_colours_follow_the_matrix_and_the_range(tmp_path: Path, name: str, full: bool) -> None:
    tag, red, blue = MATRICES[name]
    rgb = np.array([[200, 30, 60], [20, 180, 40], [30, 60, 220], [128, 128, 128], [250, 250, 250]])
    luma = rgb @ [red, 1 - red - blue, blue] / 255
    cb, cr = (rgb[:, 2] / 255 - luma) / (2 - 2 * blue), (rgb[:, 0] / 255 - luma) / (2 - 2 * red)
    scale = (255, 0, 255) if full else (219, 16, 224)
    planes = [luma * scale[0] + scale[1], cb * scale[2] + 128, cr * scale[2] + 128]
    yuv = np.round(planes).astype(np.uint8)[:, None].repeat(16, 1).repeat(16, 2)  # (3, 16, 80)
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", 30, {"qp": "0"})
        stream.width, stream.height, stream.pix_fmt = 80, 16, "yuv444p"
        stream.codec_context.colorspace = tag
        stream.codec_context.color_range = 2 if full else 1
        frame = av.VideoFrame.from_ndarray(yuv, "yuv444p")
        frame.colorspace, frame.color_range = tag, 2 if full else 1
        output.mux([*stream.encode(frame), *stream.encode(None)])
    decoded = decode(path, [0.0], timeline=scan(path), max_pixels=PLENTY).frames[0]
    np.testing.assert_allclose(decoded[8, 8::16].astype(int), rgb, atol=3)


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "name"),
    [
        ("libx264", "yuv420p10le", "a.mp4"),
        ("libx264", "gray", "a.mp4"),
        ("libx264rgb", "rgb24", "a.mp4"),
        ("libx265", "yuv420p10le", "a.mp4"),
        ("libvpx-vp9", "yuva420p", "a.webm"),
        ("mjpeg", "yuvj420p", "a.avi"),
    ],
)
def test_unusual_pixels_are_read(tmp_path: Path, codec: str, pix_fmt: str, name: str) -> None:
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {"b": "2M"}
    path = make(
        tmp_path / name,
        [numbered(i) for i in range(6)],
        codec=codec,
        pix_fmt=pix_fmt,
        options=options,
    )
    assert numbers(path, scan(path).times) == list(range(6))


def test_moving_pictures_win_over_cover_art(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as output:
        cover = output.add_stream("mjpeg", 1)
        cover.width, cover.height, cover.pix_fmt = 640, 480, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        stream = output.add_stream("libx264", 30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        art = av.VideoFrame.from_ndarray(np.zeros((480, 640, 3), np.uint8), "rgb24")
        output.mux([*cover.encode(art), *cover.encode(None)])
        for i in range(9):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(numbered(i), "rgb24")))
        output.mux(stream.encode(None))
    assert numbers(path, scan(path).times) == list(range(9))


@pytest.mark.parametrize(
    ("content", "key"),
    [(b"Dear diary", "not_a_video"), (b"\0\0\0\x20ftypmp42", "truncated")],
)
def test_an_error_hides_the_path_and_the_words_of_the_decoder(
    content: bytes, key: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(ClipError) as caught:
        scan(path)
    assert caught.value.message.key == f"errors.clip.{key}"
    assert caught.value.message.values == {}
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def damaged(path: Path, packets: slice) -> Path:
    """Overwrite some packets of a video."""
    with av.open(str(path)) as container:
        sizes = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    data = bytearray(path.read_bytes())
    for position, size in sizes[packets]:
        data[position : position + size] = b"\xff" * size
    path.write_bytes(data)
    return path


def test_a_damaged_packet_costs_its_frames_only(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp4", [numbered(i) for i in range(60)], options={"g": "5", "bf": "0"})
    damaged(path, slice(20, 25))  # a key frame and the four frames that refer to it
    timeline = scan(path)
    decoded = decode(path, timeline.times, timeline=timeline, max_pixels=PLENTY)
    shown = [number_of(frame) for frame in decoded.frames]
    assert shown[:20] == list(range(20))
    assert shown[25:] == list(range(25, 60))
    assert shown[20:25] == [19] * 5
    assert decoded.is_unread.nonzero()[0].tolist() == list(range(20, 25))
    np.testing.assert_array_equal(decoded.times[20:25], timeline.times[19])


def test_random_damage_never_raises_another_error(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    whole = make(tmp_path / "a.mp4", [numbered(i) for i in range(24)]).read_bytes()
    for _ in range(60):
        data = np.frombuffer(whole, np.uint8).copy()
        data[rng.integers(0, len(data), 30)] = rng.integers(0, 256, 30)
        path = tmp_path / "b.mp4"
        path.write_bytes(data[: rng.integers(len(data) // 2, len(data) + 1)])
        try:
            timeline = scan(path)
            decoded = decode(path, timeline.times[:200:3], timeline=timeline, max_pixels=PLENTY)
        except ClipError:
            continue
        assert len(decoded.frames) == len(timeline.times[:200:3])


def test_a_cut_webm_is_read_to_its_end(tmp_path: Path) -> None:
    path = make(tmp_path / "a.webm", [numbered(i) for i in range(60)], codec="libvpx")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    found = numbers(path, scan(path).times)
    assert 20 < len(found) < 60
    assert found[:-2] == list(range(len(found) - 2))
