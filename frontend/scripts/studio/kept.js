// What this browser keeps until the server has it: the work under way, and copies that were put aside.

/** Copies of one draft; each is `{xml, version, at}`. Without storage (a private window) nothing is kept. */
export class Kept {
  #work;
  #aside;

  constructor(name) {
    this.#work = `constancia:${name}:trabajo`;
    this.#aside = `constancia:${name}:aparte`;
  }

  work() {
    return read(this.#work);
  }

  /** Keep `xml` as the work under way; whether it could be kept. */
  keep(xml, version) {
    return write(this.#work, { xml, version, at: new Date().toISOString() });
  }

  drop() {
    write(this.#work, null);
  }

  /** The copies put aside, the newest first. */
  aside() {
    return read(this.#aside) ?? [];
  }

  /** Put the work under way aside, so that other work can take its place. */
  putAside() {
    const work = this.work();
    if (work && write(this.#aside, [work, ...this.aside()].slice(0, 5))) this.drop();
  }

  forget(copy) {
    const rest = this.aside().filter(({ at }) => at !== copy.at);
    write(this.#aside, rest.length ? rest : null);
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
