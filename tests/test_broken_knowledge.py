"""Broken knowledge files: each fault at its place, in words of its author, at once.

The cases are data (`broken_knowledge/`); what no text file can hold is made here.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from broken_base import write_base
from broken_cases import Case, cases
from knowledge_fixture import text_file

from salesdx.cli import run, wording
from salesdx.content import MAX_CHARACTERS, MAX_TOLD
from salesdx.errors import EXIT_KNOWLEDGE, Problem, in_language
from salesdx.faults import SHAPES
from salesdx.knowledge import models
from salesdx.knowledge.load import load_all
from salesdx.knowledge.worksheets import LARGEST
from salesdx.workbench.lint import lint
from salesdx.workbench.worksheets import lint_worksheets

FILES = list(cases("writing", "fields", "conditions", "links"))
SHEETS = list(cases("worksheets"))
SLOW = 10.0  # seconds of a slow machine; here none takes two
CYRILLIC = re.compile("[а-яё]{2}", re.IGNORECASE)
# words of the tools, which mean nothing to whoever wrote the file
FOREIGN = re.compile(
    r"Input should|Value error|NoneType|_type\b|mapping|scalar|\btoken\b|scanning|"
    r"parsing|stream|Traceback|\bdict\b|\bstr\b|\bint\b|\bbool\b|pydantic|pyyaml|jinja|"
    r"\w+Error\b|\bobject\b|instance|iterable|argument|regex|\^\[|codec|utf8\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_base(tmp_path_factory.mktemp("sound") / "base")
    assert load_all(folder=folder)[1] == []
    return folder


@pytest.fixture(autouse=True)
def language_put_back() -> Iterator[None]:
    yield
    wording.from_environment()


def told(overlay: Path, base: Path) -> list[Problem]:
    """All problems of an overlay, after their words and their time were looked at."""
    began = time.monotonic()
    found = load_all([overlay], folder=base)[1]
    assert time.monotonic() - began < SLOW
    assert found == sorted(found)
    for problem in found:
        in_words(problem)
    return found


def in_words(problem: Problem) -> None:
    """Both languages, none of them that of the tools."""
    for text in (problem.message, problem.hint):
        russian = in_language(text, "ru")
        for said in (text, russian):
            assert not FOREIGN.search(re.sub("'[^']*'|«[^»]*»", "", said)), said
        assert not text or CYRILLIC.search(russian), problem
    for line in (problem.text("en"), problem.text("ru")):
        assert line.isprintable()
        assert len(line) <= 1_000


def place(problem: Problem) -> tuple[str, int, int]:
    return problem.file.partition("/")[2], problem.line, problem.col


def agrees(case: Case, found: list[Problem]) -> None:
    assert [place(p) for p in found] == case.places
    for problem, said in zip(found, case.told, strict=True):
        assert problem.code == said["code"]
        for lang in ("en", "ru"):
            assert problem.text(lang).partition(f"{problem.code} ")[2] == said[lang]


def test_the_corpus_is_large_and_every_case_has_its_own_name() -> None:
    names = [c.id for c in FILES]
    assert len(set(names)) == len(names) >= 120
    assert all(c.told for c in [*FILES, *SHEETS])


@pytest.mark.parametrize("case", FILES, ids=lambda c: c.id)
def test_a_fault_is_told_once_and_where_it_stands(
    case: Case, base: Path, tmp_path: Path
) -> None:
    case.write(tmp_path / case.id)
    agrees(case, told(tmp_path / case.id, base))


@pytest.mark.parametrize("case", SHEETS, ids=lambda c: c.id)
def test_a_template_runs_no_code_and_comes_to_an_end(
    case: Case, base: Path, tmp_path: Path
) -> None:
    case.write(tmp_path)
    knowledge, found = load_all([tmp_path], folder=base)
    assert found == []  # a broken form keeps nobody from a diagnosis
    began = time.monotonic()
    found = [f.problem for f in lint_worksheets(knowledge)]
    assert time.monotonic() - began < SLOW
    agrees(case, found)
    for problem in found:
        in_words(problem)


def test_all_files_side_by_side_are_told_each_at_its_own_place(tmp_path: Path) -> None:
    """Over the shipped base: more than a hundred broken files, nothing besides."""
    for case in FILES:
        case.write(tmp_path)
    began = time.monotonic()
    found = load_all([tmp_path])[1]
    assert time.monotonic() - began < SLOW
    assert [place(p) for p in found] == sorted(x for c in FILES for x in c.places)
    assert len({p.file for p in found}) >= 120


# What no text file of the corpus could hold -----------------------------------------

ROW = "  - {{id: s{0}, title: {{en: a, ru: а}}, if: {{data.young-excluded: no}}}}\n"
SYMPTOMS = "format: 1\nsymptoms:\n"
GOOD = SYMPTOMS + ROW.format(0)
Expected = tuple[str, int, str, str]  # file, line, code and a word of the message


def raw(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def made(name: str, content: bytes | str) -> Callable[[Path], None]:
    data = content if isinstance(content, bytes) else content.encode()
    return lambda folder: (raw(folder, name, data), None)[1]


def sparse(folder: Path) -> None:
    with raw(folder, "symptoms/a.yaml", b"").open("wb") as file:
        file.truncate(300_000_000)


def loop(folder: Path) -> None:
    path = folder / "symptoms/a.yaml"
    path.parent.mkdir()
    path.symlink_to("b.yaml")
    (path.parent / "b.yaml").symlink_to("a.yaml")


def dangling(folder: Path) -> None:
    path = folder / "symptoms/a.yaml"
    path.parent.mkdir()
    path.symlink_to("nowhere.yaml")


def endless(folder: Path) -> None:
    path = folder / "symptoms/a.yaml"
    path.parent.mkdir()
    path.symlink_to("/dev/zero")


def pipe(folder: Path) -> None:
    path = folder / "symptoms/a.yaml"
    path.parent.mkdir()
    os.mkfifo(path)


def directory(folder: Path) -> None:
    (folder / "symptoms/a.yaml").mkdir(parents=True)


def sheet(template: bytes | None) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        row = "format: 1\nworksheets:\n  - id: own\n    title: {en: a, ru: а}\n"
        row += "    purpose: {en: a, ru: а}\n    unused: example\n"
        raw(folder, "worksheets/worksheets.yaml", row.encode())
        raw(folder, "worksheets/own.ru.md.j2", "Текст".encode())
        if template is not None:
            raw(folder, "worksheets/own.en.md.j2", template)

    return write


def chain(length: int) -> str:
    """Symptoms each of which reads the next: deeper than Python can call."""
    rows = [
        f"  - {{id: s{i}, title: {{en: a, ru: а}}, if: {{symptom: s{i + 1}}}}}\n"
        for i in range(length)
    ]
    return SYMPTOMS + "".join(rows) + ROW.format(length)


A = "symptoms/a.yaml"
MADE: dict[str, tuple[Callable[[Path], None], Expected]] = {
    "5000 brackets": (made(A, "[" * 5000), (A, 1, "yaml-syntax", "deeper than 40")),
    "5000 braces": (made(A, "{a: " * 5000), (A, 1, "yaml-syntax", "deeper than 40")),
    "5000 lists": (
        made(A, "a:\n " + "- " * 5000), (A, 2, "yaml-syntax", "deeper than 40")
    ),
    "300 MB": (sparse, (A, 1, "yaml-size", "too large")),
    "6 million signs": (
        made(A, "# " * (MAX_CHARACTERS // 2 + 1)), (A, 1, "yaml-syntax", "larger than")
    ),
    "a million values": (
        made(A, "a: [" + "1," * 1_000_000 + "]"), (A, 1, "yaml-syntax", "100,000 keys")
    ),
    "a row of tags": (made(A, "!" * 1_000_000), (A, 1, "yaml-syntax", "begin with !")),
    "an endless key": (
        made(A, "a" * 1_000_000 + ": 1"), (A, 1, "yaml-syntax", "indented")
    ),
    "a long unknown key": (
        made(A, GOOD + "k" * 900 + ": 1\n"), (A, 4, "schema", "unknown key 'kkk")
    ),
    "carriage returns": (
        made(A, GOOD.replace("\n", "\r\n") + "kind: x: y\r\n"),
        (A, 4, "yaml-syntax", "second colon"),
    ),
    "a byte order mark": (
        made(A, b"\xef\xbb\xbf" + GOOD.encode() + b"kind: x: y\n"),
        (A, 4, "yaml-syntax", "second colon"),
    ),
    "a mark in the middle": (
        made(A, GOOD + "\ufefftitle: x\n"), (A, 4, "yaml-syntax", "U+FEFF")
    ),
    "UTF-16": (
        made(A, GOOD.encode("utf-16")), (A, 1, "yaml-encoding", "UTF-16")
    ),
    "UTF-16 unmarked": (
        made(A, "id: x\nkind: y\n".encode("utf-16-le")), (A, 1, "yaml-syntax", "zero")
    ),
    "Windows Cyrillic": (
        made(A, GOOD.encode("cp1251")), (A, 3, "yaml-encoding", "not UTF-8")
    ),
    "a torn letter": (
        made(A, GOOD.encode() + b"# \xd0\n"), (A, 4, "yaml-encoding", "not UTF-8")
    ),
    "a picture": (
        made(A, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), (A, 1, "yaml-encoding", "not UTF-8")
    ),
    "a program": (
        made(A, b"\x7fELF\x02\x01\x01\0\0"), (A, 1, "yaml-syntax", "unseen sign")
    ),
    "links in a ring": (loop, (A, 0, "file", "")),
    "a link to nothing": (dangling, (A, 0, "file", "")),
    "an endless device": (endless, (A, 0, "file", "not an ordinary file")),
    "a pipe": (pipe, (A, 0, "file", "not an ordinary file")),
    "a directory": (directory, (A, 0, "file", "")),
    "signs without end": (
        made(A, SYMPTOMS + "  - {id: s, title: {en: a, ru: а}, if: "
             '{conversion.mature: "' + "<" + " " * 200_000 + "x" + " " * 200_000
             + 'y"}}\n'),
        (A, 3, "unknown-benchmark", "no benchmark 'x"),
    ),
    "hyphens without end": (
        made(A, SYMPTOMS + ROW.format("-a" * 100_000 + "!")),
        (A, 3, "schema", "does not fit"),
    ),
    "braces without end": (
        made(A, SYMPTOMS + "  - {id: s, title: {en: '" + "{a" * 200_000
             + "', ru: а}, if: {data.young-excluded: no}}\n"),
        (A, 3, "unknown-placeholder", "no placeholder"),
    ),
    "no template": (
        sheet(None), ("worksheets/worksheets.yaml", 3, "missing-template", "own.en")
    ),
    "a template in Windows Cyrillic": (
        sheet("a\nб\n".encode("cp1251")),
        ("worksheets/own.en.md.j2", 2, "template", "not UTF-8"),
    ),
    "a template of half a megabyte": (
        sheet(b"a" * (LARGEST + 1)),
        ("worksheets/own.en.md.j2", 1, "yaml-size", "too large"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_a_strange_file_is_told_and_never_read_to_death(
    name: str, base: Path, tmp_path: Path
) -> None:
    harm, (file, line, code, says) = MADE[name]
    harm(tmp_path)
    found = [p for p in told(tmp_path, base) if place(p)[0] == file]
    assert [(*place(p)[:2], p.code) for p in found] == [(file, line, code)]
    assert says in found[0].message


def test_a_file_that_may_not_be_read(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs this may be root, who may read everything."""
    path = text_file(tmp_path, A, GOOD)
    read = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (problem,) = told(tmp_path, base)
    assert (problem.code, place(problem)) == ("file", (A, 0, 0))
    assert in_language(problem.message, "ru") == "нет прав доступа"


