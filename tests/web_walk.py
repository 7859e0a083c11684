"""Every page of a server: found by following the links of a signed-in user.

`Walk` asks with Flask's test client, which is quick, and keeps one address for each
template; the browser then opens those. What no link leads to is made and named here.
"""

import html
import io
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import template_rendered
from web_fixture import Visitor

_HREF = re.compile(r'href="(/[^"]*)"')
_FILES = ("static", "knowledge.site", "cases.home")
EACH = 3  # addresses of one route


@dataclass
class Walk:
    """The pages that a visitor comes by: template -> address, and their HTML."""

    visitor: Visitor
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    html: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._adapter = self.visitor.web.app.url_map.bind("localhost")
        self._names: list[str] = []
        self._asked: dict[str, int] = {}

    def follow(self, *starts: str) -> "Walk":
        """Follow all links from some addresses."""
        app = self.visitor.web.app
        waiting, known = list(starts), set(self.html)
        with template_rendered.connected_to(self._rendered, app):
            while waiting:
                path = waiting.pop(0).partition("#")[0]
                if path not in known and self._wanted(path):
                    known.add(path)
                    waiting += self._open(path)
        return self

    def _wanted(self, path: str) -> bool:
        name, _ = self._adapter.match(urlsplit(path).path, method="GET")
        self._asked[name] = self._asked.get(name, 0) + 1
        return name not in _FILES and self._asked[name] <= EACH

    def _open(self, path: str) -> list[str]:
        self._names.clear()
        answer = self.visitor.http.get(
            path, headers={"Accept-Language": self.visitor.lang}, follow_redirects=True
        )
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:900])
        if not answer.content_type.startswith("text/html"):
            self.files[path] = answer.data
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
