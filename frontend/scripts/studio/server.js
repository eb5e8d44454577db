// The draft on the server: one draft, the catalogue, and what an expression gives.

/** The server answered with a problem; `status` and `code` tell which, the message is for the person. */
export class Problem extends Error {
  constructor(status, { detail, title, code } = {}) {
    super(detail || title || "El servidor no pudo hacerlo. Vuelva a intentar.");
    Object.assign(this, { status, code });
  }
}

/** Nobody answered. */
export class Unreachable extends Error {}

export class Server {
  constructor({ draftUrl, catalogueUrl, csrf }) {
    Object.assign(this, { draftUrl, catalogueUrl, csrf, evaluateUrl: draftUrl.replace(/diagrama$/, "evaluar"), missingUrl: draftUrl.replace(/diagrama$/, "falta") });
  }

  /** Where the draft's scenarios are. */
  get scenariosUrl() {
    return this.draftUrl.replace(/diagrama$/, "escenarios");
  }

  load() {
    return this.#ask(this.draftUrl);
  }

  catalogue() {
    return this.#ask(this.catalogueUrl);
  }

  /** What keeps the draft from being proposed; its scenarios are run for it. */
  missing() {
    return this.#ask(this.missingUrl);
  }

  save(draft, isLeaving = false) {
    return this.#ask(this.draftUrl, "PUT", draft, isLeaving);
  }

  evaluate(expression, instanceId) {
    return this.#ask(this.evaluateUrl, "POST", instanceId ? { expression, instance_id: instanceId } : { expression });
  }

  async #ask(url, method = "GET", body = undefined, keepalive = false) {
    const headers = { Accept: "application/json" };
    if (body) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": this.csrf });
    const answer = await fetch(url, {
      method,
      headers,
      body: body && JSON.stringify(body),
      redirect: "manual",
      cache: "no-store",
      keepalive,
    }).catch(() => {
      throw new Unreachable("Sin conexión con el servidor.");
    });
    if (answer.type === "opaqueredirect") {
      throw new Problem(401, { detail: "Su sesión terminó. Ingrese de nuevo, vuelva a abrir el borrador y recupere sus cambios." });
    }
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Problem(answer.status, told);
    return told;
  }
}
