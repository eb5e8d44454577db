// What may be drawn where, beyond what bpmn-js itself says: nothing outside the subset comes from drawing.
import RuleProvider from "diagram-js/lib/features/rules/RuleProvider";
import { is } from "bpmn-js/lib/util/ModelUtil";
import { KINDS, definitionOf, isBorder, kindOf, mayHost } from "./kinds.js";

const BEFORE_OTHERS = 2000;
const BORDER = KINDS.filter(isBorder);

/** Asked before the rules of bpmn-js; where it says nothing, those hold. */
export class SubsetRules extends RuleProvider {
  init() {
    this.addRule("shape.attach", BEFORE_OTHERS, ({ shape, target }) => attaching(shape, target));
    this.addRule("shape.create", BEFORE_OTHERS, ({ shape, target }) => creating(shape, target));
    this.addRule("elements.move", BEFORE_OTHERS, ({ shapes, target }) => moving(shapes, target));
    this.addRule("connection.create", BEFORE_OTHERS, ({ source, target }) => connecting(source, target));
    this.addRule("connection.reconnect", BEFORE_OTHERS, ({ source, target, connection }) => (connection ? undefined : connecting(source, target)));
  }
}
SubsetRules.$inject = ["eventBus"];

/** Only on a host of its kind; an event that waits becomes one of these when it is put on a border. */
function attaching(shape, target) {
  if (!is(shape, "bpmn:BoundaryEvent") && !is(shape, "bpmn:IntermediateCatchEvent")) return undefined;
  const kind = BORDER.find(({ event }) => event === definitionOf(shape)?.$type);
  return kind && mayHost(target, kind) ? undefined : false;
}

function creating(shape, target) {
  if (is(shape, "bpmn:BoundaryEvent")) return false;
  return begins(shape) && is(target, "bpmn:SubProcess") ? false : undefined;
}

/** An event leaves its border only for another one that may hold it. */
function moving(shapes, target) {
  if (!target || shapes.length !== 1) return undefined;
  const [shape] = shapes;
  if (!is(shape, "bpmn:BoundaryEvent") || shape.type === "label") return undefined;
  return mayHost(target, kindOf(shape) ?? {}) ? undefined : false;
}

function connecting(source, target) {
  const kinds = [source, target].map((one) => one && one.type !== "label" && is(one, "bpmn:FlowNode"));
  // Two boxes of a diagram that came from elsewhere send each other no messages here.
  return kinds.every(Boolean) && poolOf(source) !== poolOf(target) ? false : undefined;
}

function begins(shape) {
  return is(shape, "bpmn:StartEvent") && Boolean(definitionOf(shape));
}

function poolOf(element) {
  let one = element;
  while (one && !is(one, "bpmn:Participant")) one = one.parent;
  return one;
}