def test_a_file_with_too_many_faults_tells_the_first(
    base: Path, tmp_path: Path
) -> None:
    """Fifteen thousand entries, none of them right."""
    rows = "".join(f"  - {{id: s{i}, titel: x}}\n" for i in range(15_000))
    text_file(tmp_path, A, SYMPTOMS + rows)
    text_file(tmp_path, "symptoms/b.yaml", "a: b: c\n")
    found = told(tmp_path, base)
    assert len(found) == MAX_TOLD + 2
    assert found[0].line == 3
    assert found[-2].message == "more faults follow in this file"
    assert place(found[-1])[:2] == ("symptoms/b.yaml", 1)


def test_thousands_of_unknown_names_are_told_in_time(
    base: Path, tmp_path: Path
) -> None:
    names = ", ".join(f"slow-reply-{i}" for i in range(5_000))
    rule = (
        "  - {{id: r{0}, if: {{figure-{0}: yes}}, weight: strong, because: "
        "{{en: a, ru: а}}, source: {{note: a}}, grade: EX}}\n"
    )
    head = "id: own\nkind: process\ntitle: {en: a, ru: а}\nsummary: {en: a, ru: а}\n"
    head += f"verify: {{en: a, ru: а}}\nexplains: [{names}]\nevidence:\n"
    rules = "".join(rule.format(i) for i in range(3_000))
    text_file(tmp_path, "causes/own/own.yaml", head + rules)
    assert len(told(tmp_path, base)) == MAX_TOLD + 1


