"""Somebody in front of a browser: goes to pages, presses buttons, and every page seen is judged.

A page fails the journey when axe-core finds a violation of WCAG 2.2 AA, when the console shows an error, when the
content security policy refuses something, when a script throws, when an answer has a status of 500 or more, or when
a dialog of the browser opens. With ``JOURNEY_PICTURES=<folder>`` every page is kept as a picture, wide and narrow.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Error, Locator, Page, Response, expect

from tests.journeys.site import PATIENCE, Site

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 780}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
# Chromium reports every answer of 400 and more as an error of the console; expected ones are named by ``refused``.
REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
# What a scan depends on: elements, classes, names of attributes, and which of them hold text. A page of the same shape as
# one scanned before is not scanned again: sign-up of three people is one page.
SHAPE = """() => [document.title !== "", ...[...document.querySelectorAll("*")].map((it) =>
    it.tagName + it.className + [...it.attributes].map((each) => each.name) + (it.textContent.trim() !== ""))].join()"""
scanned: set[str] = set()


@dataclass
class Person:
    """One person with a browser of her own."""

    site: Site
    context: BrowserContext
    name: str
    page: Page = field(init=False)
    troubles: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    _refused: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE * 1000 / 2)
        self.page = self.context.new_page()
        self.page.on("console", self._read_console)
        self.page.on("pageerror", lambda error: self._complain(f"script error: {error}"))
        self.page.on("response", self._read_answer)
        self.page.on("dialog", self._read_dialog)

    # What happens in the browser

    def _complain(self, trouble: str) -> None:
        self.troubles.append(f"{self.name} at {self.page.url}: {trouble}")

    def _read_console(self, message: ConsoleMessage) -> None:
        refusal = REFUSAL.match(message.text)
        if refusal and int(refusal[1]) in self._refused:
            return
        if message.type == "error" or "Content Security Policy" in message.text:
            self._complain(f"console: {message.text}")

    def _read_answer(self, answer: Response) -> None:
        if answer.status >= 500:
            self._complain(f"status {answer.status} of {answer.url}")

    def _read_dialog(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":
            self._complain(f"dialog: {dialog.message}")
        dialog.accept()

    @contextmanager
    def refused(self, *statuses: int) -> Iterator[None]:
        """Within this block the server may refuse input with one of these statuses."""
        self._refused = set(statuses)
        yield
        self._refused = set()

    # What a person does

    def go(self, path: str) -> None:
        """Open an address and look at the page."""
        answer = self.page.goto(path if "://" in path else self.site.address + path)
        if answer is not None and answer.status >= 400 and answer.status not in self._refused:
            self._complain(f"status {answer.status}")
        self.look()

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Press a button that sends a form, and look at the page that comes."""
        self._leave((within or self.page).get_by_role("button", name=name, exact=True).first)

    def follow(self, name: str, within: Locator | None = None) -> None:
        """Follow a link and look at the page that comes."""
        self._leave((within or self.page).get_by_role("link", name=name, exact=True).first)

    def confirm(self, name: str, yes: str = "", within: Locator | None = None) -> None:
        """Press a button that asks back, and say yes in the dialog."""
        (within or self.page).locator("summary", has_text=name).first.click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        self.check_access("dialog")
        self._leave(dialog.get_by_role("button", name=yes or name, exact=True))

    def _leave(self, target: Locator) -> None:
        before = self.page.evaluate("performance.timeOrigin")
        target.click()
        self.page.wait_for_function("before => performance.timeOrigin !== before", arg=before)
        self.look()

    def _settle(self) -> None:
        """Wait for a page that loads itself again when a short work is done: its answer to a search."""
        expect(self.page.locator("[data-poll-then=reload][data-poll-every]")).to_have_count(0, timeout=PATIENCE * 1000)
        self.page.wait_for_load_state("load")

    def fill(self, **values: str) -> None:
        """Fill fields by their names."""
        for name, value in values.items():
            self.page.locator(f"[name='{name}']:not([type=hidden]):not([type=radio])").fill(value)

    def choose(self, **values: str) -> None:
        """Choose by field names: an option by its value, or a radio button or box of a value."""
        for name, value in values.items():
            options = self.page.locator(f"select[name='{name}']")
            if options.count():
                options.select_option(value)
            else:
                box = self.page.locator(f"input[name='{name}'][value='{value}']")
                self.page.locator(f"label[for='{box.get_attribute('id')}']").first.click()
                expect(box).to_be_checked()

    def sign_in(self, email: str, password: str, next_path: str = "") -> None:
        """Sign in with a password."""
        self.go("/account/sign-in" + (f"?next={next_path}" if next_path else ""))
        self.fill(email=email, password=password)
        self.press("Sign in", self.page.locator("main"))

    def download(self, name: str) -> bytes:
        """Follow a link to a file and return the file."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=name, exact=True).first.click()
        return Path(waiting.value.path()).read_bytes()

    # What is judged

    def sees(self, *texts: str) -> None:
        """The page shows these texts."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text, timeout=PATIENCE * 1000)

    def look(self) -> None:
        """Judge the page: no trouble so far, no barrier; keep a picture of it where pictures are wanted."""
        self.page.wait_for_load_state("load")
        try:
            self.check_access()
        except Error as error:  # a page that waits for an answer brings itself up to date
            if "because of a navigation" not in str(error):
                raise
        self._settle()
        self.check_access()
        self._keep_picture()

    def check_access(self, what: str = "page") -> None:
        """Scan the page with axe-core, unless one of the same shape was scanned before."""
        shape = self.page.evaluate(SHAPE)
        violations = [] if shape in scanned else self._scan()
        scanned.add(shape)
        for violation in violations:
            for node in violation["nodes"]:
                self._complain(f"{what}: {violation['id']}: {violation['help']}: {node['html'][:300]}")
        assert not self.troubles, "\n".join(self.troubles)

    def _scan(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = Axe().run(self.page, options=RULES).response["violations"]
        return found

    def _keep_picture(self) -> None:
        path = re.sub(r"[^a-z]+", "-", urlsplit(self.page.url).path)[:60]
        number = self.seen[path] = self.seen.get(path, 0) + 1
        folder = os.environ.get("JOURNEY_PICTURES")
        if not folder:
            return
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            file = Path(folder) / f"{self.name}{path}-{number}-{size['width']}.png"
            self.page.screenshot(path=file, full_page=True)


def arrive(browser: Browser, site: Site, name: str, zone: str = "Europe/Brussels") -> Person:
    """Open a browser for somebody whose device is in ``zone``."""
    context = browser.new_context(viewport=WIDE, timezone_id=zone, locale="en-GB", reduced_motion="reduce")
    return Person(site, context, name)
