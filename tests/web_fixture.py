"""A server over a small database: users of every role, two cases, a clock to turn.

`web` is a `Web`: sign in as somebody, open a link, read pages as text. No socket.
"""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine

from salesdx.access import passwords
from salesdx.access.tokens import form_token
from salesdx.knowledge.base import KnowledgeBase
from salesdx.storage.accounts import User, add_user, grant
from salesdx.storage.cases import add_case
from salesdx.storage.links import Link, add_link
from salesdx.storage.upgrading import open_database
from salesdx.web.app import create_app
from salesdx.web.caller import ANSWERING
from salesdx.web.settings import Settings
from salesdx.workspace.desk import Desk

NOW = dt.datetime(2026, 11, 27, 12, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"
AT = "2026-11-27T12:00:00Z"
COMPANY = """format: 1
name: {name}
currency: RUB
as_of: 2026-06-30
sales_model: b2b
respondents:
  owner: {{role: owner, name: Пётр Орлов}}
  head: {{role: head_of_sales, name: Анна Климова}}
"""
ANSWERS = """format: 1
answers:
  - {question: odc.deadline-exists, by: head, value: no}
  - {question: odc.deadline-exists, by: owner, value: yes}
  - {question: why.owner-can-answer, by: owner, value: no}
"""
# What costs most is done once for all tests: knowledge is read, templates are compiled,
# the cases of `web_database` are measured and judged as they lie there. A case that a
# test has changed is another version, and one of its own is not shared.
_AS_ANSWERED = ([3, 0], [3, 0, None])  # answers, interviews, plan.yaml
_BASES: dict[tuple[Path, ...], KnowledgeBase] = {}
_SHARED = ("acme", "other")
_CACHES = ("_measured", "_choosers", "_judged")
_worked_out: dict[str, dict[Any, Any]] = {name: {} for name in _CACHES}


class _Templates(BytecodeCache):
    """Compiled templates by the hash of their text and name."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = _Templates()


@dataclass
class Web:
    """A server and whoever calls it."""

    app: Flask
    desk: Desk
    clock: list[dt.datetime]

    @property
    def engine(self) -> Engine:
        return self.desk.engine

    @property
    def now(self) -> dt.datetime:
        return self.clock[0]

    def later(self, **by: float) -> None:
        """Turn the clock on: `web.later(days=15)`."""
        self.clock[0] += dt.timedelta(**by)

    def client(self, lang: str = "en") -> "Visitor":
        """Somebody unknown."""
        return Visitor(self, self.app.test_client(), lang)

    def staff(self, name: str = "anna", lang: str = "en") -> "Visitor":
        """A user who has signed in: anna sees all; oleg, vera and timur only acme."""
        visitor = self.client(lang)
        answer = visitor.http.post(
            "/sign-in", data={"name": name, "password": PASSWORD}
        )
        assert answer.status_code == 303, answer.text
        return visitor

    def link(self, case: str = "acme", **given: str) -> tuple[Link, str]:
        """A link for a respondent and its token."""
        about: Any = {"role": "owner", "by": "owner", "mode": "quick", **given}
        return add_link(self.engine, case, now=self.now, actor="anna", **about)


@dataclass
class Visitor:
    """A browser without scripts."""

    web: Web
    http: FlaskClient
    lang: str

    def get(self, path: str, status: int = 200) -> str:
        """A page as text."""
        answer = self.http.get(path, headers={"Accept-Language": self.lang})
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        return answer.text

    def session_at(self, path: str) -> str:
        """The token of the session in the cookie that counts for a path."""
        answering = path.startswith(ANSWERING)
        cookie = self.http.get_cookie("salesdx-answers" if answering else "salesdx")
        return cookie.value if cookie else ""

    @property
    def session(self) -> str:
        """The token of a user's session."""
        return self.session_at("/")

    def post(
        self, path: str, data: dict[str, Any] | None = None, status: int = 303
    ) -> str:
        """Send a form as its page would; gives where it leads, else the page."""
        sent = {"form_token": form_token(self.session_at(path)), **(data or {})}
        answer = self.http.post(
            path, data=sent, headers={"Accept-Language": self.lang},
            content_type="multipart/form-data",
        )  # fmt: skip
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        return answer.headers.get("Location", "") if status == 303 else answer.text


def folder_of(at: Path, name: str, answers: str = ANSWERS) -> Path:
    """A small case without tables."""
    at.mkdir(parents=True)
    (at / "company.yaml").write_text(COMPANY.format(name=name), encoding="utf-8")
    (at / "answers.yaml").write_text(answers, encoding="utf-8")
    return at


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Hashes that cost nothing: what they cost in earnest is not what is tested."""
    kept = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords._hasher = kept


@pytest.fixture(scope="session")
def web_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the cases acme and other; all users but anna see acme only."""
    folder = tmp_path_factory.mktemp("web")
    path = folder / "salesdx.db"
    engine = open_database(str(path))
    stored = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    for case, name in (("acme", "ООО «Акме»"), ("other", "Другая компания")):
        add_case(engine, case, name, folder_of(folder / case, name), AT)
    for user in (
        User("anna", "Анна", "consultant", True),
        User("oleg", "Олег", "consultant", False),
        User("vera", "Вера", "viewer", False),
        User("timur", "Тимур", "trainer", False),
    ):
        add_user(engine, user, stored, AT, "test")
        if not user.every_case:
            grant(engine, "acme", user.name, AT, "test")
    engine.dispose()
    return path


def lend(desk: Desk) -> None:
    """Give a desk what others have worked out of the cases as they lie there."""
    for name, kept in _worked_out.items():
        getattr(desk, name).update(kept)


def take_back(desk: Desk) -> None:
    """Keep what was worked out of the cases before a test changed anything."""
    for name, kept in _worked_out.items():
        for key, value in getattr(desk, name).items():
            if _is_as_it_lies(key):
                kept.setdefault(key, value)


def _is_as_it_lies(key: Any) -> bool:
    """A version, perhaps with a mode or with how much was answered; no edited plan."""
    version, *more = key if isinstance(key, tuple) else (key,)
    untouched = version.case in _SHARED and (version.added_at, version.changed) == (
        AT,
        0,
    )
    return untouched and more in ([], ["quick"], ["full"], ["guided"], *_AS_ANSWERED)


@pytest.fixture
def web(web_database: Path, tmp_path: Path) -> Iterator[Web]:
    """A server over a copy of that database."""
    path = tmp_path / "salesdx.db"
    shutil.copyfile(web_database, path)
    engine = open_database(str(path))
    clock = [NOW]
    desk = Desk(engine, executor="reference")
    desk._bases = _BASES  # read once, not for each test
    app = create_app(desk, Settings(patience=60), lambda: clock[0])
    app.jinja_env.bytecode_cache = _TEMPLATES
    lend(desk)
    yield Web(app, desk, clock)
    desk.close()
    take_back(desk)
    engine.dispose()
