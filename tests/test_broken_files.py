"""Broken and hostile files: refused in plain words, or read right, never in between."""

import csv
import errno
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter

import pytest
from broken_files import BASE, CORPUS
from crm_fixture import FIXTURES, files_of
from hypothesis import given, settings
from hypothesis import strategies as st

from salesdx.case import init_case, load_case
from salesdx.cli import run, wording
from salesdx.crm import reading
from salesdx.crm.importing import plan_import, run_import
from salesdx.crm.reading import read_rows
from salesdx.errors import DataError, SalesdxError
from salesdx.tables import column_title

HERE = [b for b in CORPUS if b.unless is None or not b.unless()]
LIGHT = [b for b in HERE if not b.heavy]
HEAVY = [b for b in HERE if b.heavy]
REFUSED = [b for b in LIGHT if b.refused]
READ = [b for b in LIGHT if b.deals is not None]
LANGUAGES = ("en", "ru")
# a message says what to do: one of these words stands in it
ADVICE = {
    "en": r"\b(export|save|dump|check|split|wait|rename|mend|close|import|unpack|fetch"
    r"|write|name|add|ask|sign in|show)\b",
    "ru": r"(выгрузи|сохрани|проверь|разделит|дождит|переименуй|поправь|закройте"
    r"|загрузи|распакуй|получит|добавь|назовит|запросит|укажи|скачай|войди|покаж)",
}
MEMORY = 3_500_000_000


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.setenv("SALESDX_LANG", "en")
    yield
    wording.choose([], {})


@pytest.fixture
def case(tmp_path):
    init_case(tmp_path / "case", "Acme")
    return tmp_path / "case"


def name_of(broken):
    return broken.name


