// Saving by itself: every change is kept in this browser at once and sent a second after the last one.
import { after } from "./dom.js";
import { Unreachable } from "./server.js";

const REST_MS = 1000;
const AGAIN_MS = 5000;

/**
 * Keeps one drawing and its draft on the server in step. `listener` is told: `state(name, detail)` for what is shown,
 * `saved(draft)` after each answer, `conflict(problem)` when somebody else saved meanwhile.
 */
export class Saving {
  #again = false;
  #underWay = null;
  #isBusy = false;
  #isStopped = false;
  #soon = after(REST_MS, () => this.#send());
  #retry = after(AGAIN_MS, () => this.#send());
  #keepSoon = after(150, () => this.#keep());

  constructor({ server, kept, xmlNow, listener }) {
    Object.assign(this, { server, kept, xmlNow, listener, version: 0, acknowledged: "" });
  }

  /** Start from what the server holds; `xml` is how the drawing writes it. */
  begin(version, xml) {
    this.#forgetPlans();
    Object.assign(this, { version, acknowledged: xml });
    this.#isStopped = false;
  }

  /** The drawing changed. */
  changed() {
    this.listener.state("changed");
    this.#keepSoon();
    if (!this.#isStopped) this.#soon();
  }

  /** Whether there is something that the server has not acknowledged. */
  async isBehind() {
    return (await this.xmlNow()) !== this.acknowledged;
  }

  /** Send what waits; done once the server has it, or could not be given it. */
  async finish() {
    this.#soon.forget();
    await this.#underWay;
    if (await this.isBehind()) await this.#send();
  }

  /** Send what waits at once: the person is leaving. */
  leave() {
    this.#keepSoon.now();
    this.#soon.now();
  }

  /** Save over what somebody else saved as `version`, on purpose. */
  async saveOver(version) {
    this.version = version;
    this.#isStopped = false;
    await this.#send();
  }

  #forgetPlans() {
    this.#soon.forget();
    this.#retry.forget();
    this.#keepSoon.forget();
  }

  async #keep() {
    const xml = await this.xmlNow();
    if (xml === this.acknowledged) this.kept.drop();
    else if (!this.kept.keep(xml, this.version)) this.listener.state("not kept");
  }

  #send() {
    return (this.#underWay = this.#sendNow());
  }

  async #sendNow() {
    if (this.#isBusy || this.#isStopped) {
      this.#again = this.#isBusy;
      return;
    }
    this.#isBusy = true;
    this.#retry.forget();
    try {
      const xml = await this.xmlNow();
      this.listener.state("saving");
      await this.#sent(xml, await this.server.save({ xml, version: this.version }, document.hidden && xml.length < 60_000));
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isBusy = false;
    }
    if (this.#again) {
      this.#again = false;
      this.#soon();
    }
  }

  async #sent(xml, draft) {
    Object.assign(this, { version: draft.version, acknowledged: xml });
    await this.#keep();
    await this.listener.saved(draft);
  }

  #failed(error) {
    if (error instanceof Unreachable) {
      this.#retry();
      this.listener.state("unreachable");
    } else if (error.code === "draft_changed") {
      this.#isStopped = true;
      this.#keepSoon.now();
      this.listener.conflict(error);
    } else {
      this.listener.state("refused", error.message);
    }
  }
}
