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
  modeler.on(["commandStack.changed", "import.done"], follow);
  follow();
  return h(
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
}

function tool(label, picture, attributes, isWordy = false) {
  const node = h("button", { type: "button", class: "app-studio__tool", title: isWordy ? null : label, ...attributes });
  node.innerHTML = icon(picture);
  node.append(h("span", { class: isWordy ? "app-studio__word" : "govuk-visually-hidden" }, label));
  return node;
}
