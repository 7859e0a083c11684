"""What people call our columns (headers.yaml), whatever the CRM."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from salesdx.content import shipped
from salesdx.crm.rows import Rows, normalise_header
from salesdx.errors import Said


class Headers(BaseModel):
    """headers.yaml.

    `units` stand at the end of a header without changing what it means, `zones` name
    the clock of a column, `scales` make its amounts another size, `longer` its lengths,
    `small` words say nothing of it, `against` a table speak the headers listed there,
    `vague` names fit many columns, `outcome` words hint at where the outcome is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    prefixes: list[str]
    personal: list[str]
    units: list[str]
    scales: list[str]
    vague: list[str]
    outcome: list[str]
    longer: list[str]
    against: dict[str, list[str]]
    small: list[str]
    zones: dict[str, list[str]]
    tables: dict[str, dict[str, list[str]]]


@cache
def headers() -> Headers:
    """Read headers.yaml once.

    Raises:
        KnowledgeError: the file is not valid.
    """
    return shipped(
        Headers,
        Path(__file__).with_name("headers.yaml"),
        Said(
            "the header lists of the readers are not valid",
            "в списках заголовков, по которым читаются выгрузки, ошибки",
        ),
    )


KNOWN = 0.95  # the first of the known names
STEP = 0.002  # a later name of the list loses against an earlier one
MOST_STEPS = 50
VAGUE = 0.2  # taken off a name that fits many columns
PLAIN = 0.03  # taken off where only the letters are the same
ALIKE = 0.55  # a known name with a word more: `Сумма договора`
_TELLING = 5  # letters: shorter names (sum, id) stand within many others
FAR = 0.45  # the same, and the word more may well change what it means


@cache
def sureness(table: str, column: str) -> dict[str, float]:
    """Normalised header -> how surely it is this column: 1 for our own name."""
    known = headers().tables.get(table, {}).get(column, [])
    vague = {normalise_header(h) for h in headers().vague}
    found = {}
    for place, label in reversed(list(enumerate(known))):
        name = normalise_header(label)
        less = VAGUE if name in vague else 0.0
        found[name] = round(KNOWN - less - STEP * min(place, MOST_STEPS), 3)
    return found | {column: 1.0, column.replace("_", " "): 0.98}


@cache
def _plain_sureness(table: str, column: str) -> dict[str, float]:
    known = sureness(table, column)
    return {plain(h): known[h] - PLAIN for h in sorted(known, key=lambda h: known[h])}


@cache
def _phrases(table: str, column: str) -> list[tuple[str, ...]]:
    """Words of known names that are telling enough to stand within another."""
    found = [tuple(tokens(h)) for h in sureness(table, column)]
    return [p for p in found if len("".join(p)) >= _TELLING]


def sure_of(table: str, column: str, name: str, label: str, alike: bool) -> float:
    """How surely a header is a column, by its name alone; 0 when it is not.

    Args:
        table: the canonical table.
        column: its column.
        name: the normalised header.
        label: the header as written, which alone shows `camelCase`.
        alike: whether a known name within a longer header counts too.
    """
    known = sureness(table, column)
    found = max(known.get(name, 0.0), known.get(bare(name), 0.0) - 0.01)
    if found > 0:
        return found
    found = _plain_sureness(table, column).get(plain(name), 0.0)
    if found > 0 or not alike:
        return found
    words = tokens(label)
    return max((_alike(words, p) for p in _phrases(table, column)), default=0.0)


def _alike(words: list[str], phrase: tuple[str, ...]) -> float:
    """A phrase in a header of at most twice its words.

    What is meant leads in Russian (`Сумма договора`) and ends in English (`Contract
    amount`); elsewhere the other words may change the meaning.
    """
    size = len(phrase)
    if not size < len(words) <= 2 * size:
        return 0.0
    places = [
        i for i in range(len(words) - size + 1) if tuple(words[i : i + size]) == phrase
    ]
    if not places:
        return 0.0
    russian = bool(re.search("[а-я]", phrase[0]))
    head = 0 if russian else len(words) - size
    return ALIKE if head in places else FAR


@cache
def plain(header: str) -> str:
    """Letters and digits of a header, without brackets and units.

    `Сумма, руб.`, `Сумма (руб)` and `Сумма ₽` are one; so are `create_date`,
    `createDate` and `Create date`.
    """
    name = bare(normalise_header(header))
    name = _BRACKETS.sub(" ", name).strip() or name
    while (cut := _unit_pattern().sub("", name)) not in {name, ""}:
        name = cut
    return re.sub(r"[\W_]+", "", name) or name


