"""Training of the embedded models, and starting weights from image models."""
