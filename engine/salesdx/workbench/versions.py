"""Two versions of the knowledge, named by words: `shipped`, a folder, several folders.

`OLD` and `NEW` of the comparing commands. A folder that is a whole base is loaded in
place of the shipped one, any other is layered over it; a list with commas layers
several. The name of an installed pack stands for its folder. What a case brings along
in its own company.yaml lies over either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from salesdx.errors import KnowledgeError, Said, UsageError
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.knowledge.packs import installed

SHIPPED = "shipped"
_OF_A_BASE = ("pack.yaml", "roles.yaml", "metrics.yaml")


@dataclass(frozen=True)
class Version:
    """One version: `base` is None for the shipped one; `overlays` lie over it."""

    name: str
    base: Path | None
    overlays: tuple[Path, ...] = ()
    _loaded: dict[tuple[Path, ...], KnowledgeBase] = field(
        default_factory=dict, repr=False, compare=False
    )

    def knowledge(self, own: Sequence[Path] = ()) -> KnowledgeBase:
        """The version, under the overlays that a case brings along.

        Raises:
            KnowledgeError: it is not valid; the message names the version.
        """
        over = tuple(own)
        if over not in self._loaded:
            try:
                self._loaded[over] = load([*self.overlays, *over], folder=self.base)
            except KnowledgeError as error:
                what = Said(
                    f"{self.name}: {error.message}",
                    f"{self.name}: {getattr(error.message, 'ru', error.message)}",
                )
                raise KnowledgeError(what, error.problems) from None
        return self._loaded[over]


def version(words: str) -> Version:
    """The version that the words of a command line name.

    Raises:
        UsageError: there is no such folder or pack, or two whole bases at once.
    """
    parts = [w.strip() for w in words.split(",") if w.strip()]
    if not parts:
        raise UsageError(Said(
            "name a version: `shipped` or a folder",
            "назовите версию: `shipped` или папка",
        ))  # fmt: skip
    base: Path | None = None
    overlays: list[Path] = []
    for i, part in enumerate(parts):
        if part == SHIPPED:
            _only_first(i, part)
            continue
        folder = _folder(part)
        if is_base(folder):
            _only_first(i, part)
            base = folder
        else:
            overlays.append(folder)
    return Version(",".join(map(_shown, parts)), base, tuple(overlays))


def _folder(part: str) -> Path:
    """A folder, or that of an installed pack; a folder comes first."""
    folder = Path(part)
    if folder.is_dir():
        return folder
    pack = installed().get(part)
    if pack is None:
        raise UsageError(Said(
            f"no folder and no installed pack {part!r}; a version is `shipped`, a "
            "folder, a pack, or several with commas between them",
            f"нет ни папки, ни установленного пакета «{part}»; версия — это `shipped`, "
            "папка, пакет или несколько через запятую",
        ))  # fmt: skip
    return pack.folder


def is_base(folder: Path) -> bool:
    """Whether a folder is a whole base: a checkout, or a pack with all its parts."""
    inner = folder / "knowledge_base"
    here = inner if inner.is_dir() else folder
    return all((here / name).is_file() for name in _OF_A_BASE)


def _only_first(place: int, part: str) -> None:
    if place:
        raise UsageError(Said(
            f"{part} is a whole base: it can only come first, with overlays after it",
            f"{part} — это целая база: она может стоять только первой, "
            "а наложения — после неё",
        ))  # fmt: skip


def _shown(part: str) -> str:
    """A folder as it was written; without the way to it where that is absolute."""
    path = Path(part)
    return path.name if path.is_absolute() else path.as_posix()
