// The drawing of one draft in the editor, beside its findings and the properties of what is selected.
import { Findings } from "./findings.js";
import { Model } from "./model.js";
import { Panel } from "./panel.js";
import { Work } from "./work.js";
import { h } from "./dom.js";
import { makeModeler } from "./modeler.js";
import { makeToolbar } from "./toolbar.js";

export class Draft extends Work {
  #isImporting = false;

  constructor({ root, server, catalogue, editable }) {
    super({ root, server, editable });
    this.canvas = h("div", { class: "app-studio__canvas", role: "group", "aria-label": "Diagrama del proceso" });
    this.aside = h("aside", { class: "app-studio__aside", "aria-label": "Hallazgos y propiedades" });
    this.tools = h("div", {});
    root.append(this.notices.bar, this.notices.root, this.tools, h("div", { class: "app-studio__desk" }, this.canvas, this.aside));

    this.modeler = makeModeler(this.canvas, editable);
    this.model = new Model(this.modeler);
    this.findings = new Findings({ modeler: this.modeler, process: () => this.model.process() });
    this.aside.append(this.findings.root);
    if (editable) this.#makeEditable(catalogue);
  }

  async put(xml) {
    const canvas = this.modeler.get("canvas");
    const view = this.root.dataset.ready === undefined ? null : canvas.viewbox();
    this.#isImporting = true;
    await this.modeler.importXML(xml);
    this.#isImporting = false;
    if (view) canvas.viewbox(view);
    else canvas.zoom("fit-viewport", "auto");
  }

  async xml() {
    this.model.events.roots.settle();
    return (await this.modeler.saveXML({ format: true })).xml;
  }

  shown(draft) {
    this.findings.show(draft.findings);
    this.#askWhatIsMissing(draft.version);
  }

  #makeEditable(catalogue) {
    const { modeler, model, server } = this;
    const evaluate = (expression, instance) => server.evaluate(expression, instance);
    const say = (sentence) => this.notices.say(sentence);
    this.tools.append(makeToolbar(modeler, modeler.get("constanciaPlacing"), say));
    this.aside.append(new Panel({ modeler, model, catalogue, evaluate, say }).root);
    modeler.on("commandStack.changed", () => this.#isImporting || this.saving.changed());
  }

  /** Apart from saving, which does not wait for the scenarios; an answer about what is not there any more says nothing. */
  async #askWhatIsMissing(version) {
    const told = await this.server.missing().catch(() => null);
    const isNow = !this.saving || this.saving.version === version;
    if (isNow) this.findings.lack(told?.version === version ? told.missing : null, this.server.scenariosUrl);
  }
}
