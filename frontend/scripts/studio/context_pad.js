// What is offered beside a selected element: the next step, a flow, a lane, to remove it. Nothing outside the subset.
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { icon } from "./icons.js";
import offered from "./subset.json";

const STEPS = offered.filter(({ group }) => group === "step");

export class ContextPad {
  constructor(contextPad, autoPlace, connect, create, elementFactory, modeling) {
    Object.assign(this, { autoPlace, connect, create, elementFactory, modeling });
    contextPad.registerProvider(this);
  }

  getContextPadEntries(element) {
    if (element.type === "label") return {};
    return {
      ...(mayContinue(element) ? this.#next(element) : {}),
      ...(isAny(element, ["bpmn:Lane", "bpmn:Participant"]) ? this.#lanes(element) : {}),
      ...(is(element, "bpmn:Participant") ? {} : this.#remove([element])),
    };
  }

  getMultiElementContextPadEntries(elements) {
    return this.#remove(elements.filter((element) => !is(element, "bpmn:Participant")));
  }

  #next(element) {
    const entries = STEPS.map(({ type, label, icon: picture }) => {
      const make = () => this.elementFactory.createShape({ type });
      return [
        `append-${picture}`,
        entry(`Agregar después: ${label.toLowerCase()}`, picture, "next", {
          click: () => this.autoPlace.append(element, make()),
          dragstart: (event) => this.create.start(event, make(), { source: element }),
        }),
      ];
    });
    const draw = (event) => this.connect.start(event, element);
    return { ...Object.fromEntries(entries), connect: entry("Unir con otro elemento", "connect", "edit", { click: draw, dragstart: draw }) };
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
ContextPad.$inject = ["contextPad", "autoPlace", "connect", "create", "elementFactory", "modeling"];

/** Whether a flow may leave `element`. */
export function mayContinue(element) {
  return is(element, "bpmn:FlowNode") && !is(element, "bpmn:EndEvent");
}

function entry(title, picture, group, action) {
  return { title, group, action, html: `<div class="entry" draggable="true">${icon(picture)}</div>` };
}
