"""Start a case: a company of one's own, or the made-up one to look around."""

import re
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from salesdx.crm.company_file import COMPANY_FILE, init_case, understood
from salesdx.demo import write_demo
from salesdx.language import Language
from salesdx.storage.accounts import User, grant
from salesdx.storage.cases import LONGEST_ID, add_case, has_case
from salesdx.workspace.yaml_edits import with_values

DEMO = "demo"
_LATIN = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya e"
_LETTERS = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
        _LATIN.replace("_", "").split(" "),
        strict=True,
    )
)
_FORMS = re.compile(
    r"^(ооо|оао|зао|пао|ао|ип|тоо|нко|llc|ltd|inc|gmbh)\b|\b(llc|ltd|inc|gmbh)\.?$"
)
_OTHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class NewCompany:
    """What is said of a company when its case begins."""

    name: str
    currency: str = "RUB"
    timezone: str = "Europe/Moscow"
    sales_model: str = ""
    industry: str = ""


def proposed_id(engine: Engine, name: str) -> str:
    """An id out of a name, in Latin letters: «ООО «Ромашка»» is `romashka`."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = _FORMS.sub("", re.sub(r"[«»\"'“”„]", " ", plain).strip())
    spelt = "".join(_LETTERS.get(sign, sign) for sign in words)
    latin = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    found = _OTHER.sub("-", latin).strip("-")[: LONGEST_ID - 4].strip("-") or "case"
    return free_id(engine, found)


def free_id(engine: Engine, wanted: str) -> str:
    """The id itself, or with a number where it is taken."""
    found, count = wanted, 1
    while has_case(engine, found):
        count += 1
        found = f"{wanted}-{count}"
    return found


def begin_case(
    engine: Engine, case: str, company: NewCompany, user: User, at: str
) -> None:
    """Add a case with nothing in it but its company.yaml; the user is its member.

    Raises:
        DataError: the id is taken or cannot be one, or a value is no such thing.
    """
    said = {
        "currency": company.currency, "timezone": company.timezone,
        "sales_model": company.sales_model or None,
        "industry": company.industry or None,
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="salesdx-") as temporary:
        folder = Path(temporary) / "case"
        path = init_case(folder, company.name)
        text = with_values(path.read_text(encoding="utf-8"), said)
        understood(text, COMPANY_FILE)
        path.write_text(text, encoding="utf-8")
        add_case(engine, case, company.name, folder, at, user.name)
    grant(engine, case, user.name, at, user.name)


def begin_demo(engine: Engine, user: User, at: str, language: Language = "ru") -> str:
    """Add the made-up company, named in a language; gives its id."""
    case = free_id(engine, DEMO)
    with tempfile.TemporaryDirectory(prefix="salesdx-") as temporary:
        folder = write_demo(Path(temporary) / "case", language=language)
        text = (folder / COMPANY_FILE).read_text(encoding="utf-8")
        name = understood(text, COMPANY_FILE).name
        add_case(engine, case, name, folder, at, user.name)
    grant(engine, case, user.name, at, user.name)
    return case
