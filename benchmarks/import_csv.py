"""An import of a large export: seconds, peak memory, and what the machine could do.

Makes exports as Bitrix24 writes them (Windows-1251, semicolons, decimal commas, spaces
between thousands, `31.12.2025 23:59:59`), imports each as `salesdx import CASE FILE
--yes` does, in a fresh process, and measures beside it a floor: PyArrow reading the
same text, already UTF-8 and all in memory, and DuckDB turning it into typed columns of
a CSV file. Last, the same rows as Parquet and a tenth of them as XLSX. Run:
python benchmarks/import_csv.py [--runs 3] [--keep FOLDER] 100000 1000000
"""

import argparse
import contextlib
import datetime as dt
import io
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SEED = 1
CHUNK = 50_000  # rows made at once
MOST_XLSX = 100_000
HEADER = (
    "ID;Название сделки;Стадия сделки;Сумма;Валюта;Ответственный;Компания;Дата создания"
    ";Дата завершения;Источник;Причина отказа;Комментарий"
)
PEOPLE = (
    "Анна Смирнова", "Пётр Иванов", "Ольга Кузнецова", "Игорь Попов", "Мария Соколова",
)  # fmt: skip
STAGES = ("Новая", "Переговоры", "Счёт выставлен", "Сделка успешна", "Сделка провалена")
SOURCES = ("Сайт", "Звонок", "Рекомендация", "Выставка")
FIRST = dt.datetime(2024, 1, 1)  # noqa: DTZ001
_FLOOR_SQL = """
copy (
    select "ID", "Стадия сделки", "Ответственный", "Компания", "Источник",
        cast(replace(replace("Сумма", ' ', ''), ',', '.') as double),
        strptime("Дата создания", '%d.%m.%Y %H:%M:%S'),
        strptime("Дата завершения", '%d.%m.%Y %H:%M:%S'),
        "Название сделки", "Валюта", "Причина отказа", "Комментарий"
    from read
) to '{}' (header)
"""


def lines(rows: int) -> Iterator[str]:
    """Rows of the export, in pieces."""
    chance = random.Random(SEED)
    for start in range(0, rows, CHUNK):
        many = range(start + 1, min(start + CHUNK, rows) + 1)
        yield "".join(_line(number, chance) for number in many)


def _line(number: int, chance: random.Random) -> str:
    begun = FIRST + dt.timedelta(seconds=chance.randrange(70_000_000))
    ended = begun + dt.timedelta(seconds=chance.randrange(8_000_000))
    stage = chance.choice(STAGES)
    money = f"{chance.randrange(1_000, 90_000_000) / 100:,.2f}"
    cells = (
        number, f"Сделка № {number}", stage, money.translate({44: " ", 46: ","}),
        "Российский рубль", chance.choice(PEOPLE),
        f"ООО Ромашка {chance.randrange(40_000)}",
        f"{begun:%d.%m.%Y %H:%M:%S}", f"{ended:%d.%m.%Y %H:%M:%S}",
        chance.choice(SOURCES), "Дорого" if stage == STAGES[-1] else "", "",
    )  # fmt: skip
    return ";".join(map(str, cells)) + "\r\n"


def write_export(path: Path, rows: int, encoding: str = "cp1251") -> Path:
    """Write the export, unless a file of this name is there."""
    if not path.is_file():
        with path.open("w", encoding=encoding, newline="") as file:
            file.write(HEADER + "\r\n")
            file.writelines(lines(rows))
    return path


def write_others(folder: Path, rows: int) -> list[Path]:
    """The same rows as Parquet (all of them) and XLSX (as many as are usual)."""
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq

    parquet, excel = folder / f"{rows}.parquet", folder / f"{min(rows, MOST_XLSX)}.xlsx"
    names = HEADER.split(";")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(names)
    schema = pa.schema([(name, pa.string()) for name in names])
    left = MOST_XLSX
    with pq.ParquetWriter(parquet, schema) as writer:
        for text in lines(rows):
            records = [line.split(";") for line in text.splitlines()]
            columns = [pa.array(c, pa.string()) for c in zip(*records, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))
            for record in records[:left]:
                sheet.append(record)
            left = max(left - len(records), 0)
    book.save(excel)
    return [parquet, excel]


