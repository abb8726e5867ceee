"""The finished parts of a long evaluation, which are deleted at its end."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import torch

from ..explain import METHODS
from ..recognizer import Recognizer
from .heatmap_scores import ScoreCollector


class FinishedParts:
    """JSON files of the scores of single clips: one file for each part and seed.

    Their names hold a digest of what the scores depend on: the model, its preprocessing, the
    methods and `settings`. After a change of a method's code, delete the folder.
    """

    def __init__(self, folder: Path, recognizer: Recognizer, settings: Sequence[object]) -> None:
        self._folder = folder
        model = recognizer.model
        facts = (*settings, *METHODS, recognizer.preprocess, model.config, recognizer.device)
        digest = hashlib.sha256(repr(facts).encode())
        for name, weights in model.state_dict().items():
            numbers = weights.cpu().flatten().contiguous().view(torch.uint8).numpy()
            digest.update(name.encode() + str(weights.dtype).encode() + numbers.tobytes())
        self._digest = digest.hexdigest()[:16]

    def read(self, part: str, seed: int) -> ScoreCollector | None:
        """Return the scores of a part, or None if it is not finished."""
        file = self._file(part, seed)
        if not file.exists():
            return None
        collector = ScoreCollector()
        for method, scores in json.loads(file.read_text("utf-8")).items():
            for name, values in scores.items():
                collector.add(method, **{name: torch.tensor(values, dtype=torch.float64)})
        return collector

    def write(self, part: str, seed: int, scores: ScoreCollector) -> None:
        """Keep the scores of a part."""
        data = {
            method: {name: torch.cat(values).tolist() for name, values in named.items()}
            for method, named in scores.values.items()
        }
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._file(part, seed).with_suffix(".part")
        unfinished.write_text(json.dumps(data), "utf-8")
        unfinished.replace(self._file(part, seed))

    def delete(self) -> None:
        """Delete the files, once the whole evaluation is done."""
        for file in self._folder.glob(f"{self._digest}-*"):
            file.unlink()

    def _file(self, part: str, seed: int) -> Path:
        return self._folder / f"{self._digest}-{part}-{seed + 1}.json"
