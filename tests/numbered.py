"""Pictures that spell a number, so that a test can prove which frame it got."""

import numpy as np

BLOCK = 16  # pixels; 4 x 3 blocks, black or white, spell a number of 12 bits


def numbered(number: int) -> np.ndarray:
    bits = (number >> np.arange(12)).reshape(3, 4) & 1
    picture = (bits * 235).astype(np.uint8).repeat(BLOCK, 0).repeat(BLOCK, 1)
    return np.stack([picture] * 3, axis=-1)


def number_of(picture: np.ndarray) -> int:
    middles = picture[BLOCK // 2 :: BLOCK, BLOCK // 2 :: BLOCK, 1] > 117
    return int((middles.ravel() << np.arange(12)).sum())
