"""The planning meeting: its agenda, and what was decided at each finding."""

from collections.abc import Sequence
from itertools import groupby

from salesdx.render.report import Block, Group, Pairs
from salesdx.render.words import Words
from salesdx.result import CauseRow, Loss, MeetingRow, ResultDocument


def decided(document: ResultDocument, words: Words) -> list[Block]:
    """The protocol: a group of why, what, who and by when for each finding."""
    rows = _groups(document.meeting, words)
    return [Group(words.t("meeting.title"), rows)] if rows else []


def at_cause(cause: CauseRow, document: ResultDocument, words: Words) -> list[Block]:
    """What the meeting said of the losses that a cause explains."""
    rows = [row for row in document.meeting if row.finding in cause.losses]
    return [Group(words.t("meeting.card"), _groups(rows, words))] if rows else []


def _groups(rows: Sequence[MeetingRow], words: Words) -> list[Block]:
    """One heading a finding; under it, what each respondent said."""
    found: list[Block] = []
    for _, told in groupby(rows, key=lambda row: row.finding):
        notes = list(told)
        pairs: list[Block] = [Pairs(record(row, words)) for row in notes]
        found.append(Group(_place(notes[0], words), pairs))
    return found


def _place(row: MeetingRow, words: Words) -> str:
    place = f"{words.slice_name(row.slice)}: {words.text(row.title)}"
    return place if row.listed else words.t("meeting.gone", place=place)


def record(row: MeetingRow, words: Words) -> list[tuple[str, str]]:
    """Label and text of all that one respondent said of a finding."""
    t = words.t
    shown = row.reasons_shown, row.explained_shown
    reasons, explained = ("" if s is None else words.text(s) for s in shown)
    said = [
        (t("meeting.why"), row.why),
        (t("meeting.reasons"), reasons),
        (t("meeting.explained"), explained),
        (t("meeting.what"), row.what),
        (t("meeting.who"), row.who),
        (t("meeting.until"), words.iso(row.until) if row.until else ""),
        (t("meeting.by"), words.by(row.by)),
    ]  # fmt: skip
    return [(label, text) for label, text in said if text]


def heading(loss: Loss, words: Words) -> str:
    """`Ivanov: conversion 8 % / 22 %, confirmed, about 5.1M`."""
    unit = loss.unit or words.units.get(loss.metric, "")
    against = words.t(
        "map.against", actual=words.quantity(loss.actual, unit),
        norm=words.quantity(loss.norm, unit),
    )  # fmt: skip
    told = [
        f"{words.slice_name(loss.slice)}: {words.text(loss.measure or loss.title)}",
        against, words.t(f"state.{loss.state}"),
    ]  # fmt: skip
    if loss.money:
        told.append(words.money(loss.money))
    return " · ".join(told)
