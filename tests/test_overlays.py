"""Overlays and packs: tuning, additions, installed packs, engine ranges, limits."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import render_fixture
from knowledge_fixture import TEXT, cause, metric, question, rule, text_file, write

from salesdx.cli import run, wording
from salesdx.company import Company
from salesdx.diagnosis import diagnose
from salesdx.document import version as engine_version
from salesdx.errors import DataError, KnowledgeError, Problem, SalesdxError
from salesdx.explanation.account import account
from salesdx.explanation.bill import cause_row, could_add
from salesdx.explanation.tuned import tuned
from salesdx.explanation.why import Why
from salesdx.explanation.wording import Wording
from salesdx.facts import COMPANY, Fact, FactBase
from salesdx.inference.infer import Inference, infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge import folder as limits
from salesdx.knowledge import packs
from salesdx.knowledge.additions import Additions
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load, load_all
from salesdx.knowledge.own import own_knowledge
from salesdx.knowledge.tuning import (
    TunedBenchmark,
    TunedCause,
    TunedQuestion,
    TunedRule,
)
from salesdx.render.method import method
from salesdx.render.words import Words
from salesdx.result import Layer
from salesdx.workbench.lint import lint
from salesdx.workbench.testing import run as run_tests

WHY = "why: {en: Seen often., ru: Так бывает часто.}"
MARK = {
    "id": "share.low", "value": 0.2, "unit": "ratio", "title": TEXT, "grade": "E1",
    "applies_to": TEXT, "source": {"title": "A study"}, "date": "2026-01",
}  # fmt: skip
TESTS = [
    {"name": "holds", "given": {"share": 0.1},
     "expect": {"fired": ["low"], "points": 40}},
    {"name": "silent", "given": {"share": 0.5}, "expect": {"not_fired": ["low"]}},
    {"name": "unknown", "given": {}, "expect": {"unknown": ["low"]}},
]  # fmt: skip
MORE = """
    - id: more
      if: {q.more: yes}
      weight: considerable
      because: {en: More., ru: Ещё.}
      source: {note: mine}
      grade: EX
