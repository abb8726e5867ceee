"""A corpus of bad and odd videos, each with its maker and its promise."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from damage import (
    SUBTITLES,
    Maker,
    at_odd_times,
    avi_of_subtitles,
    changed,
    cut_in_media,
    filmed,
    flip_media,
    gif_of,
    glued,
    jpegs_of,
    long_words,
    many_chapters,
    many_streams,
    no_packets,
    packed,
    png_of,
    recorded,
    repeated,
    scramble_index,
    sized,
    subtitles_only,
    turned,
    turned_by_an_eighth,
    vp8_of,
    widened,
    with_sound,
    written,
    zero_media,
)

NO_VIDEO = "errors.clip.not_a_video"
NO_PICTURES = "errors.clip.no_pictures"
TRUNCATED = "errors.clip.truncated"
UNREADABLE = "errors.clip.unreadable"
TOO_LARGE = "errors.clip.frame_too_large"
NO_DECODER = "errors.clip.no_decoder"
ANY = "errors.clip."
MISSING = "notes.clip.missing_pictures"


@dataclass(frozen=True)
class Case:
    """The maker of a file, and the promise: a refusal whose key starts with `refusal`, or a clip.

    `note` is the key of one of the clip's notes. `size` is (height, width) of its frames, or of the
    frame that is too large. The process may take `memory` MB and `seconds` of CPU time.
    """

    make: Maker
    refusal: str | None = None
    note: str | None = None
    size: tuple[int, int] | None = None
    memory: int = 150
    seconds: float = 2.0


def refused(maker: Maker, key: str = NO_VIDEO) -> Case:
    """Return the case of a file that is refused."""
    return Case(maker, refusal=key, memory=100)


def too_large(maker: Maker, side: int) -> Case:
    """Return the case of a square frame that is too large."""
    return Case(maker, refusal=TOO_LARGE, size=(side, side), memory=100)


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.mp4", b"a" * 99)
    return file.getvalue()


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n%s\n#EXT-X-ENDLIST\n"
NOT_VIDEOS: Mapping[str, bytes] = {
    "playlist-of-files.mp4": PLAYLIST % b"file:///etc/passwd",
    "playlist-of-addresses.m3u8": PLAYLIST % b"http://127.0.0.1:9/a.ts",
    "list.mp4": b"ffconcat version 1.0\nfile secret.mp4\n",
    "session.mp4": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\n"
    b"m=video 45454 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "manifest.mpd": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" '
    b'type="static" mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="video/mp4">'
    b'<Representation id="a" bandwidth="1"><BaseURL>http://127.0.0.1:9/a.mp4</BaseURL>'
    b"</Representation></AdaptationSet></Period></MPD>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    b'<image href="file:///etc/passwd" width="9" height="9"/></svg>',
    "words.srt": SUBTITLES,
    "words.smi": b"<SAMI><BODY><SYNC Start=0><P>Hello<SYNC Start=900><P>there</BODY></SAMI>",
    "words.txt": b"Dear diary, today I forgot to film.\n" * 20,
    "page.mp4": b"<!doctype html><script>alert(1)</script>",
    "archive.mp4": zipped(),
    "paper.mp4": b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
    "program.mp4": b"\x7fELF\2\1\1" + bytes(200),
    "pickle.mp4": b"\x80\4cposix\nsystem\n\x8c\2ls\x85R.",
    "one-byte.mp4": b"\0",
    "noise.mp4": bytes(i * i * 31 % 251 for i in range(64_000)),
}
GOOD: Mapping[str, Maker] = {
    "fine.mp4": filmed(24),
    "recorded.webm": recorded,
    "recorded-live.webm": filmed(codec="libvpx", muxer={"live": "1"}),
    "fragmented.mp4": filmed(muxer={"movflags": "frag_keyframe+empty_moov+default_base_moof"}),
    "index-first.mp4": filmed(muxer={"movflags": "+faststart"}),
    "b-frames.mp4": filmed(24, options={"bf": "3", "g": "12"}),
    "with-sound.mp4": with_sound(pictures=True),
    "ten-bit.mp4": filmed(pix_fmt="yuv420p10le"),
    "yuv444.mp4": filmed(pix_fmt="yuv444p"),
    "yuv422.mp4": filmed(pix_fmt="yuv422p"),
    "grey.mp4": filmed(pix_fmt="gray"),
    "rgb.mp4": filmed(codec="libx264rgb", pix_fmt="rgb24"),
    "full-range.mp4": filmed(pix_fmt="yuvj420p"),
    "hevc.mp4": filmed(codec="libx265", options={"x265-params": "log-level=none"}),
    "vp8.webm": filmed(codec="libvpx"),
    "vp9.webm": filmed(codec="libvpx-vp9", options={"cpu-used": "8"}),
    "animated.apng": filmed(codec="apng", pix_fmt="rgb24"),
    "transparent.webm": filmed(
        codec="libvpx-vp9", pix_fmt="yuva420p", options={"auto-alt-ref": "0", "cpu-used": "8"}
    ),
    "motion-jpeg.avi": filmed(codec="mjpeg", pix_fmt="yuvj420p"),
    "prores-422.mov": filmed(codec="prores_ks", pix_fmt="yuv422p10le"),
    "prores-4444.mov": filmed(codec="prores_ks", pix_fmt="yuva444p10le"),
    "mpeg4.avi": filmed(codec="mpeg4", options={"bf": "2"}),
    "interlaced.ts": filmed(codec="mpeg2video", rate=25, options={"flags": "+ildct+ilme"}),
    "flash.flv": filmed(codec="flv"),
    "windows.asf": filmed(codec="wmv2"),
    "turned.mp4": turned(90),
}
CASES: Mapping[str, Case] = {
    **{name: refused(written(content)) for name, content in NOT_VIDEOS.items()},
    **{name: Case(maker) for name, maker in GOOD.items()},
    "empty.mp4": refused(written(b""), "errors.clip.empty"),
    # Cut, damaged and hollow.
    "first-bytes.mp4": refused(changed(filmed(), lambda data: data[:32]), TRUNCATED),
    "without-index.mp4": refused(
        changed(filmed(), lambda data: data[: data.rindex(b"moov") - 4]), TRUNCATED
    ),
    "cut-in-media.mp4": Case(
        changed(
            filmed(120, options={"bf": "0", "g": "4"}, muxer={"movflags": "+faststart"}),
            cut_in_media,
        ),
        note=MISSING,
    ),
    "forged-media-size.mp4": refused(
        changed(filmed(), packed(b"mdat", -4, ">I", 2**31 - 1)), TRUNCATED
    ),
    "cut.webm": Case(
        changed(filmed(codec="libvpx"), lambda data: data[: len(data) * 2 // 3]),
        note=MISSING,
    ),
    "flipped-bits.mp4": Case(changed(filmed(24), flip_media)),
    "scrambled-index.mp4": refused(changed(filmed(24), scramble_index), ANY),
    "zeroed-media.mp4": refused(changed(filmed(), zero_media), UNREADABLE),
    "no-packets.mkv": refused(no_packets, ANY),
    "sound.mp4": refused(with_sound(pictures=False), NO_PICTURES),
    "subtitles.mkv": refused(subtitles_only, NO_PICTURES),
    "cover.mp4": refused(with_sound(pictures=True, cover=True), NO_PICTURES),
    "subtitles-in-disguise.avi": refused(avi_of_subtitles, NO_PICTURES),
    "garbage-before.ts": Case(
        changed(filmed(25, codec="mpeg2video", rate=25), lambda data: bytes(range(250)) * 4 + data)
    ),
    # Sizes, forged and true.
    "overflowing.gif": too_large(gif_of(65535, 65535), 65535),
    "bomb.gif": too_large(gif_of(16000, 16000), 16000),
    "forged-12000.webm": too_large(vp8_of(12000, 12000), 12000),
    "forged-16383.webm": too_large(vp8_of(16383, 16383), 16383),
    "png-of-greys.mov": refused(png_of(16000, 16000, "gray"), NO_DECODER),
    "png-of-bits.mov": refused(png_of(16000, 16000, "monob"), NO_DECODER),
    "raw-16000.avi": refused(
        changed(
            filmed(codec="rawvideo", pix_fmt="bgr24"), packed(b"strf", 12, "<II", 16000, 16000)
        ),
        ANY,
    ),
    "jpeg-16000.avi": refused(jpegs_of(16000), ANY),
    "jpeg-65500.avi": refused(jpegs_of(65500), ANY),
    "forged-track-size.mp4": Case(
        changed(filmed(), packed(b"tkhd", 80, ">II", 65535 << 16, 65535 << 16)), size=(48, 48)
    ),
    "forged-entry-size.mp4": Case(
        changed(filmed(), packed(b"avc1", 28, ">HH", 65535, 65535)), size=(48, 64)
    ),
    "8k.mp4": Case(
        sized(7680, 4320, count=2, options={"preset": "ultrafast"}), memory=300, seconds=6
    ),
    "one-pixel.gif": Case(sized(1, 1, count=3, codec="gif", pix_fmt="rgb8"), size=(1, 1)),
    "two-pixels.mp4": Case(sized(2, 2), size=(2, 2)),
    "wide.mp4": Case(sized(4096, 16), size=(16, 4096)),
    "tall.mp4": Case(sized(16, 4096), size=(4096, 16)),
    "odd.mp4": Case(sized(101, 57, pix_fmt="yuv444p"), size=(57, 101)),
    "wide-pixels.mp4": Case(filmed(tune=widened), size=(48, 128)),
    "turned-left.mp4": Case(turned(270), size=(64, 48)),
    "turned-over.mp4": Case(turned(180), size=(48, 64)),
    "turned-by-an-eighth.mp4": Case(changed(filmed(), turned_by_an_eighth)),
    "three-sizes.ts": Case(glued, size=(48, 64)),
    "endless.gif": Case(filmed(codec="gif", pix_fmt="rgb8", muxer={"loop": "0"})),
    # Times, and many of something.
    "far-apart.mkv": Case(repeated([0, 36_000_000]), note="notes.clip.few_frames"),
    "as-many-as-are-read.mkv": Case(repeated([1000 * i for i in range(36_000)])),
    "more-than-are-read.mkv": Case(
        repeated([10 * i for i in range(36_100)]), note="notes.clip.very_long"
    ),
    "quick.mkv": Case(repeated(list(range(5000)))),
    "one-frame.mp4": Case(filmed(1), note="notes.clip.few_frames_one"),
    "late.mkv": Case(at_odd_times(1 << 40)),
    "later.mkv": Case(at_odd_times(1 << 52)),
    "early.mkv": Case(at_odd_times(-700)),
    "uneven.mkv": Case(repeated([0, 1, 2, 3, *range(100, 2100, 100), 2001])),
    "many-streams.mkv": Case(many_streams, note="notes.clip.many_streams"),
    "many-chapters.mkv": Case(many_chapters),
    "long-words.mkv": Case(long_words),
    "one-key-frame.mp4": Case(
        filmed(1500, options={"preset": "ultrafast", "g": "9999", "keyint_min": "9999"})
    ),
    "no-durations.mp4": Case(changed(filmed(options={"bf": "0"}), packed(b"stts", 16, ">I", 0))),
    "forged-count.mp4": refused(changed(filmed(), packed(b"stsz", 12, ">I", 0x0FFFFFFF)), ANY),
    "forged-times.mp4": Case(
        changed(filmed(options={"bf": "0"}), packed(b"stts", 12, ">I", 0x7FFFFFFF))
    ),
    "no-unit-of-time.mp4": Case(changed(filmed(), packed(b"mdhd", 16, ">I", 0))),
    "forged-durations.mp4": Case(
        changed(
            changed(filmed(), packed(b"mvhd", 20, ">I", 0xFFFFFFFE)),
            packed(b"mdhd", 20, ">I", 0xFFFFFFFE),
        ),
    ),
    "high-dynamic-range.mp4": Case(
        filmed(
            codec="libx265",
            pix_fmt="yuv420p10le",
            options={
                "x265-params": "log-level=none:colorprim=bt2020:transfer=smpte2084"
                ":colormatrix=bt2020nc"
            },
        ),
        note="notes.clip.hdr",
    ),
    # Codecs and containers that are left out.
    "animated.webp": refused(
        filmed(codec="libwebp_anim", pix_fmt="bgra"), "errors.clip.animated_picture"
    ),
    "still.webp": refused(filmed(1, codec="libwebp", pix_fmt="bgra")),
    "ffv1.mkv": refused(filmed(codec="ffv1", pix_fmt="gbrp16le"), NO_DECODER),
    "raw.avi": refused(filmed(codec="rawvideo", pix_fmt="bgr24"), NO_DECODER),
    "dnxhr.mov": refused(
        sized(256, 128, codec="dnxhd", pix_fmt="yuv422p", options={"profile": "dnxhr_hq"}),
        NO_DECODER,
    ),
    "animation.mov": refused(filmed(codec="qtrle", pix_fmt="argb"), NO_DECODER),
    "utvideo.avi": refused(filmed(codec="utvideo", pix_fmt="yuv422p"), NO_DECODER),
    "bare.h264": refused(filmed()),
    "bare.hevc": refused(filmed(codec="libx265", options={"x265-params": "log-level=none"})),
    "bare.y4m": refused(filmed(codec="wrapped_avframe")),
    "broadcast.mxf": refused(filmed(codec="mpeg2video", rate=25)),
    # Others that are read.
    "av1.mp4": Case(sized(128, 96, codec="libsvtav1", options={"preset": "12"})),
    "av1-ten-bit.mp4": Case(
        sized(128, 96, codec="libsvtav1", pix_fmt="yuv420p10le", options={"preset": "12"})
    ),
    "phone.3gp": Case(sized(176, 144, codec="h263")),
}
