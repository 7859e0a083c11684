"""The loss map: gaps against a fair norm, gated, in money, nothing counted twice.

`loss_map` searches and is heavy; what it finds (`LossMap`) is held by whoever reads it.
"""

from salesdx.losses.model import LossMap

__all__ = ["LossMap"]
