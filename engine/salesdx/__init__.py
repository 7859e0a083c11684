"""salesdx: find out why a company sells less than it could, and show how we know."""

from typing import TYPE_CHECKING, Any

from salesdx.errors import SalesdxError

if TYPE_CHECKING:
    from salesdx.analysis import Analysis, analyse

__all__ = ["Analysis", "SalesdxError", "analyse"]


def __getattr__(name: str) -> Any:
    """Import the engine on first use, so that `import salesdx` stays fast."""
    if name in ("Analysis", "analyse"):
        from salesdx import analysis

        return getattr(analysis, name)
    raise AttributeError(f"module 'salesdx' has no attribute {name!r}")
