"""Faults of a YAML file in both languages: of its writing and of its fields.

PyYAML and pydantic speak English and of Python types; the one who wrote the file is
told in words of the file.
"""

from salesdx.faults.fields import (
    SHAPES,
    advice,
    choices,
    of_field,
    plain_number,
    quoted,
    short,
)
from salesdx.faults.syntax import NOT_YAML, of_character, of_syntax
from salesdx.faults.templates import begun_at, not_used, of_template

__all__ = [
    "NOT_YAML",
    "SHAPES",
    "advice",
    "begun_at",
    "choices",
    "not_used",
    "of_character",
    "of_field",
    "of_syntax",
    "of_template",
    "plain_number",
    "quoted",
    "short",
]
