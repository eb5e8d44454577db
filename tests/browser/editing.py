"""An analyst at the editor of a draft, in a real browser."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy.orm import Session

from app.models import ProcessDraft
from app.web.sessions import COOKIE
from tests.support.wire import cookie_of
from tests.web.specimen_app import ROOT
from tests.web.visitor import Visitor

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
Point = tuple[float, float]
# The drawing itself is nothing for axe; all around it is.
CHECK = "axe.run({exclude: [['.djs-container']]}).then(found => found.violations.map(one => one.id))"


@dataclass
class Editor:
    """The editor on a page; `console` is what the browser complained about."""

    page: Page
    console: list[str] = field(default_factory=list)

    def choose(self, element: str) -> None:
        """Select by the list of elements, as somebody without a mouse does."""
        self.page.select_option("#elemento", element)

    def property(self, key: str) -> Locator:
        return self.page.locator(f"#propiedad-{key}")

    def write(self, key: str, text: str) -> None:
        """Type over a property and leave its field."""
        self.property(key).fill(text)
        self.property(key).press("Tab")

    def selected(self) -> str:
        """The id of what is selected."""
        return self.page.locator("#elemento").input_value()

    def pick(self, key: str, label: str) -> None:
        self.property(key).select_option(label=label)

    def add(self, kind: str) -> None:
        """By keyboard: after what is selected."""
        self._tool(kind).press("Enter")

    def put(self, kind: str, at: Point) -> None:
        """By mouse: press the button, then the place."""
        self._tool(kind).click()
        self._click(at)

    def beside(self, element: str, words: str) -> None:
        """Press what is offered beside an element."""
        self.choose(element)
        self._pad(words).click()

    def connect(self, source: str, target: str) -> None:
        """Draw an arrow; it is selected then."""
        self.choose(source)
        self.connect_selected(target)

    def connect_selected(self, target: str) -> None:
        self._pad("Unir con otro elemento").click()
        self._click(self.middle(target))
        expect(self.page.locator("#elemento option:checked")).to_contain_text("de «")

    def drag(self, element: str, onto: str) -> None:
        """By mouse, from the middle of one to the middle of the other."""
        self.page.mouse.move(*self.middle(element))
        self.page.mouse.down()
        self.page.mouse.move(*self.middle(onto), steps=8)
        self.page.mouse.up()

    def middle(self, element: str) -> Point:
        """Where it is on the screen now."""
        box = self.page.locator(f"[data-element-id={element}] > .djs-visual").bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def border(self, element: str, *, left: bool = False) -> Point:
        """On the lower edge of it."""
        box = self.page.locator(f"[data-element-id={element}] > .djs-visual").bounding_box()
        assert box is not None
        return box["x"] + box["width"] * (0.3 if left else 0.7), box["y"] + box["height"] - 1

    def _tool(self, kind: str) -> Locator:
        return self.page.get_by_role("toolbar").get_by_role("button", name=kind, exact=True)

    def _pad(self, words: str) -> Locator:
        return self.page.locator(".djs-context-pad.open").get_by_title(words)

    def _click(self, at: Point) -> None:
        """As a hand does: the way there, too, is seen by the drawing."""
        x, y = at
        self.page.mouse.move(x - 30, y - 20)
        self.page.mouse.move(x, y, steps=5)
        self.page.mouse.click(x, y)

    def finding(self, code: str) -> Locator:
        return self.page.locator(f".app-studio__finding[data-code={code}]")

    def lacks(self) -> Locator:
        """What else keeps the draft from being proposed."""
        return self.page.locator(".app-studio__lacks")

    def notice(self) -> Locator:
        return self.page.locator(".app-studio__notice")

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words).click()

    def expect_saving_done(self) -> None:
        """All that was typed has reached the server; leaving a field sends it at once."""
        self.page.locator("#elemento").focus()
        expect(self.page.locator("#studio")).to_have_attribute("data-behind", "no")

    def reload(self) -> None:
        self.page.reload()
        self.page.wait_for_selector("#studio[data-ready]")

    def complaints_of_axe(self) -> list[str]:
        self.page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
        found: list[str] = self.page.evaluate(CHECK)
        return found


def open_editor(context: BrowserContext, address: str) -> Editor:
    """The draft's page, once it can be worked with."""
    editor = Editor(context.new_page())
    editor.page.on("console", lambda said: editor.console.append(said.text) if said.type == "error" else None)
    editor.page.on("pageerror", lambda error: editor.console.append(str(error)))
    editor.page.goto(address)
    editor.page.wait_for_selector("#studio[data-ready]")
    return editor


def sign_in(context: BrowserContext, visitor: Visitor, server: str) -> BrowserContext:
    context.add_cookies([{"name": COOKIE, "value": cookie_of(visitor), "url": server}])
    return context


def stored_xml(session: Session, draft: ProcessDraft) -> str:
    """What the server holds now."""
    session.expire_all()
    return draft.xml
