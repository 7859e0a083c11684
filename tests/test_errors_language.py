"""Under `--lang ru` every refusal is Russian: only the user's own words stay Latin."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesdx.cli import COMMANDS, run, wording
from salesdx.company import Company
from salesdx.content import did_you_mean, parse, validate
from salesdx.errors import Said, in_language

COMPANY = "format: 1\nname: Ромашка\n"
HEAD = "format: 1\nanswers:\n"
DEALS = "deal_id,status,entered_at\n1,won,2026-01-02\n"
# what speaks English in an English message and has no place in a Russian one
ENGLISH = re.compile(
    r"\b(the|is|are|not|must|should|cannot|was|be|has|of|an|with|from|to|and|or|"
    r"input|valid|error|unknown|missing|there|found|expected|did|you|mean|rows?|"
    r"column|columns|file|such|does|exist|requires|argument|command|directory)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module", autouse=True)
def help_stays_english() -> None:
    """Help is worded when a command is loaded: load all before Russian is chosen."""
    wording.choose(["--lang", "en"], {})
    for place, *_ in COMMANDS.values():
        importlib.import_module(place.partition(":")[0])


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SALESDX_LANG", "ru")
    wording.choose(["--lang", "ru"], {})


def refusal(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says when it refuses; paths, words in quotes and codes left out.

    A code in backticks, a word in «» or '' and a name with a dot, hyphen or underscore
    are the user's or ours to type; all that is left must be Russian.
    """
    assert run([*words.split(), "--lang", "ru"]) in (2, 3)
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert re.search("[а-яё]{4}", said), said
    lines = [line for line in said.splitlines() if not line.startswith("Вызов:")]
    rest = re.sub(r"`[^`]*`|«[^»]*»|'[^']*'", "", "\n".join(lines))
    rest = re.sub(r"^\S*:\d+:\d+ [\w-]+", "", rest, flags=re.MULTILINE)
    return re.sub(r"\S*[A-Za-z\d]+[._-]\S*|--\S+", "", rest)


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path("acme") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


