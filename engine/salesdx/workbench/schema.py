"""kb schema: JSON schemas of the result document and of every file people write."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from salesdx.answers.log import AnswerFile
from salesdx.company import Company
from salesdx.knowledge import models
from salesdx.knowledge.additions import Additions
from salesdx.knowledge.forms import Form
from salesdx.knowledge.tuning import Tuning
from salesdx.result import ResultDocument

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "result": ResultDocument,
    "company": Company,
    "answers": AnswerFile,
    "cause": models.Cause,
    "symptoms": models.Symptoms,
    "remedies": models.Remedies,
    "claims": models.Claims,
    "metrics": models.Metrics,
    "benchmarks": models.Benchmarks,
    "questionnaire": models.Questionnaire,
    "worksheets": models.Worksheets,
    "form": Form,
    "pack": models.Pack,
    "tuning": Tuning,
    "additions": Additions,
}


def schema(name: str) -> dict[str, Any]:
    """The JSON schema (2020-12) of one kind of file."""
    found = SCHEMAS[name].model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
