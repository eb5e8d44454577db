// What is said above the canvas: whether it is saved, who else is in the draft, and what has to be chosen.
import { button, h, told } from "./dom.js";

const STATES = {
  changed: "Cambios sin guardar…",
  saving: "Guardando…",
  unreachable: "Sin conexión. Sus cambios quedan en este navegador y se guardan al volver.",
  "not kept": "Este navegador no puede conservar sus cambios. No lo cierre antes de que se guarden.",
  conflict: "Sin guardar: otra persona guardó antes.",
};

export class Notices {
  constructor() {
    this.state = h("p", { class: "app-studio__state", role: "status" });
    this.others = h("p", { class: "app-studio__others", role: "status", hidden: true });
    this.said = h("p", { class: "app-studio__said", role: "status" });
    this.bar = h("div", { class: "app-studio__bar" }, this.state, this.said, this.others);
    this.root = h("div", { class: "app-studio__notices" });
  }

  /** One of the states, or a sentence of the server's. */
  tell(name, sentence) {
    this.state.textContent = sentence ?? STATES[name] ?? "";
    this.state.classList.toggle("app-studio__state--bad", ["unreachable", "not kept", "conflict", "refused"].includes(name));
  }

  /** What came of a press or of something typed, for those who do not see it in the drawing. */
  say(sentence) {
    this.said.textContent = sentence;
  }

  saved({ saved_at: at, saved_by: by, others = [] }) {
    this.tell("saved", at ? `Guardado ${told(at)}${by ? ` por ${by}` : ""}.` : "Guardado.");
    this.present(others);
  }

  present(others) {
    const sentence = others.length ? `También ${others.length > 1 ? "están" : "está"} aquí: ${others.join(", ")}.` : "";
    // Said once, not at each answer.
    if (this.others.textContent !== sentence) this.others.textContent = sentence;
    this.others.hidden = !sentence;
  }

  /** Something to choose; `ways` are `[label, act]`, or `[label, {href, download}]` for a link. The notice goes once one is taken. */
  ask(key, sentence, ways) {
    this.answered(key);
    const node = h("div", { class: "app-studio__notice", role: "alert", "data-key": key }, h("p", {}, sentence));
    const acts = ways.map(([label, act]) =>
      button(label, () => {
        node.remove();
        act();
      }),
    );
    node.append(h("div", { class: "app-studio__ways" }, acts));
    this.root.append(node);
  }

  answered(key) {
    for (const node of [...this.root.children]) if (node.dataset.key === key) node.remove();
  }
}
