// Messages and errors stand beside the process; events refer to them. Found or made here, and gone with the last that refers.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { definitionOf } from "./kinds.js";
import { free, slug } from "./ids.js";

const REFERENCES = { "bpmn:MessageEventDefinition": "messageRef", "bpmn:ErrorEventDefinition": "errorRef" };

export class Roots {
  // What was made here and may have gone since: made again it is the same, under the same id.
  #made = [];

  constructor(modeler) {
    this.modeler = modeler;
    for (const name of ["bpmnFactory", "elementRegistry", "moddle"]) {
      Object.defineProperty(this, name, { get: () => modeler.get(name) });
    }
    modeler.on("import.done", () => (this.#made = []));
  }

  /** The message of this name. */
  message(name) {
    return this.#known("bpmn:Message").find((one) => one.name === name) ?? this.#make("bpmn:Message", `message_${slug(name)}`, { name });
  }

  /** The error of this code; `name` is for one that is made. */
  error(errorCode, name) {
    const known = this.#known("bpmn:Error").find((one) => one.errorCode === errorCode);
    return known ?? this.#make("bpmn:Error", `error_${slug(errorCode)}`, { name: name || undefined, errorCode });
  }

  /** The errors that the drawing names, each once. */
  errors() {
    return this.#referred().filter((one) => is(one, "bpmn:Error"));
  }

  /** The elements whose event refers to `root`. */
  referring(root) {
    return this.elementRegistry.filter((element) => element.type !== "label" && referenceOf(element) === root);
  }

  /** Declare what is referred to and nothing else, whatever was drawn, removed, undone or pasted meanwhile. */
  settle() {
    const definitions = this.modeler.getDefinitions();
    const referred = this.#referred();
    const others = definitions.get("rootElements").filter((one) => !isRoot(one) || referred.includes(one));
    const missing = referred.filter((one) => !others.includes(one));
    missing.forEach((one) => (one.$parent = definitions));
    definitions.set("rootElements", [...others, ...missing]);
  }

  #referred() {
    return [...new Set(this.elementRegistry.filter((one) => one.type !== "label").map(referenceOf).filter(Boolean))];
  }

  #known(type) {
    const declared = this.modeler.getDefinitions().get("rootElements");
    return [...new Set([...this.#referred(), ...declared, ...this.#made])].filter((one) => is(one, type));
  }

  #make(type, id, attributes) {
    const made = this.bpmnFactory.create(type, { id: free(id, (one) => this.moddle.ids.assigned(one)), ...attributes });
    this.#made.push(made);
    return made;
  }
}

function isRoot(one) {
  return is(one, "bpmn:Message") || is(one, "bpmn:Error");
}

/** The message or error that an element's event refers to. */
export function referenceOf(element) {
  const definition = definitionOf(element);
  return definition?.[REFERENCES[definition.$type]];
}
