"""Why a row was rejected, in words: structural messages of the readers."""

from salesdx.language import Text

COPY = "copy-of-row"
DUPLICATE = "duplicate-key"
REPEATED = "row-of-the-same-deal"  # one row a product
OTHER_EVENT = "another-kind-of-event"
SAME_STAGE = "no-change-of-stage"
NOT_HELD = "not-held"  # a meeting called off, a call only planned
OTHER_RECORD = "of-another-kind-of-record"  # a lead among the deals
NO_PRODUCT = "no-product-in-the-row"
NO_CONTACT = "no-contact-with-a-client"
BULK_MOVE = "move-of-many-at-once"
DELETED = "deleted-in-the-crm"
GROUP_ROW = "heading-of-a-group"
FRAME = "around-the-table"  # titles, filters, totals and footers of a report
INCOMING = "incoming-stage"  # what nobody has taken into work
NO_RECORD = "not-a-record"
ALIKE = "cannot-be-told-apart"  # no id, and the made-up key repeats: not superfluous
TWICE = "same-time-employee-and-phone"  # no id either, of calls and requests
# rows that are fine but not wanted: they never make a file unusable
SUPERFLUOUS = frozenset({
    COPY, REPEATED, OTHER_EVENT, SAME_STAGE, NOT_HELD, OTHER_RECORD, NO_PRODUCT,
    NO_CONTACT, BULK_MOVE, DELETED, GROUP_ROW, FRAME, INCOMING,
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
        en="did not take place: called off, or only planned",
        ru="не состоялось: отменено или только запланировано",
    ),
    OTHER_RECORD: Text(
        en="of another kind (a lead, an invoice): not of this table",
        ru="запись другого рода (лид, счёт): не из этой таблицы",
    ),
    NO_PRODUCT: Text(
        en="the deal has no products in this row", ru="в строке сделки нет товара"
    ),
    NO_CONTACT: Text(
        en="a task, a note or a recorded message: no contact with a client",
        ru="задача, заметка или автосообщение — не контакт с клиентом",
    ),
    BULK_MOVE: Text(
        en="many deals were moved at once: tidying up, not a step of this deal",
        ru="массовое перемещение: порядок в CRM, а не шаг этой сделки",
    ),
    DELETED: Text(en="deleted in the CRM", ru="удалено в CRM"),
    GROUP_ROW: Text(
        en="the heading of a group with its totals, not a deal",
        ru="заголовок группы с итогами, а не сделка",
    ),
    FRAME: Text(
        en="not a row of the table: a title, a total or a footer of the report",
        ru="не строка таблицы: заголовок, итог или приписка отчёта",
    ),
    INCOMING: Text(
        en="the tray of incoming requests, not a stage of the funnel",
        ru="«Неразобранное» — не этап воронки, а лоток для входящих",
    ),
    TWICE: Text(
        en="the same time, employee and phone as in a row above, and no number to tell"
        " them apart",
        ru="время, сотрудник и телефон те же, что в строке выше, а номера нет",
    ),
    ALIKE: Text(
        en="without an ID it cannot be told from an earlier deal of the same name,"
        " account and day of creation",
        ru="без номера не отличить от сделки выше: название, клиент и день создания те"
        " же",
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
