"""kb schema: JSON schemas of the result document and of every file people write.

Files that people write get draft-07, which the editors know; the result keeps 2020-12.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from salesdx.answers.file import AnswerFile
from salesdx.company import Company
from salesdx.knowledge import models
from salesdx.knowledge.additions import Additions
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.domain import Domain
from salesdx.knowledge.forms import Form
from salesdx.knowledge.migrations import Migrations
from salesdx.knowledge.tuning import Tuning
from salesdx.language import Language, Text, texts_of
from salesdx.result import ResultDocument
from salesdx.workbench import schema_names
from salesdx.workbench.lint.exclusions import Exclusions

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
FOLDER = ".schema"  # where a folder of own knowledge keeps them
_INNER = ("items", "not", "additionalProperties", "propertyNames")
_MANY = ("anyOf", "oneOf", "allOf", "prefixItems")


SCHEMAS: Mapping[str, type[BaseModel]] = {
    "result": ResultDocument,
    "company": Company,
    "answers": AnswerFile,
    "cause": models.Cause,
    "additions": Additions,
    "symptoms": models.Symptoms,
    "remedies": models.Remedies,
    "claims": models.Claims,
    "metrics": models.Metrics,
    "benchmarks": models.Benchmarks,
    "questionnaire": models.Questionnaire,
    "worksheets": models.Worksheets,
    "form": Form,
    "migrations": Migrations,
    "pack": models.Pack,
    "tuning": Tuning,
    "lint": Exclusions,
    "domain": Domain,
}
# which files of a folder of own knowledge a schema is for
PLACES: Mapping[str, str] = {
    "cause": "causes/**/*.yaml",
    "additions": "additions/*.yaml",
    "symptoms": "symptoms/*.yaml",
    "remedies": "remedies/*.yaml",
    "claims": "claims.yaml",
    "metrics": "metrics.yaml",
    "benchmarks": "benchmarks/*.yaml",
    "questionnaire": "questionnaires/*.yaml",
    "worksheets": "worksheets/worksheets.yaml",
    "form": "questionnaires/forms/*.yaml",
    "migrations": "questionnaires/migrations.yaml",
    "pack": "pack.yaml",
    "tuning": "tuning.yaml",
    "lint": "lint.yaml",
    "domain": "domain.yaml",
}
# files in such a place that another schema is for
_EXCEPT: Mapping[str, str] = {"questionnaire": PLACES["migrations"]}


def schema(
    name: str, lang: Language = "en", knowledge: KnowledgeBase | None = None
) -> dict[str, Any]:
    """The JSON schema of one kind of file.

    With `knowledge` the editor offers its names; others are never refused, for a
    folder of own knowledge may add them.
    """
    found = SCHEMAS[name].model_json_schema(by_alias=True)
    if name == "result":
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
    own = {k: _draft_7(v) for k, v in found.pop("$defs", {}).items()}
    top = _draft_7(found)
    if name in PLACES:
        for title, part in [(SCHEMAS[name].__name__, top), *own.items()]:
            for key, of in part.get("properties", {}).items():
                _explain(of, title, key, lang)
        own |= schema_names.install(SCHEMAS[name].__name__, top, own, lang, knowledge)
    return {"$schema": DRAFT_7, **top, **({"definitions": own} if own else {})}


def write_schemas(
    folder: Path,
    lang: Language,
    knowledge: KnowledgeBase | None,
    kinds: Iterable[str] = tuple(SCHEMAS),
) -> list[Path]:
    """Write schemas and the settings for VS Code; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{n}.json": schema(n, lang, knowledge) for n in kinds}
    files["vscode-settings.json"] = {
        "yaml.schemas": {
            f"./{FOLDER}/{n}.json": [p, f"!{_EXCEPT[n]}"] if n in _EXCEPT else p
            for n, p in PLACES.items()
        }
    }
    for name, data in files.items():
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in files]


def _draft_7(node: Any) -> Any:
    """A schema of pydantic with the words of draft-07, and without its titles."""
    if not isinstance(node, dict):
        return node
    found: dict[str, Any] = {}
    for key, value in node.items():
        if key == "title":
            continue
        if key in ("properties", "patternProperties"):
            found[key] = {k: _draft_7(v) for k, v in value.items()}
        elif key in _MANY:
            found[key] = [_draft_7(v) for v in value]
        elif key in _INNER:
            found[key] = _draft_7(value)
        elif key == "$ref":
            found[key] = value.replace("#/$defs/", "#/definitions/")
        else:
            found[key] = value
    if "prefixItems" in found:
        found["items"] = found.pop("prefixItems")
        found["additionalItems"] = False
    return found


def _explain(part: dict[str, Any], model: str, key: str, lang: Language) -> None:
    """Say what a key means; draft-07 reads nothing beside a `$ref`."""
    told = explanation(model, key)
    if told is None:
        return
    if "$ref" in part:
        part["allOf"] = [{"$ref": part.pop("$ref")}]
    part["description"] = told.in_(lang)


def explanation(model: str, key: str) -> Text | None:
    """What an editor says of a key of a model."""
    texts = _texts()
    return texts.get(f"{model}.{key}") or texts.get(key)


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    """`key` or `Model.key` -> text."""
    return texts_of("workbench/keys.yaml")
