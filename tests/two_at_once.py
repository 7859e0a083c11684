"""Several processes that write answers of one case at the same time.

python two_at_once.py KIND WRITERS ANSWERS [SERVER]; prints what is there at the end:
how many answers of each writer, in the order in which they were given.
"""

import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from kept_places import InDatabase, Place, fresh_in
from killing import entry, forked

from salesdx.answers.keeping import AnswerStore
from salesdx.company import Respondent
from salesdx.storage.upgrading import open_database


def write(store: AnswerStore, writer: int, answers: int) -> None:
    """One writer: a respondent of its own."""
    person = Respondent(role="owner")
    for n in range(answers):
        said = entry(writer, n).model_copy(update={"by": f"w{writer}"})
        store.append([said], person)


def finished(processes: list[int]) -> list[int]:
    """The exit codes of all."""
    import os

    return [os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]) for p in processes]


def all_at_once(place: Place, writers: int, answers: int) -> list[int]:
    """Let them write; gives their exit codes."""
    place.close()
    return finished([
        forked(lambda w=w: write(place(), w, answers)) for w in range(writers)
    ])  # fmt: skip


def opened_at_once(address: str, openers: int) -> list[int]:
    """Let several make one new database; gives their exit codes."""
    return finished([
        forked(lambda: open_database(address).dispose()) for _ in range(openers)
    ])  # fmt: skip


def main() -> None:
    kind, writers, answers, *server = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = fresh_in(kind, folder, *server)(0)
        codes = all_at_once(place, int(writers), int(answers))
        kept = place().file()
        found = defaultdict(list)
        for said in kept.answers:
            found[said.by].append(int(said.question.removeprefix("q.")))
        result = {
            "codes": codes, "answers": found, "people": sorted(kept.respondents),
            "faults": place.faults(),
        }  # fmt: skip
        place.close()
        if kind == "sqlite":
            assert isinstance(place, InDatabase)
            new = str(folder / "new.db")
            result["opened"] = opened_at_once(new, int(writers))
        print(json.dumps(result))  # noqa: T201


if __name__ == "__main__":
    main()
