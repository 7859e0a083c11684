"""A source read once, and kept with its shapes while an import is planned and run."""

from collections.abc import Sequence
from pathlib import Path

from salesdx.crm.database_address import address_of, is_address
from salesdx.crm.frames import table_of
from salesdx.crm.progress import Progress, silent
from salesdx.crm.reading import read_rows
from salesdx.crm.rows import Rows
from salesdx.crm.samples import Samples
from salesdx.crm.vendors import shaped
from salesdx.errors import Said, UsageError


class Opened:
    """A file, or a table of a database, as rows of text.

    `rows(shape)` is it after a shape of a vendor. `path` of a table is its name alone:
    nothing of the address of its database is kept.
    """

    def __init__(
        self, path: Path, rows: Rows | None = None, progress: Progress = silent
    ) -> None:
        self.path = path
        self.name = path.name
        first = table_of(read_rows(path, progress)) if rows is None else rows
        self._rows: dict[str | None, Rows] = {None: first}
        self._samples: dict[str | None, Samples] = {}

    def rows(self, shape: str | None = None) -> Rows:
        """The source, shaped; each shape is made once."""
        if shape not in self._rows:
            self._rows[shape] = shaped(self._rows[None], shape)
        return self._rows[shape]

    def samples(self, shape: str | None = None) -> Samples:
        """What its columns hold; each is looked at once."""
        if shape not in self._samples:
            self._samples[shape] = Samples(self.rows(shape))
        return self._samples[shape]


def opened(words: Sequence[str], tables: Sequence[str] = ()) -> list[Path | Opened]:
    """Sources as a command line names them: files stay paths, tables are read.

    Args:
        words: paths of files and addresses of databases.
        tables: tables of the one database among them.

    Raises:
        UsageError: `tables` without a database or with several, or see `read_tables`.
        DataError: see `read_tables`.
    """
    addresses = [word for word in words if is_address(word)]
    if tables and len(addresses) != 1:
        raise UsageError(
            Said(
                "--table goes with the address of one database; of several, name the"
                " tables in the addresses (?table=…)",
                "--table нужен к адресу одной базы; если баз несколько, назовите"
                " таблицы в адресах (?table=…)",
            )
        )
    found: list[Path | Opened] = []
    for word in words:
        if not is_address(word):
            found.append(Path(word))
            continue
        address = address_of(word, tables)
        from salesdx.crm.database import read_tables  # Ibis takes a second to import

        found += [Opened(Path(rows.source), rows) for rows in read_tables(address)]
    return found
