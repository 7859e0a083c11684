"""Why a row was rejected, in words: structural messages of the readers."""

from salesdx.language import Text

COPY = "copy-of-row"
DUPLICATE = "duplicate-key"
REPEATED = "row-of-the-same-deal"  # one row a product
OTHER_EVENT = "another-kind-of-event"
SAME_STAGE = "no-change-of-stage"
NOT_HELD = "not-held"  # a meeting called off, a call only planned
BULK_MOVE = "move-of-many-at-once"
DELETED = "deleted-in-the-crm"
INNER_TASK = "task-without-the-client"
OTHER_TABLE = "row-of-another-table"  # a lead among the deals
GROUP_ROW = "heading-of-a-group"
# rows that are fine but not wanted: they never make a file unusable
SUPERFLUOUS = frozenset({
    COPY, REPEATED, OTHER_EVENT, SAME_STAGE, NOT_HELD, BULK_MOVE, DELETED, INNER_TASK,
    OTHER_TABLE, GROUP_ROW,
})  # fmt: skip
_REASONS = {
    "too-few-cells": Text(
        en="fewer cells than headers", ru="ячеек меньше, чем заголовков"
    ),
    "too-many-cells": Text(
        en="more cells than headers", ru="ячеек больше, чем заголовков"
    ),
    "more-cells-than-headers": Text(
        en="a value right of the last header", ru="значение правее последнего заголовка"
    ),
    COPY: Text(en="an exact copy of an earlier row", ru="точная копия строки выше"),
    REPEATED: Text(
        en="one more row of the same deal (another product)",
        ru="ещё одна строка той же сделки (другой товар)",
    ),
    OTHER_EVENT: Text(
        en="an event of another kind: no change of stage",
        ru="событие другого рода: не смена этапа",
    ),
    SAME_STAGE: Text(
        en="the stage is the same as before", ru="этап тот же, что и раньше"
    ),
    NOT_HELD: Text(
        en="the meeting or the call did not take place",
        ru="встреча или звонок не состоялись",
    ),
    BULK_MOVE: Text(
        en="many deals were moved at once: tidying up, not a step of this deal",
        ru="массовое перемещение: порядок в CRM, а не шаг этой сделки",
    ),
    DELETED: Text(en="deleted in the CRM", ru="удалено в CRM"),
    INNER_TASK: Text(
        en="a task, not a contact with the client",
        ru="задача, а не контакт с клиентом",
    ),
    OTHER_TABLE: Text(
        en="belongs to another table and is read there",
        ru="относится к другой таблице и попадает туда",
    ),
    GROUP_ROW: Text(
        en="the heading of a group with its totals, not a deal",
        ru="заголовок группы с итогами, а не сделка",
    ),
    DUPLICATE: Text(
        en="the key stands in an earlier row with other values",
        ru="такой номер уже встречался выше с другими значениями",
    ),
}


def reason_text(reason: str) -> Text:
    """Words for a reason of `Reject`; `no-<column>` and `unreadable-<column>` too."""
    if reason in _REASONS:
        return _REASONS[reason]
    kind, _, column = reason.partition("-")
    if kind == "no":
        return Text(en=f"no value in {column}", ru=f"не заполнено поле «{column}»")
    if kind == "unreadable":
        return Text(
            en=f"{column} cannot be read", ru=f"поле «{column}» не удалось прочитать"
        )
    return Text(en=reason, ru=reason)
