// The findings of the gate beside the canvas: each selects its element, marks it and shows the way into the trouble. After them,
// what else is missing before the draft can be proposed.
import { h } from "./dom.js";
import { nameOf, toldOf } from "./model.js";
import { Path } from "./path.js";

export class Findings {
  #marked = [];
  #findings = [];

  constructor({ modeler, process }) {
    Object.assign(this, { modeler, process, path: new Path(modeler) });
    for (const name of ["canvas", "elementRegistry", "overlays", "selection"]) this[name] = modeler.get(name);
    this.heading = h("h2", { class: "govuk-heading-m", id: "hallazgos" }, "Hallazgos");
    this.summary = h("p", { class: "app-studio__summary", role: "status" });
    this.list = h("ol", { class: "app-studio__findings" });
    this.lacks = h("div", { class: "app-studio__lacks", role: "status" });
    this.root = h("section", { class: "app-studio__panel", "aria-labelledby": "hallazgos" }, this.heading, this.summary, this.list, this.lacks);
    // Elements get other names and pictures as one draws; the marks follow.
    modeler.on("import.done", () => this.show(this.#findings));
  }

  show(findings) {
    const focused = [...this.list.querySelectorAll("button")].indexOf(document.activeElement);
    this.#findings = findings;
    this.path.clear();
    this.summary.textContent = findings.length ? counted(findings.length) : "Sin hallazgos.";
    this.summary.classList.toggle("app-studio__summary--clean", !findings.length);
    this.list.replaceChildren(...findings.map((finding) => h("li", {}, this.#button(finding))));
    this.#mark(findings);
    if (focused >= 0) (this.list.querySelectorAll("button")[focused] ?? this.list.querySelector("button"))?.focus();
  }

  /** What keeps it from being proposed, each with a sentence; null while nobody knows. Findings stand above already. */
  lack(missing, scenariosUrl) {
    const others = (missing ?? []).filter(({ what }) => what !== "findings");
    const link = h("a", { class: "govuk-link", href: scenariosUrl }, "Ver los escenarios");
    const told = missing && !missing.length ? [h("p", {}, "No falta nada: se puede proponer.")] : [];
    if (others.length) {
      told.push(h("p", {}, "Antes de proponerlo:"), h("ul", { class: "govuk-list govuk-list--bullet" }, others.map(({ sentence }) => h("li", {}, sentence))));
      if (others.some(({ what }) => what === "scenarios" || what === "share")) told.push(link);
    }
    // Said once, not at each save.
    const words = told.map(({ textContent }) => textContent).join("");
    if (words !== this.lacks.textContent) this.lacks.replaceChildren(...told);
    this.lacks.classList.toggle("app-studio__lacks--none", Boolean(missing) && !missing.length);
  }

  #button(finding) {
    const { code, element, sentence, path = [] } = finding;
    const drawn = this.elementRegistry.get(element);
    const way = path.map((id) => this.elementRegistry.get(id)).filter((one) => one && !one.waypoints);
    return h(
      "button",
      { type: "button", class: "app-studio__finding", "data-element": element, "data-code": code, onclick: (event) => this.#choose(finding, event.currentTarget) },
      h("span", { class: "app-studio__sign", "aria-hidden": "true" }, "!"),
      h("strong", {}, drawn ? toldOf(drawn) : element || "El diagrama"),
      h("span", { class: "app-studio__sentence" }, sentence),
      way.length > 1 && h("span", { class: "app-studio__way" }, `Se llega así: ${way.map(nameOf).join(" → ")}.`),
      h("span", { class: "app-studio__codename" }, code),
    );
  }

  #choose({ element, path = [] }, chosen) {
    for (const one of this.list.querySelectorAll("button")) one.removeAttribute("aria-current");
    chosen.setAttribute("aria-current", "true");
    const drawn = this.elementRegistry.get(element);
    this.selection.select(drawn && drawn !== this.process() ? drawn : []);
    if (drawn) centre(this.canvas, drawn);
    this.path.play(path);
  }

  #mark(findings) {
    for (const id of this.#marked) if (this.elementRegistry.get(id)) this.canvas.removeMarker(id, "app-in-trouble");
    this.overlays.remove({ type: "finding" });
    this.#marked = [...new Set(findings.map(({ element }) => element))].filter((id) => isDrawn(this.elementRegistry.get(id)));
    for (const id of this.#marked) {
      this.canvas.addMarker(id, "app-in-trouble");
      this.overlays.add(id, "finding", { position: { top: -11, right: 11 }, html: h("span", { class: "app-studio__sign" }, "!") });
    }
  }
}

function counted(many) {
  return many === 1 ? "1 hallazgo. Elíjalo para ver dónde está." : `${many} hallazgos. Elija uno para ver dónde está.`;
}

function isDrawn(element) {
  return Boolean(element && element.parent);
}

/** Bring an element into the middle, unless all of it can be seen: what moves under the eyes has to be found again. */
function centre(canvas, element) {
  const points = element.waypoints ?? [element, { x: element.x + element.width, y: element.y + element.height }];
  if (points.some(({ x, y }) => !Number.isFinite(x + y))) return;
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const { x, y, width, height } = canvas.viewbox();
  const isSeen = Math.min(...xs) > x && Math.max(...xs) < x + width && Math.min(...ys) > y && Math.max(...ys) < y + height;
  const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  if (!isSeen) canvas.viewbox({ x: middle(xs) - width / 2, y: middle(ys) - height / 2, width, height });
}
