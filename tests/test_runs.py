"""Saved results: named by content, listed in order; a foreign file is only named."""

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from render_fixture import empty, rich

from salesdx.cli import run, wording
from salesdx.errors import DataError
from salesdx.result import ResultDocument
from salesdx.runs import before, document, head, name_of, ordered, save, saved_runs


def of_day(day: str, name: str = "Acme") -> ResultDocument:
    plain = empty()
    case = plain.case.model_copy(update={"as_of": day, "name": name})
    return plain.model_copy(update={"case": case})


def test_equal_results_are_one_file_and_others_never_clash(tmp_path: Path) -> None:
    first = save(of_day("2026-06-30"), tmp_path / "results")
    assert save(of_day("2026-06-30"), tmp_path / "results") == first
    save(of_day("2026-06-30", "Acme Ltd"), tmp_path / "results")
    assert len(list((tmp_path / "results").iterdir())) == 2
    assert name_of(empty()).startswith("undated-")


def test_runs_are_listed_by_their_day_then_by_when_they_were_saved(
    tmp_path: Path,
) -> None:
    late = save(of_day("2026-09-30"), tmp_path)
    one, two = (save(of_day("2026-06-30", n), tmp_path) for n in ("A", "B"))
    os.utime(late, (0, 0))
    os.utime(one, (2000, 2000))
    os.utime(two, (1000, 1000))
    found, wrong = saved_runs(tmp_path)
    assert [r.name for r in found] == [two.name, one.name, late.name]
    assert wrong == []
    assert found[0].saved == dt.datetime.fromtimestamp(1000, dt.UTC)
    assert (found[0].company, found[0].version) == ("B", "1.0.0")
    assert ordered(reversed(found)) == found
    assert saved_runs(tmp_path / "none") == ([], [])


def test_a_result_reads_from_bytes_as_it_was_written() -> None:
    data = rich().to_json().encode()
    assert document(data, "x.json") == rich()
    when = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    found = head(data, "x.json", when)
    assert (found.as_of, found.saved, found.pack) == (
        "2026-06-30", when, rich().knowledge.pack,
    )  # fmt: skip


GOOD = json.loads(empty().to_json())
BROKEN = {
    "not-json": b"{",
    "not-utf8": b"\xff\xfe{}",
    "deep": b"[" * 100_000,
    "list": b"[]",
    "foreign": b'{"schema": "other/1"}',
    "newer": b'{"schema": "salesdx/result/2"}',
    "empty": b"",
    "half": json.dumps({"schema": GOOD["schema"], "case": 5}).encode(),
    "no-name": json.dumps({**GOOD, "case": {**GOOD["case"], "name": 5}}).encode(),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_or_foreign_file_is_named_in_both_languages(
    name: str, tmp_path: Path
) -> None:
    file = f"{name}.json"
    for reading in (head, document):
        with pytest.raises(DataError) as told:
            reading(BROKEN[name], file)
        assert told.value.text("en").startswith(f"{file}: ")
        assert told.value.text("en") != told.value.text("ru")
    (tmp_path / file).write_bytes(BROKEN[name])
    save(of_day("2026-06-30"), tmp_path)
    found, wrong = saved_runs(tmp_path)
    assert (len(found), len(wrong)) == (1, 1)


def test_a_result_of_a_newer_version_says_so() -> None:
    more = json.dumps({**GOOD, "weather": "fine"}).encode()
    with pytest.raises(DataError, match=r"\(weather\) \(another version of salesdx"):
        document(more, "x.json")


def test_the_run_before_is_the_newest_other_one(tmp_path: Path) -> None:
    now = of_day("2026-09-30")
    assert before(now, tmp_path) is None
    save(now, tmp_path)
    assert before(now, tmp_path) is None
    save(of_day("2026-03-31"), tmp_path)
    save(of_day("2026-06-30"), tmp_path)
    half = {**json.loads(of_day("2026-08-31").to_json()), "causes": 5}
    (tmp_path / "z.json").write_text(json.dumps(half))
    found = before(now, tmp_path)
    assert found is not None
    assert found.case.as_of == "2026-06-30"


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESDX_LANG", "en")
    wording.choose([], {})


def test_the_command_compares_two_files(
    tmp_path: Path, english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (str(save(of_day(d), tmp_path)) for d in ("2026-03-31", "2026-06-30"))
    assert run(["diff", one, two]) == 0
    assert "Acme: 31 Mar 2026, now 30 Jun 2026" in capsys.readouterr().out
    assert run(["diff", one, two, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["days"] == 91
    assert run(["diff", one]) == 2
    assert "OLD and NEW" in capsys.readouterr().err
    assert run(["diff", one, str(tmp_path / "none.json")]) == 3
    assert "none.json" in capsys.readouterr().err


def test_the_command_says_what_to_do_where_nothing_was_saved(
    tmp_path: Path, english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "company.yaml").write_text("format: 1\nname: Acme\n")
    assert run(["diff", str(tmp_path)]) == 3
    assert "--save` now" in capsys.readouterr().err


def test_the_command_compares_a_case_with_its_last_run(
    tmp_path: Path, english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "company.yaml").write_text("format: 1\nname: Acme\nas_of: 2026-06-30\n")
    save(of_day("2026-03-31"), tmp_path / "results")
    (tmp_path / "results" / "odd.json").write_text("{")
    assert run(["diff", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "Acme: 31 Mar 2026, now 30 Jun 2026" in told.out
    assert "Passed over: odd.json: this is no JSON" in told.err


def test_a_report_tells_what_changed_and_is_saved_for_the_next_one(
    tmp_path: Path, english: None, capsys: pytest.CaptureFixture[str]
) -> None:
    case, out = str(tmp_path), tmp_path / "reports" / "report-consultant-en.md"
    (tmp_path / "company.yaml").write_text("format: 1\nname: Acme\nas_of: 2026-06-30\n")

    def reported(*more: str) -> str:
        assert run(["report", case, "--to", "md", "--lang", "en", *more]) == 0
        return out.read_text("utf-8").replace("\u00a0", " ")

    assert "Since last time" not in reported("--save")  # it is not its own past
    assert "Saved: " in capsys.readouterr().err
    spring = save(of_day("2026-03-31"), tmp_path)
    told = reported("--since", str(spring))
    assert "The result as of 31 Mar 2026 against this one, as of 30 Jun 2026" in told
    save(of_day("2026-01-31"), tmp_path / "results")
    assert "The result as of 31 Jan 2026 against" in reported()
    assert "Since last time" not in reported("--since", "none")
    assert run(["report", case, "--to", "md", "--since", "none.json"]) == 3
    capsys.readouterr()
    assert run(["diagnose", case]) == 0
    assert "Since last time (31 Jan 2026)" in capsys.readouterr().out.replace(
        "\u00a0", " "
    )
