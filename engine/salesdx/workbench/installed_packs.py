"""kb packs: the shipped knowledge and every installed pack, and whether it loads."""

from collections.abc import Iterator
from dataclasses import dataclass

from salesdx.errors import KnowledgeError, Problem
from salesdx.knowledge.load import load, load_all
from salesdx.knowledge.packs import installed


@dataclass(frozen=True, slots=True)
class PackRow:
    """One pack; `problems` say why it cannot be used, over the shipped knowledge."""

    id: str
    version: str | None
    engine: str | None
    hash: str | None
    distribution: str
    problems: tuple[Problem, ...] = ()


SHIPPED = "salesdx"


def pack_rows() -> Iterator[PackRow]:
    """The shipped pack first, then the installed ones by name.

    Raises:
        KnowledgeError: the shipped knowledge itself is not valid.
    """
    base = load()
    pack = base.pack
    yield PackRow(pack.id, pack.version, pack.engine, base.hash, SHIPPED)
    for name, found in installed().items():
        try:
            folder = found.folder
        except KnowledgeError as error:
            none = None, None, None
            yield PackRow(name, *none, found.distribution, error.problems)
            continue
        over, problems = load_all([folder])
        (layer,) = over.layers
        yield PackRow(
            name, layer.version, layer.engine, layer.hash, found.distribution,
            tuple(problems),
        )  # fmt: skip
