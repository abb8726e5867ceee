"""HTML fragments of the page, a file a section."""
