// The kinds of element that can be drawn: `subset.json`, and how a kind is told from another.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import offered from "./subset.json";

export const KINDS = offered;
const APART = { "bpmn:Process": "Proceso", "bpmn:Participant": "Proceso", "bpmn:Lane": "Carril", "bpmn:SequenceFlow": "Flujo" };

/** What an event waits for or an end does; undefined for a plain one and for what is no event. */
export function definitionOf(element) {
  return getBusinessObject(element).eventDefinitions?.[0];
}

/** Whether it is an event of this definition, as `isEvent(element, "Timer")`. */
export function isEvent(element, definition) {
  return is(definitionOf(element) ?? {}, `bpmn:${definition}EventDefinition`);
}

/** The kind of `element`; undefined for what is not drawn by itself, as a lane, and for what is outside the subset. */
export function kindOf(element) {
  return KINDS.find(({ type, event }) => element.type === type && definitionOf(element)?.$type === event);
}

/** What kind of thing `element` is, for people. */
export function kindToldOf(element) {
  const kind = kindOf(element);
  return kind ? toldAs(kind) : (APART[element.type] ?? element.type.replace("bpmn:", ""));
}

/** What a kind is called where there is room to say it. */
export function toldAs({ told, label }) {
  return told ?? label;
}

/** One name for a kind. */
export function keyOf({ type, event }) {
  return event ? `${type} ${event}` : type;
}

/** What `element` can be made instead, itself among it; nothing where there is no choice. */
export function swapsOf(element) {
  const kind = kindOf(element);
  const ones = KINDS.filter((one) => kind?.swap && one.swap === kind.swap && fits(one, element));
  return ones.length > 1 ? ones : [];
}

function fits(kind, element) {
  if (kind.hosts) return mayHost(element.host, kind);
  // Nothing outside begins a part of a process; errors end parts only as far as the gate says.
  return !(kind.event === "bpmn:MessageEventDefinition" && kind.type === "bpmn:StartEvent" && is(element.parent, "bpmn:SubProcess"));
}

/** Whether an event of this kind may hang on `host`. */
export function mayHost(host, { hosts = [] }) {
  return Boolean(host) && host.type !== "label" && hosts.includes(host.type);
}

/** What hangs on a border: made for one kind of host, and never without. */
export function isBorder({ group }) {
  return group === "border";
}

/** What the element factory is told to make a kind. */
export function attributesOf({ type, event }) {
  return { type, ...(event && { eventDefinitionType: event }), ...(type === "bpmn:SubProcess" && { isExpanded: true }) };
}

/** Whether a flow may leave `element`. */
export function mayContinue(element) {
  return is(element, "bpmn:FlowNode") && !is(element, "bpmn:EndEvent");
}
