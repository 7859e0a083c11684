"""The names of a made-up company in another language than the one it is made in.

Everything is made once, in Russian, and named afterwards: the figures of both languages
are the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Names:
    """Words for words; without any, everything stays as it was made.

    `money` scales amounts to the currency of the language.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    money: float = 1.0

    def of(self, value: Any) -> Any:
        """A cell in the language: the whole of it, else the parts between dashes."""
        if not isinstance(value, str) or not self.words:
            return value
        found = self.words.get(value)
        if found is None and not value.isascii():
            return "-".join(self.words.get(part, part) for part in value.split("-"))
        return value if found is None else found

    def within(self, data: Any) -> Any:
        """The same in all texts of nested lists and mappings."""
        if isinstance(data, Mapping):
            return {self.of(k): self.within(v) for k, v in data.items()}
        if isinstance(data, list | tuple):
            return [self.within(v) for v in data]
        return self.of(data)

    def put_together(self, pattern: str, **parts: object) -> str:
        """A name made of several words, in the order of the language."""
        said = {key: self.of(part) for key, part in parts.items()}
        return str(self.of(pattern)).format_map(said)


AS_MADE = Names()
