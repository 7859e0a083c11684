"""A file read once, and kept with its shapes while an import is planned and run."""

from pathlib import Path

from salesdx.crm.progress import Progress, silent
from salesdx.crm.reading import read_rows
from salesdx.crm.rows import Rows
from salesdx.crm.vendors import shaped


class Opened:
    """A file as rows of text; `rows(shape)` is it after a shape of a vendor."""

    def __init__(self, path: Path, progress: Progress = silent) -> None:
        self.path = path
        self.name = path.name
        self._rows: dict[str | None, Rows] = {None: read_rows(path, progress)}

    def rows(self, shape: str | None = None) -> Rows:
        """The file, shaped; each shape is made once."""
        if shape not in self._rows:
            self._rows[shape] = shaped(self._rows[None], shape)
        return self._rows[shape]
