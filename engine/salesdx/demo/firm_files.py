"""A made-up firm from one YAML file, written as a case folder."""

from pathlib import Path
from typing import Any

import yaml

from salesdx.demo.case_files import write_table, yaml_text
from salesdx.demo.firm_base import tables_of
from salesdx.demo.firm_habits import AS_OF
from salesdx.demo.keeping import kept
from salesdx.demo.names import AS_MADE, Names


def load(path: Path) -> dict[str, Any]:
    """One firm as written; yes and no stay words, as in the files of the product."""
    return dict(yaml.load(path.read_text("utf-8"), Loader=_Words))


class _Words(yaml.SafeLoader):
    """YAML 1.2 words: yes, no, on and off are text."""


_Words.yaml_implicit_resolvers = {
    first: [(tag, match) for tag, match in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def write(
    spec: dict[str, Any], folder: Path, *, data: bool = True, answers: bool = True,
    names: Names = AS_MADE,
) -> Path:  # fmt: skip
    """The firm as a case folder, with its data, its answers or both."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    company = {"format": 1, "as_of": AS_OF, **spec["company"]}
    (folder / "company.yaml").write_text(yaml_text(names.within(company)), "utf-8")
    if answers and "answers" in spec:
        people = {who: {"role": who} for who in spec["answers"]}
        rows = [
            {"question": question, "by": who, **_value(value)}
            for who, given in spec["answers"].items()
            for question, value in given.items()
        ]
        rows += [
            {"question": question, "by": who, "about": {"manager": seller},
             **_value(value)}
            for who, sellers in spec.get("about", {}).items()
            for seller, given in sellers.items()
            for question, value in given.items()
        ]  # fmt: skip
        log = {"format": 1, "respondents": people, "answers": rows}
        (folder / "answers.yaml").write_text(yaml_text(names.within(log)), "utf-8")
    if data and "trade" in spec:
        tables = tables_of(spec)
        if "kept" in spec:
            tables = kept(tables, spec["kept"], str(spec["id"]))
        for name, rows in tables.items():
            columns = list(dict.fromkeys(name for row in rows for name in row))
            cells = ([row.get(c) for c in columns] for row in rows)
            write_table(folder / "data", name, columns, cells, names)
    return folder


def _value(value: Any) -> dict[str, Any]:
    return {"state": value} if value == "dont_know" else {"value": value}
