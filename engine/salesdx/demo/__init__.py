"""A made-up company with known ills, for a first look and for the tests.

The ills that were built in are listed in `ILLS`, so that a test can ask whether the
diagnosis finds them, and only them.
"""

from salesdx.demo.writing import write_demo

ILLS = ("C-22", "C-39", "C-14")
ARTEFACTS = ("C-02",)

__all__ = ["ARTEFACTS", "ILLS", "write_demo"]
