"""Random numbers for a batch of drawn clips."""

import torch
from torch import Tensor

SEEDS = 2**32  # that a torch generator tells apart


class Dice:
    """Random numbers for B clips from one seed; `clutter` scales what makes clips hard.

    Raises ValueError for a seed of which torch would keep only the last 32 bits.
    """

    def __init__(self, count: int, *, seed: int, clutter: float = 1.0) -> None:
        if not 0 <= seed < SEEDS:
            raise ValueError(f"seed is {seed}; it must be 0 or more and below 2**32")
        self.count = count
        self.clutter = clutter
        self.generator = torch.Generator().manual_seed(seed)

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        """Uniform numbers (B, *shape)."""
        return low + (high - low) * torch.rand(self.count, *shape, generator=self.generator)

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers (B, *shape)."""
        return torch.randn(self.count, *shape, generator=self.generator)

    def below(self, end: int, *shape: int) -> Tensor:
        """Whole numbers from 0 to end - 1, (B, *shape)."""
        return torch.randint(end, (self.count, *shape), generator=self.generator)

    def chance(self, share: float, *shape: int) -> Tensor:
        """True for about that share, (B, *shape)."""
        return self.between(0, 1, *shape) < share

    def mishap(self, share: float, *shape: int) -> Tensor:
        """True for about that share of clips as hard as they come, less in easier ones."""
        return self.chance(share * self.clutter, *shape)

    def sign(self, *shape: int) -> Tensor:
        """-1 or 1, (B, *shape)."""
        return self.chance(0.5, *shape) * 2.0 - 1.0
