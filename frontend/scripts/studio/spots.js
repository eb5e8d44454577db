// Where there is room in the drawing, and making some.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { selfAndAllChildren } from "diagram-js/lib/util/Elements";

const BETWEEN = 30;
const AFTER = 80;

/** `x` of the first free place for `box` in its row, from where it is to the right of whatever is there. */
export function freeAcross(elementRegistry, box, itself) {
  const isApart = (one) => !itself || !(one === itself || one.host === itself || isWithin(itself, one) || isWithin(one, itself));
  const others = elementRegistry.filter((one) => is(one, "bpmn:FlowNode") && one.type !== "label" && isApart(one));
  let { x } = box;
  for (let met = others; met.length; ) {
    met = others.filter((one) => overlap(one, { ...box, x }));
    if (met.length) x = Math.max(...met.map((one) => one.x + one.width)) + BETWEEN;
  }
  return x;
}

export class Room {
  constructor(canvas, elementRegistry, spaceTool) {
    Object.assign(this, { canvas, elementRegistry, spaceTool });
  }

  /** Move whatever lies beyond `start` by `by`, but what is `kept`; what reaches across it grows. */
  make(axis, start, by, kept = new Set()) {
    const all = selfAndAllChildren(this.canvas.getRootElement()).filter((one) => !kept.has(one));
    const { movingShapes, resizingShapes } = this.spaceTool.calculateAdjustments(all, axis, by, start);
    const delta = { x: 0, y: 0, [axis]: by };
    this.spaceTool.makeSpace(movingShapes, resizingShapes, delta, axis === "x" ? "e" : "s", start);
  }

  /** Let a large `shape` stand after `source` with nothing under it, within the lane. */
  after(source, { width, height }) {
    const box = { x: source.x + source.width + AFTER, y: source.y + source.height / 2 - height / 2, width, height };
    if (freeAcross(this.elementRegistry, box) !== box.x) this.make("x", source.x + source.width, width + AFTER);
    const lane = this.elementRegistry.find((one) => is(one, "bpmn:Lane") && !one.children.some((child) => is(child, "bpmn:Lane")) && overlap(one, { ...source, height: 1 }));
    if (!lane) return;
    const above = lane.y + BETWEEN - (source.y + source.height / 2 - height / 2);
    if (above > 0) this.make("y", lane.y + 1, above);
    const below = source.y + source.height / 2 + height / 2 + BETWEEN - (lane.y + lane.height);
    if (below > 0) this.make("y", lane.y + lane.height - 1, below);
  }

  /** Let a lane be high enough for what is `height` high. */
  heighten(lane, height) {
    const lacking = height + 2 * BETWEEN - lane.height;
    if (lacking > 0) this.make("y", lane.y + lane.height - 1, lacking);
  }

  /** Move on what a subprocess has grown over, and what the one around it has. */
  around(subprocess) {
    const own = new Set([...selfAndAllChildren(subprocess), ...subprocess.attachers]);
    const met = this.elementRegistry.filter((one) => isStep(one) && !own.has(one) && !isWithin(subprocess, one) && overlap(one, subprocess));
    if (met.length) {
      const start = Math.min(...met.map(({ x }) => x)) - 1;
      this.make("x", start, subprocess.x + subprocess.width + BETWEEN - start, own);
    }
    if (is(subprocess.parent, "bpmn:SubProcess")) this.around(subprocess.parent);
  }
}
Room.$inject = ["canvas", "elementRegistry", "spaceTool"];

function isStep(one) {
  return is(one, "bpmn:FlowNode") && one.type !== "label" && !one.host;
}

function isWithin(shape, other) {
  let one = shape.parent;
  while (one && one !== other) one = one.parent;
  return Boolean(one);
}

function overlap(one, other) {
  const apart = (from, length) => one[from] + one[length] <= other[from] || other[from] + other[length] <= one[from];
  return !apart("x", "width") && !apart("y", "height");
}