def test_a_chain_may_be_longer_than_python_can_call(base: Path, tmp_path: Path) -> None:
    text_file(tmp_path, A, chain(2_000))
    cause = "id: own\nkind: data\ntitle: {en: a, ru: а}\nsummary: {en: a, ru: а}\n"
    cause += "verify: {en: a, ru: а}\nevidence:\n  - {id: r, if: {symptom: s0}, "
    cause += "weight: strong, because: {en: a, ru: а}, source: {note: a}, grade: EX}\n"
    text_file(tmp_path, "causes/own/own.yaml", cause)
    assert told(tmp_path, base) == []


# A fault is not told again by whoever reads what is faulty ---------------------------

METRICS = """\
format: 1
metrics:
  - id: own.share
    type: share
    unit: ratio
    direction: up
    title: {en: Own, ru: Своя}
    definition: {en: Own, ru: Своя}
    needs: [deals]
  - id: own.other
    type: share
    unit: ratio
    direction: up
    title: {en: Own, ru: Своя}
    definition: {en: Own, ru: Своя}
    needs: [deals]
"""
OWN_CAUSE = """\
id: own
kind: process
title: {en: Own, ru: Своя}
summary: {en: Own, ru: Своя}
verify: {en: Own, ru: Своя}
explains: [own-symptom]
needs: []
remedies: [own-remedy]
evidence:
  - id: r
    if: {NAME}
    weight: strong
    because: {en: "{own.share}", ru: "{own.share}"}
    source: {note: example}
    grade: EX
"""
OWN_SYMPTOM = """\
format: 1
symptoms:
  - id: own-symptom
    title: {en: Own, ru: Свой}
    if: {own.share: "< own.low"}
  - id: other-symptom
    title: {en: Own, ru: Свой}
    if: {own.other: "< 0.5"}
"""
OWN_MARK = """\
format: 1
benchmarks:
  - id: own.low
    value: 0.2
    unit: ratio
    title: {en: Own, ru: Свой}
    applies_to: {en: all, ru: все}
    source: {note: example}
    grade: EX
    date: "2026-01"
"""
OWN_REMEDY = """\
format: 1
remedies:
  - id: own-remedy
    title: {en: Own, ru: Своя}
    steps: [{en: Do it., ru: Сделайте.}]
    owner: own_role
    days: 7
    kpi: {metric: own.share, target: own.low}
    source: {note: example}
    grade: EX
"""
OWN_ROLES = "format: 1\nroles:\n  - {id: own_role, title: {en: Own, ru: Своя}}\n"
OWN = {
    "metrics.yaml": METRICS,
    "causes/own.yaml": OWN_CAUSE.replace("NAME", 'own.share: "< own.low"'),
    "symptoms/own.yaml": OWN_SYMPTOM,
    "benchmarks/own.yaml": OWN_MARK,
    "remedies/own.yaml": OWN_REMEDY,
    "roles.yaml": OWN_ROLES,
}
HARMS: dict[str, tuple[str, Callable[[str], str | bytes]]] = {
    "metrics cannot be parsed": ("metrics.yaml", lambda t: t + "a: b: c\n"),
    "metrics in Windows Cyrillic": ("metrics.yaml", lambda t: t.encode("cp1251")),
    "metrics in UTF-16": ("metrics.yaml", lambda t: t.encode("utf-16")),
    "metrics under a misspelt key": (
        "metrics.yaml", lambda t: t.replace("metrics:", "metrix:")
    ),
    "a metric without a title": (
        "metrics.yaml", lambda t: t.replace("    title: {en: Own, ru: Своя}\n", "", 1)
    ),
    "a metric of no unit": (
        "metrics.yaml", lambda t: t.replace("unit: ratio", "unit: x", 1)
    ),
    "symptoms cannot be parsed": ("symptoms/own.yaml", lambda t: t + "a: b: c\n"),
    "one symptom is wrong": (
        "symptoms/own.yaml",
        lambda t: t.replace("title: {en: Own, ru: Свой}", "t: 1", 1),
    ),
    "benchmarks cannot be parsed": ("benchmarks/own.yaml", lambda t: "\t" + t),
    "a benchmark is no number": (
        "benchmarks/own.yaml", lambda t: t.replace("0.2", "low")
    ),
    "a benchmark of a wrong unit": (
        "benchmarks/own.yaml", lambda t: t.replace("ratio", "share")
    ),
    "remedies cannot be parsed": ("remedies/own.yaml", lambda t: t + "a: b: c\n"),
    "roles cannot be parsed": ("roles.yaml", lambda t: t + "a: b: c\n"),
}  # fmt: skip


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for name, text in OWN.items():
        text_file(tmp_path, name, text)
    return tmp_path


