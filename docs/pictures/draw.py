"""Draws the diagrams of `workflows/` as the pictures of the README, by bpmn-js in a headless Chromium (`make pictures`)."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VIEWER = ROOT / "frontend/node_modules/bpmn-js/dist/bpmn-viewer.production.min.js"
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
DRAW = """
async (xml) => {
  const viewer = new BpmnJS({ container: document.body });
  const { warnings } = await viewer.importXML(xml);
  if (warnings.length) throw new Error(warnings.map((warning) => warning.message).join("; "));
  return (await viewer.saveSVG()).svg;
}
"""


def draw(page: Page, diagram: Path) -> Path:
    """One diagram as an SVG of its name. Raises playwright's Error if bpmn-js finds anything to warn about."""
    page.goto("about:blank")
    page.add_script_tag(path=VIEWER)
    picture = HERE / f"{diagram.stem}.svg"
    picture.write_text(page.evaluate(DRAW, diagram.read_text(encoding="utf-8")), encoding="utf-8")
    return picture


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        for diagram in sorted((ROOT / "workflows").glob("*.bpmn")):
            print(draw(page, diagram).relative_to(ROOT))  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main()
