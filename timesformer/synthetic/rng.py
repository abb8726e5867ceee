"""Random numbers for a batch of drawn clips."""

import torch
from torch import Tensor

NUM_SEEDS = 2**32  # torch would keep only the last 32 bits of a larger seed


class BatchRng:
    """Random numbers for B clips from one seed.

    `difficulty`, 0 to 1, scales the probability of what makes a clip harder. Raises ValueError for
    a seed outside 0 to 2**32 - 1.
    """

    def __init__(self, count: int, *, seed: int, difficulty: float = 1.0) -> None:
        if not 0 <= seed < NUM_SEEDS:
            raise ValueError(f"seed is {seed}; it must be 0 or more and below 2**32")
        self.count = count
        self.difficulty = difficulty
        self.generator = torch.Generator().manual_seed(seed)

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        """Return uniform numbers (B, *shape)."""
        return low + (high - low) * torch.rand(self.count, *shape, generator=self.generator)

    def normal(self, *shape: int) -> Tensor:
        """Return standard normal numbers (B, *shape)."""
        return torch.randn(self.count, *shape, generator=self.generator)

    def integers(self, end: int, *shape: int) -> Tensor:
        """Return integers from 0 to end - 1, (B, *shape)."""
        return torch.randint(end, (self.count, *shape), generator=self.generator)

    def chance(self, probability: float, *shape: int) -> Tensor:
        """Return True with that probability, (B, *shape)."""
        return self.uniform(0, 1, *shape) < probability

    def chance_scaled(self, probability: float, *shape: int) -> Tensor:
        """Return True with that probability times the difficulty, (B, *shape)."""
        return self.chance(probability * self.difficulty, *shape)

    def sign(self, *shape: int) -> Tensor:
        """Return -1 or 1, (B, *shape)."""
        return self.chance(0.5, *shape) * 2.0 - 1.0
