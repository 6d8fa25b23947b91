"""The pages in a real browser, opened from the disk."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.handed_in import HandedInFile
from grader.report.html import write_pages
from grader.report.html.class_page import class_page
from grader.report.html.names import page_name
from grader.report.html.tally import Tally

from .classes import NOTEBOOK, SCRIPT, a_learner, always, hostile, hostile_files, ordinary

selenium = pytest.importorskip("selenium.webdriver", reason="selenium drives the browser")
CHROMIUM, DRIVER = (shutil.which(name) for name in ("chromium", "chromedriver"))
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed"
)

CSS = "css selector"


class Browser:
    """A browser that remembers every request and everything on its console."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(
        self, path: Path, *, width: int = 1280, dark: bool = False, script: bool = True
    ) -> None:
        """A page, anew."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.do("Emulation.setDeviceMetricsOverride", **size)
        self.do("Emulation.setEmulatedMedia", media="", features=[scheme])
        self.do("Emulation.setScriptExecutionDisabled", value=not script)
        self.driver.get(path.as_uri())

    def do(self, command: str, **options: Any) -> Any:
        """A command of the DevTools."""
        return self.driver.execute_cdp_cmd(command, options)

    def all(self, selector: str) -> list[Any]:
        """The elements that a selector finds."""
        return list(self.driver.find_elements(CSS, selector))

    def shown(self, selector: str) -> list[str]:
        """The text of those elements that can be seen; also where there is no script."""
        return [element.text for element in self.all(selector) if element.is_displayed()]

    def names(self) -> list[str]:
        """The learners in the table, as they are shown."""
        found = self.tell(
            "return [...document.querySelectorAll('#table tbody th')].filter("
            "e => e.getClientRects().length).map(e => e.innerText)"
        )
        return list(found)

    def tell(self, script: str, *arguments: Any) -> Any:
        """What a script says."""
        return self.driver.execute_script(script, *arguments)

    def type(self, selector: str, *keys: str) -> None:
        """Keys into an element."""
        self.driver.find_element(CSS, selector).send_keys(*keys)

    def press(self, *keys: str) -> None:
        """Keys into what has the focus."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def requests(self) -> set[str]:
        """The addresses that were asked for since this was asked last."""
        messages = [
            json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")
        ]
        return {
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        }

    def complaints(self) -> list[str]:
        """What stands on the console since this was asked last."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="module")
def session() -> Iterator[Browser]:
    from selenium.webdriver.chrome.service import Service

    options = selenium.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # With its path given, selenium looks for no driver on the network.
    driver = selenium.Chrome(options=options, service=Service(executable_path=DRIVER))
    driver.set_page_load_timeout(60)
    yield Browser(driver)
    driver.quit()


@pytest.fixture
def browser(session: Browser) -> Iterator[Browser]:
    """The browser, which must have nothing to complain about and ask for files only."""
    session.complaints()
    session.requests()
    yield session
    assert session.complaints() == []
    assert all(url.startswith("file:") for url in session.requests())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class page of 15 learners; the 11th has not handed in."""
    files = always(
        HandedInFile("assignment.py", SCRIPT.encode()), HandedInFile("notes.ipynb", NOTEBOOK)
    )
    return write_pages(tmp_path_factory.mktemp("a class #1 %20"), ordinary(15), files)


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pages(tmp_path_factory.mktemp("evil"), hostile(), hostile_files)


def _learner(index: Path, number: int) -> Path:
    return index.parent / "learners" / page_name(a_learner(number).id)


def _head(browser: Browser, name: str) -> Any:
    return next(b for b in browser.all("#table thead button") if b.text.startswith(name))


def test_a_click_on_a_head_sorts_and_another_one_turns_it_round(
    browser: Browser, site: Path
) -> None:
    browser.open(site)
    before = browser.names()
    _head(browser, "Name").click()
    assert browser.names() == sorted(before, key=lambda name: (name.split()[0], len(name), name))
    assert browser.all("th[aria-sort=ascending]")[0].text.startswith("Name")
    up = browser.names()
    _head(browser, "Name").click()
    assert browser.names() == up[::-1]
    assert len(browser.all("th[aria-sort]")) == 1
    assert browser.all("th[aria-sort=descending]")


