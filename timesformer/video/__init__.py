"""Video files to clips and back, without torch; strangers' files in a sandbox."""