"""
MORE_TESTS = """
    - {name: m1, given: {q.more: yes}, expect: {fired: [more], not_fired: []}}
    - {name: m2, given: {q.more: no}, expect: {not_fired: [more]}}
    - {name: m3, given: {}, expect: {unknown: [more]}}
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Two causes: `a` by a figure or an answer, `b` by an answer."""
    return write(
        tmp_path / "kb",
        metrics=[metric("share")],
        questions=[question("q.more"), question("q.own", core=True)],
        benchmarks=[MARK],
        causes=[
            cause("a", [rule("low", {"share": "< share.low"})], tests=TESTS),
            cause("b", [rule("said", {"q.own": "yes"}, direct=True)]),
        ],
    )


@pytest.fixture
def mine(tmp_path: Path) -> Callable[[str, str], Path]:
    def put(name: str, text: str) -> Path:
        text_file(tmp_path / "mine", name, text)
        return tmp_path / "mine"

    return put


Put = Callable[[str, str], Path]


def tuning(changes: str) -> str:
    """A tuning.yaml; `WHY` stands for a reason."""
    return f"format: 1\n{changes.replace('WHY', WHY)}\n"


def judged(knowledge: KnowledgeBase, **facts: Any) -> Inference:
    """Judge facts; `q_own` stands for `q.own`."""
    named = {k.replace("_", "."): v for k, v in facts.items()}
    base = FactBase.of(
        Fact(n, v, origin="answer" if n.startswith("q.") else "metric")
        for n, v in named.items()
    )
    return infer(knowledge, base, ReferenceExecutor())


def only(problems: list[Problem]) -> Problem:
    (found,) = problems
    return found


@pytest.mark.parametrize(
    ("changes", "row", "points"),
    [
        ("rules: [{at: a/low, weight: slight, WHY}]",
         ("rule", "a/low", "weight", "strong", "slight"), 5),
        ("rules: [{at: a/low, group: other, WHY}]",
         ("rule", "a/low", "group", None, "other"), 40),
        ("rules: [{at: a/low, if: {share: '> 0'}, WHY}]",
         ("rule", "a/low", "if", {"share": "< share.low"}, {"share": "> 0"}), 40),
        ("rules: [{at: a/low, off: true, WHY}]",
         ("rule", "a/low", "off", False, True), 0),
        ("benchmarks: [{id: share.low, value: 0.05, WHY}]",
         ("benchmark", "share.low", "value", 0.2, 0.05), 0),
        ("benchmarks: [{id: share.low, variants: [], WHY}]",
         ("benchmark", "share.low", "variants", [], []), 40),
        ("causes: [{id: a, remedies: [], WHY}]",
         ("cause", "a", "remedies", [], []), 40),
        ("questions: [{id: q.own, core: false, WHY}]",
         ("question", "q.own", "core", True, False), 40),
        ("questions: [{id: q.own, off: true, WHY}]",
         ("question", "q.own", "off", False, True), 40),
    ],
)  # fmt: skip
def test_one_key_is_changed_and_told(
    base: Path, mine: Put, changes: str, row: tuple[Any, ...], points: int
) -> None:
    over = mine("tuning.yaml", tuning(changes))
    found = load([over], folder=base)
    (told,) = found.tuned
    assert (told.kind, told.id, told.change, told.was, told.now) == row
    assert told.layer == "mine"
    assert told.why is not None
    assert told.why.ru == "Так бывает часто."
    assert judged(found, share=0.1).causes["a", COMPANY].total.points == points
    (shown,) = tuned(Wording(found, "RUB"))
    assert json.dumps(shown.model_dump())
    assert shown.text.en != shown.text.ru


def test_a_cause_that_is_off_is_not_judged_and_breaks_nothing(
    base: Path, mine: Put
) -> None:
    over = mine("tuning.yaml", tuning("causes: [{id: a, off: true, WHY}]"))
    found = load([over], folder=base)
    assert {i for i, _ in judged(found, share=0.1).causes} == {"b"}
    assert found.title("cause:a").en == "text"


def test_a_question_that_is_off_is_neither_asked_nor_heard(
    base: Path, mine: Put
) -> None:
    from salesdx.answers.relevance import active, applies

    off = tuning("questions: [{id: q.own, off: true, WHY}]")
    found = load([mine("tuning.yaml", off)], folder=base)
    facts = FactBase.of([Fact("q.own", True, origin="answer")])
    question_ = found.questions["q.own"]
    assert applies(question_, facts, found, {}, None) is False
    assert len(active(facts, found, None)) == 0
    for knowledge, names in ((load(folder=base), ["q.own"]), (found, [])):
        outcome = judged(knowledge)
        row = outcome.causes["b", COMPANY]
        assert [n for n, _ in could_add(row, outcome.case)] == names


def test_a_rule_that_is_off_does_not_come_back_as_a_slight_answer(
    tmp_path: Path, mine: Put
) -> None:
    problem = {"when": "yes", "causes": ["a"]}
    base = write(
        tmp_path / "kb", questions=[question("q.own", problem=problem)],
        causes=[cause("a", [rule("said", {"q.own": "yes"})])],
    )  # fmt: skip
    off = tuning("rules: [{at: a/said, off: true, WHY}]")
    found = load([mine("tuning.yaml", off)], folder=base)
    assert found.causes["a"].rules == ()


def test_a_later_layer_tunes_what_an_earlier_one_did(
    base: Path, mine: Put, tmp_path: Path
) -> None:
    first = mine("tuning.yaml", tuning("causes: [{id: a, off: true, WHY}]"))
    text_file(
        tmp_path / "his", "tuning.yaml",
        tuning(
            "causes: [{id: a, off: false, WHY}]\n"
            "benchmarks: [{id: share.low, value: 0.3, WHY}]"
        ),
    )  # fmt: skip
    found = load([first, tmp_path / "his"], folder=base)
    assert not found.is_off("causes", "a")
    assert [(t.layer, t.change, t.was) for t in found.tuned] == [
        ("mine", "off", False), ("his", "value", 0.2), ("his", "off", True),
    ]  # fmt: skip
    assert found.benchmarks["share.low"].source.note == "his"  # no longer the study's


@pytest.mark.parametrize(
    ("changes", "line", "says"),
    [
        ("benchmarks:\n- {id: share.lov, value: 1, WHY}", 3,
         "no benchmark 'share.lov' (did you mean 'share.low'?)"),
        ("rules:\n- {at: a/lov, weight: slight, WHY}", 3,
         "no rule 'a/lov' (did you mean 'a/low'?)"),
        ("rules:\n- {at: aa/low, weight: slight, WHY}", 3, "did you mean 'a/low'?"),
        ("rules:\n- {at: a/low, weight: heavy, WHY}", 3, "not one of slight"),
        ("rules:\n- {at: low, off: true, WHY}", 3, "a rule is named cause/rule"),
        ("rules:\n- {at: a/low, if: {shar: '< 1'}, WHY}", 3,
         "unknown name 'shar' (did you mean 'share'?)"),
        ("rules:\n- {at: a/low, of: true, WHY}", 3, "unknown key 'of'"),
        ("rules:\n- {at: a/low, WHY}", 3, "nothing is changed here; give one of"),
        ("rules:\n- {at: a/low, off: true}", 3, "the key 'why' is missing"),
        ("rules:\n- {at: a/low, off: true, WHY}\n- {at: a/low, group: x, WHY}", 4,
         "tuned already at line 3"),
        ("causes:\n- {id: c, off: true, WHY}", 3, "no cause 'c'"),
        ("causes:\n- {id: a, remedies: [none], WHY}", 3, "no remedy 'none'"),
        ("questions:\n- {id: q.owm, off: true, WHY}", 3, "did you mean 'q.own'?"),
        ("rule: []", 2, "unknown key 'rule' (did you mean 'rules'?)"),
    ],
)  # fmt: skip
def test_a_fault_of_tuning_is_told_at_its_line(
    base: Path, mine: Put, changes: str, line: int, says: str
) -> None:
    over = mine("tuning.yaml", tuning(changes))
    found = only(load_all([over], folder=base)[1])
    assert (found.file, found.line) == ("mine/tuning.yaml", line)
    assert says in str(found)
    assert found.text("ru") != found.text("en")


def test_additions_are_merged_and_keep_their_own_place(base: Path, mine: Put) -> None:
    over = mine(
        "additions/a.yaml",
        f"format: 1\ncause: a\nunless: [{{q.own: no}}]\nevidence:{MORE}"
        f"tests:{MORE_TESTS}",
    )
    found = load([over], folder=base)
    assert judged(found, share=0.1, q_more=True).causes["a", COMPANY].verdict == (
        "likely"
    )
    cancelled = judged(found, share=0.1, q_more=True, q_own=False)
    assert cancelled.causes["a", COMPANY].verdict == "ruled_out"
    assert run_tests(found, "a").failures == []
    assert run_tests(found, "a").untested == []
    added = found.causes["a"].rules[1]
    problem = found.problem("causes", "a", (*added.path, "if"), "x", "y")
    assert (problem.file, problem.line) == ("mine/additions/a.yaml", 6)
    shipped = found.problem("causes", "a", (*found.causes["a"].rules[0].path,), "x", "")
    assert shipped.file == "kb/causes/test/a.yaml"
    assert [(t.kind, t.id, t.change) for t in found.tuned] == [
        ("rule", "a/more", "added"), ("cause", "a", "unless"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("additions/aa.yaml", "cause: aa", "no cause 'aa' (did you mean 'a'?)"),
        ("additions/b.yaml", "cause: a", "in b.yaml (name it a.yaml)"),
        ("additions/a.yaml", "cause: a\nrules: []", "unknown key 'rules'"),
        ("additions/a.yaml", "cause: a\nremedies: [none]", "no remedy 'none'"),
        ("additions/a.yaml", "cause: a\nunless: [{q.owm: no}]", "unknown name 'q.owm'"),
        ("additions/a.yaml",
         "cause: a\nevidence: [{id: low, if: {q.own: yes}, weight: slight, because: "
         "{en: x, ru: x}, source: {note: x}, grade: EX}]", "rule 'low' stands twice"),
    ],
)  # fmt: skip
def test_a_fault_of_an_addition_is_told_in_it(
    base: Path, mine: Put, name: str, text: str, says: str
) -> None:
    over = mine(name, f"format: 1\n{text}\n")
    found = only(load_all([over], folder=base)[1])
    assert found.file == f"mine/{name}"
    assert found.line > 1
    assert says in str(found)


def test_tests_of_the_base_that_a_tuning_changes_are_told_and_fail_nobody(
    base: Path, mine: Put
) -> None:
    over = mine("tuning.yaml", tuning("rules: [{at: a/low, weight: slight, WHY}]"))
    report = run_tests(load([over], folder=base), "a")
    assert report.failures == []
    assert report.untested == []
    assert [(f.cause, f.test) for f in report.changed] == [("a", "holds")]
    assert not [p for p in lint([over], base) if p.code == "failing-test"]


def test_a_replaced_condition_needs_tests_of_its_own(base: Path, mine: Put) -> None:
    changed = tuning("rules: [{at: a/low, if: {q.own: no}, WHY}]")
    over = mine("tuning.yaml", changed)
    found = lint([over], base)
    missing = only([p for p in found if p.code == "missing-test" and "a/low" in str(p)])
    assert "never fired, not fired, unknown" in missing.message


def test_nothing_of_the_base_is_called_idle_because_of_an_overlay(
    base: Path, mine: Put
) -> None:
    over = mine("tuning.yaml", tuning("rules: [{at: b/said, off: true, WHY}]"))
    assert not [p for p in lint([over], base) if p.code == "question-asked-by-no-rule"]


def test_what_was_tuned_is_seen_in_the_bill_and_in_the_report(
    base: Path, mine: Put
) -> None:
    over = mine("tuning.yaml", tuning("rules: [{at: a/low, weight: slight, WHY}]"))
    knowledge = load([over], folder=base)
    found, wording_ = judged(knowledge, share=0.1), Wording(knowledge, "RUB")
    row = next(d for d in diagnose(found, []) if d.id == "a")
    (line,) = cause_row(row, found.case, wording_).evidence
    (told,) = line.tuned
    assert (told.layer, told.was, told.now) == ("mine", "strong", "slight")
    opened = account(row.outcome, found, wording_)
    why = Why(cause="a", rows=[], accounts=[opened])
    change = "mine: weight strong → slight (40 → 5). Why: Seen often."
    assert change in why.text("en")
    assert "mine: вес сильный → слабый (40 → 5). Почему: Так бывает" in why.text("ru")
    document = render_fixture.rich()
    info = document.knowledge.model_copy(update={
        "layers": [Layer(id="taxi", version="2", hash="0")], "tuned": [told],
    })  # fmt: skip
    document = document.model_copy(update={"knowledge": info})
    section = method(document, Words(document, "en"))
    shown = repr(section)
    assert " + taxi 2" in shown
    assert "“text” (low): weight strong → slight (40 → 5). Seen often. (mine)" in shown


PAGES = [
    Path(__file__).parents[1] / "docs" / page
    for page in ("overlays.md", "ru/overlays.md")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.parent.name)
def test_the_examples_of_the_manual_hold(page: Path, mine: Put) -> None:
    found = re.findall(r"^```yaml\n(.*?)^```$", page.read_text(), flags=re.M | re.S)
    tuned_, added, pack = found
    cause_ = re.findall(r"# (additions/\S+)", added)[0]
    for name, text in (("tuning.yaml", tuned_), (cause_, added), ("pack.yaml", pack)):
        over = mine(name, text)
    knowledge = load([over])
    assert [x.id for x in knowledge.layers] == ["taxi"]
    assert all(t.was != t.now for t in knowledge.tuned)
    for cause_id in ("off-hours-not-covered", "slow-reaction-discipline"):
        report = run_tests(knowledge, cause_id)
        assert report.failures == []
        assert report.untested == []
    told = set(re.findall(r"`([a-z_]+)`", page.read_text()))
    assert set(Additions.model_fields) - {"format", "cause"} <= told
    for model in (TunedBenchmark, TunedRule, TunedCause, TunedQuestion):
        keys = {f.alias or n for n, f in model.model_fields.items()}
        assert keys - {"at"} <= told


# --- identity ---------------------------------------------------------------------


def test_an_overlay_keeps_the_identity_of_the_pack_and_has_its_own(
    base: Path, mine: Put
) -> None:
    over = mine("pack.yaml", 'format: 1\nid: taxi\nversion: "2"\nengine: ">=0"\n')
    plain, layered = load(folder=base), load([over], folder=base)
    assert layered.pack.id == plain.pack.id == "test"
    (layer,) = layered.layers
    assert (layer.id, layer.version, len(layer.hash)) == ("taxi", "2", 16)
    assert layered.overlays == ("taxi",)
    assert layered.hash != plain.hash
    mine("benchmarks/own.yaml", "format: 1\nbenchmarks: []\n")
    assert load([over], folder=base).layers[0].hash != layer.hash


def test_two_overlays_of_one_name_are_told_apart(base: Path, tmp_path: Path) -> None:
    for n in ("1", "2"):
        text = tuning(f"rules: [{{at: a/low, if: {{nope{n}: yes}}, WHY}}]")
        text_file(tmp_path / n / "mine", "tuning.yaml", text)
    over = [tmp_path / n / "mine" for n in ("1", "2")]
    _, found = load_all(over, folder=base)
    assert [p.message for p in found] == ["unknown name 'nope2'"]


@pytest.mark.parametrize(
    ("engine", "version", "says"),
    [
        (">=0.1,<1", "0.1.0", None),
        (">=0.1", "0.2.0rc1", None),
        (">=0.2", "0.2.0.dev3", None),  # on the way to 0.2: asked for as 0.2
        ("<1", "1.0rc1", "needs"),
        (">=0.3,<1", "0.2", "pack 'taxi' needs salesdx >=0.3,<1; this is 0.2"),
        ("<1", "1.0", "install a salesdx of that range"),
        ("about 1", "0.2", "'about 1' is no range of versions"),
    ],
)
def test_a_pack_says_which_engine_it_needs(
    base: Path, mine: Put, monkeypatch: pytest.MonkeyPatch,
    engine: str, version: str, says: str | None,
) -> None:  # fmt: skip
    over = mine("pack.yaml", f"format: 1\nid: taxi\nversion: '1'\nengine: '{engine}'\n")
    monkeypatch.setattr(packs, "engine_version", lambda: version)
    found = [p for p in load_all([over], folder=base)[1] if "taxi" in p.message
             or p.file == "mine/pack.yaml"]  # fmt: skip
    if says is None:
        assert found == []
    else:
        assert says in str(only(found))
        assert (found[0].code, found[0].line) == ("engine-range", 4)


def test_the_engine_range_of_the_base_itself_is_checked(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text_file(base, "pack.yaml", "format: 1\nid: t\nversion: '1'\nengine: '>=9'\n")
    assert only(load_all(folder=base)[1]).code == "engine-range"
    assert packs.engine_version() == engine_version()


# --- files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("causes/x.yml", "name it x.yaml"),
        ("tuning.yaml.txt", "name it tuning.yaml"),
        ("Tuning.YAML", "name it"),
        ("additions/a.yml", "name it a.yaml"),
        ("platitudes.yaml", "platitudes.yaml of an overlay is not read"),
        ("glossary.yaml", "of an overlay is not read"),
        ("causs/x.yaml", "did you mean 'causes'?"),
        ("questionnaires/deep/x.yaml", "no kind of knowledge lives here"),
    ],
)
def test_a_file_in_a_wrong_place_or_of_a_wrong_name_is_told(
    base: Path, mine: Put, name: str, says: str
) -> None:
    found = only(load_all([mine(name, "format: 1\n")], folder=base)[1])
    assert found.file == f"mine/{name}"
    assert says in str(found)


@pytest.mark.parametrize(
    "name",
    [".git/x.yaml", ".schema/x.yaml", "node_modules/x/x.yaml", "causes/.hidden.yaml",
     "README.md", "mkdocs.yml", "causes/notes.txt", "__init__.py"],
)  # fmt: skip
def test_files_of_other_tools_are_left_alone(base: Path, mine: Put, name: str) -> None:
    assert load_all([mine(name, "&a [nonsense")], folder=base)[1] == []


def test_tuning_of_the_base_itself_is_refused(base: Path) -> None:
    text_file(base, "tuning.yaml", "format: 1\n")
    assert only(load_all(folder=base)[1]).code == "unknown-file"


def test_links_are_followed_and_rings_are_not(base: Path, tmp_path: Path) -> None:
    over, shared = tmp_path / "mine", tmp_path / "shared"
    text_file(shared, "own.yaml", f"format: 1\nbenchmarks: [{json.dumps(MARK)}]\n")
    over.mkdir()
    (over / "benchmarks").symlink_to(shared, target_is_directory=True)
    (shared / "again").symlink_to(over, target_is_directory=True)
    (over / "causes").mkdir()
    (over / "causes" / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    found, problems = load_all([over], folder=base)
    assert found.entries["benchmarks"]["share.low"].file == "mine/benchmarks/own.yaml"
    assert only(problems).file == "mine/causes/gone.yaml"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
def test_a_pipe_is_not_waited_for(base: Path, mine: Put) -> None:
    over = mine("README.md", "")
    os.mkfifo(over / "tuning.yaml")
    assert only(load_all([over], folder=base)[1]).message == "not an ordinary file"


@pytest.mark.parametrize(
    ("limit", "most"), [("MAX_ENTRIES", 2), ("MAX_FILES", 2), ("MAX_BYTES", 20)]
)
def test_a_folder_that_is_far_too_large_is_refused(
    tmp_path: Path, mine: Put, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    for n in range(3):
        mine(f"causes/{n}.yaml", "format: 1\n")
    monkeypatch.setattr(limits, limit, most)
    found = limits.find_files(tmp_path / "mine")
    assert found.files == []
    assert only(found.problems).message.startswith("too large for a folder of know")


# --- the case ---------------------------------------------------------------------


def company(case: Path, *names: str) -> Company:
    listed = "\n".join(f"- {n}" for n in names)
    text_file(case, "company.yaml", f"format: 1\nname: Acme\nknowledge:\n{listed}\n")
    return Company(format=1, name="Acme", knowledge=list(names))


def test_a_case_names_folders_of_its_own(tmp_path: Path) -> None:
    case = tmp_path / "acme"
    (case / "own" / "deep").mkdir(parents=True)
    found = own_knowledge(case, company(case, "own", "own/deep"))
    assert found == [case / "own", case / "own" / "deep"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../mine", "lies outside the case"),
        ("own/../../mine", "lies outside the case"),
        ("{tmp}/mine", "lies outside the case"),
        ("{tmp}/acme/own", "lies outside the case"),
        ("link", "lies outside the case"),
        ("leaky", "leaky/causes/x.yaml is a link that leads out of the case"),
        ("company.yaml", "is a file; give its folder"),
        ("nowhere", "neither a folder nor an installed pack 'nowhere'"),
    ],
)
def test_a_case_reads_nothing_but_itself(
    tmp_path: Path, mine: Put, name: str, says: str
) -> None:
    case, over = tmp_path / "acme", mine("causes/x.yaml", "id: x\n")
    (case / "own").mkdir(parents=True)
    (case / "link").symlink_to(over, target_is_directory=True)
    (case / "leaky").mkdir()
    (case / "leaky" / "causes").symlink_to(over / "causes", target_is_directory=True)
    named = company(case, "own", name.format(tmp=tmp_path))
    with pytest.raises(DataError) as told:
        own_knowledge(case, named)
    problem = only(list(told.value.problems))
    assert says in str(problem)
    assert (Path(problem.file).name, problem.line) == ("company.yaml", 5)


# --- installed packs --------------------------------------------------------------


Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Put a distribution where Python finds it, without pip."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def put(name: str, value: str, *, of: str = "taxi-pack", **files: str) -> Path:
        about = site / f"{of.replace('-', '_')}-2.1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {of}\nVersion: 2.1\n"
        )
        (about / "entry_points.txt").write_text(
            f"[console_scripts]\n{name} = x:y\n\n[salesdx.packs]\n{name} = {value}\n"
        )
        text_file(site, "taxi_pack/__init__.py", 'raise SystemExit("was run")\n')
        for path, text in files.items():
            text_file(site, f"taxi_pack/{path.replace('__', '/')}.yaml", text)
        return site / "taxi_pack"

    yield put
    assert "taxi_pack" not in sys.modules


PACK = 'format: 1\nid: taxi\nversion: "2.1"\nengine: ">=0.1,<1"\n'
TUNING = tuning("benchmarks: [{id: share.low, value: 0.4, WHY}]")


@pytest.mark.parametrize(
    ("value", "files"),
    [
        ("taxi_pack", {"pack": PACK, "tuning": TUNING}),
        ("taxi_pack:rules", {"rules__pack": PACK, "rules__tuning": TUNING}),
        ("taxi_pack.rules", {"rules__pack": PACK, "rules__tuning": TUNING}),
    ],
)
def test_an_installed_pack_is_read_and_never_run(
    base: Path, install: Install, tmp_path: Path, value: str, files: dict[str, str]
) -> None:
    install("taxi", value, **files)
    found = load([packs.installed()["taxi"].folder], folder=base)
    assert found.benchmarks["share.low"].value == 0.4
    assert found.overlays == ("taxi",)
    case = tmp_path / "acme"
    (named,) = own_knowledge(case, company(case, "taxi"))
    assert named == packs.installed()["taxi"].folder


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("taxi", "nothing_there", "there is no folder 'nothing_there'"),
        ("taxi", "taxi_pack.deep.er", "there is no folder"),
        ("taxi", "json", "there is no folder 'json' with a pack.yaml"),
        ("cab", "taxi_pack", "pack 'cab' of taxi-pack 2.1 calls itself 'taxi'"),
    ],
)
def test_an_installed_pack_that_is_broken_is_told(
    install: Install, name: str, value: str, says: str
) -> None:
    install(name, value, pack=PACK)
    with pytest.raises(KnowledgeError) as told:
        _ = packs.installed()[name].folder
    problem = only(list(told.value.problems))
    assert says in str(problem)
    place = (problem.file, problem.line)
    assert place == ("taxi-pack-2.1.dist-info/entry_points.txt", 5)


def test_a_name_that_two_distributions_bring_is_refused(install: Install) -> None:
    install("taxi", "taxi_pack", pack=PACK)
    install("taxi", "taxi_pack", of="other-pack")
    with pytest.raises(KnowledgeError, match=r"brought by .* and by "):
        _ = packs.installed()["taxi"].folder


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESDX_LANG", "en")
    wording.choose([], {})


@pytest.mark.usefixtures("english")
def test_packs_are_listed_with_what_is_wrong(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install("taxi", "taxi_pack", pack=PACK, tuning=TUNING)  # the base has no share.low
    assert run(["kb", "packs", "--format", "json"]) == 4
    shipped, taxi = json.loads(capsys.readouterr().out)["packs"]
    assert (shipped["id"], shipped["distribution"]) == ("salesdx-core", "salesdx")
    assert shipped["problems"] == []
    assert (taxi["id"], taxi["version"], taxi["engine"], taxi["distribution"]) == (
        "taxi", "2.1", ">=0.1,<1", "taxi-pack 2.1",
    )  # fmt: skip
    assert taxi["problems"][0]["file"] == "taxi_pack/tuning.yaml"
    assert taxi["problems"][0]["message_ru"] == "нет ориентира «share.low»"


@pytest.mark.usefixtures("english")
def test_the_command_line_takes_names_and_folders(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from salesdx.cli.options import _folder

    pack = install("taxi", "taxi_pack", pack=PACK)
    monkeypatch.chdir(tmp_path)
    assert _folder("taxi") == pack
    (tmp_path / "taxi").mkdir()
    assert _folder("taxi") == Path("taxi")
    assert "the folder is used, not the installed pack" in capsys.readouterr().err
    with pytest.raises(SalesdxError, match=r"installed packs: taxi \(did you mean"):
        _folder("taxy")
    (tmp_path / "x.yaml").touch()
    with pytest.raises(SalesdxError, match="give its folder"):
        _folder("x.yaml")
