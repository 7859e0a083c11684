"""The number that the made-up company is drawn with."""

SEED = 2026
