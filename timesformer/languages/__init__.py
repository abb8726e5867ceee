"""Every sentence for people, a folder a language; all have the same files, with the same names."""
