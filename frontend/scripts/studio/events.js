// What events wait for and what ends do: terms, messages and errors, read and changed as one step to undo each.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { definitionOf, isEvent } from "./kinds.js";
import { Roots, referenceOf } from "./roots.js";
import { free, slug } from "./ids.js";
import { together } from "./together.js";

const MADE_CODE = /^error_[0-9]+$/;

export class Events {
  // Errors whose code still follows their name.
  #following = new WeakSet();

  constructor(modeler) {
    for (const name of ["commandStack", "modeling"]) Object.defineProperty(this, name, { get: () => modeler.get(name) });
    this.roots = new Roots(modeler);
  }

  /** The expression of a term, as `plazo_habil(5)`. */
  term(element) {
    return definitionOf(element).timeDuration?.body ?? "";
  }

  setTerm(element, body) {
    const definition = definitionOf(element);
    const timeDuration = body ? this.roots.bpmnFactory.create("bpmn:FormalExpression", { body }) : undefined;
    if (timeDuration) timeDuration.$parent = definition;
    this.#change(element, { timeDuration });
  }

  /** The name of the message in the catalogue. */
  message(element) {
    return referenceOf(element)?.name ?? "";
  }

  setMessage(element, name) {
    this.#change(element, { messageRef: name ? this.roots.message(name) : undefined });
  }

  isInterrupting(element) {
    return getBusinessObject(element).cancelActivity !== false;
  }

  setInterrupting(element, cancelActivity) {
    this.modeling.updateProperties(element, { cancelActivity });
  }

  /** `{code, name}` of the error that an end throws or a border catches; both empty where none is chosen. */
  error(element) {
    const { errorCode: code = "", name = "" } = referenceOf(element) ?? {};
    return { code, name };
  }

  setError(element, { code, name }) {
    this.#change(element, { errorRef: code ? this.roots.error(code, name) : undefined });
  }

  /** Name the error of `element`, with a code from the name until somebody writes one; wherever else it is meant it is renamed too. */
  nameError(element, name) {
    const error = referenceOf(element);
    const follows = !error || this.#following.has(error) || MADE_CODE.test(error.errorCode ?? "");
    const taken = this.roots.errors().filter((one) => one !== error).map(({ errorCode }) => errorCode);
    const code = follows && slug(name) ? free(slug(name), (one) => taken.includes(one)) : error?.errorCode;
    if (!code) return;
    if (code === error?.errorCode) this.modeling.updateModdleProperties(element, error, { name: name || undefined });
    else this.#following.add(this.#replaced(element, code, name));
  }

  /** Give the error of `element` another code, wherever it is meant. */
  codeError(element, code) {
    this.#following.delete(this.#replaced(element, code, this.error(element).name));
  }

  /** The errors that can leave `host` by its border, each once; those of a called process are the catalogue's. */
  thrownIn(host, processes) {
    const thrown = is(host, "bpmn:CallActivity")
      ? (processes.find(({ id }) => id === getBusinessObject(host).calledElement)?.errors ?? [])
      : within(host).filter((one) => is(one, "bpmn:EndEvent") && isEvent(one, "Error")).map((one) => this.error(one));
    return [...new Map(thrown.filter(({ code }) => code).map((one) => [one.code, one])).values()];
  }

  #replaced(element, code, name) {
    const before = referenceOf(element);
    const errorRef = this.roots.error(code, name);
    const meant = before ? this.roots.referring(before) : [element];
    together(this.commandStack, () => {
      for (const one of meant) this.#change(one, { errorRef });
      if (name && errorRef.name !== name) this.modeling.updateModdleProperties(element, errorRef, { name });
    });
    return errorRef;
  }

  #change(element, properties) {
    this.modeling.updateModdleProperties(element, definitionOf(element), properties);
  }
}

function within(shape) {
  return shape.children.flatMap((child) => [child, ...(child.children ? within(child) : [])]).filter(({ type }) => type !== "label");
}
