"""Configs that are read from and written to `config.json` of a checkpoint; needs no torch."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from ..errors import CheckpointError
from ..i18n import Message
from .client import read_json
from .source import Source, display_name, resolve

CONFIG_FILE = "config.json"
WRONG_TYPE = Message("errors.checkpoint.wrong_type")


class PretrainedConfig:
    """A config with a file of its own in the layout of transformers."""

    architecture: ClassVar[str]  # the class that transformers builds from the file

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the config of the contents of a `config.json`."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return the contents of a `config.json`."""
        raise NotImplementedError

    @classmethod
    def from_pretrained(cls, name: str | Source, *, revision: str | None = None) -> Self:
        """Return the config of a folder or Hub repository.

        Raises CheckpointError, which names the value that is wrong.
        """
        source = resolve(name, revision)
        values = read_json(source, CONFIG_FILE)
        try:
            return cls.from_dict(values)
        except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
            raise CheckpointError(
                "checkpoint.not_timesformer",
                file=CONFIG_FILE,
                name=display_name(source),
                reason=str(error) if isinstance(error, ValueError) else WRONG_TYPE,
            ) from error

    def save_pretrained(self, folder: str | Path) -> None:
        """Write `config.json` into `folder`, which is created if missing."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        text = json.dumps({"architectures": [self.architecture]} | self.to_dict(), indent=2)
        (Path(folder) / CONFIG_FILE).write_text(text + "\n", "utf-8")
