"""The loss map: gaps against a fair norm, gated, in money, nothing counted twice."""

from typing import TYPE_CHECKING, Any

from salesdx.losses.model import LossMap

if TYPE_CHECKING:
    from salesdx.losses.figures import loss_figures
    from salesdx.losses.loss_map import loss_map
    from salesdx.losses.settings import GateSettings

__all__ = ["GateSettings", "LossMap", "loss_figures", "loss_map"]


def __getattr__(name: str) -> Any:
    """Import what measures on first use: a map that is at hand needs none of it."""
    if name == "GateSettings":
        from salesdx.losses.settings import GateSettings

        return GateSettings
    if name == "loss_figures":
        from salesdx.losses.figures import loss_figures

        return loss_figures
    if name == "loss_map":
        from salesdx.losses.loss_map import loss_map

        return loss_map
    raise AttributeError(f"module 'salesdx.losses' has no attribute {name!r}")
