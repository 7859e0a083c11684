"""Where a candidate stands: one dimension, or a manager inside one stage.

The gate corrects candidates by (metric, dimension). Managers at one stage are a family
of their own, so the stage is part of the name of the dimension: `manager@proposal`.
"""

from salesdx.facts import Slice, slice_of

_AT = "@"


def at_stage(dimension: str, stage: str) -> str:
    """The dimension of values compared inside one stage."""
    return f"{dimension}{_AT}{stage}"


def place(dimension: str, value: str) -> Slice:
    """The slice of a candidate."""
    name, _, stage = dimension.partition(_AT)
    if stage:
        return slice_of(**{name: value, "stage": stage})
    return slice_of(**{name: value})


def plain(dimension: str) -> bool:
    """Whether whole slices are compared, not what they do at one stage."""
    return _AT not in dimension
