"""The lists that the readers bring along: YAML files beside the code."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from salesdx import content
from salesdx.errors import KnowledgeError, Said

M = TypeVar("M", bound=BaseModel)


def shipped(model: type[M], file: str, wrong: Said) -> M:
    """Read one list of this folder.

    Raises:
        KnowledgeError: the file is not valid; `wrong` opens the message.
    """
    document, problems = content.read(Path(__file__).with_name(file))
    if document is not None:
        found, problems = content.validate(model, document)
        if found is not None:
            return found
    raise KnowledgeError(wrong, problems)
