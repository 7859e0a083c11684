"""The loss map: gaps against a fair norm, gated, in money, nothing counted twice."""

from salesdx.losses.figures import loss_figures
from salesdx.losses.loss_map import LossMap, loss_map
from salesdx.losses.settings import GateSettings

__all__ = ["GateSettings", "LossMap", "loss_figures", "loss_map"]
