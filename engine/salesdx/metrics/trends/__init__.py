"""Levels in time: trends, months, breaks, changes between two periods."""