_BRACKETS = re.compile(r"\s*(\([^)]*\)|\[[^\]]*\])")
_SHORT_SCALE = re.compile(r"\bт\.\s?р\b")  # тысячи рублей: the dots split the words
_CAMEL = re.compile(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])")


@cache
def _unit_pattern() -> re.Pattern[str]:
    units = "|".join(re.escape(normalise_header(u)) for u in headers().units)
    return re.compile(rf"[\s,.;:/_-]+({units})\.?$|[₽$€£%]$|[\s,.;:]+$")


def tokens(label: str) -> list[str]:
    """Words of a header: `dealCloseDate`, `deal_close_date`, `Deal: close date`."""
    text = bare(normalise_header(_CAMEL.sub(" ", label)))
    text = _BRACKETS.sub(" ", text)
    found = re.findall(r"[^\W_]+", text)
    return [w for w in found if w not in headers().small]


def is_scaled(label: str) -> bool:
    """Whether amounts are told in thousands or millions: `Сумма, тыс. руб.`."""
    text = normalise_header(_CAMEL.sub(" ", label))
    text = _SHORT_SCALE.sub("тыс", text)
    found = {*re.findall(r"[^\W_]+", text), *re.findall(r"[^\W_]+", label.casefold())}
    return bool(found & set(headers().scales))


def scaled_by(title: str, label: str) -> bool:
    """Whether a title makes the amounts below a header thousands or millions.

    A header that names its currency speaks for itself.
    """
    words = set(re.findall(r"[^\W_]+", _SHORT_SCALE.sub("тыс", title.casefold())))
    own = set(re.findall(r"[^\W\d_]+|[₽$€£]", label.casefold())) & set(headers().units)
    return bool(words & set(headers().scales) - _NO_TITLE) and not own


_NO_TITLE = frozenset({"000", "k", "mn", "тр"})  # may stand for anything in a sentence


def in_minutes(label: str) -> bool:
    """Whether lengths are told in minutes or hours: `Длительность, мин`."""
    text = _CLOCK_FORM.sub("", normalise_header(_CAMEL.sub(" ", label)))
    return bool(set(re.findall(r"[^\W_]+", text)) & set(headers().longer))


_CLOCK_FORM = re.compile(r"\b[hчmм]{1,2}:[\wа-я:]+")  # (hh:mm:ss) is no unit


def speaks_against(table: str, header: str) -> bool:
    """Whether a normalised header shows that a file is not this table."""
    return plain(header) in _against(table)


@cache
def _against(table: str) -> frozenset[str]:
    return frozenset(plain(h) for h in headers().against.get(table, ()))


def zone_of(label: str) -> str | None:
    """The time zone that a header names: `Дата создания (МСК)`, `created_at_utc`."""
    text = normalise_header(label)
    offset = re.search(r"(?:utc|gmt)\s*([+-])\s*(\d{1,2})(?!\d)", text)
    if offset and 0 < int(offset[2]) <= 12:
        return f"Etc/GMT{'-' if offset[1] == '+' else '+'}{int(offset[2])}"
    found = set(re.findall(r"[^\W_]+", text))
    return next((z for z, many in headers().zones.items() if found & set(many)), None)


def bare(header: str) -> str:
    """A normalised header without `deal - ` and a duplicate's number."""
    for prefix in headers().prefixes:
        header = header.removeprefix(prefix)
    return re.sub(r"\.\d+$", "", header)


def is_personal(header: str) -> bool:
    """Whether a header names personal data."""
    return any(
        re.search(rf"(^|[\W_]){re.escape(w)}", header) for w in headers().personal
    )


def header_of(rows: Rows, wanted: Iterable[str]) -> str | None:
    """The first of the wanted headers that a file has, normalised; a prefix may stand.

    `deal id` finds `Deal - ID`, and `dealname` finds `properties.dealname`.
    """
    present: list[str] = rows.table.column_names
    plain = {bare(n): n for n in reversed(present)}
    for label in wanted:
        name = normalise_header(label)
        if name in present:
            return name
        if name in plain:
            return plain[name]
    return None


def labels_of(rows: Rows) -> dict[str, str]:
    """Unique name -> header as written, where that is enough to find it again."""
    return {
        name: label if normalise_header(label) == name else name
        for name, label in zip(rows.table.column_names, rows.headers, strict=True)
    }
