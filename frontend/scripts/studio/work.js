// Work on something of a draft: opens it, saves it by itself, and lets nobody's work be lost when two people or two browsers meet.
import { Kept } from "./kept.js";
import { Notices } from "./notices.js";
import { Saving } from "./saving.js";
import { told } from "./dom.js";

const LOOK_AROUND_MS = 15_000;

/** An heir says how what the server holds is put on the page (`put`), how the page writes it (`xml`) and shows an answer (`shown`). */
export class Work {
  constructor({ root, server, editable }) {
    Object.assign(this, { root, server, editable, notices: new Notices(), kept: new Kept(server.draftUrl) });
    if (!editable) return;
    this.saving = new Saving({
      server,
      kept: this.kept,
      xmlNow: () => this.xml(),
      listener: {
        state: (name, sentence) => this.#tell(name, sentence),
        saved: (draft) => this.#saved(draft),
        conflict: () => this.#conflict(),
      },
    });
  }

  /** Show what the server holds, and offer what this browser kept of work that never got there. */
  async open(draft) {
    const xml = await this.#load(draft);
    if (!this.editable) return;
    if (this.kept.work()?.xml === xml) this.kept.drop();
    this.kept.putAside();
    this.#offerAside(draft);
    setInterval(() => document.hidden || this.#lookAround(), LOOK_AROUND_MS);
    document.addEventListener("click", (event) => this.#saveFirst(event));
    document.addEventListener("visibilitychange", () => document.hidden && this.saving.leave());
  }

  /** A way on from here waits until what was changed is saved, as the next page shows it; asked again, it waits no more. */
  async #saveFirst(event) {
    const link = event.target.closest("main a[href]");
    const isElsewhere = !link || link.target || event.ctrlKey || event.metaKey || event.shiftKey;
    if (isElsewhere || this.root.dataset.behind !== "yes" || link.dataset.asked !== undefined) return;
    event.preventDefault();
    link.dataset.asked = "";
    await this.saving.finish();
    if (this.root.dataset.behind === "no") location.assign(link.href);
  }

  async #load(draft) {
    await this.put(draft.xml);
    const xml = this.editable ? await this.xml() : "";
    this.saving?.begin(draft.version, xml);
    this.notices.saved(draft);
    this.shown(draft);
    return xml;
  }

  #tell(name, sentence) {
    this.root.dataset.behind = "yes";
    this.notices.tell(name, sentence);
  }

  async #saved(draft) {
    this.shown(draft);
    this.notices.saved(draft);
    // It goes on being changed while an answer is under way.
    if (await this.saving.isBehind()) this.#tell("changed");
    else this.root.dataset.behind = "no";
  }

  /** Somebody saved while we were changing: nothing is sent until the person has chosen. */
  async #conflict() {
    this.#tell("conflict");
    const theirs = await this.server.load();
    this.notices.ask("conflict", `${theirs.saved_by} guardó este borrador ${told(theirs.saved_at)}, mientras usted lo cambiaba. Lo suyo está en este navegador.`, [
      [`Ver lo que guardó ${theirs.saved_by}`, () => this.#putAsideFor(theirs)],
      ["Guardar lo mío encima", () => this.saving.saveOver(theirs.version)],
    ]);
  }

  async #putAsideFor(theirs) {
    this.kept.keep(await this.xml(), this.saving.version);
    this.kept.putAside();
    await this.#load(theirs);
    this.#offerAside(theirs);
  }

  #offerAside({ version, saved_by: by }) {
    for (const copy of this.kept.aside()) {
      const meanwhile = copy.version < version && by ? ` Después guardó ${by}.` : "";
      this.notices.ask(`aside ${copy.at}`, `Este navegador guarda cambios que usted hizo ${told(copy.at)} y no llegaron al borrador.${meanwhile}`, [
        ["Recuperar mis cambios", () => this.#restore(copy)],
        ["Descartarlos", () => this.kept.forget(copy)],
      ]);
    }
  }

  async #restore(copy) {
    const [before, version] = [await this.xml(), this.saving.version];
    await this.put(copy.xml);
    this.saving.begin(version, before);
    this.saving.changed();
    this.kept.forget(copy);
  }

  /** Who else is here, and whether they saved. */
  async #lookAround() {
    const theirs = await this.server.load().catch(() => null);
    if (!theirs) return;
    this.notices.present(theirs.others);
    if (theirs.version <= this.saving.version || (await this.saving.isBehind())) return;
    this.notices.ask("newer", `${theirs.saved_by} guardó cambios ${told(theirs.saved_at)}.`, [["Ver lo nuevo", () => this.#load(theirs)]]);
  }
}
