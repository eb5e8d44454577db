// The way into a trouble, shown on the diagram: a token runs along it and leaves numbers on the steps.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h } from "./dom.js";

const STILL = "(prefers-reduced-motion: reduce)";
const PIXELS_A_SECOND = 450;
const SVG = "http://www.w3.org/2000/svg";

export class Path {
  #marked = [];
  #frame = 0;
  #token = null;

  constructor(modeler) {
    Object.assign(this, { canvas: modeler.get("canvas"), overlays: modeler.get("overlays"), registry: modeler.get("elementRegistry") });
    modeler.on(["import.parse.start", "diagram.destroy"], () => this.clear());
  }

  /** Run along the elements called `ids`; where motion is not wanted, only the numbers appear, all at once. */
  play(ids) {
    this.clear();
    const way = this.#way(ids);
    if (matchMedia(STILL).matches) way.forEach((element) => this.#pass(element));
    else this.#run(way);
  }

  clear() {
    cancelAnimationFrame(this.#frame);
    this.#token?.remove();
    this.#token = null;
    for (const element of this.#marked) this.canvas.removeMarker(element, "app-on-path");
    this.#marked = [];
    this.overlays.remove({ type: "path" });
  }

  /** Steps and the flows between them, whether `ids` names the flows or not. */
  #way(ids) {
    const elements = ids.map((id) => this.registry.get(id)).filter(Boolean);
    return elements.flatMap((element, place) => {
      const before = elements[place - 1];
      const flow = before && !isFlow(before) && !isFlow(element) && before.outgoing.find(({ target }) => target === element);
      return flow ? [flow, element] : [element];
    });
  }

  #pass(element) {
    if (!this.registry.get(element.id)) return;
    this.canvas.addMarker(element, "app-on-path");
    this.#marked.push(element);
    if (isFlow(element)) return;
    const number = this.#marked.filter((one) => !isFlow(one)).length;
    this.overlays.add(element, "path", { position: { top: -12, left: -12 }, html: h("span", { class: "app-studio__step" }, String(number)) });
  }

  #run(way) {
    const [element, ...rest] = way;
    if (!element) return this.#token?.remove();
    this.#pass(element);
    if (isFlow(element)) this.#along(element.waypoints, () => this.#run(rest));
    else this.#frame = requestAnimationFrame(() => this.#run(rest));
  }

  #along(points, then) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}`);
    this.#token ??= this.#makeToken();
    const [length, begun] = [line.getTotalLength(), performance.now()];
    const move = (now) => {
      const done = Math.min(length, ((now - begun) / 1000) * PIXELS_A_SECOND);
      const { x, y } = line.getPointAtLength(done);
      this.#token.setAttribute("cx", x);
      this.#token.setAttribute("cy", y);
      this.#frame = requestAnimationFrame(done < length ? move : then);
    };
    this.#frame = requestAnimationFrame(move);
  }

  #makeToken() {
    const token = document.createElementNS(SVG, "circle");
    token.setAttribute("r", "9");
    token.setAttribute("class", "app-studio__token");
    this.canvas.getLayer("constancia-path", 10).append(token);
    return token;
  }
}

function isFlow(element) {
  return is(element, "bpmn:SequenceFlow");
}
