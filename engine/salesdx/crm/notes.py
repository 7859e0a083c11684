"""One statement on the quality of the data; `salesdx.crm.quality` makes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """One statement: an id of data_quality.yaml and what fills its placeholders.

    Common params: `count` (rows or cells), `total`, `column`, `examples` (text),
    `before` and `after` (numbers of rows), `dropped` (rows left out), `share` (ratio).
    """

    id: str
    table: str
    params: Mapping[str, Any] = field(default_factory=dict)
