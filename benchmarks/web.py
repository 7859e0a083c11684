"""Mixed traffic of consultants and phones against `salesdx serve`, on loopback.

python benchmarks/web.py [--rate 30] [--seconds 120] [--phones 40] [--consultants 6]
    [--seed 7] [--json]

The server runs on one core and the generator on another, where there are two. Requests
start by a schedule (an open loop): one that waits because the server is busy counts
from when it was due. Phones answer a self-assessment page by page; consultants read a
company with tables and interview in small ones. Three requests of four are of phones,
each of a company of its own.
"""

import argparse
import collections
import datetime as dt
import json
import os
import queue
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from web_visitor import Visitor, filled, forms_of, links_of

from salesdx.access.passwords import hash_of
from salesdx.demo import write_demo
from salesdx.storage.accounts import User, add_user
from salesdx.storage.cases import add_case
from salesdx.storage.links import add_link
from salesdx.storage.upgrading import open_database

PASSWORD = "a benchmark of pages"
NOW = dt.datetime.now(dt.UTC)
TALKS = 8  # companies without tables that consultants interview in
READ = ("", "/causes", "/losses", "/plan", "/figures", "/people", "/meeting")


@dataclass
class Seen:
    """One request: when it was due, how long it took from then, what came."""

    kind: str
    due: float
    seconds: float
    status: int


@dataclass
class Phone:
    """Somebody who answers on a phone; begins anew when through."""

    visitor: Visitor
    token: str
    chance: random.Random
    next: str = ""
    sent: dict[str, str] | None = None

    def step(self) -> tuple[str, int]:
        """One request."""
        if not self.next:
            self.next = f"/s/{self.token}"
        path, sent = self.next, self.sent
        if sent is None:
            where = self.visitor.get(path)
            self.next, self.sent = (where, None) if where else self._chosen(path)
            return "phone: page", self.visitor.status
        where = self.visitor.post(path, sent)
        self.next, self.sent = where or "/assessment", None
        return "phone: answer", self.visitor.status

    def _chosen(self, path: str) -> tuple[str, dict[str, str] | None]:
        """What a person does on a page: the form of it, or the way on."""
        forms = [f for f in forms_of(self.visitor.page) if f.action != "/language"]
        forms = [f for f in forms if "finish" not in f.action]
        if forms:
            return forms[0].action or path, filled(forms[0], self.chance)
        on = [x for x in links_of(self.visitor.page) if x.startswith("/assessment/q/")]
        return (self.chance.choice(on) if on else "/assessment"), None


@dataclass
class Consultant:
    """Somebody who reads a large company and interviews in a small one."""

    visitor: Visitor
    cases: list[str]
    chance: random.Random
    next: str = ""
    sent: dict[str, str] | None = None
    talk: list[str] = field(default_factory=list)

    def step(self) -> tuple[str, int]:
        """One request."""
        if self.sent is not None:
            path, sent, self.sent = self.next, self.sent, None
            self.next = self.visitor.post(path, sent)
            if self.chance.random() < 0.5:
                self.next = ""  # looks at something else
            return "consultant: answer", self.visitor.status
        if self.next:
            path, self.next = self.next, ""
            self.next = self.visitor.get(path)
            forms = [
                f for f in forms_of(self.visitor.page)
                if f.action != "/language" and (f.radios or f.texts)
            ]  # fmt: skip
            if not self.next and "/interview" in path and forms:
                self.next = forms[0].action or path
                self.sent = filled(forms[0], self.chance)
            return "consultant: interview", self.visitor.status
        if self.chance.random() < 0.5:
            self.visitor.get("/cases/demo" + self.chance.choice(READ))
            return "consultant: page", self.visitor.status
        self.next = f"/cases/{self.chance.choice(self.cases)}/interview/owner/guided"
        self.visitor.get(self.next)
        on = [x for x in links_of(self.visitor.page) if "/guided/q/" in x]
        self.next = self.chance.choice(on) if on else ""
        return "consultant: interview", self.visitor.status


def prepared(folder: Path, phones: int) -> list[str]:
    """A database with companies, a user and links; gives the tokens."""
    engine = open_database(str(folder / "salesdx.db"))
    write_demo(folder / "demo")
    at = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    add_case(engine, "demo", "Demo", folder / "demo", at)
    for n in range(TALKS + phones):
        case = folder / f"small-{n}"
        case.mkdir()
        text = (
            f"format: 1\nname: Company {n}\nsales_model: b2b\n"
            "respondents: {owner: {role: owner}}\n"
        )
        (case / "company.yaml").write_text(text, encoding="utf-8")
        add_case(engine, f"small-{n}", f"Company {n}", case, at)
    user = User("anna", "Anna", "consultant", every_case=True)
    add_user(engine, user, hash_of(PASSWORD), at, "benchmark")
    tokens = [
        add_link(
            engine, f"small-{TALKS + n}", role="owner", by="owner", mode="quick",
            now=NOW, actor="anna",
        )[1]
        for n in range(phones)
    ]  # fmt: skip
    engine.dispose()
    return tokens


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, int]]:
    """The server as people start it, on a core of its own; its port and process."""
    command = [sys.executable, "-m", "salesdx", "--lang", "en", "serve"]
    command += ["--data", str(folder), "--port", "0"]
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        command = ["taskset", "-c", str(cores[0]), *command]
        os.sched_setaffinity(0, {cores[1]})
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            found = re.search(r":(\d+)", line)
            assert found, line
            yield int(found[1]), server.pid
        finally:
            server.terminate()
            server.wait(20)


