// The page of one decision table: dmn-js in place of the form, saved by itself, with a way back and forth. Only this page loads it.
import { Server } from "../server.js";
import { Work } from "../work.js";
import { h } from "../dom.js";
import { TableEditor } from "./table_editor.js";

// As in the styles: below it there is no room for a table beside its rules.
const NARROW = "(max-width: 47.99em)";

class Decision extends Work {
  constructor({ root, server, findings }) {
    super({ root, server, editable: true });
    const desk = h("div", { class: "app-decision__desk", role: "group", "aria-label": "Editor de la tabla" });
    this.findings = findings;
    root.append(this.notices.bar, this.notices.root, desk);
    this.table = new TableEditor(desk, () => this.saving.changed());
  }

  put(xml) {
    return this.table.put(xml);
  }

  xml() {
    return this.table.xml();
  }

  shown({ findings }) {
    const lines = findings.map(({ sentence, row, cells }) =>
      h(
        "li",
        {},
        `${sentence} `,
        row ? link(`Ir a la fila ${row}`, () => this.table.goTo(row)) : null,
        cells.length ? link(`Agregar la fila ${cells.join(" | ")}`, () => this.table.addRow(cells)) : null,
      ),
    );
    const told = lines.length ? h("ul", { class: "govuk-list govuk-list--bullet" }, lines) : h("p", { class: "govuk-body" }, "Sin hallazgos: para cada caso hay una respuesta.");
    this.findings.replaceChildren(told);
  }
}

function link(text, act) {
  return h("button", { type: "button", class: "app-link-button", onclick: act }, text);
}

/** The form with a button that keeps what is typed and goes on in the editor. */
function offerEditor(form) {
  const next = h("button", { type: "submit", name: "act", value: "editor", class: "govuk-button govuk-button--secondary" }, "Guardar y seguir en el editor de tablas");
  form.querySelector("[data-ways]").append(next);
}

async function start(root) {
  const form = document.getElementById("editar");
  if (matchMedia(NARROW).matches) return;
  if (root.dataset.way === "form") return offerEditor(form);
  const server = new Server(root.dataset);
  const findings = h("div", { role: "status" });
  form.hidden = true;
  root.hidden = false;
  try {
    const draft = await server.load();
    await new Decision({ root, server, findings }).open(draft);
    root.append(
      h("h2", { class: "govuk-heading-m" }, "Hallazgos"),
      findings,
      h("p", { class: "govuk-body" }, h("a", { class: "govuk-link", href: root.dataset.formUrl }, "Seguir en el formulario"), ": lo mismo, casilla por casilla."),
    );
    root.dataset.ready = "";
  } catch (error) {
    form.hidden = false;
    root.replaceChildren(h("p", { class: "govuk-error-message", role: "alert" }, `El editor no se pudo abrir. ${error.message} Use el formulario o vuelva a cargar la página.`));
    throw error;
  }
}

const root = document.getElementById("decision");
if (root) start(root);