def made(broken, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    return broken.made(folder)


def state_of(case):
    return {
        str(p.relative_to(case)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in case.rglob("*")
        if p.is_file() and p.name != "mapping.yaml"
    }


def deals_of(case):
    with (case / "data" / "deals.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_corpus_is_large_and_its_names_are_different():
    assert len(CORPUS) >= 90
    assert len({b.name for b in CORPUS}) == len(CORPUS)
    assert all((b.refused is None) != (b.deals is None) for b in CORPUS)


@pytest.mark.parametrize("broken", REFUSED, ids=name_of)
def test_a_file_is_refused_in_plain_words(broken, case, tmp_path, capsys):
    files = made(broken, tmp_path)
    before = state_of(case)
    for place, language in enumerate(LANGUAGES):
        words = ["--lang", language, "import", str(case), *map(str, files), "--yes"]
        code = run(words)
        told = capsys.readouterr()
        assert code == broken.code, told.err
        assert "Traceback" not in told.err
        assert re.search(broken.refused[place], told.err, re.DOTALL), told.err
        assert re.search(ADVICE[language], told.err, re.IGNORECASE), told.err
        assert len(told.err) < 2_000
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\x9b]", told.err)
    with pytest.raises(SalesdxError) as caught:
        run_import(plan_import(case, files))
    assert caught.value.exit_code == broken.code
    assert state_of(case) == before


@pytest.mark.parametrize("broken", READ, ids=name_of)
def test_a_file_is_read_right(broken, case, tmp_path, capsys):
    files = made(broken, tmp_path)
    plan = plan_import(case, files)
    report = run_import(plan)
    assert_right(broken, case, plan, report)
    before = state_of(case)
    for language in LANGUAGES:
        words = ["--lang", language, "import", str(case), *map(str, files), "--yes"]
        assert run(words) == 0
        told = capsys.readouterr()
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\x9b]", told.out)
        assert max(map(len, told.out.splitlines())) <= 1_000
        for column in broken.unreadable:
            assert f": {column_title('deals', column).in_(language)}: " in told.out
    assert state_of(case) == before  # again and again the same


def assert_right(broken, case, plan, report):
    for file in report.files:
        assert file.rows_in == file.accepted + file.rejected
    deals = [f for f in report.files if f.table == "deals"]
    found = deals_of(case) if broken.deals else []
    assert broken.deals or not list((case / "data").iterdir())
    for name, values in broken.deals.items():
        assert [r[name] for r in found] == list(values), name
    assert len(found) == len(next(iter(broken.deals.values()), ()))
    assert sum(f.rejected for f in deals) == sum(broken.rejected.values())
    assert rejects_of(deals) == broken.rejected
    notes = [n for f in deals for n in f.notes]
    unreadable = {
        n.params["column"]: n.params["count"]
        for n in notes
        if n.id == "unreadable-values"
    }
    assert unreadable == broken.unreadable
    assert broken.notes <= {n.id for n in notes}
    told = [q.text.en for q in plan.questions] + [a.text.en for a in plan.advice]
    assert broken.asks in "\n".join(told)


def rejects_of(reports):
    found = Counter()
    for report in reports:
        if report.rejects_file is not None:
            text = report.rejects_file.read_text(encoding="utf-8-sig")
            found.update(r["reason"] for r in csv.DictReader(text.splitlines()))
    return dict(found)


_BOUNDED = """
import resource, sys, pathlib
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
from salesdx.crm.importing import plan_import
from salesdx.errors import DataError
for path in sys.argv[3:]:
    try:
        plan_import(pathlib.Path(sys.argv[2]), [pathlib.Path(path)])
    except DataError as error:
        told = [error.text(language).replace("\\n", " ") for language in ("en", "ru")]
        print(" | ".join(told))
    else:
        print("read")
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of memory are of Unix")
def test_what_would_fill_the_memory_is_refused_within_bounds(case, tmp_path):
    paths = []
    for place, broken in enumerate(HEAVY):
        folder = tmp_path / str(place)
        folder.mkdir()
        paths += broken.made(folder)
    words = [sys.executable, "-c", _BOUNDED, str(MEMORY), str(case), *map(str, paths)]
    done = subprocess.run(
        words, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(HEAVY)
    for line, broken in zip(lines, HEAVY, strict=True):
        en, _, ru = line.partition(" | ")
        assert re.search(broken.refused[0], en), f"{broken.name}: {line}"
        assert re.search(broken.refused[1], ru), f"{broken.name}: {line}"


def test_a_file_that_may_not_be_read_says_so(tmp_path, monkeypatch):
    # root may read everything, so the case of the corpus is none for root
    path = tmp_path / "deals.csv"
    path.write_text(BASE, encoding="utf-8")

    def refuse(self, *_):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(DataError, match=r"deals\.csv: Permission denied") as caught:
        read_rows(path)
    assert "нет прав доступа" in caught.value.text("ru")


def test_amounts_in_two_currencies_are_not_one_sum(case, tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(
        "ID;Статус;Сумма\n1;Успешно;100 ₽\n2;Успешно;$200\n3;Успешно;300\n",
        encoding="utf-8",
    )
    report = run_import(plan_import(case, [path]))
    note = next(n for f in report.files for n in f.notes if n.id == "mixed-currencies")
    assert (note.params["examples"], note.params["dropped"]) == ("RUB, USD", 1)
    deals = load_case(case).arrow["deals"]
    assert deals["amount"].to_pylist() == [100, None, 300]


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "deals.csv"
    path.write_text(BASE, encoding="utf-8")

    def growing(found, progress):
        with found.open("a", encoding="utf-8") as file:
            file.write("4;Отказ;1;01.02.2026\n")
        return read(found, progress)

    read = reading._LARGE["text"]
    monkeypatch.setitem(reading._LARGE, "text", growing)
    with pytest.raises(DataError, match="changed while it was read"):
        read_rows(path)


def test_a_file_that_vanishes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "deals.csv"
    path.write_text(BASE, encoding="utf-8")

    def vanishing(found, progress):
        found.unlink()
        return read(found, progress)

    read = reading._LARGE["text"]
    monkeypatch.setitem(reading._LARGE, "text", vanishing)
    with pytest.raises(DataError, match=r"deals\.csv: No such file"):
        read_rows(path)


FLAT = sorted({p for f in FIXTURES for p in files_of(f)})
TOKENS = (
    '"', ";", ",", "\n", "\r", "\0", "\ufeff", "{", "[", "}", "]", "<", "</td>",
    "1e999",
    "NaN", "-", "99999999999999999999", "0000-00-00", '\\"', "null", '""', "\u2028",
    "Итого", "31/12/2026", "$", "\ud7ff",
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_export_is_read_with_every_row_or_refused(tmp_path_factory, data):
    path = data.draw(st.sampled_from(FLAT))
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        cut = data.draw(st.sampled_from((0, 1, 30)))
        text = text[:place] + data.draw(st.sampled_from(TOKENS)) + text[place + cut :]
    folder = tmp_path_factory.mktemp("damaged")
    init_case(folder / "case", "Acme")
    damaged = folder / path.name
    damaged.write_bytes(text.encode())
    before = state_of(folder / "case")
    try:
        report = run_import(plan_import(folder / "case", [damaged]))
    except SalesdxError as error:
        assert error.exit_code == 3
        assert state_of(folder / "case") == before
        return
    assert all(f.rows_in == f.accepted + f.rejected for f in report.files)
