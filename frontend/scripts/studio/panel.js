// The properties panel: the element that is selected, chosen here by keyboard too, and its fields.
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { button, h } from "./dom.js";
import { makeField } from "./fields.js";
import { kindToldOf } from "./kinds.js";
import { nameOf, toldOf } from "./model.js";
import { propertiesOf } from "./properties.js";
import { isTerm } from "./terms.js";

export class Panel {
  #fields = new Map();
  #shape = "";
  #shown = null;
  #id = "";
  #listed = "";

  constructor({ modeler, model, catalogue, evaluate, say }) {
    Object.assign(this, { modeler, model, catalogue, say });
    this.selection = modeler.get("selection");
    this.help = { variables: () => model.variables(catalogue), functions: catalogue.functions.filter(({ name }) => !isTerm(name)), evaluate };
    this.chooser = h("select", { class: "govuk-select", id: "elemento", onchange: () => this.#choose() });
    this.title = h("p", { class: "app-studio__kind" });
    this.form = h("div", { class: "app-studio__fields" });
    this.below = button("Agregar un carril debajo", () => this.model.addLane(this.#element()));
    this.box = button("Agregar carriles", () => this.model.addPool());
    this.remove = button("Borrar este elemento", () => this.#remove());
    this.root = h(
      "section",
      { class: "app-studio__panel", "aria-labelledby": "propiedades" },
      h("h2", { class: "govuk-heading-m", id: "propiedades" }, "Propiedades"),
      h("div", { class: "govuk-form-group app-studio__field" }, h("label", { class: "govuk-label", for: "elemento" }, "Elemento"), this.chooser),
      this.title,
      this.form,
      this.below,
      this.box,
      this.remove,
    );
    // What was typed counts once the pointer goes elsewhere: taken only when it presses a button beside the element, that
    // button would be drawn anew under it and the press be lost.
    this.root.addEventListener("pointerleave", () => this.form.contains(document.activeElement) && document.activeElement.dispatchEvent(new Event("change")));
    // A whole change may be many commands; the panel follows once they are through.
    for (const event of ["selection.changed", "commandStack.changed", "import.done"]) {
      modeler.on(event, () => queueMicrotask(() => this.show()));
    }
  }

  /** Show what is selected now. */
  show() {
    const element = this.#element();
    const specs = propertiesOf(element, this.model, this.catalogue);
    const shape = [element.type, ...specs.map(({ key, is: kind }) => `${key}:${kind}`)].join(" ");
    const isSame = element === this.#shown && shape === this.#shape;
    if (isSame) specs.forEach((spec) => this.#fields.get(spec.key).update(spec));
    else this.#build(specs);
    if (element === this.#shown && element.id !== this.#id && this.model.ids.follows(element)) this.say(`El id pasa a ser ${element.id}. Puede cambiarlo.`);
    [this.#shape, this.#shown, this.#id] = [shape, element, element.id];
    this.title.textContent = kindToldOf(element);
    this.box.hidden = !is(element, "bpmn:Process");
    this.below.hidden = !isAny(element, ["bpmn:Lane", "bpmn:Participant"]);
    this.remove.hidden = is(element, "bpmn:Participant") || is(element, "bpmn:Process");
    this.#list(element);
  }

  #element() {
    const chosen = this.selection.get();
    const one = chosen.length === 1 ? (chosen[0].labelTarget ?? chosen[0]) : null;
    return one ?? this.model.process();
  }

  #build(specs) {
    const focused = this.form.contains(document.activeElement) ? document.activeElement : null;
    this.#fields = new Map(specs.map((spec) => [spec.key, makeField(spec, this.help)]));
    this.form.replaceChildren(...[...this.#fields.values()].map(({ box }) => box));
    if (focused) (document.getElementById(focused.id) ?? this.chooser).focus();
  }

  #list(element) {
    const process = this.model.process();
    const groups = new Map();
    for (const one of this.model.elements()) {
      const group = groupOf(one, this.model);
      groups.set(group, [...(groups.get(group) ?? []), { id: one.id, told: toldOf(one) }]);
    }
    // Made anew only where it is another: what somebody is typing to find an element would be forgotten.
    const listed = JSON.stringify([process.id, ...groups]);
    if (listed !== this.#listed) {
      this.chooser.replaceChildren(
        new Option("El proceso entero", process.id),
        ...[...groups].map(([label, ones]) => h("optgroup", { label }, ...ones.map(({ id, told }) => new Option(told, id)))),
      );
    }
    this.#listed = listed;
    this.chooser.value = element.id;
  }

  #choose() {
    const element = this.model.element(this.chooser.value);
    const isWhole = element === this.model.process();
    this.selection.select(isWhole ? [] : element);
    if (!isWhole) this.modeler.get("canvas").scrollToElement(element, 100);
  }

  #remove() {
    const element = this.#element();
    this.model.modeling.removeElements([element]);
    this.chooser.focus();
  }
}

function groupOf(element, model) {
  if (is(element, "bpmn:Lane")) return "Carriles";
  const whole = model.subprocessOf(element);
  if (whole) return `Dentro de «${nameOf(whole)}»`;
  return is(element, "bpmn:SequenceFlow") ? "Flujos" : "Pasos";
}
