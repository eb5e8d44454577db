"""The editors of a draft and of its decision tables: what their bundles weigh, and how long until they can be worked with.

A bare bpmn-js viewer stands beside them.
"""

import argparse
import gzip
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Flask, Response, send_file
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from app.domain.permissions import Action, Actor, Profile
from app.models import Person, ProfileGrant
from app.process import definitions
from app.process.studio import drafts
from app.unit_of_work import unit_of_work
from app.web.access import AUTHENTICATED_BY, ORGANISATION, PERSON, PROFILE, access
from app.web.assets import DIST, hashed_name
from app.web.sessions import COOKIE
from bench.figures import Figure
from bench.ground import app_on_own_servers

NAMES = ("chromium", "chromium-browser", "google-chrome")
VIEWER = Path(__file__).parents[1] / "frontend/node_modules/bpmn-js/dist/bpmn-viewer.production.min.js"
PROCESS, TABLE = "annulment", "annulment_review"
VIEWER_PAGE = """
<!DOCTYPE html><title>.</title><div id="canvas"></div>
<script src="/bench/viewer.js"></script><script src="/bench/start.js"></script>
"""
# Bare: one library, one diagram, no site around it.
START = """
document.getElementById("canvas").style.height = "600px";
fetch("/bench/diagram").then((answer) => answer.text()).then(async (xml) => {
  const viewer = new BpmnJS({ container: "#canvas" });
  await viewer.importXML(xml);
  viewer.get("canvas").zoom("fit-viewport");
  document.getElementById("canvas").dataset.ready = "";
});
"""
# Told by the page's own clock, once what it shows has been painted; no question from outside disturbs it.
WATCH = """
new MutationObserver((_, watcher) => {
  if (!document.querySelector("[data-ready]")) return;
  watcher.disconnect();
  requestAnimationFrame(() => setTimeout(() => (window.readyAt = performance.now())));
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
"""
READ = """
() => new Promise((tell) => {
  const look = () => (window.readyAt ? tell(window.readyAt) : setTimeout(look, 5));
  look();
})
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=15, help="times that each page is opened")


def measure(arguments: argparse.Namespace) -> Iterator[Figure]:
    yield from _weights()
    with app_on_own_servers("studio") as app:
        cookie, address = _draft(app)
        _add_viewer(app)
        with _served(app) as server, _chromium() as browser:
            pages = {"editor": address, "table editor": f"{address}/decisiones/{TABLE}"}
            found: dict[str, list[float]] = {"viewer": []}
            for _ in range(arguments.rounds):
                found["viewer"] += _opened(browser, server, cookie, "/bench/viewer", times=1)
                for page, where in pages.items():
                    first, again = _opened(browser, server, cookie, where, times=2)
                    found.setdefault(f"{page}, nothing cached", []).append(first)
                    found.setdefault(f"{page}, scripts and styles cached", []).append(again)
    viewer = statistics.median(found.pop("viewer"))
    yield Figure("bare bpmn-js viewer, the same diagram, nothing cached", viewer, "ms", "the reference")
    for label, times in found.items():
        took = statistics.median(times)
        yield Figure(label, took, "ms", f"under 2,000; {took / viewer:.1f} × the viewer; slowest {max(times):.0f}")


def _weights() -> Iterator[Figure]:
    for name in ("editor.js", "editor.css", "decision.js", "decision.css"):
        content = (DIST / hashed_name(name)).read_bytes()
        yield Figure(name, len(content) / 1000, "kB")
        yield Figure(f"{name}, gzip", len(gzip.compress(content)) / 1000, "kB")
    bare = VIEWER.read_bytes()
    yield Figure("bpmn-js viewer, as published", len(bare) / 1000, "kB", "the reference")
    yield Figure("bpmn-js viewer, as published, gzip", len(gzip.compress(bare)) / 1000, "kB", "the reference")


def _draft(app: Flask) -> tuple[str, str]:
    """An analyst's session, and the address of a draft of theirs."""
    client = app.test_client()
    with app.app_context(), unit_of_work() as session:
        person = Person(rut_body=10_101_010, check_digit="4", given_names="Ana", first_surname="De Prueba")
        session.add(person)
        session.flush()
        session.add(ProfileGrant(person_id=person.id, profile=Profile.PROCESS_ANALYST))
        session.flush()
        actor = Actor(person.id, person.full_name, Profile.PROCESS_ANALYST)
        draft = drafts.start(session, definitions.latest(session, PROCESS), actor)
        address, person_id = f"/procesos/{PROCESS}/borradores/{draft.id}", person.id
    with client.session_transaction() as kept:
        kept.update({PERSON: person_id, AUTHENTICATED_BY: "cus", PROFILE: actor.profile.value, ORGANISATION: None})
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value, address


def _add_viewer(app: Flask) -> None:
    """The reference, from the same server."""
    diagram = (definitions.FOLDER / f"{PROCESS}.bpmn").read_text(encoding="utf-8")
    for path, answer in {
        "viewer": lambda: Response(VIEWER_PAGE, mimetype="text/html"),
        "viewer.js": lambda: send_file(VIEWER),
        "start.js": lambda: Response(START, mimetype="text/javascript"),
        "diagram": lambda: Response(diagram, mimetype="text/xml"),
    }.items():
        app.add_url_rule(f"/bench/{path}", f"bench_{path.replace('.', '_')}", access(Action.ANYONE)(answer))


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def _opened(browser: Browser, server: str, cookie: str, address: str, *, times: int) -> list[float]:
    """Milliseconds from asking for the page until it can be worked with, one after the other in one new browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="es-CL")
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": server}])
    context.add_init_script(WATCH)
    took: list[float] = []
    for _ in range(times):
        page = context.new_page()
        page.goto(server + address)
        page.wait_for_selector("[data-ready]", state="attached")
        took.append(page.evaluate(READ))
        page.close()
    context.close()
    return took
