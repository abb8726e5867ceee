"""The TimeSformer architecture in plain torch: read it with the paper (arXiv 2102.05095)."""
