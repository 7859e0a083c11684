"""plan.yaml of a case: who does an action, until when, and what became of it.

The plan is made anew on every run; what people set here is kept beside it.
"""

from salesdx.plan_edits.applying import applied, past_actions, state_of
from salesdx.plan_edits.changing import BadEditError, edited, faults
from salesdx.plan_edits.entries import Edit, EditFile
from salesdx.plan_edits.keeping import edit_file, existing, parsed, text_of_file

__all__ = [
    "BadEditError", "Edit", "EditFile", "applied", "edit_file", "edited", "existing",
    "faults", "parsed", "past_actions", "state_of", "text_of_file",
]  # fmt: skip
