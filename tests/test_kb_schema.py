"""kb schema: what editors get accepts every shipped file and marks broken ones."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from salesdx.cli import run
from salesdx.content import content, read
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.language import LANGUAGES
from salesdx.workbench.schema import PLACES, SCHEMAS, explanation, schema

WHERE = {
    "questionnaire": ("questionnaires", "*.yaml"),
    "form": ("questionnaires", "forms/*.yaml"),
    "worksheets": ("reports", "worksheets/worksheets.yaml"),
}
ONLY_DRAFT_2020 = {"$defs", "prefixItems", "dependentRequired", "unevaluatedProperties"}


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def judges(knowledge: KnowledgeBase) -> dict[str, Draft7Validator]:
    """With all names: strictest, and what `kb new` writes."""
    return {n: Draft7Validator(schema(n, "en", knowledge)) for n in PLACES}


def keywords(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            inside = value.values() if key in ("properties", "definitions") else [value]
            for part in inside:
                yield from keywords(part)
    elif isinstance(node, list):
        for part in node:
            yield from keywords(part)


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - {"result"}))
def test_editors_get_draft_07_and_nothing_newer(name: str) -> None:
    found = schema(name)
    Draft7Validator.check_schema(found)
    assert set(keywords(found)) & ONLY_DRAFT_2020 == set()
    assert "#/$defs/" not in json.dumps(found)


def test_every_shipped_file_is_accepted(judges: dict[str, Draft7Validator]) -> None:
    seen = 0
    for name, judge in judges.items():
        folder, pattern = WHERE.get(name, ("knowledge_base", PLACES[name]))
        for path in sorted(content(folder).glob(pattern)):
            if name == "questionnaire" and path.name == "migrations.yaml":
                continue  # it has a schema of its own
            document, _ = read(path)
            assert document is not None
            wrong = [f"{e.json_path} {e.message[:200]}" for e in
                     judge.iter_errors(document.data)]  # fmt: skip
            assert wrong == [], path
            seen += 1
    assert seen > 150


RULE = {
    "id": "r", "if": {"deals.entries": "> 1"}, "weight": "strong",
    "because": {"en": "a", "ru": "б"}, "source": {"note": "x"}, "grade": "EX",
}  # fmt: skip


def caused(**more: Any) -> dict[str, Any]:
    text = {"en": "a", "ru": "б"}
    return {
        "id": "c", "kind": "speed", "title": text, "summary": text, "verify": text,
        "evidence": [RULE | more],
    }  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"if": {"own.question": "no"}},
        {"if": {"own.figure": "< own.mark"}},
        {"if": {"all": [{"known": "own.figure"}, {"symptom": "own-symptom"}]}},
        {"if": {"data.figure-source": ["memory", "own-option"]}},
        {"if": {"at_least": {"n": 1, "of": [{"data.young-excluded": "no"}]}}},
        {"if": {"deals.entries": {"between": [1, "own.mark"]}}},
        {"discriminates": ["own-cause"]},
    ],
)
def test_names_of_an_overlay_are_never_refused(
    judges: dict[str, Draft7Validator], more: dict[str, Any]
) -> None:
    assert [e.message for e in judges["cause"].iter_errors(caused(**more))] == []


@pytest.mark.parametrize(
    "more",
    [
        {"becuase": "x"},
        {"weight": "hard"},
        {"because": {"en": "only English"}},
        {"if": {"a": "no", "b": "no"}},
        {"if": {}},
        {"if": {"all": []}},
        {"if": {"deals.entries": "less than 1"}},
        {"if": {"deals.entries": 5}},
        {"if": {"at_least": {"n": 1}}},
        {"if": {"data.young-excluded": {"equals": "no"}}},
        {"if": {"Deals Entries": "> 1"}},
        {"grade": "E9"},
        {"direct": "yes, please"},
        {"discriminates": "one"},
    ],
)
def test_what_is_broken_is_marked(
    judges: dict[str, Draft7Validator], more: dict[str, Any]
) -> None:
    assert list(judges["cause"].iter_errors(caused(**more)))


def test_the_editor_completes_names_and_tells_what_they_mean(
    knowledge: KnowledgeBase,
) -> None:
    found = schema("cause", "ru", knowledge)
    keys = found["definitions"]["Condition"]["properties"]
    assert set(knowledge.metrics) | set(knowledge.questions) <= set(keys)
    metric = knowledge.metrics["deals.entries"]
    assert keys["deals.entries"]["description"].startswith(metric.title.ru)
    codes = keys["data.figure-source"]["anyOf"][0]["enum"]
    assert "memory" in codes
    seconds = found["definitions"]["figure-seconds"]["anyOf"][0]["enum"]
    assert "> reply.slow" in seconds
    given = found["definitions"]["RuleTest"]["properties"]["given"]["properties"]
    assert "symptom:slow-reply" in given
    assert "Condition" in schema("cause")["definitions"]
    assert "deals.entries" not in json.dumps(schema("cause"))


def test_every_key_of_a_knowledge_file_is_explained() -> None:
    for name in PLACES:
        found = schema(name, "ru")
        parts = [(SCHEMAS[name].__name__, found), *found.get("definitions", {}).items()]
        for title, part in parts:
            if title in ("Condition", "Comparison"):
                continue
            for key, value in part.get("properties", {}).items():
                told = explanation(title, key)
                assert told is not None, (title, key)
                assert value["description"] == told.ru
                assert all("TODO" not in told.in_(lang) for lang in LANGUAGES)


def test_the_command_writes_schemas_and_says_where_they_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["kb", "schema", "--out", "s", "--no-names"]) == 0
    told = capsys.readouterr().out
    assert {f"s/{n}.json" for n in SCHEMAS} <= set(told.splitlines())
    settings = json.loads(Path("s/vscode-settings.json").read_text(encoding="utf-8"))
    assert settings["yaml.schemas"]["./.schema/cause.json"] == "causes/**/*.yaml"
    assert json.loads(Path("s/cause.json").read_text(encoding="utf-8"))["definitions"]
    assert run(["kb", "schema", "cause", "--lang", "ru"]) == 0
    assert "Правила «за»." in capsys.readouterr().out


def test_yaml_editors_and_our_reader_agree_on_yes_and_no(
    judges: dict[str, Draft7Validator],
) -> None:
    """An editor of YAML 1.1 reads `no` as false; that is accepted too."""
    data = yaml.safe_load("{data.young-excluded: no}")
    assert data == {"data.young-excluded": False}
    assert list(judges["cause"].iter_errors(caused(**{"if": data}))) == []
