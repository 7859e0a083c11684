"""What authors claim: named once, shown as theirs, read by no rule."""

import json
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import TEXT, cause, metric, rule, write

from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load, load_all
from salesdx.workbench.lint import lint

CLAIM = {
    "id": "said", "text": {"en": "The author claims x.", "ru": "Автор утверждает."},
    "source": {"seed": "1"}, "grade": "E3",
}  # fmt: skip
OWN = {"text": TEXT, "source": {"seed": "1"}, "grade": "E1"}


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return load()


def base(folder: Path, *claims: dict[str, Any], named: list[Any] | None = None) -> Path:
    write(folder, causes=[cause("x", [rule("r", {"a": "< 0.5"})], remedies=["mend"])],
          metrics=[metric("a")])  # fmt: skip
    remedy = {
        "id": "mend", "title": TEXT, "steps": [TEXT], "owner": "head", "days": 5,
        "claims": named or [], "source": {"seed": "1"}, "grade": "E1",
    }  # fmt: skip
    (folder / "remedies").mkdir()
    for name, key, rows in (
        ("remedies/all.yaml", "remedies", [remedy]), ("claims.yaml", "claims", claims),
    ):  # fmt: skip
        text = json.dumps({"format": 1, key: rows}, ensure_ascii=False)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def codes(folder: Path) -> list[str]:
    return [p.code for p in lint(folder=folder)]


def test_every_promotional_number_of_the_sources_is_a_claim(
    shipped: KnowledgeBase,
) -> None:
    refs = [r for c in shipped.claims.values() for r in c.ref if r.startswith("F-")]
    assert sorted(refs) == [f"F-{i:02d}" for i in range(1, 17)]
    for claim in shipped.claims.values():
        if any(r.startswith("F-") for r in claim.ref):
            assert claim.grade == "E3"
            assert claim.text.en.startswith("The author ")
            assert claim.text.ru.startswith("Автор ")


def test_only_shares_that_the_author_names_are_shares(shipped: KnowledgeBase) -> None:
    shares = {
        c.ref[0]: (c.share.low, c.share.high)
        for c in shipped.claims.values()
        if c.share is not None
    }
    assert shares == {"F-05": (0.25, None), "F-06": (0.3, 0.4), "F-07": (None, 0.3)}


def test_a_remedy_shows_claims_of_the_list_and_its_own(tmp_path: Path) -> None:
    known = load(folder=base(tmp_path, CLAIM, named=["said", OWN]))
    told = [c.text.en for c in known.claims_of(known.remedies["mend"])]
    assert told == ["The author claims x.", "text"]


@pytest.mark.parametrize(
    ("more", "named", "code"),
    [
        ({}, ["sad"], "unknown-id"),
        ({"causes": ["y"]}, ["said"], "unknown-id"),
        ({}, [], "unused-claim"),
        ({"share": {"low": 0.2}}, [], "share-of-nothing"),
        ({"share": {}, "causes": ["x"]}, [], "schema"),
        ({"share": {"low": 0.4, "high": 0.3}, "causes": ["x"]}, [], "schema"),
        ({"share": {"low": 25}, "causes": ["x"]}, [], "schema"),
        ({"promise": 1}, [], "schema"),
    ],
)
def test_each_fault_of_a_claim_has_a_code(
    tmp_path: Path, more: dict[str, Any], named: list[str], code: str
) -> None:
    assert code in codes(base(tmp_path, CLAIM | more, named=named))


def test_a_claim_that_is_shown_or_says_why_not_is_no_fault(tmp_path: Path) -> None:
    shown = CLAIM | {"id": "cost", "share": {"high": 0.3}, "causes": ["x"]}
    idle = CLAIM | {"id": "idle", "unused": "an opinion"}
    found = codes(base(tmp_path, CLAIM, shown, idle, named=["said"]))
    assert not {"unused-claim", "share-of-nothing"} & set(found)


def test_no_condition_can_read_a_claim(tmp_path: Path) -> None:
    folder = base(tmp_path, CLAIM, named=["said"])
    reads = cause("y", [rule("r", {"said": "> 0"})])
    text = json.dumps(reads, ensure_ascii=False)
    (folder / "causes/test/y.yaml").write_text(text, encoding="utf-8")
    _, problems = load_all(folder=folder)
    assert "unknown-name" in {p.code for p in problems}
