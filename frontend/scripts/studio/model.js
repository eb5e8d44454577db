// What our properties mean in the drawing: reads and changes one element by what it is for a case, not by its XML.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { Events } from "./events.js";
import { IdsFromNames } from "./ids.js";
import { attributesOf } from "./kinds.js";
import { freeAcross } from "./spots.js";
import { together } from "./together.js";

// Around everything that is drawn already, with the strip that bears the name.
const POOL = { margin: 40, strip: 30, height: 250 };
const ENGLISH_ID = /^[a-z][a-z0-9_]{0,59}$/;

/** The changes an analyst can make; each is one step to undo. */
export class Model {
  constructor(modeler) {
    this.modeler = modeler;
    for (const name of ["bpmnFactory", "bpmnReplace", "canvas", "commandStack", "elementFactory", "elementRegistry", "modeling", "moddle", "rules", "selection"]) {
      Object.defineProperty(this, name, { get: () => modeler.get(name) });
    }
    this.ids = new IdsFromNames(this.moddle);
    this.events = new Events(modeler);
    // A name that is typed in the drawing gives an id as one that is typed in the panel.
    modeler.on("commandStack.element.updateLabel.postExecuted", ({ context: { element, newLabel } }) => {
      const id = this.ids.for(element, newLabel);
      if (id) this.set(element.labelTarget ?? element, { id });
    });
    // Outside of a subprocess the lane alone says whose a task is.
    modeler.on(["commandStack.elements.move.postExecuted", "commandStack.elements.create.postExecuted"], ({ context }) => {
      for (const one of context.shapes ?? context.elements) {
        if (is(one, "bpmn:UserTask") && getBusinessObject(one).get("office") && !this.subprocessOf(one)) this.set(one, { office: undefined });
      }
    });
  }

  /** The elements that have properties, in the order in which they are told. */
  elements() {
    const all = this.elementRegistry.filter((element) => element.type !== "label" && !element.labelTarget);
    return all.filter((element) => ["bpmn:FlowNode", "bpmn:SequenceFlow", "bpmn:Lane"].some((type) => is(element, type)));
  }

  element(id) {
    return this.elementRegistry.get(id);
  }

  /** The process itself: what is shown when nothing is selected. */
  process() {
    const root = this.canvas.getRootElement();
    if (is(root, "bpmn:Process")) return root;
    return this.elementRegistry.find((element) => is(element, "bpmn:Participant")) ?? root;
  }

  /** What holds the documentation and name: of a pool, the process in it. */
  semantic(element) {
    const object = getBusinessObject(element);
    return is(element, "bpmn:Participant") && object.processRef ? object.processRef : object;
  }

  set(element, properties) {
    this.modeling.updateProperties(element, properties);
  }

  /** Give the process of a pool and the pool itself one name; of anything else just the element, and an id if nobody wrote one. */
  rename(element, name) {
    const id = this.ids.for(element, name);
    this.#setSemantic(element, { name: name || undefined, ...(id && { id }) });
    if (this.semantic(element) !== getBusinessObject(element)) this.set(element, { name });
  }

  /** Give an id, which the name does not change any more. */
  identify(element, id) {
    this.ids.settled(element);
    this.set(element, { id });
  }

  /** Why `id` cannot be the element's, or an empty text. */
  idRefusal(element, id) {
    if (!ENGLISH_ID.test(id)) return "Use inglés, minúsculas y guion bajo, como decide_annulment.";
    const holder = this.moddle.ids.assigned(id);
    return holder && holder !== getBusinessObject(element) ? "Otro elemento ya tiene este id. Escriba otro." : "";
  }

  documentation(element) {
    return this.semantic(element).get("documentation")?.[0]?.text ?? "";
  }

  document(element, text) {
    const documentation = text ? [this.bpmnFactory.create("bpmn:Documentation", { text })] : [];
    this.#setSemantic(element, { documentation });
  }

  condition(flow) {
    return getBusinessObject(flow).conditionExpression?.body ?? "";
  }

  setCondition(flow, body) {
    const conditionExpression = body ? this.bpmnFactory.create("bpmn:FormalExpression", { body }) : undefined;
    this.set(flow, { conditionExpression });
  }

  isDefault(flow) {
    return getBusinessObject(flow).sourceRef?.default === getBusinessObject(flow);
  }

  setDefault(flow, wanted) {
    if (wanted && this.condition(flow)) this.setCondition(flow, "");
    this.set(flow.source, { default: wanted ? getBusinessObject(flow) : undefined });
  }

