"""Which questions of an owner the data can answer, and what would answer the rest."""

import fnmatch
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from salesdx.content import content, shipped
from salesdx.errors import Said
from salesdx.language import Text
from salesdx.result import MetricRow, NotChecked, ResultDocument

State = Literal["yes", "partly", "no"]


class Part(BaseModel):
    """Base: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Topic(Part):
    """A question of an owner; `key` figures make a full answer, `figures` are all."""

    id: str
    asks: Text
    key: list[str] = Field(min_length=1)
    figures: list[str] = Field(min_length=1)

    def has(self, metric: str) -> bool:
        """Whether a figure belongs to this question."""
        return any(fnmatch.fnmatchcase(metric, f) for f in self.figures)


class _Topics(Part):
    format: Literal[1]
    topics: list[Topic]


class TopicState(Part):
    """How far one question can be answered.

    Attributes:
        known: figures of the topic that have a value, the key ones first.
        unknown: key figures without one, then (in a `no` or `partly`) the others.
    """

    id: str
    asks: Text
    state: State
    known: list[str]
    unknown: list[str]


class Opening(Part):
    """What one more source would open: question -> what is missing, and figures in all.

    `figures` also counts those that need still more.
    """

    supply: Text
    topics: dict[str, Text]
    figures: int


@cache
def topics() -> tuple[Topic, ...]:
    """The questions of reports/data_topics.yaml, in order.

    Raises:
        KnowledgeError: the file is not valid.
    """
    found = shipped(
        _Topics,
        content("reports") / "data_topics.yaml",
        Said(
            "the questions to the data are not valid", "в вопросах к данным есть ошибки"
        ),
    )
    return tuple(found.topics)


def topic_states(document: ResultDocument) -> list[TopicState]:
    """Each question and what is known of it; figures that do not apply do not count."""
    valued = _valued(document.metrics)
    missing = {row.id for row in document.not_checked}
    found = []
    for topic in topics():
        known = [m for m in valued if topic.has(m)]
        unknown = [m for m in sorted(missing) if topic.has(m)]
        lacking = [m for m in topic.key if m in missing]
        if not known and not unknown:
            continue
        state: State = "no" if not known else "partly" if lacking else "yes"
        found.append(TopicState(
            id=topic.id, asks=topic.asks, state=state,
            known=_key_first(known, topic), unknown=_key_first(unknown, topic),
        ))  # fmt: skip
    return found


def openings(
    states: Sequence[TopicState], not_checked: Sequence[NotChecked]
) -> list[Opening]:
    """What would open most: sources by the questions they answer, then by figures."""
    rows = {row.id: row for row in not_checked}
    supplies = {row.supply.en: row.supply for row in not_checked}
    keys = {t.id: t.key for t in topics()}
    found = []
    for name in sorted(supplies):
        opened = {
            s.id: rows[lacking[0]].reason
            for s in states
            if s.state != "yes"
            and (
                lacking := [
                    m
                    for m in s.unknown
                    if m in keys[s.id] and rows[m].supply.en == name
                ]
            )
        }
        count = sum(row.supply.en == name for row in not_checked)
        if opened:
            found.append(Opening(supply=supplies[name], topics=opened, figures=count))
    return sorted(found, key=lambda o: (-len(o.topics), -o.figures, o.supply.en))


def _valued(rows: Sequence[MetricRow]) -> Mapping[str, None]:
    """Figures with a value, of the company or of a slice, in the order of the rows."""
    return {row.id: None for row in rows if row.value is not None and row.state == "ok"}


def _key_first(metrics: Sequence[str], topic: Topic) -> list[str]:
    return sorted(metrics, key=lambda m: m not in topic.key)
