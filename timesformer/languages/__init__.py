"""Every sentence for people, a language in a file; all files have the same names."""
