"""Named checkpoints: weights, config, preprocessing and labels."""