  lanes() {
    return this.elementRegistry.filter((element) => is(element, "bpmn:Lane"));
  }

  laneOf(element) {
    return this.lanes().find((lane) => getBusinessObject(lane).get("flowNodeRef").includes(getBusinessObject(element)));
  }

  /** Move a step into the middle of a lane: where it is across, or to the right of what is there already. */
  moveTo(element, lane) {
    together(this.commandStack, () => {
      this.modeler.get("constanciaRoom").heighten(lane, element.height);
      const y = Math.round(lane.y + lane.height / 2 - element.height / 2);
      const x = freeAcross(this.elementRegistry, { x: element.x, y, width: element.width, height: element.height }, element);
      this.modeling.moveElements([element], { x: x - element.x, y: y - element.y }, lane);
    });
  }

  /** The steps that an arrow may be drawn to from `element` and that none leads to yet. */
  targetsOf(element) {
    const joined = new Set(element.outgoing.map(({ target }) => target));
    const free = this.elements().filter((one) => one !== element && is(one, "bpmn:FlowNode") && !joined.has(one));
    return free.filter((target) => this.rules.allowed("connection.create", { source: element, target })?.type === "bpmn:SequenceFlow");
  }

  /** Draw an arrow, and go on with it. */
  connect(source, target) {
    this.selection.select(this.modeling.connect(source, target, { type: "bpmn:SequenceFlow" }));
  }

  /** Draw a lane under `element`, a lane or the pool, and go on with it. */
  addLane(element) {
    this.selection.select(this.modeling.addLane(element, "bottom"));
  }

  /** Draw a box around a process that has none, in which lanes can be. */
  addPool() {
    const root = this.canvas.getRootElement();
    const shapes = root.children.filter((one) => !one.waypoints);
    const box = (from, length) => {
      const [least, most] = [Math.min(...shapes.map((one) => one[from])), Math.max(...shapes.map((one) => one[from] + one[length]))];
      return shapes.length ? { middle: (least + most) / 2, length: most - least + 2 * POOL.margin } : { middle: 0, length: 600 };
    };
    const [across, down] = [box("x", "width"), box("y", "height")];
    const size = { width: across.length + POOL.strip, height: Math.max(down.length, POOL.height) };
    const pool = this.elementFactory.createParticipantShape({ ...size });
    pool.businessObject.name = getBusinessObject(root).name;
    this.selection.select(this.modeling.createShape(pool, { x: across.middle - POOL.strip / 2, y: down.middle }, root));
  }

  /** Make `element` one of another kind; the new element. */
  replace(element, kind) {
    const { cancelActivity } = getBusinessObject(element);
    const host = element.host ? { host: element.host, cancelActivity: kind.event === "bpmn:TimerEventDefinition" ? cancelActivity : true } : {};
    const { type, eventDefinitionType } = attributesOf(kind);
    return this.bpmnReplace.replaceElement(element, { type, eventDefinitionType, ...host });
  }

  /** The subprocess that `element` is drawn in; undefined for one of the process itself. */
  subprocessOf(element) {
    let one = (element.host ?? element).parent;
    while (one && !is(one, "bpmn:SubProcess")) one = one.parent;
    return one;
  }

  /** The answers that conditions may read: what the diagram's forms decide and its tables give, each with its type. */
  variables({ forms, decisions = [] }) {
    const used = (type, key) => new Set(this.elementRegistry.filter((one) => is(one, type)).map((one) => getBusinessObject(one).get(key)));
    const [asked, looked] = [used("bpmn:UserTask", "form"), used("bpmn:BusinessRuleTask", "decision")];
    const giving = [...forms.filter(({ name }) => asked.has(name)), ...decisions.filter(({ name }) => looked.has(name))];
    return Object.assign({}, ...giving.map(({ decides }) => decides));
  }

  #setSemantic(element, properties) {
    const object = this.semantic(element);
    if (object === getBusinessObject(element)) this.set(element, properties);
    else this.modeling.updateModdleProperties(element, object, properties);
  }
}

/** What an element is called: its name, or else its id. */
export function nameOf(element) {
  const object = getBusinessObject(element);
  return object.name?.replaceAll(/\s+/g, " ") || object.id;
}

/** What an element is called where it stands alone: an arrow, by its ends too. */
export function toldOf(element) {
  if (!is(element, "bpmn:SequenceFlow")) return nameOf(element);
  const name = element.businessObject.name ? `${element.businessObject.name}: ` : "";
  return `${name}de «${nameOf(element.source)}» a «${nameOf(element.target)}»`;
}
