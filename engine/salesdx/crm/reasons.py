"""Why a row was rejected, in words: structural messages of the readers."""

from salesdx.language import Text

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
    "copy-of-row": Text(
        en="an exact copy of an earlier row", ru="точная копия строки выше"
    ),
    "row-of-the-same-deal": Text(
        en="one more row of the same deal (another product)",
        ru="ещё одна строка той же сделки (другой товар)",
    ),
    "duplicate-key": Text(
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
