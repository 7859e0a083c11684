"""`kb test --suggest` and `kb test --mutants`: which tests are missing."""

from collections.abc import Iterator, Sequence

from salesdx.cli.output import table
from salesdx.cli.wording import language, say
from salesdx.errors import in_language
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import percent
from salesdx.workbench.missing_tests import Suggestion
from salesdx.workbench.mutants import CHANGES
from salesdx.workbench.noticing import Noticed, Survivor
from salesdx.workbench.testing import STATE_WORDS

Data = dict[str, object]


def suggested(found: Sequence[Suggestion], knowledge: KnowledgeBase) -> Iterator[str]:
    """YAML to be pasted; what is not YAML is a comment."""
    if not any(row.tests or row.beyond for row in found):
        yield say("# Nothing is missing.", "# Ничего не пропущено.")
    for row in found:
        file = knowledge.entries["causes"][row.cause].file
        yield say(f"# {file}, under `tests:`", f"# {file}, в конец `tests:`")
        for test in row.tests:
            yield from (f"  {line}" for line in test.text.splitlines())
        for rule, state in row.beyond:
            word = in_language(STATE_WORDS[state], language())
            yield say(
                f"# no facts were found that show {rule}: {word}",
                f"# не нашлось фактов, которые показали бы {rule}: {word}",
            )


def suggested_data(found: Sequence[Suggestion], knowledge: KnowledgeBase) -> list[Data]:
    """The same for programs."""
    return [
        {
            "cause": row.cause,
            "file": knowledge.entries["causes"][row.cause].file,
            "tests": [
                {
                    "name": t.test.name,
                    "given": t.test.given,
                    "expect": t.test.expect.model_dump(exclude_defaults=True),
                    "yaml": t.text,
                }
                for t in row.tests
            ],
            "beyond": [
                {"rule": rule, "state": str(STATE_WORDS[state])}
                for rule, state in row.beyond
            ],
        }
        for row in found
    ]


def survivors(found: Noticed) -> Iterator[str]:
    """The changes that no test notices, and how many of each kind were noticed."""
    for row in sorted(found.real, key=lambda row: row.place):
        yield _survivor(row)
    heads = [
        say("change", "изменение"), say("made", "сделано"), say("noticed", "замечено"),
        say("missed", "не замечено"), say("the same", "без разницы"),
    ]  # fmt: skip
    rows = [
        [
            title.in_(language()), str(found.made.get(change, 0)),
            str(found.noticed.get(change, 0)), str(_count(found.real, change)),
            str(_count(found.survivors, change) - _count(found.real, change)),
        ]
        for change, title in CHANGES.items()
    ]  # fmt: skip
    yield table([heads, *rows], right=(1, 2, 3, 4))
    score = percent(found.score, language())
    noticed, missed = sum(found.noticed.values()), len(found.real)
    yield say(
        f"The tests notice {noticed} of {noticed + missed} changes: {score}.",
        f"Испытания замечают {noticed} из {noticed + missed} изменений: {score}.",
    )


def _count(rows: Sequence[Survivor], change: str) -> int:
    return sum(row.mutant.change == change for row in rows)


def _survivor(row: Survivor) -> str:
    at = f"{row.place.file}:{row.place.line}:{row.place.col}"
    return f"{at} {row.site.of}: {row.mutant.told.in_(language())}"


def survivors_data(found: Noticed) -> Data:
    """The same for programs."""
    return {
        "score": round(found.score, 6),
        "changes": {
            change: {
                "made": found.made.get(change, 0),
                "noticed": found.noticed.get(change, 0),
                "missed": _count(found.real, change),
            }
            for change in CHANGES
        },
        "missed": [
            {
                "file": row.place.file, "line": row.place.line, "col": row.place.col,
                "kind": row.site.kind, "owner": row.site.owner,
                "part": row.site.part or None, "change": row.mutant.change,
                "text": row.mutant.told.en, "text_ru": row.mutant.told.ru,
                "apart": dict(row.apart or {}),
            }
            for row in sorted(found.real, key=lambda row: row.place)
        ],
    }  # fmt: skip
