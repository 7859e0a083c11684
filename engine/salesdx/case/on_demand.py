"""Tables that are read only if somebody asks for their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from salesdx.crm.canonical import TableRead


class TablesOnDemand(Mapping[str, "TableRead"]):
    """The tables of a case folder whose figures are at hand already.

    Their names are known; the files are read on the first look into one.
    """

    def __init__(self, names: Sequence[str], folder: Path) -> None:
        self._names, self._folder = tuple(names), folder

    @cached_property
    def _read(self) -> Mapping[str, TableRead]:
        from salesdx.case.reading import load_case

        return load_case(self._folder).tables

    def __getitem__(self, name: str) -> TableRead:
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names
