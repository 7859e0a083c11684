"""Pure statistics on counts: numpy and scipy, no tables, no files."""
