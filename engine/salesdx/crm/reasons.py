"""Why a row was rejected, in words: structural messages of the readers."""

from salesdx.language import Text

COPY = "copy-of-row"
DUPLICATE = "duplicate-key"
REPEATED = "row-of-the-same-deal"  # one row a product
OTHER_EVENT = "another-kind-of-event"
SAME_STAGE = "no-change-of-stage"
NOT_HELD = "not-held"  # a meeting called off
OTHER_RECORD = "of-another-kind-of-record"
NO_PRODUCT = "no-product-in-the-row"
NO_CONTACT = "no-contact-with-a-client"
NOT_DONE = "planned-only"
FRAME = "around-the-table"  # titles, filters, totals and footers of a report
DELETED = "deleted-in-the-crm"
INCOMING = "incoming-stage"  # what nobody has taken into work
ALIKE = "cannot-be-told-apart"  # no id, and the made-up key repeats: not superfluous
# rows that are fine but not wanted: they never make a file unusable
SUPERFLUOUS = frozenset({
    COPY, REPEATED, OTHER_EVENT, SAME_STAGE, OTHER_RECORD, NO_PRODUCT, NO_CONTACT,
    NOT_DONE, NOT_HELD, FRAME, DELETED, INCOMING,
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
    OTHER_RECORD: Text(
        en="about another kind of record (a lead, an invoice), not about deals",
        ru="это не о сделках, а о других записях (лиды, счета)",
    ),
    NO_PRODUCT: Text(
        en="the deal has no products in this row", ru="в строке сделки нет товара"
    ),
    NO_CONTACT: Text(
        en="a task, a note or a recorded message: no contact with a client",
        ru="задача, заметка или автосообщение — не контакт с клиентом",
    ),
    NOT_DONE: Text(
        en="planned, but not done yet", ru="запланировано, но ещё не сделано"
    ),
    FRAME: Text(
        en="not a row of the table: a title, a total or a footer of the report",
        ru="не строка таблицы: заголовок, итог или приписка отчёта",
    ),
    DELETED: Text(en="deleted in the CRM", ru="удалено в CRM"),
    INCOMING: Text(
        en="the tray of incoming requests, not a stage of the funnel",
        ru="«Неразобранное» — не этап воронки, а лоток для входящих",
    ),
    ALIKE: Text(
        en="without an ID it cannot be told from an earlier deal of the same name,"
        " account and day of creation",
        ru="без номера не отличить от сделки выше: название, клиент и день создания те"
        " же",
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
