// A condition: completion of what may be written, and what it gives on a real case while it is written.
import { after, h } from "./dom.js";

const WORDS = ["and", "or", "not", "in", "True", "False", "None"];
const TYPED = /[A-Za-z_][A-Za-z0-9_]*$/;
const CASE = "constancia:caso-de-prueba";

/**
 * The control: `input` to type in (a combobox with a list), `box` with all around it, `changed` to evaluate anew.
 * `help` gives `variables()` and `functions` to complete, and `evaluate(expression, instanceId)`.
 */
export function conditionControl(id, help) {
  const input = h("input", { class: "govuk-input app-studio__code", id, type: "text", spellcheck: "false", autocomplete: "off" });
  const list = h("ul", { class: "app-studio__completions", id: `${id}-lista`, role: "listbox", "aria-label": "Lo que se puede escribir", hidden: true });
  const completion = new Completion(input, list, help);
  const known = h("p", { class: "govuk-hint app-studio__known" });
  const trial = makeTrial(id, input, help);
  const box = h("div", { class: "app-studio__condition" }, input, list, known, trial.box);
  input.addEventListener("input", trial.soon);
  const changed = () => {
    known.textContent = told(help.variables());
    trial.soon();
  };
  return { input, box, changed, completion };
}

function told(variables) {
  const names = Object.entries(variables).map(([name, type]) => `${name} (${type})`);
  return names.length ? `Puede usar: ${names.join(", ")}.` : "Ningún formulario de este proceso decide algo todavía.";
}

function makeTrial(id, input, help) {
  const number = h("input", { class: "govuk-input govuk-input--width-5", id: `${id}-caso`, type: "text", inputmode: "numeric", autocomplete: "off" });
  const result = h("output", { class: "app-studio__result", for: `${id} ${id}-caso` });
  number.value = sessionStorage.getItem(CASE) ?? "";
  const run = async () => {
    sessionStorage.setItem(CASE, number.value);
    const [expression, instance] = [input.value.trim(), Number(number.value) || undefined];
    result.textContent = expression ? await evaluated(help, expression, instance) : "";
  };
  const soon = after(400, run);
  number.addEventListener("input", soon);
  const label = h("label", { class: "govuk-label", for: number.id }, "Probar con el caso número");
  return { box: h("div", { class: "app-studio__trial" }, label, number, result), soon };
}

async function evaluated(help, expression, instance) {
  try {
    const { error, type, value } = await help.evaluate(expression, instance);
    if (error) return error;
    return value === undefined || value === null ? `Se entiende; da ${type}.` : `Da ${value}.`;
  } catch (problem) {
    return problem.status === 404 ? `No hay un caso ${instance} de este proceso.` : problem.message;
  }
}

/** The list under the input: arrows choose, Enter or Tab takes, Escape closes. */
class Completion {
  #chosen = 0;

  constructor(input, list, help) {
    Object.assign(this, { input, list, help });
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.#offer());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
  }

  #word() {
    return TYPED.exec(this.input.value.slice(0, this.input.selectionStart))?.[0] ?? "";
  }

  #offer() {
    const word = this.#word();
    const known = [...Object.keys(this.help.variables()), ...this.help.functions.map(({ name }) => `${name}(`), ...WORDS];
    const fitting = word ? known.filter((one) => one.toLowerCase().startsWith(word.toLowerCase()) && one !== word) : [];
    if (!fitting.length) return this.#close();
    this.list.replaceChildren(...fitting.map((one, place) => this.#option(one, place)));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.#choose(0);
  }

  #option(text, place) {
    // mousedown, as a click would come after the input has lost the focus and the list is closed.
    const take = (event) => {
      event.preventDefault();
      this.#take(text);
    };
    return h("li", { id: `${this.list.id}-${place}`, role: "option", onmousedown: take }, text);
  }

  #choose(place) {
    const options = [...this.list.children];
    this.#chosen = (place + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#chosen)));
    this.input.setAttribute("aria-activedescendant", options[this.#chosen].id);
  }

  #key(event) {
    if (this.list.hidden) return;
    const acts = {
      ArrowDown: () => this.#choose(this.#chosen + 1),
      ArrowUp: () => this.#choose(this.#chosen - 1),
      Enter: () => this.#take(this.list.children[this.#chosen].textContent),
      Tab: () => this.#take(this.list.children[this.#chosen].textContent),
      Escape: () => this.#close(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  #take(text) {
    const end = this.input.selectionStart;
    this.input.setRangeText(text, end - this.#word().length, end, "end");
    this.#close();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
