"""The canonical tables (D-01 … D-25 of the domain): names, columns and types.

File name = table name. Every table and every column beyond a key is optional;
unknown columns are kept as extra dimensions (text).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from salesdx.content import content, read, validate
from salesdx.errors import KnowledgeError, Said
from salesdx.language import Text

# currency units; a larger amount of one deal or invoice is a slip of the keyboard
MOST_MONEY = 1e12
MOST_NUMBER = 1e9  # and so is a larger count, quantity or share
ColumnType = Literal["id", "text", "number", "money", "time", "date", "bool", "enum"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; a row without a value in a `required` column is rejected."""

    name: str
    type: ColumnType = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `key` columns must be unique where given."""

    name: str
    ref: str
    columns: tuple[Column, ...]
    key: str | None = None

    def column(self, name: str) -> Column | None:
        """Return a declared column by name."""
        return next((c for c in self.columns if c.name == name), None)


STATUS = ("open", "won", "lost")
ROLES = ("hunter", "farmer", "account_manager", "presales", "head", "mixed")
ACTIVITY_TYPES = (
    "letter", "call", "chat", "presentation", "meeting", "demo", "quote", "invoice",
    "contract",
)  # fmt: skip
_TYPES: dict[str, ColumnType] = {
    "id": "id", "t": "text", "n": "number", "m": "money", "ts": "time", "d": "date",
    "b": "bool",
}  # fmt: skip


def _columns(spec: str, required: str = "") -> tuple[Column, ...]:
    """`name:type` words; a missing type is text."""
    must = set(required.split())
    found = []
    for word in spec.split():
        name, _, kind = word.partition(":")
        found.append(Column(name, _TYPES.get(kind, "text"), name in must))
    return tuple(found)


def _enum(name: str, choices: tuple[str, ...], required: bool = False) -> Column:
    return Column(name, "enum", required, choices)


_DIMENSIONS = "segment source channel region product department"

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("leads", "D-01", _columns(
            "lead_id:id created_at:ts channel source campaign cost_ref region segment"
            " client_id:id assigned_to:id notified_at:ts first_attempt_at:ts"
            " reached_at:ts not_reached_reason first_response_at:ts request_type"
            " after_hours:b product department", "lead_id"), "lead_id"),
        Table("clients", "D-02", (*_columns(
            "client_id:id name segment target_group region owner_manager:id"
            " first_purchase_at:d last_purchase_at:d abc xyz potential_revenue:m"
            " do_not_return:b", "client_id"),
            _enum("new_current", ("new", "current")),
            _enum("warmth", ("cold", "warm", "hot"))), "client_id"),
        Table("deals", "D-03", (*_columns(
            "deal_id:id client_id:id lead_id:id funnel_id:id manager_id:id"
            " entered_at:ts stage_id:id closed_at:ts amount:m cost:m discount:n"
            f" lost_reason next_task_at:ts {_DIMENSIONS}", "deal_id"),
            _enum("status", STATUS, required=True)), "deal_id"),
        Table("stage_history", "D-04", _columns(
            "deal_id:id stage_id:id entered_at:ts left_at:ts changed_by:id",
            "deal_id stage_id")),
        Table("deal_items", "D-05", (*_columns(
            "deal_id:id product_id:id qty:n price:m cost:m offered:b accepted:b",
            "deal_id"), _enum("origin", ("requested", "upsell", "cross-sell")))),
        Table("activities", "D-06", (*_columns(
            "activity_id:id manager_id:id client_id:id deal_id:id lead_id:id"
            " started_at:ts duration_s:n outcome outcome_logged_at:ts adapted:b",
            "activity_id"), _enum("type", ACTIVITY_TYPES),
            _enum("direction", ("in", "out"))), "activity_id"),
        Table("quotes", "D-07", _columns(
            "quote_id:id deal_id:id requested_at:ts promised_at:ts sent_at:ts"
            " received_confirmed_at:ts adapted_to_group:b", "quote_id"), "quote_id"),
        Table("contracts", "D-08", _columns(
            "deal_id:id client_ready_at:ts start_agreed_at:ts promised_at:ts"
            " draft_sent_at:ts edit_rounds:n signed_at:ts", "deal_id"), "deal_id"),
        Table("payments", "D-09", _columns(
            "invoice_id:id deal_id:id issued_at:ts paid_at:ts amount:m",
            "invoice_id"), "invoice_id"),
        Table("tickets", "D-10", _columns(
            "ticket_id:id client_id:id deal_id:id assignee:id next_task due_at:ts"
            " stage checklist_done:b opened_at:ts closed_at:ts deleted:b",
            "ticket_id"), "ticket_id"),
        Table("complaints", "D-11", _columns(
            "client_id:id department manager_id:id opened_at:ts resolved_at:ts",
            "client_id")),
        Table("surveys", "D-12", _columns(
            "client_id:id date:d nps_score:n liked disliked improve_topics",
            "client_id")),
        Table("churn_log", "D-13", _columns(
            "client_id:id date:d definition_used reason channel region department"
            " manager_id:id win_back_method returned_at:d", "client_id")),
        Table("marketing_costs", "D-14", _columns(
            "channel source campaign period:d cost:m impressions:n clicks:n leads:n",
            "cost")),
        Table("products", "D-15", _columns(
            "product_id:id line category cost:m price:m foreign_components_share:n"
            " logistics_share:n trademark:b online:b offline:b upsell_of:id"
            " cross_sell_of:id", "product_id"), "product_id"),
        Table("managers", "D-16", (*_columns(
            "manager_id:id name hired_at:d team region grade department", "manager_id"),
            _enum("role", ROLES)), "manager_id"),
        Table("absences", "D-17", _columns(
            "manager_id:id type from:d to:d", "manager_id from to")),
        Table("plans", "D-18", _columns(
            "period:d manager_id:id product client_id:id metric plan_value:n",
            "plan_value")),
        Table("presales_tasks", "D-19", _columns(
            "task_id:id deal_id:id specialist:id stage requested_at:ts started_at:ts"
            " finished_at:ts", "task_id"), "task_id"),
        Table("buying_centre", "D-20", _columns(
            "deal_id:id contact_id:id role identified_at:ts contacted_at:ts"
            " needs_recorded:b expectations_recorded:b", "deal_id contact_id")),
        Table("wallet", "D-21", _columns(
            "client_id:id measured_at:d total_demand:m our_share:n competitor"
            " residual_stock:n", "client_id")),
        Table("funnel_definition", "D-22", _columns(
            "funnel_id:id stage_id:id entry_criterion quality_criterion"
            " reference_days:n turning_point:b", "stage_id")),
        Table("call_reviews", "D-23", _columns(
            "activity_id:id manager_id:id date:d script_score:n objection_score:n"
            " product_offered:b product_id:id refused_available:b reviewer",
            "activity_id")),
        Table("management_reviews", "D-24", _columns(
            "date:d head:id deals_reviewed:n corrections:n", "date")),
        Table("offers", "D-25", _columns(
            "offer_id:id target_group public:b deadline_type deadline_at:ts"
            " limit_qty:n cta granted_after_deadline:b granted_at:ts deal_id:id"
            " manager_id:id", "offer_id"), "offer_id"),
    )
}  # fmt: skip


@lru_cache(maxsize=1)
def _titles() -> dict[str, Text]:
    """reports/tables.yaml: `table`, `table.column` or `.column` -> title."""
    document, problems = read(content("reports") / "tables.yaml", "reports/tables.yaml")
    found: dict[str, Text] = {}
    for key in document.data if document else ():
        assert document is not None
        title, faults = validate(Text, document, (key,))
        problems += faults
        if title is not None:
            found[key] = title
    if problems:
        what = Said(
            "the titles of the tables are not valid", "в названиях таблиц ошибки"
        )
        raise KnowledgeError(what, problems)
    return found


def table_title(name: str) -> Text:
    """How people call a table; a name we do not know stays as it is."""
    return _titles().get(name) or Text(en=name, ru=name)


def column_title(table: str, column: str) -> Text:
    """How people call a column; a name we do not know stays as it is."""
    titles = _titles()
    found = titles.get(f"{table}.{column}") or titles.get(f".{column}")
    return found or Text(en=column, ru=column)


def need_title(need: str) -> Text:
    """`deals.closed_at` or `deals` as people say it: “Deals”: closing date."""
    table, _, column = need.partition(".")
    whole = table_title(table)
    if not column:
        return Text(en=f"“{whole.en}”", ru=f"«{whole.ru}»")
    part = column_title(table, column)
    return Text(en=f"“{part.en}” in “{whole.en}”", ru=f"«{part.ru}» в «{whole.ru}»")