def ours(path: Path, scratch: Path) -> None:
    """The command, in this process."""
    from salesdx.cli import main

    case = scratch / "case"
    case.mkdir()
    (case / "company.yaml").write_text("format: 1\nname: Large\n", encoding="utf-8")
    sys.argv = ["salesdx", "--lang", "en", "import", str(case), str(path), "--yes"]
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        main()
    assert (case / "data" / "deals.csv").is_file(), told.getvalue()


def floor(path: Path, scratch: Path) -> None:
    """Text to typed columns in a CSV file, checking nothing."""
    import duckdb
    import pyarrow.csv as arrow_csv

    read = arrow_csv.read_csv(
        path, parse_options=arrow_csv.ParseOptions(delimiter=";"),
        read_options=arrow_csv.ReadOptions(use_threads=False),
    )  # fmt: skip
    assert read.num_columns
    with duckdb.connect() as engine:
        engine.execute("set threads=1")
        engine.execute(_FLOOR_SQL.format(scratch / "floor.csv"))


KINDS = {"ours": ours, "floor": floor}


def one(kind: str, path: Path) -> None:
    """Body of a measured process: prints seconds and memory."""
    with tempfile.TemporaryDirectory() as scratch:
        started = time.perf_counter()
        KINDS[kind](path, Path(scratch))
        seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    work = used.ru_utime + used.ru_stime
    print(json.dumps({"seconds": seconds, "work": work, "mib": peak, **_parts()}))


def _parts() -> dict[str, int]:
    """What memory held at the end, of our own and of files (Linux says so)."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return {}
    told = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return {n: int(told[n].split()[0]) // 1024 for n in ("RssAnon", "RssFile")}


def measured(kind: str, path: Path) -> dict[str, Any]:
    """One run in a process of its own, with starting Python and imports."""
    command = [sys.executable, __file__, "--one", kind, os.fspath(path)]
    started = time.perf_counter()
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return told | {"whole": time.perf_counter() - started}


def row(title: str, runs: list[dict[str, Any]], beside: float | None = None) -> float:
    """Print one line; returns the median processor seconds."""
    whole = statistics.median(r["whole"] for r in runs)
    work = statistics.median(r["work"] for r in runs)
    fastest = min(r["whole"] for r in runs)
    ratio = f"{work / beside:8.2f}" if beside else ""
    peak = max(r["mib"] for r in runs)
    print(
        f"{title:36}{f'{whole:.2f} ({fastest:.2f})':>16}{work:10.2f}{peak:10.0f}{ratio}"
    )
    return work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("rows", type=int, nargs="+")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="keep the files in this folder")
    options = parser.parse_args()
    totals = []
    with tempfile.TemporaryDirectory() as place:
        folder = options.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        head = f"{'median (minimum) of the clock':36}{'seconds':>16}{'work':>10}"
        print(f"{head}{'MiB':>10}{'ratio':>8}")
        for rows in options.rows:
            export = write_export(folder / f"{rows}.csv", rows)
            utf8 = write_export(folder / f"{rows}-utf8.csv", rows, "utf-8")
            found: dict[str, list[dict[str, Any]]] = {"floor": [], "ours": []}
            for _ in range(options.runs):
                found["floor"].append(measured("floor", utf8))
                found["ours"].append(measured("ours", export))
            size = export.stat().st_size / 1e6
            beside = row(f"floor, {rows} rows of UTF-8", found["floor"])
            totals.append(
                row(f"import, {rows} rows, {size:.0f} MB", found["ours"], beside)
            )
        for path in write_others(folder, options.rows[-1]):
            row(f"import, {path.name}", [measured("ours", path)])
    if len(totals) > 1:
        from metrics import exponent  # what it imports is no part of a measured process

        slope = exponent(options.rows, totals)
        print(f"\nprocessor seconds grow as rows to the {slope:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
