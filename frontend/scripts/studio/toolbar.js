// The buttons above the canvas: what can be added, by mouse (drag it, or press and place it) and by keyboard.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { KINDS } from "./kinds.js";

/** The toolbar; `say` tells what a button could not do. */
export function makeToolbar(modeler, placing, say) {
  const [canvas, commandStack, spaceTool] = ["canvas", "commandStack", "spaceTool"].map((name) => modeler.get(name));

  const add = (kind) => {
    const start = (event) => placing.drag(event, kind);
    // A click without a pointer comes from the keyboard.
    const press = (event) => (event.detail ? start(event) : say(placing.put(kind)));
    return tool(kind.label, kind.icon, { onclick: press, ondragstart: start, draggable: "true" }, true);
  };
  const room = (event) => (event.detail ? spaceTool.activateSelection(event) : say(placing.widen()));

  const undo = tool("Deshacer", "undo", { onclick: () => commandStack.undo() });
  const redo = tool("Rehacer", "redo", { onclick: () => commandStack.redo() });
  const follow = () => {
    undo.disabled = !commandStack.canUndo();
    redo.disabled = !commandStack.canRedo();
  };
  const toolbar = h(
    "div",
    { class: "app-studio__tools", role: "toolbar", "aria-label": "Dibujar" },
    h("div", { class: "app-studio__group" }, KINDS.map(add)),
    h(
      "div",
      { class: "app-studio__group" },
      tool("Hacer espacio", "space", { onclick: room }),
      undo,
      redo,
      tool("Ver todo", "fit", { onclick: () => canvas.zoom("fit-viewport", "auto") }),
    ),
  );
  const roving = new Roving(toolbar);
  modeler.on(["commandStack.changed", "import.done"], () => {
    follow();
    roving.settle();
  });
  follow();
  return toolbar;
}

/** One stop for the tabulator, whatever the number of buttons; the arrows go from one to the next. */
class Roving {
  constructor(toolbar) {
    this.toolbar = toolbar;
    toolbar.addEventListener("keydown", (event) => this.#key(event));
    toolbar.addEventListener("focusin", ({ target }) => this.#stop(target.closest("button")));
    this.#stop(toolbar.querySelector("button"));
  }

  /** A button that cannot be pressed any more cannot be stopped at either. */
  settle() {
    if (!this.#able().some(({ tabIndex }) => tabIndex === 0)) this.#stop(this.#able()[0]);
  }

  #able() {
    return [...this.toolbar.querySelectorAll("button:not(:disabled)")];
  }

  #stop(chosen) {
    for (const one of this.toolbar.querySelectorAll("button")) one.tabIndex = one === chosen ? 0 : -1;
  }

  #key(event) {
    const able = this.#able();
    const here = able.indexOf(document.activeElement);
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1 + able.length, Home: 0, End: able.length - 1 }[event.key];
    if (there === undefined) return;
    event.preventDefault();
    able[there % able.length].focus();
  }
}

function tool(label, picture, attributes, isWordy = false) {
  const node = h("button", { type: "button", class: "app-studio__tool", title: isWordy ? null : label, ...attributes });
  node.innerHTML = icon(picture);
  node.append(h("span", { class: isWordy ? "app-studio__word" : "govuk-visually-hidden" }, label));
  return node;
}
