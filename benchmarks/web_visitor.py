"""Somebody with a browser that has no scripts: reads forms and fills them in."""

import http.client
import random
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit


@dataclass
class PageForm:
    """A form of a page: where it goes and what can be filled in."""

    action: str = ""
    fixed: dict[str, str] = field(default_factory=dict)
    radios: dict[str, list[str]] = field(default_factory=dict)
    checks: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # name -> inputmode
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self._form: PageForm | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = PageForm(given.get("action", ""))
            self.forms.append(self._form)
        if self._form is None:
            return
        name, value = given.get("name", ""), given.get("value", "")
        kind = given.get("type", "text") if tag == "input" else tag
        if kind == "hidden":
            self._form.fixed[name] = value
        elif kind == "radio":
            self._form.radios.setdefault(name, []).append(value)
        elif kind == "checkbox":
            self._form.checks.setdefault(name, []).append(value)
        elif kind == "button" and given.get("type", "submit") == "submit":
            self._form.buttons.append((name, value))
        elif kind == "select":
            self._select = name
        elif kind == "option":
            self._form.radios.setdefault(self._select, []).append(value)
        elif tag in ("input", "textarea") and name and kind != "file":
            self._form.texts[name] = given.get("inputmode", kind)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def forms_of(page: str) -> list[PageForm]:
    """The POST forms of a page."""
    parser = _Forms()
    parser.feed(page)
    return parser.forms


def links_of(page: str) -> list[str]:
    """Where a page leads."""
    parser = _Forms()
    parser.feed(page)
    return parser.links


def filled(form: PageForm, chance: random.Random) -> dict[str, str]:
    """Some answer to a form: the first radios that fit, a figure, a word."""
    sent = dict(form.fixed)
    for name, values in form.radios.items():
        given = [v for v in values if v] or values
        # of an answer the first group counts: "don't know" is among it, once in seven
        sent[name] = given[-1] if chance.random() < 1 / 7 else chance.choice(given[:2])
    said = sent.get("state", "answered") == "answered"
    for name, values in form.checks.items():
        if said or name != "value":
            sent[name] = values[0]
    for name, mode in form.texts.items():
        figure = mode in ("decimal", "numeric", "number")
        some = "10" if figure else "2026-01-15" if mode == "date" else "so it is"
        sent[name] = some if "reason" in name or (name == "value" and said) else ""
    for name, value in form.buttons[:1]:
        if name:
            sent[name] = value
    return sent


class Visitor:
    """One browser: cookies, no scripts, one connection that is kept open."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=60)
        self._origin = f"http://{host}:{port}"
        self.cookies: dict[str, str] = {}
        self.path, self.status, self.page = "", 0, ""

    def get(self, path: str) -> str:
        """One GET; redirects are not followed."""
        return self._call("GET", path, None)

    def post(self, path: str, sent: dict[str, str]) -> str:
        """One POST; the answer is where it leads."""
        return self._call("POST", path, urlencode(sent))

    def _call(self, method: str, path: str, body: str | None) -> str:
        headers = {"Accept-Language": "ru", "Origin": self._origin}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        self.page = answer.read().decode("utf-8", "replace")
        self.status, self.path = answer.status, path
        for value in answer.headers.get_all("Set-Cookie") or ():
            found = re.match(r"([^=]+)=([^;]*)", value)
            if found:
                self.cookies[found[1]] = found[2]
        where = answer.headers.get("Location", "")
        parts = urlsplit(where)
        return parts.path + (f"?{parts.query}" if parts.query else "") if where else ""
