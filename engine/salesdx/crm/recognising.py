"""Which CRM and which form a file is, by its headers."""

from collections.abc import Iterable
from dataclasses import dataclass

from salesdx.crm.headers import bare
from salesdx.crm.kinds import VENDORS, Crm
from salesdx.crm.rows import normalise_header
from salesdx.crm.vendors import vendor
from salesdx.crm.vendors.form import Form


@dataclass(frozen=True, slots=True)
class Recognised:
    """A form of a CRM that a file has."""

    crm: Crm
    form: Form

    @property
    def name(self) -> str:
        """Qualified name of the form, as a mapping writes it."""
        return f"{self.crm}.{self.form.id}"

    def shape(self, name: str | None) -> str | None:
        """Qualified name of a shape of this CRM."""
        return None if name is None else f"{self.crm}.{name}"


def recognise(headers: Iterable[str], crm: Crm = "auto") -> Recognised | None:
    """The form with most of its headers in the file; None where none has enough.

    Args:
        headers: normalised headers of the file.
        crm: look only among the forms of this one; `table` has none.
    """
    present = set(headers)
    present |= {bare(h) for h in present}
    found = [
        (count, share, name, form)
        for name in VENDORS
        if crm in {"auto", name}
        for form in vendor(name).forms
        if (count := _known(form, present))
        and (share := count / len({*form.requires, *form.signature}))
    ]
    if not found:
        return None
    _, _, name, form = max(found, key=lambda f: (f[0], f[1]))
    return Recognised(name, form)


def _known(form: Form, present: set[str]) -> int:
    """How many headers of a form the file has; 0 unless it has enough of them."""
    required = {normalise_header(h) for h in form.requires}
    signature = {normalise_header(h) for h in form.signature} - required
    count = len(signature & present)
    if present & {normalise_header(h) for h in form.absent}:
        return 0
    if not required <= present or count < min(form.needs, len(signature)):
        return 0
    return count + len(required)