def test_the_files_of_these_tests_are_sound(own: Path, base: Path) -> None:
    assert told(own, base) == []


@pytest.mark.parametrize("name", HARMS)
def test_a_broken_file_makes_no_faults_in_others(
    name: str, own: Path, base: Path
) -> None:
    file, harm = HARMS[name]
    content = harm(OWN[file])
    raw(own, file, content if isinstance(content, bytes) else content.encode())
    found = told(own, base)
    assert {place(p)[0] for p in found} == {file}
    assert len(found) <= 2


def test_a_wrong_folder_makes_no_faults_in_others(own: Path, base: Path) -> None:
    (own / "symptoms").rename(own / "simptoms")
    assert {place(p)[0] for p in told(own, base)} == {"simptoms/own.yaml"}


def test_other_entries_of_a_broken_file_are_judged_too(own: Path, base: Path) -> None:
    text = OWN_SYMPTOM.replace("title: {en: Own, ru: Свой}", "t: 1", 1)
    text_file(own, "symptoms/own.yaml", text.replace("own.other", "own.othr"))
    found = told(own, base)
    assert [(p.line, p.code) for p in found] == [
        (3, "schema"), (4, "schema"), (8, "unknown-name"),
    ]  # fmt: skip
    assert "own.other" in found[-1].hint


