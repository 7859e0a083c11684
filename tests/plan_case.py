"""A small case with a plan of several actions, for the pages of plan and runs."""

from pathlib import Path
from typing import Any

from web_fixture import AT, Web, folder_of

from salesdx.storage.case_file import read_file_of
from salesdx.storage.cases import add_case
from salesdx.storage.events import events
from salesdx.storage.opening import reading

# measured and judged once: the case is the same in every test that says the same
_MEASURED: dict[Any, Any] = {}
_JUDGED: dict[Any, Any] = {}
NO = ("Q-TICK-11", "Q-TICK-03", "Q-TICK-09", "Q-MON-01")


def add_shop(web: Web, folder: Path, questions: tuple[str, ...] = NO) -> None:
    """The case `shop` of who answers no to all; whoever sees every case sees it."""
    rows = [f"  - {{question: {q}, by: head, value: no}}\n" for q in questions]
    text = "".join(["format: 1\n", "answers:\n", *rows])
    path = folder_of(folder / "shop", "Лавка", text)
    add_case(web.engine, "shop", "Лавка", path, AT)
    desk: Any = web.desk
    key = desk.version("shop"), questions
    if key not in _MEASURED:
        desk.analysis("shop")
        _MEASURED[key], _JUDGED[key] = dict(desk._measured), dict(desk._judged)
    desk._measured.update(_MEASURED[key])
    desk._judged.update(_JUDGED[key])


def file_of(web: Web, name: str) -> str:
    """A file of the case as text; empty where there is none."""
    return (read_file_of(web.engine, "shop", name) or b"").decode()


def told(web: Web, action: str) -> list[dict[str, object]]:
    """The details of the events of one kind."""
    with reading(web.engine) as connection:
        return [e.counted() for e in events(connection, "shop") if e.action == action]
