"""The finished parts of a long evaluation, kept until all of it is done."""

import hashlib
import json
from pathlib import Path

import torch

from ..explain import METHODS
from ..models.timesformer import TimesformerForVideoClassification
from .heatmap_scores import ScoreCollector


class FinishedParts:
    """JSON files of single scores in a folder, one a part and seed.

    Their names hold a digest of the weights, the methods and the number of clips. After a change of
    a method's code, delete the folder.
    """

    def __init__(
        self, folder: Path, model: TimesformerForVideoClassification, *, clips: int
    ) -> None:
        self._folder = folder
        digest = hashlib.sha256(f"{list(METHODS)} {clips}".encode())
        for name, weights in model.state_dict().items():
            numbers = weights.cpu().flatten().contiguous().view(torch.uint8).numpy()
            digest.update(name.encode() + numbers.tobytes())
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
