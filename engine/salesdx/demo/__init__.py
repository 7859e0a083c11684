"""A made-up company with known ills, for a first look and for the tests.

The ills that were built in are listed in `ILLS`, so that a test can ask whether the
diagnosis finds them, and only them.
"""

from pathlib import Path
from typing import Literal

from salesdx.demo.seed import SEED

ILLS = ("C-22", "C-39", "C-14")
ARTEFACTS = ("C-02",)

__all__ = ["ARTEFACTS", "ILLS", "write_demo"]


def write_demo(
    folder: Path, seed: int = SEED, language: Literal["en", "ru"] = "ru"
) -> Path:
    """Write the case into `folder` (made if need be); the same seed, the same bytes.

    Existing files of the same names are replaced, others are left alone. In another
    language only names differ.
    """
    from salesdx.demo import writing

    return writing.write_demo(folder, seed, language)
