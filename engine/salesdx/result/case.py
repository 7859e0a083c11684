"""The case, the knowledge and the engine behind a result, and its summary."""

from typing import Any, Literal

from pydantic import Field

from salesdx.language import Text
from salesdx.result.part import Part, Period, TotalLoss, nothing


class StageRule(Part):
    """How a stage should run, as company.yaml says; null where it says nothing."""

    id: str
    title: str | None = None
    reference_days: float | None = None
    turning_point: bool | None = None
    criterion: str | None = None


class FunnelRule(Part):
    """What counts as an entry of a funnel, and its stages in order."""

    id: str
    title: str | None = None
    kind: str | None = None
    entry: str | None = None
    main_stage: str | None = None
    cycle_days: float | None = None
    stages: list[StageRule] = Field([])


class CaseInfo(Part):
    """Whose result this is.

    `funnels_mark` names the definition of the funnels: figures by another one compare
    other things.
    """

    name: str
    as_of: str | None
    currency: str
    period: Period
    languages: list[str] = Field(["en", "ru"])
    sales_model: str | None = None
    funnels: list[FunnelRule] = Field([])
    funnels_mark: str = Field("", exclude_if=nothing)


class Layer(Part):
    """One overlay: the id and version of its pack.yaml, else the folder's name."""

    id: str
    version: str | None
    hash: str


class Tuned(Part):
    """What an overlay changed of the knowledge below it, and why.

    `id` of a rule is `cause/rule`; `change` is the key that was changed (`value`,
    `weight`, `if`, `off`, …), `added` or `replaced`. Values are as in the file; `text`
    says it all in words.
    """

    layer: str
    kind: str
    id: str
    title: Text
    change: str
    was: Any
    now: Any
    why: Text | None
    text: Text


class KnowledgeInfo(Part):
    """Which knowledge base spoke; `hash` covers every file of all layers.

    `meanings` mark what each metric, `symptom:x`, `cause:x` and `subject:x` meant: only
    what bears the same mark in two results can be compared.
    """

    pack: str
    version: str
    hash: str
    overlays: list[str] = Field([])
    layers: list[Layer] = Field([])
    tuned: list[Tuned] = Field([])
    meanings: dict[str, str] = Field({}, exclude_if=nothing)


class EngineInfo(Part):
    """Which engine computed it."""

    version: str
    executor: str


class Summary(Part):
    """The answer on one page."""

    state: Literal["loss_found", "no_loss_found", "preliminary", "not_enough_data"]
    verdict: Text
    loss: TotalLoss | None
    coverage: float = Field(ge=0, le=1)
    top_causes: list[str]
    first_actions: list[str]


class DataQuality(Part):
    """One statement of the data gate: what was dropped, what moved."""

    id: str
    ref: list[str]
    severity: Literal["info", "warning", "error"]
    title: Text
    effect: Text
    dropped_rows: int | None = None
    before: float | None = None
    after: float | None = None
    table: str | None = None
