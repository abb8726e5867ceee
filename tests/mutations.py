"""Good videos, each changed at random from a seed of its own: `python tests/mutations.py 1000`.

A changed file must give a clip or one of our sentences, within the limits and the time; the process
that reads it may end, and no other. The command prints what became of them.
"""

import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus import GOOD

from timesformer.errors import ClipError
from timesformer.video.sandbox import read_clip_sandboxed

FORBIDDEN = re.compile(
    r"[/\\_]|0x|errno|error|invalid|traceback|ffmpeg|pyav|seccomp|permi", re.IGNORECASE
)


def check_sentence(sentence: str) -> None:
    """Fail where a sentence holds a path, an address, or the words of a program."""
    assert sentence.endswith("."), sentence
    assert not FORBIDDEN.search(sentence), sentence


def good_files(folder: Path) -> list[bytes]:
    """The videos that are changed."""
    for name, maker in GOOD.items():
        maker(folder / name)
    return [(folder / name).read_bytes() for name in GOOD]


def mutated(files: list[bytes], seed: int) -> bytes:
    """A file with up to 20 bytes changed, and perhaps cut off, doubled in part or spliced."""
    chance = random.Random(seed)
    data = bytearray(chance.choice(files))
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    kind = chance.choice(["changed", "cut", "doubled", "spliced"])
    at, size = chance.randrange(len(data)), chance.randint(1, 4000)
    if kind == "cut":
        del data[at + 1 :]
    elif kind == "doubled":
        data[at:at] = data[at : at + size]
    elif kind == "spliced":
        other = chance.choice(files)
        place = chance.randrange(len(other))
        data[at : at + size] = other[place : place + size]
    return bytes(data)


def outcomes(files: list[bytes], seeds: range, path: Path) -> Iterator[str]:
    """What became of each changed file: "a clip", or the sentence without its numbers."""
    for seed in seeds:
        path.write_bytes(mutated(files, seed))
        try:
            clip = read_clip_sandboxed(path, num_frames=8, sampling_rate=None)
        except ClipError as error:
            check_sentence(str(error))
            yield error.message.key
        else:
            assert len(clip.frames) == len(clip.times) == 8, seed
            for note in clip.notes:
                check_sentence(note)
            yield "a clip"


def main() -> None:
    """Change as many files as are asked for, and count what became of them."""
    with tempfile.TemporaryDirectory() as folder:
        files = good_files(Path(folder))
        seeds = range(int(sys.argv[1]))
        counted = Counter(outcomes(files, seeds, Path(folder, "changed")))
    for outcome, count in counted.most_common():
        print(f"{count:6} {outcome}")


if __name__ == "__main__":
    main()
