// The buttons above the canvas: what can be added, by mouse (drag it, or press and place it) and by keyboard.
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { mayContinue } from "./context_pad.js";
import offered from "./subset.json";

export function makeToolbar(modeler) {
  const [autoPlace, canvas, commandStack, create, elementFactory, modeling, selection, spaceTool] = [
    "autoPlace", "canvas", "commandStack", "create", "elementFactory", "modeling", "selection", "spaceTool",
  ].map((name) => modeler.get(name));

  const add = ({ type, label, icon: picture }) => {
    const make = () => elementFactory.createShape({ type });
    const start = (event) => create.start(event, make());
    // A click without a pointer comes from the keyboard: after the selected step, or in the middle of what is seen.
    const press = (event) => (event.detail ? start(event) : place(make()));
    return tool(label, picture, { onclick: press, ondragstart: start, draggable: "true" }, true);
  };
  const place = (shape) => {
    const [before] = selection.get();
    if (before && mayContinue(before) && shape.type !== "bpmn:StartEvent") autoPlace.append(before, shape);
    else selection.select(modeling.createShape(shape, middle(canvas), under(canvas, middle(canvas))));
  };

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
    h("div", { class: "app-studio__group" }, offered.map(add)),
    h(
      "div",
      { class: "app-studio__group" },
      // It is drawn with the pointer, so the keyboard passes it by.
      tool("Hacer espacio", "space", { tabindex: "-1", onclick: (event) => spaceTool.activateSelection(event) }),
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

function middle(canvas) {
  const { x, y, width, height } = canvas.viewbox();
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
}

/** What a new shape there would lie in: the pool, wherever the middle is, or the process. */
function under(canvas) {
  const root = canvas.getRootElement();
  return root.children.find(({ type }) => type === "bpmn:Participant") ?? root;
}
