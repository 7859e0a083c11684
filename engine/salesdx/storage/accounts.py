"""People who sign in, and whose cases they are."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from salesdx.access.roles import Role
from salesdx.errors import DataError, Said
from salesdx.storage import schema
from salesdx.storage.answers import lock
from salesdx.storage.events import record
from salesdx.storage.opening import reading, writing

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,79}")
_users, _members = schema.users, schema.members


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in; `every_case` says that no membership is needed."""

    name: str
    title: str
    role: Role
    every_case: bool
    disabled: bool = False


def add_user(
    engine: Engine, user: User, password: str | None, at: str, actor: str
) -> None:
    """Add a user; `password` is its hash.

    Raises:
        DataError: the name cannot be one, or is taken.
    """
    if not _NAME.fullmatch(user.name):
        raise DataError(Said(
            f"{user.name!r} cannot be a user name: small Latin letters, digits and"
            " . _ @ + -, at most 80",
            f"«{user.name}» не годится как имя входа: строчные латинские буквы, цифры"
            " и знаки . _ @ + -, не длиннее 80",
        ))  # fmt: skip
    with writing(engine) as connection:
        found = select(_users.c.name).where(_users.c.name == user.name)
        if connection.execute(found).first() is not None:
            raise DataError(Said(
                f"there is a user {user.name!r} already",
                f"пользователь «{user.name}» уже есть",
            ))  # fmt: skip
        connection.execute(_users.insert().values(
            name=user.name, title=user.title, role=user.role, password=password,
            every_case=user.every_case, created_at=at,
        ))  # fmt: skip
        record(connection, at, actor, "user-added", "", {"role": user.role})


def find_user(engine: Engine, name: str) -> User | None:
    """A user by name, disabled ones too."""
    if not _NAME.fullmatch(name):
        return None
    with reading(engine) as connection:
        row = connection.execute(select(_users).where(_users.c.name == name)).first()
    return None if row is None else _user(row)


def all_users(engine: Engine) -> list[User]:
    """All users, by name."""
    with reading(engine) as connection:
        rows = connection.execute(select(_users)).all()
    return sorted((_user(row) for row in rows), key=lambda u: u.name)


def password_of(engine: Engine, name: str) -> str | None:
    """The stored hash of a user who may sign in; None for anybody else."""
    if not _NAME.fullmatch(name):
        return None
    query = select(_users.c.password).where(
        _users.c.name == name, _users.c.disabled_at.is_(None)
    )
    with reading(engine) as connection:
        found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def set_password(engine: Engine, name: str, password: str, at: str, actor: str) -> None:
    """Store another hash; whoever is signed in as this user is signed out.

    Raises:
        DataError: there is no such user.
    """
    with writing(engine) as connection:
        _change(connection, name, {"password": password})
        gone = schema.sessions.delete().where(schema.sessions.c.user == name)
        connection.execute(gone)
        record(connection, at, actor, "password-set")


def renew_hash(engine: Engine, name: str, before: str, after: str) -> None:
    """Store a better hash of the same password; nobody is signed out.

    A password that was changed meanwhile stays changed.
    """
    mine = _users.c.name == name, _users.c.password == before
    with writing(engine) as connection:
        connection.execute(_users.update().where(*mine).values(password=after))


def disable(engine: Engine, name: str, at: str, actor: str, off: bool = True) -> None:
    """Shut a user out at once, or let him in again.

    Raises:
        DataError: there is no such user.
    """
    with writing(engine) as connection:
        _change(connection, name, {"disabled_at": at if off else None})
        if off:
            gone = schema.sessions.delete().where(schema.sessions.c.user == name)
            connection.execute(gone)
        record(connection, at, actor, "user-disabled" if off else "user-enabled")


def _change(connection: Connection, name: str, values: dict[str, Any]) -> None:
    done = connection.execute(
        _users.update().where(_users.c.name == name).values(**values)
    )
    if not done.rowcount:
        raise no_user(name)


def no_user(name: str) -> DataError:
    """The fault of a user whom the database does not know."""
    return DataError(Said(
        f"there is no user {name!r}; `salesdx user list` names all",
        f"нет пользователя «{name}»; всех покажет `salesdx user list`",
    ))  # fmt: skip


def grant(engine: Engine, case: str, name: str, at: str, actor: str) -> None:
    """Make a user a member of a case; once is enough.

    Raises:
        DataError: there is no such user or case.
    """
    with writing(engine) as connection:
        lock(connection, case)
        _change(connection, name, {"name": name})
        there = select(_members).filter_by(case_id=case, user=name)
        if connection.execute(there).first() is None:
            connection.execute(_members.insert().values(case_id=case, user=name))
            record(connection, at, actor, "granted", case)


def withdraw(engine: Engine, case: str, name: str, at: str, actor: str) -> None:
    """A user is no member of a case any more.

    Raises:
        DataError: there is no such user or case.
    """
    with writing(engine) as connection:
        lock(connection, case)
        _change(connection, name, {"name": name})
        gone = _members.delete().filter_by(case_id=case, user=name)
        if connection.execute(gone).rowcount:
            record(connection, at, actor, "withdrawn", case)


def cases_of(engine: Engine, name: str) -> list[str]:
    """The cases that a user was made a member of."""
    query = select(_members.c.case_id).where(_members.c.user == name)
    with reading(engine) as connection:
        return sorted(connection.execute(query).scalars())


def sees(engine: Engine, user: User, case: str) -> bool:
    """Whether a case that exists is one of this user's."""
    with reading(engine) as connection:
        there = select(schema.cases.c.id).where(schema.cases.c.id == case)
        if connection.execute(there).first() is None:
            return False
        mine = select(_members).filter_by(case_id=case, user=user.name)
        return user.every_case or connection.execute(mine).first() is not None


def own_cases(engine: Engine, user: User) -> list[str]:
    """The ids of the cases that a user sees."""
    query = select(schema.cases.c.id)
    if not user.every_case:
        query = query.join(_members).where(_members.c.user == user.name)
    with reading(engine) as connection:
        return sorted(connection.execute(query).scalars())


def _user(row: Any) -> User:
    return User(
        row.name, row.title, row.role, bool(row.every_case), row.disabled_at is not None
    )
