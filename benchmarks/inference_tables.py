"""What was measured as the tables of the manual, in English and in Russian."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from inference_bases import exponent
from inference_single import COLUMNS, DURABLE, FLOOR, REFERENCE, Times

Table = list[list[str]]
WORDS = {
    FLOOR: ("generated Python function (the floor)",
            "сгенерированная функция на Python (пол)"),
    REFERENCE: ("salesdx, reference", "salesdx, эталонный исполнитель"),
    DURABLE: ("salesdx, durable_rules", "salesdx, durable_rules"),
    COLUMNS: ("salesdx, columns, a batch of one",
              "salesdx, колоночный, пакет из одного случая"),
    "many": ("salesdx, columns, in chunks", "salesdx, колоночный, порциями"),
    "engine": ("engine", "движок"),
    "us": ("µs a case", "мкс на случай"),
    "x floor": ("x floor", "к полу"),
    "x durable": ("x durable_rules", "к durable_rules"),
    "faster": ("times faster than durable_rules", "быстрее durable_rules, раз"),
    "last": ("exponent, last tenfold", "степень, последние 10 раз"),
    "exponent": ("exponent", "степень"),
    "rules": ("{} rules", "{} правил"),
    "rules, µs": ("µs a case", "мкс на случай"),
    "cases, µs": ("µs a case, by number of cases", "мкс на случай при числе случаев"),
    "neutral": ("neutral base, 150 rules", "нейтральная база, 150 правил"),
    "shipped": ("shipped base, full verdicts", "своя база, полные вердикты"),
    "chunk": ("µs a case, by cases in a chunk",
              "мкс на случай при размере порции"),
    "MiB": ("peak MiB of the process, by number of cases",
            "пик памяти процесса, МиБ, при числе случаев"),
    "limit": ("the limit", "предел"),
    "in": ("bytes of facts a case", "байт фактов на случай"),
    "out": ("bytes of conclusions a case", "байт выводов на случай"),
    "gbs": ("copying, GB/s, read and written", "копирование, ГБ/с, чтение и запись"),
    "bound": ("limit of the memory, µs a case", "предел памяти, мкс на случай"),
    "far": ("measured, x limit", "во сколько раз мы медленнее предела"),
    "refused": ("refused", "отказ"),
}  # fmt: skip
LANGUAGES = ("en", "ru")


@dataclass
class Measured:
    """Everything of one run; what was left out stays empty."""

    single: Times = field(default_factory=dict)
    rules: dict[int, Times] = field(default_factory=dict)
    rules_many: dict[int, float] = field(default_factory=dict)
    shipped: Times = field(default_factory=dict)
    many: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    chunks: dict[str, dict[str, float]] = field(default_factory=dict)
    limits: dict[str, dict[str, float]] = field(default_factory=dict)


def markdown(found: Measured, language: str) -> list[str]:
    """The tables in the order in which the manual has them."""
    tables = [
        _single(found.single), _rules(found), _shipped(found.shipped),
        _many(found, "us", "cases, µs"), _limits(found), _many(found, "mib", "MiB"),
        _chunks(found),
    ]  # fmt: skip
    return [_printed(t, language) for t in tables if len(t) > 1]


def replaced(page: str, tables: Sequence[str]) -> str:
    """A page with these tables in place of those that begin with the same cell."""
    for table in tables:
        first = table.split(" | ")[0] + " | "
        old = [b for b in page.split("\n\n") if b.startswith(first)]
        if len(old) != 1:
            raise ValueError(f"{len(old)} tables of the page begin with {first!r}")
        page = page.replace(old[0].rstrip("\n"), table)
    return page


def _printed(table: Table, language: str) -> str:
    place = LANGUAGES.index(language)
    rows = [[_said(cell, place) for cell in row] for row in table]
    rows.insert(1, ["---", *["---:"] * (len(rows[0]) - 1)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _said(cell: str, place: int) -> str:
    word, _, number = cell.partition("#")
    if word in WORDS:
        return WORDS[word][place].format(number)
    return cell.replace(".", ",") if place and cell[:1].isdigit() else cell


def _number(value: float) -> str:
    """Three digits; thousands apart."""
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    if value >= 1:
        return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return f"{value:#.2g}"  # 0.10, not 0.1


def _whole(size: int) -> str:
    return f"{size:,}".replace(",", " ")


def _single(times: Times) -> Table:
    table = [["engine", "us", "x floor", "x durable"]]
    for name in sorted(times, key=lambda n: median(times[n])):
        row = [_number(_ratio(times, name, other)) if other in times else ""
               for other in (FLOOR, DURABLE)]  # fmt: skip
        table.append([name, _number(median(times[name])), *row])
    return table


def _ratio(times: Times, name: str, other: str) -> float:
    """The median of the ratios of each round: both had the same machine."""
    return median(a / b for a, b in zip(times[name], times[other], strict=True))


def _rules(found: Measured) -> Table:
    sizes = sorted(found.rules)
    table = [["rules, µs", *(f"rules#{_whole(n)}" for n in sizes), "exponent"]]
    names = list(dict.fromkeys(n for t in found.rules.values() for n in t))
    for name in names:
        took = {n: median(t[name]) for n, t in found.rules.items() if name in t}
        table.append(_grown(name, took, sizes))
    if found.rules_many:
        table.append(_grown("many", found.rules_many, sizes))
    return table


def _grown(name: str, took: Mapping[int, float], sizes: Sequence[int]) -> list[str]:
    there = [n for n in sizes if n in took]
    cells = [_number(took[n]) if n in took else "refused" for n in sizes]
    slope = exponent(there, [took[n] for n in there]) if len(there) > 2 else None
    return [name, *cells, "" if slope is None else f"{slope:.2f}"]


def _shipped(times: Times) -> Table:
    table = [["shipped", "us", "faster"]]
    for name in times:
        ratio = ""
        if DURABLE in times:
            ratio = _number(_ratio(times, DURABLE, name))
        table.append([
            "many" if name == COLUMNS else name, _number(median(times[name])), ratio
        ])  # fmt: skip
    return table


def _many(found: Measured, what: str, title: str) -> Table:
    sizes = sorted({n for runs in found.many.values() for n in runs})
    slopes = ["exponent", "last"] if what == "us" else []
    table = [[title, *map(_whole, sizes), *slopes]]
    for name, runs in found.many.items():
        row = [name, *(_number(runs[n][what]) if n in runs else "" for n in sizes)]
        if what == "us":
            there = sorted(runs)
            for some in (there, there[-2:]):
                row.append(f"{exponent(some, [runs[n]['us'] * n for n in some]):.2f}")
        table.append(row)
    return table


def _limits(found: Measured) -> Table:
    names = list(found.limits)
    table = [["limit", *names]]
    for what in ("in", "out", "gbs"):
        table.append([what, *(_number(found.limits[n][what]) for n in names)])
    bounds = {
        n: (v["in"] + v["out"]) / v["gbs"] / 1000 for n, v in found.limits.items()
    }
    table.append(["bound", *(_number(bounds[n]) for n in names)])
    best = {n: min(r["us"] for r in found.many[n].values()) for n in names}
    table.append(["far", *(_number(best[n] / bounds[n]) for n in names)])
    return table


def _chunks(found: Measured) -> Table:
    sizes = sorted({int(n) for runs in found.chunks.values() for n in runs})
    table = [["chunk", *map(_whole, sizes)]]
    for name, runs in found.chunks.items():
        cells = (runs.get(str(n)) for n in sizes)
        table.append([name, *("" if c is None else _number(c) for c in cells)])
    return table
