"""Where an export may come from."""

from typing import Literal, get_args

Crm = Literal[
    "auto", "amocrm", "bitrix24", "hubspot", "pipedrive", "salesforce", "odoo", "zoho",
    "table",
]  # fmt: skip
CRMS: tuple[Crm, ...] = get_args(Crm)
VENDORS = tuple(name for name in CRMS if name not in {"auto", "table"})
