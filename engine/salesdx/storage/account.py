"""Who runs this process, for the log of events."""

import getpass
import os

_LONGEST = 80


def account() -> str:
    """The name of the account; its number where it has no name."""
    try:
        return getpass.getuser()[:_LONGEST]
    except (KeyError, OSError):
        return f"uid-{os.getuid()}" if hasattr(os, "getuid") else "unknown"
