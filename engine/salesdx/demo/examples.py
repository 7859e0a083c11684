"""The made-up companies of the gallery, as described in examples/*.yaml."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from salesdx.content import content
from salesdx.demo.firm_files import load
from salesdx.demo.names import AS_MADE, Names
from salesdx.language import Language, Text

WHOLESALER = "wholesaler"


@dataclass(frozen=True, slots=True)
class Example:
    """One company; `spec` is the file as it is written."""

    id: str
    spec: dict[str, Any]

    def text(self, key: str) -> Text:
        """What the gallery says of it, in both languages."""
        return Text.model_validate(self.spec[key])

    def names(self, language: Language) -> Names:
        """Its names in a language."""
        words = self.spec.get("names", {}).get(language)
        if words is None:
            return AS_MADE
        money = self.spec.get("money", {}).get(language, 1)
        return Names({str(k): str(v) for k, v in words.items()}, float(money))


@cache
def example(name: str) -> Example:
    """The example of a file name."""
    spec = load(content("examples") / f"{name}.yaml")
    return Example(str(spec["id"]), spec)


def examples() -> list[Example]:
    """All of them, in the order of the gallery."""
    found = [example(p.stem) for p in content("examples").glob("*.yaml")]
    return sorted(found, key=lambda e: int(e.spec["order"]))
