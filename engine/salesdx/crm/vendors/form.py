"""How a vendor file (`amocrm.yaml` ...) reads: the forms in which a CRM gives its data.

A form is one kind of file: an export of deals, a dump of stage changes. It says by
which headers the file is known and which of them feeds which canonical column; what
headers cannot say (one file, several tables) is a shape, a function in the vendor's
module. Unknown columns are still looked up in headers.yaml.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from salesdx.language import Text

# what ids of a CRM stand for; a dump of the directory gives them their names
NameKind = Literal[
    "user", "stage", "pipeline", "lost_reason", "source", "client", "product"
]
NAME_TITLES: dict[NameKind, Text] = {
    "user": Text(en="people", ru="сотрудники"),
    "stage": Text(en="stages", ru="этапы"),
    "pipeline": Text(en="pipelines", ru="воронки"),
    "lost_reason": Text(en="lost reasons", ru="причины отказа"),
    "source": Text(en="sources", ru="источники"),
    "client": Text(en="clients", ru="клиенты"),
    "product": Text(en="products", ru="товары"),
}


class Part(BaseModel):
    """Base: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FormStatus(Part):
    """How a form tells the outcome; every field lists headers, the first found counts.

    `won` and `lost` are the words or ids that mean so in `column`.
    """

    column: list[str] = []
    won: list[str] = []
    lost: list[str] = []
    won_if: list[str] = []
    lost_if: list[str] = []
    closed_if: list[str] = []


class FormTable(Part):
    """One canonical table out of the form: column -> its headers, the surest first.

    Attributes:
        first_filled: columns that several headers feed, cell by cell the first that is
            filled; each entry lists the names one of these headers may have.
        shape: a function of the vendor's module that makes the rows of this table.
        named: columns that hold ids -> the directory that names them.
        status: how the outcome is told; by the words of status or stage if absent.
        guessed: whether columns not listed may be guessed from headers.yaml.
    """

    columns: dict[str, list[str]] = {}
    first_filled: dict[str, list[list[str]]] = {}
    shape: str | None = None
    named: dict[str, NameKind] = {}
    status: FormStatus | None = None
    guessed: bool = True


class Directory(Part):
    """Names of ids: who user 55 is, what stage 142 is called and whether it is won."""

    kind: NameKind
    shape: str | None = None
    id: list[str]
    name: list[str]
    outcome: list[str] = []
    won: list[str] = []
    lost: list[str] = []


class Form(Part):
    """One kind of file. `requires` must all be there, and `needs` of the `signature`.

    Attributes:
        zone: the time zone of times without one, if not the company's (`UTC`).
        advice: what to know or to fetch besides, told with the proposal.
        no_lost: told when the file holds no lost deal at all.
        skip: headers (or `start*`) that are neither data nor personal: not taken over.
        absent: headers that a file of this form never has.
        refused: why a file of this form is of no use; it is left out with these words.
        like: an earlier form of the same CRM: what it says counts here too, table by
            table, unless this form says it itself (never how a file is known).
    """

    id: str
    title: Text
    like: str | None = None
    requires: list[str] = []
    signature: list[str] = []
    needs: int = 3
    zone: str | None = None
    advice: Text | None = None
    no_lost: Text | None = None
    skip: list[str] = []
    absent: list[str] = []
    refused: Text | None = None
    tables: dict[str, FormTable] = {}
    directories: list[Directory] = []


_SHARED = frozenset({"zone", "advice", "no_lost", "skip", "refused", "directories"})


class Vendor(Part):
    """A vendor file.

    `ends_by_stage`: a deal ends by a move to a stage. Where it does not (a status or an
    archive beside the stage), no move tells when a deal was closed.
    """

    format: Literal[1]
    title: Text
    ends_by_stage: bool = True
    forms: list[Form] = Field(min_length=1)

    @field_validator("forms", mode="before")
    @classmethod
    def _alike(cls, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Fill in what a form leaves to the one that it is `like`."""
        found: dict[str, dict[str, Any]] = {}
        for form in told:
            other = found[form["like"]] if "like" in form else {}
            given = {k: v for k, v in other.items() if k in _SHARED} | form
            tables = other.get("tables", {}) | form.get("tables", {})
            found[form["id"]] = given | {"tables": tables}
        return list(found.values())
