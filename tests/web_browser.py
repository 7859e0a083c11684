"""The server on a loopback port, and a real browser before it.

`site` is a `Site`: it opens a `Tab` of any language, size and colour scheme, with or
without scripts, and every tab remembers what went wrong in it: errors of the console
and of scripts, breaches of the CSP, dialogs, calls to anybody else. With SALESDX_SHOTS
naming a folder, `Tab.shot` leaves pictures there.
"""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from web_fixture import _BASES, NOW, PASSWORD, Web

from salesdx.cli.served import server_of
from salesdx.storage.upgrading import open_database
from salesdx.web.app import create_app
from salesdx.web.settings import Settings
from salesdx.workspace.desk import Desk

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
PHONE, DESK, NARROW = (360, 780), (1280, 900), (320, 640)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# what hangs on the colours and the width
LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable"]
_REFUSED = re.compile("Failed to load resource: the server responded with a status of")
_AXE = """o => axe.run(document, o).then(r => r.violations.map(
    v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target + " " +
          n.any.map(a => a.message).slice(0, 1)).join(" | ")}`))"""
_WIDE = """() => { const w = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= w) return "";
  const far = [...document.querySelectorAll("body *")].filter(
    e => e.getBoundingClientRect().right > w + 1 && !e.closest(".plot"));
  return `${document.documentElement.scrollWidth} px: ` + far.slice(0, 4).map(
    e => e.tagName + "." + e.className).join(", ") }"""


@dataclass
class Tab:
    """A page in a browser; `troubles` is what went wrong in it."""

    site: "Site"
    page: Any
    troubles: list[str] = field(default_factory=list)

    def go(self, path: str) -> "Tab":
        """Open a path of the server."""
        self.page.goto(path if "://" in path else self.site.url + path)
        return self

    @property
    def path(self) -> str:
        """Path and query of where the tab is."""
        return str(self.page.url).removeprefix(self.site.url)

    def sign_in(self, name: str = "anna") -> "Tab":
        """Sign in as a user."""
        self.go("/sign-in")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", PASSWORD)
        return self.send()

    def send(self, of: str = "main form") -> "Tab":
        """Press the first button of a form."""
        self.page.locator(f"{of} button:not([hidden])").first.click()
        self.page.wait_for_load_state()  # a click waits until a page begins only
        return self

    def press(self, text: str) -> "Tab":
        """Follow a link or press a button by its words."""
        either = (
            f"a:text-is({text!r}), button:text-is({text!r}), summary:has-text({text!r})"
        )
        self.page.locator(either).first.click()
        self.page.wait_for_load_state()
        return self

    def size(self, size: tuple[int, int], scheme: str | None = None) -> "Tab":
        """Another window and colour scheme, without loading the page again."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        if scheme:
            self.page.emulate_media(color_scheme=scheme)
        return self

    def axe(self, rules: list[str] | None = None) -> list[str]:
        """What breaks WCAG 2.2 AA, or only certain rules; of a tab with `axe`."""
        only = {"type": "rule", "values": rules} if rules else {
            "type": "tag", "values": WCAG}  # fmt: skip
        found: list[str] = self.page.evaluate(_AXE, {
            "runOnly": only, "resultTypes": ["violations"], "preload": False,
        })  # fmt: skip
        return found

    def too_wide(self) -> str:
        """What stands out of the window to the right; empty if nothing does."""
        return str(self.page.evaluate(_WIDE))

    def shot(self, name: str) -> "Tab":
        """Leave a picture of the whole page, where pictures are wanted."""
        folder = os.environ.get("SALESDX_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)
        return self

    def close(self) -> None:
        """Forget the tab with its cookies."""
        self.page.context.close()

    def _listen(self) -> None:
        page = self.page
        page.on("console", self._heard)
        page.on("pageerror", lambda e: self.troubles.append(f"script: {e}"))
        page.on("dialog", self._asked)
        page.on("request", self._called)

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not _REFUSED.match(message.text):
            self.troubles.append(f"console: {message.text}")

    def _asked(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _called(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "data:", "about:", "blob:")):
            self.troubles.append(f"call: {request.url}")


@dataclass
class Site:
    """A running server with a browser."""

    web: Web
    url: str
    browser: Any

    @contextmanager
    def tab(
        self, lang: str = "en", size: tuple[int, int] = DESK, *, scripts: bool = True,
        axe: bool = False, **more: Any,
    ) -> Iterator[Tab]:  # fmt: skip
        """A tab of its own, on a device of its own; no trouble is let pass in it."""
        phone = size[0] < 600
        context = self.browser.new_context(
            locale={"ru": "ru-RU", "en": "en-GB"}[lang], java_script_enabled=scripts,
            viewport={"width": size[0], "height": size[1]}, is_mobile=phone,
            has_touch=phone, accept_downloads=True, **more,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        if axe:
            context.add_init_script(axe_source())
        tab = Tab(self, context.new_page())
        tab._listen()
        try:
            yield tab
            assert tab.troubles == [], tab.path
        finally:
            context.close()


def axe_source() -> str:
    """axe-core, as axe-playwright-python brings it."""
    found = pytest.importorskip("axe_playwright_python")
    return (Path(found.__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(
    chromium: Any, web_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:  # fmt: skip
    """A server over a copy of the small database, on a port of this machine."""
    path = tmp_path_factory.mktemp("site") / "salesdx.db"
    shutil.copyfile(web_database, path)
    engine = open_database(str(path))
    clock = [NOW]
    desk = Desk(engine, executor="reference")
    desk._bases = _BASES
    app = create_app(desk, Settings(patience=60), lambda: clock[0])
    server = server_of(
        app, "127.0.0.1", 0, secure=False, proxy=None, largest=50 << 20
    )  # fmt: skip
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.effective_port}"
    yield Site(Web(app, desk, clock), url, chromium)
    server.close()
    thread.join(5)
    desk.close()
    engine.dispose()


def _run(server: Any) -> None:
    with suppress(OSError):  # its sockets are closed under it
        server.run()
