// Putting new elements into the drawing, by pointer or without one: after a step, on its border, or in the middle.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { attributesOf, isBorder, mayContinue, mayHost } from "./kinds.js";
import { freeAcross } from "./spots.js";
import { together } from "./together.js";

const BEGIN = { x: 58, y: 100 };
const AWAY = 42;
const STEP = 130;

export class Placing {
  #empty = new WeakSet();

  constructor(autoPlace, canvas, commandStack, create, elementFactory, elementRegistry, eventBus, modeling, room, selection) {
    Object.assign(this, { autoPlace, canvas, commandStack, create, elementFactory, elementRegistry, modeling, room, selection });
    eventBus.on("commandStack.shape.create.postExecuted", ({ context: { shape } }) => this.#begin(shape));
  }

  /** Let the pointer put a new element of this kind somewhere, joined to `source` if there is one. */
  drag(event, kind, source) {
    this.create.start(event, this.#make(kind), source && { source });
  }

  /** Put one where it goes without a pointer; a sentence where it goes nowhere. */
  put(kind) {
    const [chosen] = this.selection.get();
    const before = chosen?.labelTarget ?? chosen;
    if (isBorder(kind)) return this.hang(before, kind);
    if (before && mayContinue(before) && kind.group === "step") this.append(before, kind);
    else this.#place(kind);
    return "";
  }

  /** Put one after `source`. */
  append(source, kind) {
    const shape = this.#make(kind);
    together(this.commandStack, () => {
      if (kind.type === "bpmn:SubProcess") this.room.after(source, shape);
      this.autoPlace.append(source, shape);
      const x = freeAcross(this.elementRegistry, shape, shape);
      if (x !== shape.x) this.modeling.moveElements([shape], { x: x - shape.x, y: 0 }, shape.parent);
      if (is(shape.parent, "bpmn:SubProcess")) this.room.around(shape.parent);
    });
  }

  /** Move what is to the right of what is chosen; a sentence that says so, or what to choose. */
  widen() {
    const [chosen] = this.selection.get();
    if (!chosen || !is(chosen, "bpmn:FlowNode")) return "Elija primero un paso: lo que está a su derecha se corre.";
    this.room.make("x", chosen.x + chosen.width, STEP);
    return "Se corrió lo que está a la derecha del paso elegido.";
  }

  /** Hang one on the border of `host`, beside those that are there; a sentence where it may not hang. */
  hang(host, kind) {
    if (!mayHost(host, kind)) return `Elija primero ${toldHosts(kind)}, y después «${kind.label}».`;
    const x = Math.max(host.x, host.x + host.width - AWAY * (host.attachers.length + 0.5));
    this.selection.select(this.modeling.createShape(this.#make(kind), { x, y: host.y + host.height }, host, { attach: true }));
    return "";
  }

  #place(kind) {
    const shape = this.#make(kind);
    const { x, y } = middle(this.canvas);
    const [width, height] = [shape.width, shape.height];
    const free = freeAcross(this.elementRegistry, { x: x - width / 2, y: y - height / 2, width, height });
    this.selection.select(this.modeling.createShape(shape, { x: free + width / 2, y }, under(this.canvas)));
  }

  #make(kind) {
    const shape = this.elementFactory.createShape(attributesOf(kind));
    if (kind.type === "bpmn:SubProcess") this.#empty.add(shape);
    return shape;
  }

  /** A part of a process begins somewhere. */
  #begin(shape) {
    if (!this.#empty.has(shape)) return;
    this.#empty.delete(shape);
    this.modeling.createShape({ type: "bpmn:StartEvent" }, { x: shape.x + BEGIN.x, y: shape.y + BEGIN.y }, shape);
  }
}
Placing.$inject = ["autoPlace", "canvas", "commandStack", "create", "elementFactory", "elementRegistry", "eventBus", "modeling", "constanciaRoom", "selection"];

function toldHosts({ hosts }) {
  return hosts.includes("bpmn:UserTask") ? "una tarea de persona, un subproceso u otro proceso" : "un subproceso u otro proceso";
}

function middle(canvas) {
  const { x, y, width, height } = canvas.viewbox();
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
}

/** What a new shape there would lie in: the pool, wherever the middle is, or the process. */
function under(canvas) {
  const root = canvas.getRootElement();
  return root.children.find(({ type }) => type === "bpmn:Participant") ?? root;
}
