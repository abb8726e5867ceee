"""The errors of this package; every message can be shown to a visitor as it stands."""


class TimesformerError(Exception):
    """Root of the errors meant for people: what came, what was wanted, what to do next."""


class ClipError(TimesformerError):
    """A video that cannot be read or does not hold what is needed."""


class CheckpointError(TimesformerError):
    """A checkpoint that cannot be found, reached, read or fitted to the model."""
