"""What is computed once in a run of the tests and read by all its processes."""

import os
from collections.abc import Callable
from pathlib import Path

FOLDER = "SALESDX_TESTS_KEPT"


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """What is kept under a name that tells all that it depends on, or is made now."""
    path = Path(os.environ[FOLDER], name)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        made = make()
    whole = path.with_name(f"{name}.{os.getpid()}")
    whole.write_bytes(made)
    whole.replace(path)
    return made
