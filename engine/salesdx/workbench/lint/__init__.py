"""kb lint: what is legal YAML and still wrong, each with a code and a place."""

from salesdx.workbench.lint.checking import lint

__all__ = ["lint"]
