"""Read YAML files with a line and column for every node; find the shipped content.

A fault is a located problem in words of the file, never an exception.
"""

import difflib
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from salesdx import faults
from salesdx.errors import Correction, KnowledgeError, Problem, Said, reason_of
from salesdx.located_yaml import (
    FLOAT,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_VALUES,
    Document,
    NodePath,
    parse,
)

__all__ = [
    "FLOAT", "MAX_CHARACTERS", "MAX_DEPTH", "MAX_VALUES", "Document", "NodePath",
    "content", "did_you_mean", "parse", "read", "shipped", "text_of", "validate",
]  # fmt: skip
_PACKAGE = Path(__file__).parent  # engine/salesdx in a checkout
MAX_FILE = 4 * MAX_CHARACTERS  # bytes
MAX_TOLD = 50  # faults of one file: whoever has more begins with these
MORE = (
    Said("more faults follow in this file", "дальше в этом файле есть ещё ошибки"),
    Said("mend these first", "сначала исправьте названные"),
)
LEAST_LETTERS = 4  # a shorter name is one letter away from too many others
_MARKS = re.compile(r"[-_.: ]")
_LETTERS = re.compile(r"[^0-9]")
M = TypeVar("M", bound=BaseModel)


def content(folder: str) -> Path:
    """Return a content folder: inside the package once installed, else at the root."""
    installed = _PACKAGE / "_content" / folder
    return installed if installed.is_dir() else _PACKAGE.parents[1] / folder


def read(path: Path, name: str | None = None) -> tuple[Document | None, list[Problem]]:
    """Read one YAML file; a fault is a located problem, never an exception."""
    name = name or str(path)
    text, problems = text_of(path, name)
    return (None, problems) if text is None else parse(text, name)


