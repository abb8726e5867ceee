"""Good videos, each changed at random by its seed: `python tests/mutations.py 1000`.

A changed file must give a clip or one of our messages within the limits. Only the process that
reads the file may crash. The command counts the outcomes.
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
    """Fail if a sentence contains a path, an address or the words of a program."""
    assert sentence.endswith("."), sentence
    assert not FORBIDDEN.search(sentence), sentence


def good_files(folder: Path) -> list[bytes]:
    """Return the contents of the videos that are changed."""
    for name, maker in GOOD.items():
        maker(folder / name)
    return [(folder / name).read_bytes() for name in GOOD]


def mutated(files: list[bytes], seed: int) -> bytes:
    """Return a file with up to 20 changed bytes, and perhaps cut, doubled in part or spliced."""
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
    """Yield the outcome of each changed file: "a clip", or the key of the error."""
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
    """Change as many files as the argument says, and count the outcomes."""
    with tempfile.TemporaryDirectory() as folder:
        files = good_files(Path(folder))
        seeds = range(int(sys.argv[1]))
        counted = Counter(outcomes(files, seeds, Path(folder, "changed")))
    for outcome, count in counted.most_common():
        print(f"{count:6} {outcome}")


if __name__ == "__main__":
    main()
