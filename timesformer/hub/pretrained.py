"""Models that are read from and written to checkpoints in the layout of transformers."""

from pathlib import Path
from typing import Any, ClassVar, Generic, Self, TypeVar

import torch
from torch import nn

from .client import push_folder
from .config import PretrainedConfig
from .source import Source, resolve
from .state_dict import Weights, find_weights, write_weights

Config = TypeVar("Config", bound=PretrainedConfig)


class PretrainedModel(nn.Module, Generic[Config]):
    """A model that `config_class` describes; subclasses are built from a config alone."""

    config_class: ClassVar[type[Any]]
    prefix: ClassVar[str] = ""  # of the names of its weights in a whole model
    config: Config

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config

    @classmethod
    def from_pretrained(cls, name: str | Source, *, revision: str | None = None) -> Self:
        """Return the model of a folder or Hub repository, on the CPU, in evaluation mode.

        Raises CheckpointError, which names keys that are missing or left over.
        """
        source = resolve(name, revision)
        config = cls.config_class.from_pretrained(source)
        return cls.from_weights(find_weights(source), config)

    @classmethod
    def from_weights(cls, weights: Weights, config: Config) -> Self:
        """Return the model of weights read from a file, on the CPU, in evaluation mode.

        Raises CheckpointError, which names keys that are missing or left over.
        """
        with torch.device("meta"):
            model = cls(config)
        state = weights.fit(model.state_dict(), prefix=cls.prefix)
        model.load_state_dict(state, strict=True, assign=True)
        return model.eval()

    def save_pretrained(self, folder: str | Path) -> None:
        """Write `config.json` and `model.safetensors`, which transformers can read."""
        self.config.save_pretrained(folder)
        write_weights(self.state_dict(), folder, prefix=self.prefix)

    def push_to_hub(self, repository: str, *, private: bool = False) -> str:
        """Save the model as a Hub repository and return its address; needs `hf auth login`.

        `push_checkpoint` also saves the preprocessing. Raises CheckpointError if the Hub cannot be
        reached or refuses.
        """
        card = self.card(repository)
        return push_folder(self.save_pretrained, repository, card, private=private)

    def card(self, repository: str) -> str:
        """Return the text of the card that goes with the model on the Hub."""
        raise NotImplementedError