def test_a_key_sorts_by_number_and_keeps_the_focus(browser: Browser, site: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.open(site)
    browser.tell("document.querySelectorAll('#table thead button')[6].focus()")
    browser.press(Keys.ENTER)
    totals = browser.tell(
        "return [...document.querySelectorAll('#table tbody tr')].map(r => +r.cells[6].dataset.v)"
    )
    assert totals == sorted(totals)
    assert len({*totals}) > 3
    assert browser.driver.switch_to.active_element.text.startswith("Total")
    browser.press(Keys.SPACE)
    assert browser.all("th[aria-sort=descending]")[0].text.startswith("Total")


def test_searching_shows_who_fits_all_words_and_says_how_many(
    browser: Browser, site: Path
) -> None:
    browser.open(site)
    browser.type("#search", "LOVE s0001")
    assert browser.names() == ["Ada Lovelace"]
    assert browser.shown("#count") == ["1 of 15 learners"]
    browser.all("#clear")[0].click()
    browser.type("#search", "s3@uni.org")
    assert browser.names() == ["Alan Turing"]
    browser.all("#clear")[0].click()
    browser.type("#search", "<b>nobody")
    assert browser.names() == []
    browser.all("#clear")[0].click()
    assert len(browser.names()) == 15
    assert browser.shown("#count") == ["15 learners"]


def _tick(browser: Browser, words: str, group: str) -> None:
    (box,) = [
        label
        for field in browser.all("fieldset")
        if field.text.startswith(group)
        for label in field.find_elements(CSS, "label")
        if label.text.startswith(words)
    ]
    box.click()


def test_findings_are_filtered_by_and_combined(browser: Browser, site: Path) -> None:
    browser.open(site)
    browser.all("#filters summary")[0].click()
    _tick(browser, "failed check: The program ends", "q3")
    assert browser.shown("#count") == ["5 of 15 learners"]
    _tick(browser, "late", "Submission")
    assert browser.names() == ["Learner 15"]
    browser.all("input[value=any]")[0].click()
    assert browser.shown("#count") == ["7 of 15 learners"]
    assert browser.shown("#chosen") == ["(2)"]
    browser.type("#search", "ada")
    assert browser.names() == []
    browser.all("#clear")[0].click()
    assert len(browser.names()) == 15


def test_focus_and_pointer_show_what_happened_at_a_mark(browser: Browser, site: Path) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    browser.open(_learner(site, 1))
    tips = "#e4 .tip text"
    assert browser.shown(tips) == []
    first, *_, last = browser.all("#e4 .lane .spot")
    browser.tell("arguments[0].focus()", first)
    assert browser.shown(tips) == ["21 ms: starts Process-1 4712"]
    browser.press(Keys.TAB)
    assert browser.shown(tips) == ["23 ms: starts Process-2 4713"]
    browser.tell(
        "document.activeElement.blur(); arguments[0].scrollIntoView({block: 'center'})", last
    )
    ActionChains(browser.driver).move_to_element(last).perform()
    assert browser.shown(tips) == ['39 ms: prints "My number is 4"']


def test_without_scripts_all_is_shown_and_no_control_that_does_nothing(
    browser: Browser, site: Path
) -> None:
    browser.open(site, script=False)
    assert len(browser.shown("#table tbody tr")) == 15
    assert browser.shown("#controls, button, #rest") == []
    browser.all("#table tbody a")[0].click()
    assert browser.driver.current_url == _learner(site, 1).as_uri()
    assert browser.shown("h1") == ["Ada Lovelace"]
    assert len(browser.shown(".lane .spot")) > 10


def test_the_marks_of_the_picture_are_drawn_in_both_schemes(browser: Browser, site: Path) -> None:
    grounds = set()
    for dark in (False, True):
        browser.open(_learner(site, 7), dark=dark)
        grounds.add(
            browser.tell("return getComputedStyle(document.documentElement).backgroundColor")
        )
        sizes = browser.tell(
            "return [...document.querySelectorAll('.timeline .spot > use, .timeline .run')]"
            ".map(e => e.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
        )
        assert len(sizes) > 20
        assert min(sizes) > 1
    assert grounds == {"rgb(251, 251, 250)", "rgb(19, 22, 25)"}


@pytest.mark.parametrize("width", [400, 1280])
def test_no_page_is_wider_than_the_window(
    browser: Browser, site: Path, evil: Path, width: int
) -> None:
    for index in (site, evil):
        for path in (index, *sorted(index.parent.glob("learners/*"))[:2]):
            browser.open(path, width=width)
            browser.tell("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert browser.tell("return document.documentElement.scrollWidth") <= width, path


def test_a_hostile_class_runs_nothing_and_leads_nowhere(browser: Browser, evil: Path) -> None:
    for path in (evil, *evil.parent.glob("learners/*")):
        browser.open(path)
        assert browser.tell("return [window.hacked, document.scripts.length]") == [
            None,
            1 if path == evil else 0,
        ]
        assert not browser.all("img, iframe, object, embed, base, link")
    browser.open(evil)
    browser.type("#search", "<script>")
    assert len(browser.names()) == 3
    _head(browser, "Name").click()
    assert browser.tell("return window.hacked") is None


def test_the_policy_stops_a_script_that_got_onto_a_page(
    session: Browser, site: Path, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.html"
    html = _learner(site, 1).read_text(encoding="utf-8")
    spoilt.write_text(
        html.replace("</h1>", "<script>window.hacked=1</script></h1>"), encoding="utf-8"
    )
    session.open(spoilt)
    assert session.tell("return window.hacked") is None
    assert any("Content Security Policy" in complaint for complaint in session.complaints())


def test_a_page_can_be_printed(browser: Browser, site: Path) -> None:
    from base64 import b64decode

    for path in (site, _learner(site, 1)):
        browser.open(path, width=720, dark=True)
        pdf = b64decode(browser.do("Page.printToPDF", printBackground=True)["data"])
        assert pdf.startswith(b"%PDF")
        browser.do("Emulation.setEmulatedMedia", media="print")
        assert browser.shown("nav, .controls, .skip, #rest") == []
        ground = browser.tell("return getComputedStyle(document.documentElement).backgroundColor")
        assert ground == "rgb(255, 255, 255)"
        assert browser.tell("return document.documentElement.scrollWidth") <= 720


def _class_of(count: int, folder: Path) -> Path:
    """The class page alone, of many learners."""
    tally = Tally()
    for result in ordinary(count, traces=False):
        tally.add(result)
    index = folder / "index.html"
    index.write_text(class_page(tally), encoding="utf-8")
    return index


def test_two_thousand_learners_are_sorted_and_searched(browser: Browser, tmp_path: Path) -> None:
    index = _class_of(2000, tmp_path)
    began = time.monotonic()
    browser.open(index)
    _head(browser, "Name").click()
    _head(browser, "Total").click()
    browser.type("#search", "1999")
    assert browser.names() == ["Learner 1999"]
    # Generous, for a machine that does other things as well: what is quadratic takes minutes.
    assert time.monotonic() - began < 20


def test_of_a_large_class_the_rest_is_shown_on_demand_and_printed_always(
    browser: Browser, tmp_path: Path
) -> None:
    browser.open(_class_of(320, tmp_path))
    assert len(browser.names()) == 300
    browser.do("Emulation.setEmulatedMedia", media="print")
    assert len(browser.names()) == 320
    browser.do("Emulation.setEmulatedMedia", media="")
    assert len(browser.names()) == 300
    (button,) = browser.all("#everyone")
    assert button.text == "Show all 320"
    button.click()
    assert len(browser.names()) == 320
    assert browser.shown("#rest") == []
