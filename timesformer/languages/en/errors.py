"""English: errors and notes of the package, which speaks it already."""

TEMPLATES: dict[str, str] = {}