def text_of(
    path: Path, name: str, most: int = MAX_FILE, code: str = "yaml-encoding"
) -> tuple[str | None, list[Problem]]:
    """The text of a file of no more than `most` bytes, without a byte order mark."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode) and not stat.S_ISDIR(state.st_mode):
            return None, [Problem(name, 0, 0, "file", _NO_FILE)]  # a pipe never ends
        if state.st_size > most:
            what = Said("the file is too large", "файл слишком большой")
            hint = Said("split it into several", "разделите его на несколько")
            return None, [Problem(name, 1, 1, "yaml-size", what, hint)]
        return path.read_bytes().decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        at, what = _undecodable(error)
        hint = Said("save it as UTF-8", "сохраните его в UTF-8")
        return None, [Problem(name, *at, code, what, hint)]
    except OSError as error:
        return None, [Problem(name, 0, 0, "file", reason_of(error))]


_NO_FILE = Said("this is no ordinary file", "это не обычный файл")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def _undecodable(error: UnicodeDecodeError) -> tuple[tuple[int, int], Said]:
    """Where a file ceases to be UTF-8."""
    raw = error.object
    if raw.startswith(_UTF16):
        return (1, 1), Said(
            "the text is in UTF-16, not in UTF-8",
            "текст в кодировке UTF-16, а не UTF-8",
        )
    read = raw[: error.start].decode("utf-8-sig", errors="replace")
    line, col = read.count("\n") + 1, len(read) - read.rfind("\n")
    return (line, col), Said("not UTF-8 text", "это не текст в UTF-8")


def validate(
    model: type[M], document: Document, path: NodePath = (), data: Any = None
) -> tuple[M | None, list[Problem]]:
    """Build a model from (a node of) a document; faults become located problems."""
    if data is None:
        data = document.data
        for step in path:
            data = data[step]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        found = located(model, document, path, data, error)
        return None, [p for _, p in found if p is not None]


def shipped(model: type[M], path: Path, wrong: Said) -> M:
    """Read a list that comes with the code: a whole file of one shape.

    Raises:
        KnowledgeError: the file is not valid; `wrong` opens the message.
    """
    document, problems = read(path)
    if document is not None:
        found, problems = validate(model, document)
        if found is not None:
            return found
    raise KnowledgeError(wrong, problems)


def located(
    model: type[BaseModel], document: Document, path: NodePath, data: Any,
    error: ValidationError,
) -> list[tuple[NodePath, Problem | None]]:  # fmt: skip
    """The faults of a model, each with the path inside `data` that it speaks of.

    None stands for a key that is there and misspelt: it is not told to be missing too.
    """
    found: list[tuple[NodePath, Problem | None]] = []
    errors = _joined(data, error)
    meant = _misspelt(model, errors[: 4 * MAX_TOLD])
    told = 0
    for loc, one in errors:
        if one["type"] == "missing" and loc in meant:
            found.append((loc, None))
        elif told == MAX_TOLD:
            found.append((loc, document.problem((*path, *loc), "schema", *MORE)))
            break
        else:
            found.append((loc, _located(model, document, path, loc, one)))
            told += 1
    return found


def _joined(data: Any, error: ValidationError) -> list[tuple[NodePath, Any]]:
    """Errors by place: one for the branches of a choice, one for a misspelt key."""
    found: dict[tuple[NodePath, str], Any] = {}
    for one in error.errors(include_url=False):
        loc = _inside(data, one["loc"], one["type"])
        first = found.setdefault((loc, one["type"]), {**one, "loc": loc})
        if first["type"] == "literal_error" and first is not one:
            told, more = first["ctx"]["expected"], one["ctx"]["expected"]
            if more not in told:
                first["ctx"] = {"expected": f"{told}, {more}"}
    return [(loc, e) for (loc, _), e in found.items()]


def _misspelt(
    model: type[BaseModel], errors: list[tuple[NodePath, Any]]
) -> set[NodePath]:
    """Where the keys would stand that were meant by misspelt ones."""
    meant: set[NodePath] = set()
    for loc, one in errors:
        if one["type"] == "extra_forbidden":
            close = _closest(str(loc[-1]), _fields(model, loc[:-1]))
            meant |= {(*loc[:-1], c) for c in close}
    return meant


def _inside(data: Any, loc: NodePath, kind: str) -> NodePath:
    """A place without the names of branches, which the file does not know."""
    kept: list[str | int] = []
    for i, step in enumerate(loc):
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            if kind != "missing" or i + 1 < len(loc):
                continue
        kept.append(step)
    return tuple(kept)


def _located(
    model: type[BaseModel], document: Document, path: NodePath, loc: NodePath,
    error: Any,
) -> Problem:  # fmt: skip
    kind, message = error["type"], faults.of_field(error)
    hint, place = faults.advice(error), (*path, *loc)
    if kind == "extra_forbidden":
        key = (*place, "@key")
        place = key if key in document.places else place
        known = _fields(model, loc[:-1])
        hint = did_you_mean(str(loc[-1]), known) or hint
    elif kind in {"literal_error", "enum"}:
        hint = did_you_mean(str(error["input"]), faults.choices(error)) or hint
    code = "schema"
    if kind in {"missing", "string_too_short"} and loc[-1:] in (("en",), ("ru",)):
        code = "missing-language"
    return document.problem(place, code, message, hint)


def _fields(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """Names a mapping at `loc` inside a model may have (for suggestions)."""
    current: Any = model
    mapping = False
    for step in loc:
        if mapping or isinstance(step, int) or not hasattr(current, "model_fields"):
            mapping = False  # a key of a mapping is a name of its own, not a field
            continue
        found = [
            f
            for n, f in current.model_fields.items()
            if step in (n, f.alias)  # YAML uses the alias (`if`)
        ]
        current = _inner_model(found[0].annotation) if found else None
        mapping = bool(found) and get_origin(found[0].annotation) is dict
    if not hasattr(current, "model_fields"):
        return []
    return [f.alias or n for n, f in current.model_fields.items()]


def _inner_model(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _inner_model(part)
        if found is not None:
            return found
    return None


# Cyrillic letters that cannot be told from Latin ones
_TWINS = str.maketrans("асеорхуіАВЕКМНОРСТХ", "aceopxyiABEKMHOPCTX")


def did_you_mean(name: str, known: Iterable[str]) -> Said:
    """Return a suggestion for a misspelt name, or an empty text."""
    names = sorted(known)
    slips = [k for k in names if _is_slip(name, k)]
    close = slips[:1] or _closest(name, names)
    if not close:
        return Said("", "")
    en, ru = f"did you mean {close[0]!r}?", f"может быть, «{close[0]}»?"
    plain = name.translate(_TWINS)
    twins = "".join(
        dict.fromkeys(a for a, b in zip(name, plain, strict=True) if a != b)
    )
    if twins and close[0] == plain:
        en, ru = (
            f"{en} {twins!r} is Cyrillic in yours",
            f"{ru} У вас «{twins}» — кириллица",
        )
    return Correction(en, ru, name, close[0]) if len(slips) == 1 else Said(en, ru)


def _is_slip(written: str, name: str) -> bool:
    """Whether a name was meant for certain: one letter is wrong, or only its dashes.

    Another digit is another name: `-3m` was never meant by `-6m`.
    """
    if abs(len(written) - len(name)) > _LONG:
        return False
    plain, meant = (_MARKS.sub("", n).casefold() for n in (written, name))
    if len(plain) < LEAST_LETTERS or _LETTERS.sub("", plain) != _LETTERS.sub("", meant):
        return False
    i = next((i for i, (a, b) in enumerate(zip(plain, meant, strict=False)) if a != b),
             min(len(plain), len(meant)))  # fmt: skip
    a, b = plain[i:], meant[i:]
    replaced, extra, lacking = a[1:] == b[1:], a[1:] == b, a == b[1:]
    swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return replaced or extra or lacking or swapped


def _closest(name: str, known: Iterable[str]) -> list[str]:
    if len(name) > _LONG:
        return []
    return difflib.get_close_matches(name.translate(_TWINS), sorted(known), 1)


_LONG = 200  # signs of a name for which a likeness is looked for