FILES = {
    "no company": {},
    "two": {"company.yaml": "format: 2\nname: X\n"},
    "a number for a name": {"company.yaml": "format: 1\nname: 5\n"},
    "no name": {"company.yaml": "format: 1\n"},
    "an empty name": {"company.yaml": 'format: 1\nname: ""\n'},
    "a misspelt key": {"company.yaml": COMPANY + "curency: RUB\n"},
    "a small currency": {"company.yaml": COMPANY + "currency: rub\n"},
    "no day": {"company.yaml": COMPANY + "as_of: soon\n"},
    "a bare year": {"company.yaml": COMPANY + "as_of: 2026\n"},
    "no clock": {"company.yaml": COMPANY + "working_hours: {from: nine}\n"},
    "no weekday": {"company.yaml": COMPANY + "working_hours: {days: [ponedelnik]}\n"},
    "no list": {"company.yaml": COMPANY + "funnels: main\n"},
    "no mapping": {"company.yaml": COMPANY + "respondents: {a: seller}\n"},
    "a negative loss": {"company.yaml": COMPANY + "minimum_loss: -1\n"},
    "no number": {"company.yaml": COMPANY + "benchmarks: {statistics.trim: few}\n"},
    "no benchmark": {"company.yaml": COMPANY + "benchmarks: {statistics.trimm: 1}\n"},
    "no reason code": {"company.yaml": COMPANY + "lost_reasons: {Дорого: costly}\n"},
    "no time zone": {"company.yaml": COMPANY + "timezone: Moscow\n"},
    "stages": {"company.yaml": COMPANY + "funnels: [{stages: [a], main_stage: b}]\n"},
    "a twin key": {"company.yaml": COMPANY + "name: Y\n"},
    "a wrong indent": {"company.yaml": COMPANY + "  team: x\n"},
    "an open bracket": {"company.yaml": COMPANY + "funnels: [\n"},
    "a tab": {"company.yaml": COMPANY + "team:\n\tx: 1\n"},
    "an anchor": {"company.yaml": COMPANY + "team: &x y\n"},
    "no question": {"answers.yaml": HEAD + "- {question: Q-NONE, by: seller}\n"},
    "nobody": {"answers.yaml": HEAD + "- {question: Q-TICK-08, by: zed, value: no}\n"},
    "no yes": {"answers.yaml": HEAD + "- {question: Q-TICK-08, by: owner, value: x}\n"},
    "no option": {
        "answers.yaml": HEAD + "- {question: Q-LOSS-05, by: owner, value: x}\n"
    },
    "no state": {
        "answers.yaml": HEAD + "- {question: Q-LOSS-05, by: owner, state: x}\n"
    },
    "no role": {"answers.yaml": "format: 1\nrespondents: {a: {role: headd}}\n"},
    "no key column": {"data/deals.csv": "nr,status\n1,won\n"},
    "unusable rows": {"data/deals.csv": DEALS + "2,blah,2026-01-02\n3,,2026-01-02\n"},
    "an open quote": {"data/deals.csv": DEALS + '2,won,"2026-01-02\n3,won,\n'},
    "a table twice": {"data/deals.csv": DEALS, "data/Deals.xlsx": DEALS},
    "no spreadsheet": {"data/deals.xlsx": "PK no zip at all"},
    "no parquet": {"data/deals.parquet": "PAR1 and nothing more"},
    "no table": {"data/deals.csv": "<html><p>login</p></html>"},
}


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_a_bad_file_is_refused_in_russian(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(({"company.yaml": COMPANY} if files else {}) | files)
    said = refusal("diagnose acme", capsys)
    assert not ENGLISH.search(said), said


@pytest.mark.parametrize(
    "words",
    [
        "init acme",
        "diagnose acme --kb nowhere",
        "diagnose acme --format xml",
        "diagnose acme extra",
        "diagnose acme/company.yaml",
        "nonsense",
        "diagnose --nonsense",
        "import acme nothing.csv --yes",
        "import acme acme/map.yaml --yes",
        "import acme acme/deals.csv --map acme/map.yaml --yes",
        "import acme acme/deals.csv --map acme/other.yaml --yes",
        "import acme acme/deals.csv acme/deals.csv --yes",
        "why acme nothing-at-all",
        "why acme C-01 --slice manager",
        "why-not acme off-hours-not-coverd",
        "what-if acme nothing=1",
        "what-if acme Q-TICK-08=maybe",
        "what-if acme Q-TICK=yes",
        "what-if acme check.average=much",
        "what-if acme check.average@manager=1",
        "what-if acme check.average@moon:M7=1",
        "interview acme --as nobody",
        "report acme --to papyrus",
        "kb schema nonsense",
    ],
)
def test_a_bad_command_is_refused_in_russian(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = "{manager_id: nr, name: who}"
    write({
        "company.yaml": COMPANY,
        "deals.csv": DEALS,
        "map.yaml": "format: 1\nfiles: [{file: deals.csv, tables: [{table: dealz}]}]\n",
        "other.yaml": "format: 1\nfiles:\n- file: deals.csv\n  tables:\n"
        f"  - {{table: managers, columns: {columns}}}\n",
    })  # fmt: skip
    said = refusal(words, capsys)
    assert not ENGLISH.search(said), said


def test_a_missing_argument_is_named_in_russian() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "salesdx", "import", "acme", "--lang", "ru"],
        capture_output=True, text=True, encoding="utf-8", check=False, env=os.environ,
    )  # fmt: skip
    assert done.returncode == 2
    assert "не хватает параметра ФАЙЛ" in done.stderr
    assert not ENGLISH.search(done.stderr)


def test_a_wrong_format_names_the_right_one() -> None:
    document, _ = parse("format: 2\nname: X\n", "company.yaml")
    assert document is not None
    _, problems = validate(Company, document)
    assert [p.text("en") for p in problems] == [
        "company.yaml:1:9 schema must be 1, not 2"
    ]
    assert [p.text("ru") for p in problems] == [
        "company.yaml:1:9 schema должно быть 1, а здесь 2"
    ]


def test_a_suggestion_is_made_in_both_languages() -> None:
    hint = did_you_mean("dealz", ["deals"])
    assert (hint, hint.ru) == ("did you mean 'deals'?", "может быть, «deals»?")
    assert in_language(did_you_mean("xyz", ["deals"]), "ru") == ""


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)


@given(key=st.sampled_from(sorted(Company.model_fields)), value=VALUES)
def test_any_value_of_any_key_is_taken_or_refused_in_both_languages(
    key: str, value: object
) -> None:
    document, _ = parse(COMPANY, "company.yaml")
    assert document is not None
    data = {"format": 1, "name": "X", key: value}
    _, problems = validate(Company, document, data=data)
    for problem in problems:
        assert isinstance(problem.message, Said)
        assert re.search("[а-яё]{4}", problem.message.ru)
        assert "Input should" not in problem.message
