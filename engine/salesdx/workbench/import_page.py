"""The table of the page on importing: what each CRM gives, file by file.

`python -m salesdx.workbench.import_page docs` renews it in both languages, between its
two marks; the rest of the page is written by hand.
"""

import sys
from pathlib import Path

from salesdx.crm.kinds import VENDORS
from salesdx.crm.vendors import vendor
from salesdx.crm.vendors.form import NAME_TITLES, Form, NameKind
from salesdx.language import Language, Text
from salesdx.tables import table_title

PAGES: dict[Language, str] = {"en": "importing.md", "ru": "ru/importing.md"}
START, END = "<!-- forms -->\n", "<!-- end of forms -->\n"
_COLUMNS = Text(
    en="CRM|What to export or to dump|What comes of it",
    ru="CRM|Что выгрузить|Что из этого получится",
)
_NAMES = Text(en="names of {}", ru="имена: {}")


def forms_table(language: Language) -> str:
    """Every form of every CRM as Markdown."""
    heads = _COLUMNS.in_(language).split("|")
    rows = [heads, ["---"] * len(heads)]
    for name in VENDORS:
        known = vendor(name)
        title = known.title.in_(language)
        for form in known.forms:
            rows.append([title, form.title.in_(language), gives(form, language)])
            title = ""
    return "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in rows)


def gives(form: Form, language: Language) -> str:
    """Tables and names that come of a form."""
    found = [f"{table_title(t).in_(language)} (`{t}`)" for t in form.tables]
    kinds = list(dict.fromkeys(d.kind for d in form.directories))
    if kinds:
        words = ", ".join(_kind(k).in_(language) for k in kinds)
        found.append(_NAMES.in_(language).format(words))
    return "; ".join(found) or "—"


def _kind(kind: NameKind) -> Text:
    return NAME_TITLES[kind]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def renewed(page: str, language: Language) -> str:
    """A page with its table as it should be.

    Raises:
        ValueError: the page has not both marks.
    """
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"the page needs {START!r} and {END!r}")
    return f"{before}{START}\n{forms_table(language)}\n{END}{after}"


def write(folder: Path) -> None:
    """Renew the page in both languages below a folder."""
    for language, name in PAGES.items():
        page = folder / name
        text = renewed(page.read_text(encoding="utf-8"), language)
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
