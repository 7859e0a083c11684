"""Answers: an append-only log per case, who said so, and what counts."""
