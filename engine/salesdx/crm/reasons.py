"""Why a row was rejected, in words: structural messages of the readers."""

from salesdx.language import Text

COPY = "copy-of-row"
DUPLICATE = "duplicate-key"
REPEATED = "row-of-the-same-deal"  # one row a product
OTHER_EVENT = "another-kind-of-event"
SAME_STAGE = "no-change-of-stage"
TITLE = "above-the-headers"
TOTAL = "row-of-totals"
FOOTNOTE = "below-the-table"
NO_RECORD = "not-a-record"
# rows that are fine but not wanted: they never make a file unusable
SUPERFLUOUS = frozenset(
    {COPY, REPEATED, OTHER_EVENT, SAME_STAGE, TITLE, TOTAL, FOOTNOTE}
)
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
    TITLE: Text(
        en="a line above the headers, not a record",
        ru="строка над заголовками, не запись",
    ),
    TOTAL: Text(en="a row of totals, not a record", ru="строка итогов, не запись"),
    FOOTNOTE: Text(
        en="a note below the table, not a record",
        ru="приписка под таблицей, не запись",
    ),
    NO_RECORD: Text(
        en="a bare value where a record is due", ru="одно значение вместо записи"
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
