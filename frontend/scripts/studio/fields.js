// The fields of the properties panel: label, hint, control and refusal, as on every page of the site.
import { after, button, h } from "./dom.js";
import { conditionControl } from "./condition.js";

const TYPING_MS = 500;

/**
 * One field on the page. `update(spec)` shows another value of the same field; what is being typed is left alone.
 * `help` serves conditions: variables to complete, and evaluation.
 */
export function makeField(spec, help) {
  const id = `propiedad-${spec.key}`;
  const field = new Field(id, spec);
  const control = CONTROLS[spec.is](id, spec, field, help);
  field.show(control, spec);
  return field;
}

class Field {
  constructor(id, spec) {
    this.spec = spec;
    this.hint = h("div", { class: "govuk-hint", id: `${id}-ayuda` });
    this.refusal = h("p", { class: "govuk-error-message", id: `${id}-error` });
    this.box = h("div", { class: `govuk-form-group app-studio__field app-studio__field--${spec.is}` });
    this.label = h("label", { class: "govuk-label", for: id }, spec.label);
  }

  show(control, spec) {
    this.control = control;
    control.input.setAttribute("aria-describedby", `${this.hint.id} ${this.refusal.id}`);
    // A box to tick and a link bear their own words.
    const bearsWords = ["check", "link"].includes(spec.is);
    const around = [this.hint, this.refusal];
    this.box.append(...(bearsWords ? [control.box, ...around] : [this.label, ...around, control.box]));
    this.update(spec);
  }

  update(spec) {
    this.spec = spec;
    this.hint.textContent = spec.hint ?? "";
    this.hint.hidden = !spec.hint;
    if (document.activeElement !== this.control.input || spec.is === "choice" || spec.is === "check") {
      this.control.show(spec);
      this.#refuse("");
    }
  }

  /** What was typed or chosen becomes the element's, unless it is refused. */
  commit(value) {
    if (value === this.spec.value) return this.#refuse("");
    const refusal = this.spec.refusal?.(value) ?? "";
    this.#refuse(refusal);
    if (!refusal) this.spec.set(value);
  }

  #refuse(sentence) {
    this.refusal.textContent = sentence;
    this.refusal.hidden = !sentence;
    this.box.classList.toggle("govuk-form-group--error", Boolean(sentence));
    if (this.spec.is !== "link") this.control.input.setAttribute("aria-invalid", sentence ? "true" : "false");
  }
}

const CONTROLS = {
  text: (id, spec, field) => typed(h("input", { class: "govuk-input", id, type: "text", autocomplete: "off", spellcheck: "false", readonly: spec.isReadOnly }), field),
  number: (id, spec, field) => typed(h("input", { class: "govuk-input govuk-input--width-4", id, type: "text", inputmode: "numeric", autocomplete: "off" }), field),
  area: (id, spec, field) => typed(h("textarea", { class: "govuk-textarea", id, rows: 3 }), field),
  choice: (id, spec, field) => {
    const input = h("select", { class: "govuk-select", id, onchange: () => field.commit(input.value) });
    return { box: input, input, show: (now) => offer(input, now) };
  },
  // With a button: on the way through a list the keyboard chooses one after the other.
  target: (id, spec, field) => {
    const input = h("select", { class: "govuk-select", id });
    const box = h("div", {}, input, button(spec.act, () => field.commit(input.value)));
    return { box, input, show: (now) => offer(input, now) };
  },
  check: (id, spec, field) => {
    const input = h("input", { class: "govuk-checkboxes__input", id, type: "checkbox", onchange: () => field.commit(input.checked) });
    field.label.className = "govuk-label govuk-checkboxes__label";
    const item = h("div", { class: "govuk-checkboxes__item" }, input, field.label);
    const box = h("div", { class: "govuk-checkboxes govuk-checkboxes--small" }, item);
    return { box, input, show: ({ value }) => (input.checked = value) };
  },
  link: (id) => {
    const input = h("a", { class: "govuk-link", id });
    const show = ({ label, value }) => {
      input.textContent = label;
      input.href = value;
    };
    return { box: input, input, show };
  },
  condition: (id, spec, field, help) => {
    const control = conditionControl(id, help);
    return { ...typed(control.input, field, control.changed), box: control.box };
  },
};

function offer(select, { choices, value }) {
  select.replaceChildren(...choices.map((choice) => new Option(choice.label, choice.value, false, choice.value === value)));
}

/** A control for text: it becomes the element's a moment after the last key, and at once when it is left. */
function typed(input, field, onShow = () => {}) {
  const commit = () => field.commit(input.value.trim());
  const soon = after(TYPING_MS, commit);
  input.addEventListener("input", soon);
  input.addEventListener("change", () => {
    soon.forget();
    commit();
  });
  const show = ({ value }) => {
    if (input.value !== value) input.value = value;
    onShow();
  };
  return { box: input, input, show };
}
