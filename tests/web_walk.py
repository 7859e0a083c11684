"""Every page of a server: found by following the links of a signed-in user.

`Walk` asks with Flask's test client, which is quick, and keeps one address for each
template; the browser then opens those. What no link leads to is made and named by the
test. `Markup` is what of a page could run; `forms` are the forms of a page.
"""

import html
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import template_rendered
from web_fixture import Visitor

_HREF = re.compile(r'href="(/[^"]*)"')
_FILES = ("static", "knowledge.site", "cases.home")


@dataclass
class Walk:
    """The pages that a visitor comes by: template -> address, their HTML, files."""

    visitor: Visitor
    pages: dict[str, str] = field(default_factory=dict)
    html: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._adapter = self.visitor.web.app.url_map.bind("localhost")
        self._names: list[str] = []
        self._asked: set[str] = set()

    def follow(self, *starts: str) -> "Walk":
        """Open these addresses, and one of each route that links from there lead to."""
        waiting, known = list(starts), set(self.html)
        with template_rendered.connected_to(self._rendered, self.visitor.web.app):
            while waiting:
                path = waiting.pop(0).partition("#")[0]
                if path not in known and (path in starts or self._is_new(path)):
                    known.add(path)
                    self._is_new(path)
                    waiting += self._open(path)
        return self

    def _is_new(self, path: str) -> bool:
        """Whether no page of this route, and of this kind of file, was opened yet."""
        name, _ = self._adapter.match(urlsplit(path).path, method="GET")
        several = name in {"plan.worksheet", "plan.export"}
        kind = name + path.rpartition(".")[2][:4] if several else name
        fresh = kind not in self._asked and name not in _FILES
        self._asked.add(kind)
        return fresh

    def _open(self, path: str) -> list[str]:
        self._names.clear()
        answer = self.visitor.http.get(
            path, headers={"Accept-Language": self.visitor.lang}, follow_redirects=True
        )
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:900])
        if not answer.content_type.startswith("text/html"):
            self.files[path] = answer.headers["Content-Disposition"], answer.data
            return []
        self.html[path] = answer.text
        if self._names:
            self.pages.setdefault(self._names[-1], path)
        return [html.unescape(found) for found in _HREF.findall(answer.text)]

    def _rendered(self, _: object, template: Any, **__: object) -> None:
        self._names.append(template.name)


def send_files(visitor: Visitor, case: str, *files: tuple[str, bytes]) -> str:
    """Send exports; gives the page of the upload."""
    given = [(io.BytesIO(data), name) for name, data in files]
    return visitor.post(f"/cases/{case}/data/import", {"files": given})


class Markup(HTMLParser):
    """What of a page could run or load; `wrong` is what no page of ours has."""

    _TAGS = frozenset({"script", "iframe", "object", "embed", "base", "frame", "style",
                       "applet", "template", "portal"})  # fmt: skip
    _GOES = frozenset({"href", "src", "action", "formaction", "data", "poster",
                       "srcdoc", "ping"})  # fmt: skip
    _OURS = re.compile(r"(/(?!/)|#|http://(127\.0\.0\.1|localhost)[:/])")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:  # fmt: skip
        given = dict(attrs)
        if tag in self._TAGS and not (given.get("src") or "").startswith("/static/"):
            self.wrong.append(tag)
        if tag == "meta" and given.get("http-equiv", "") not in ("", None):
            self.wrong.append(f"meta {given}")
        for name, value in attrs:
            away = name in self._GOES and not self._OURS.match(value or "")
            if name.startswith("on") or name == "style" or away:
                self.wrong.append(f"{tag} {name}={value}")


@dataclass
class Form:
    """A form as a page shows it: where it goes, and (kind, name, value) of fields."""

    action: str
    method: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:  # fmt: skip
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self.found.append(Form(given.get("action", ""), given.get("method", "get")))
        elif not self.found:
            return
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in ("radio", "checkbox") or "checked" in given:
                self.found[-1].fields.append((kind, name, value))
        elif tag == "textarea":
            self.found[-1].fields.append(("text", name, ""))
        elif tag == "button" and name:
            self.found[-1].fields.append(("button", name, value))
        elif tag == "select":
            self._select = name
            self.found[-1].fields.append(("select", name, ""))
        elif tag == "option" and "selected" in given:
            self.found[-1].fields[-1] = "select", self._select, value


def forms(page: str) -> list[Form]:
    """The forms of a page."""
    return _Forms(page).found
