// What is offered beside a selected element: the next step, a flow, a lane, to remove it. Nothing outside the subset.
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { icon } from "./icons.js";
import { KINDS, isBorder, mayContinue, mayHost } from "./kinds.js";

const STEPS = KINDS.filter(({ group }) => group === "step");
const BORDER = KINDS.filter(isBorder);

export class ContextPad {
  constructor(contextPad, connect, modeling, placing) {
    Object.assign(this, { connect, modeling, placing });
    contextPad.registerProvider(this);
  }

  getContextPadEntries(element) {
    if (element.type === "label") return {};
    return {
      ...(mayContinue(element) ? this.#next(element) : {}),
      ...this.#border(element),
      ...(isAny(element, ["bpmn:Lane", "bpmn:Participant"]) ? this.#lanes(element) : {}),
      ...(is(element, "bpmn:Participant") ? {} : this.#remove([element])),
    };
  }

  getMultiElementContextPadEntries(elements) {
    return this.#remove(elements.filter((element) => !is(element, "bpmn:Participant")));
  }

  #next(element) {
    const entries = STEPS.map((kind) => [
      `append-${kind.icon}`,
      entry(`Agregar después: ${kind.label.toLowerCase()}`, kind.icon, "next", {
        click: () => this.placing.append(element, kind),
        dragstart: (event) => this.placing.drag(event, kind, element),
      }),
    ]);
    const draw = (event) => this.connect.start(event, element);
    return { ...Object.fromEntries(entries), connect: entry("Unir con otro elemento", "connect", "edit", { click: draw, dragstart: draw }) };
  }

  #border(element) {
    const kinds = BORDER.filter((kind) => mayHost(element, kind));
    const hang = (kind) => ({ click: () => this.placing.hang(element, kind) });
    return Object.fromEntries(kinds.map((kind) => [`hang-${kind.icon}`, entry(`Agregar en el borde: ${kind.label.toLowerCase()}`, kind.icon, "edit", hang(kind))]));
  }

  #lanes(element) {
    const add = (place) => ({ click: () => this.modeling.addLane(element, place) });
    return {
      "lane-above": entry("Agregar un carril encima", "laneAbove", "lanes", add("top")),
      "lane-below": entry("Agregar un carril debajo", "laneBelow", "lanes", add("bottom")),
    };
  }

  #remove(elements) {
    if (!elements.length) return {};
    return { remove: entry("Borrar", "remove", "edit", { click: () => this.modeling.removeElements([...elements]) }) };
  }
}
ContextPad.$inject = ["contextPad", "connect", "modeling", "constanciaPlacing"];

function entry(title, picture, group, action) {
  return { title, group, action, html: `<div class="entry" draggable="true">${icon(picture)}</div>` };
}
