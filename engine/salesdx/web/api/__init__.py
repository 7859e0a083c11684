"""The JSON API for programs: `/api/v1`, by tokens alone."""

from salesdx.web.api import answers, cases, description, results
from salesdx.web.api.operations import blueprint

__all__ = ["answers", "blueprint", "cases", "description", "results"]