def warmed(people: list[Consultant], cases: list[str]) -> None:
    """Sign everybody in and let the figures be computed."""
    for one in people:
        one.visitor.get("/sign-in")
        sign_in = {"name": "anna", "password": PASSWORD, "form_token": ""}
        one.visitor.post("/sign-in", sign_in)
        assert one.visitor.status == 303, one.visitor.page
    first = people[0].visitor
    for case in cases:
        for _ in range(300):
            first.get(f"/cases/{case}")
            if 'class="tabs"' in first.page:
                break
            time.sleep(1)
    for page in READ:
        first.get(f"/cases/demo{page}")


def driven(
    phones: list[Phone], consultants: list[Consultant], rate: float, seconds: float,
    chance: random.Random,
) -> list[Seen]:  # fmt: skip
    """Send requests by the schedule."""
    seen: list[Seen] = []
    idle: dict[str, queue.SimpleQueue[Phone | Consultant]] = {
        "phone": queue.SimpleQueue(), "consultant": queue.SimpleQueue()
    }  # fmt: skip
    for phone in phones:
        idle["phone"].put(phone)
    for one in consultants:
        idle["consultant"].put(one)
    begun = time.perf_counter() + 0.5

    def send(due: float, kind: str) -> None:
        who = idle[kind].get()
        try:
            told, status = who.step()
        except OSError as error:
            told, status = f"{kind}: {type(error).__name__}", 0
        seen.append(Seen(told, due - begun, time.perf_counter() - due, status))
        idle[kind].put(who)

    threads = []
    for n in range(int(rate * seconds)):
        due = begun + n / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        kind = "phone" if chance.random() < 0.75 else "consultant"
        thread = threading.Thread(target=send, args=(due, kind))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join(60)
    return seen


def used(process: int) -> tuple[float, float]:
    """Processor seconds and resident megabytes of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return (int(fields[11]) + int(fields[12])) / ticks, memory


def main() -> None:
    """Prepare, drive, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--phones", type=int, default=40)
    parser.add_argument("--consultants", type=int, default=6)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        tokens = prepared(folder, given.phones)
        with serving(folder) as (port, process):
            cases = [f"small-{n}" for n in range(TALKS)]
            consultants = [
                Consultant(Visitor("127.0.0.1", port), cases, random.Random(n))
                for n in range(given.consultants)
            ]
            phones = [
                Phone(Visitor("127.0.0.1", port), token, random.Random(100 + n))
                for n, token in enumerate(tokens)
            ]
            every = [f"small-{n}" for n in range(TALKS + given.phones)]
            warmed(consultants, ["demo", *every])
            before = used(process)[0]
            seen = driven(phones, consultants, given.rate, given.seconds, chance)
            spent, memory = used(process)
        told = summed(seen, spent - before, memory)
    print(json.dumps(told, indent=1) if given.json else table(told))


def summed(seen: list[Seen], processor: float, memory: float) -> dict[str, object]:
    """The figures of a run, in milliseconds."""
    groups = collections.defaultdict(list)
    for one in seen:
        groups[one.kind].append(one.seconds * 1000)
        groups["all"].append(one.seconds * 1000)
    statuses = collections.Counter(one.status for one in seen)
    wrong = sum(n for status, n in statuses.items() if status not in (200, 303))
    return {
        "requests": len(seen), "errors": wrong,
        "statuses": {str(k): v for k, v in sorted(statuses.items())},
        "processor_seconds": round(processor, 1), "memory_mb": round(memory),
        "kinds": {
            kind: {
                "n": len(ms), "p50": round(statistics.median(ms), 1),
                "p95": round(quantile(ms, 0.95), 1),
                "p99": round(quantile(ms, 0.99), 1), "most": round(max(ms), 1),
            }
            for kind, ms in sorted(groups.items())
        },
    }  # fmt: skip


def quantile(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(told: dict[str, object]) -> str:
    """The figures as a table of the manual."""
    lines = [
        "| request | n | p50, ms | p95 | p99 | longest |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    kinds = told["kinds"]
    assert isinstance(kinds, dict)
    for kind, row in kinds.items():
        cells = " | ".join(f"{row[k]:g}" for k in ("n", "p50", "p95", "p99", "most"))
        lines.append(f"| {kind} | {cells} |")
    rest = {k: v for k, v in told.items() if k != "kinds"}
    return "\n".join([*lines, "", json.dumps(rest)])


if __name__ == "__main__":
    main()
