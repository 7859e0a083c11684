"""Where an export may come from."""

from typing import Literal, get_args

Crm = Literal[
    "auto", "amocrm", "bitrix24", "hubspot", "pipedrive", "salesforce", "odoo", "zoho",
    "table",
]  # fmt: skip
VENDORS: tuple[str, ...] = tuple(
    name for name in get_args(Crm) if name not in {"auto", "table"}
)