def test_what_is_faulty_by_itself_is_not_also_what_others_misuse(
    own: Path, base: Path
) -> None:
    """A question of no type takes any answer; a metric of no unit any threshold."""
    text_file(own, "questionnaires/own.yaml", """\
        format: 1
        id: own
        title: {en: Own, ru: Свои}
        intro: {en: Own, ru: Свои}
        questions:
          - id: own.asked
            title: {en: Own, ru: Свой}
            type: choise
            options: [{code: daily, title: {en: a, ru: а}}]
            who: [own_role]
            why: {en: Own, ru: Свой}
            source: {note: example}
        """)  # fmt: skip
    cause = OWN_CAUSE.replace("NAME", "own.asked: daily")
    text_file(own, "causes/own.yaml", cause)
    (problem,) = told(own, base)
    assert problem.line == 8


# Through the command line -----------------------------------------------------------


def command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says that has to refuse the knowledge."""
    began = time.monotonic()
    assert run(arguments) == EXIT_KNOWLEDGE
    assert time.monotonic() - began < SLOW
    said = "".join(capsys.readouterr())
    assert "Traceback" not in said
    assert not re.search(r"\w+Error\b", said.replace("KnowledgeError", ""))
    return said


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad") / "own"
    for case in FILES[:5]:
        case.write(folder)
    raw(folder, A, b"[" * 5000)
    return folder


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_lint_lists_all_and_exits_with_four(
    lang: str, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = command(["kb", "lint", "--kb", str(broken), "--lang", lang], capsys)
    for case in FILES[:5]:
        file, line, col = case.places[0]
        assert f"own/{file}:{line}:{col} {case.told[0]['code']} " in said
        assert case.told[0][lang] in said
    assert f"own/{A}:1:41 yaml-syntax" in said


def test_a_case_is_refused_with_the_faults_of_its_knowledge(
    broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text_file(tmp_path, "acme/company.yaml", "format: 1\nname: Ромашка\n")
    acme = str(tmp_path / "acme")
    said = command(["diagnose", acme, "--kb", str(broken), "--lang", "en"], capsys)
    for case in FILES[:5]:
        assert case.told[0]["en"] in said


def test_tests_beside_rules_name_what_exists(base: Path, tmp_path: Path) -> None:
    tests = """\
tests:
  - name: misspelt
    given: {own.shar: 0.1}
    expect: {fired: [first-rule]}
  - name: wrong type
    given: {own.share: low}
    expect: {unknown: [r]}
"""
    for name, text in OWN.items():
        text_file(tmp_path, name, text)
    text_file(tmp_path, "causes/own.yaml", OWN["causes/own.yaml"] + tests)
    found = [p for p in lint([tmp_path], folder=base) if p.code == "failing-test"]
    said = " ".join(map(str, found))
    for part in ("unknown name 'own.shar'", "no rule 'first-rule'", "not 'low'"):
        assert part in said
    assert all(p.line >= 16 for p in found)
    for problem in found:
        assert CYRILLIC.search(in_language(problem.message, "ru"))


def test_every_shape_of_an_id_is_explained_in_words() -> None:
    found: set[str] = set()
    for model in vars(models).values():
        for field in getattr(model, "model_fields", {}).values():
            found |= {p for m in field.metadata if (p := pattern_of(m))}
    assert found
    assert found <= set(SHAPES)


def pattern_of(constraint: Any) -> str | None:
    return getattr(constraint, "pattern", None)
