// The ids of what is drawn: English-looking from the first moment, and made from the name until somebody writes another.
import BpmnFactory from "bpmn-js/lib/features/modeling/BpmnFactory";
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { KINDS } from "./kinds.js";

const LONGEST = 60;
const PREFIXES = {
  ...Object.fromEntries(KINDS.map(({ type, id }) => [type, id])),
  "bpmn:SequenceFlow": "flow",
  "bpmn:Lane": "lane",
  "bpmn:LaneSet": "lanes",
  "bpmn:Participant": "pool",
  "bpmn:Collaboration": "collaboration",
  "bpmn:Association": "association",
};
const MADE = new RegExp(`^(${[...new Set(Object.values(PREFIXES))].join("|")})_[0-9]+$`);

/** New elements get an id that the gate accepts, such as `user_task_2`. What an event waits for is nothing of its own. */
export class EnglishIds extends BpmnFactory {
  _needsId(element) {
    return super._needsId(element) && !is(element, "bpmn:EventDefinition");
  }

  _ensureId(element) {
    const prefix = PREFIXES[element.$type];
    // Its shape is called after it, and keeps that when the element is called otherwise.
    const isTaken = (id) => this._model.ids.assigned(id) || this._model.ids.assigned(`${id}_di`);
    if (prefix && !element.id) element.id = numbered(`${prefix}_`, isTaken, 1);
    super._ensureId(element);
  }
}
EnglishIds.$inject = BpmnFactory.$inject;

/** `¿Se confirma?` as an id: `se_confirma`; empty where no letter is left. */
export function slug(text) {
  const plain = text.normalize("NFKD").replaceAll(/[^\x20-\x7e]/g, "").toLowerCase();
  return plain.replaceAll(/[^a-z0-9]+/g, "_").replace(/^[0-9_]+/, "").slice(0, LONGEST - 4).replace(/_+$/, "");
}

/** The first id that begins with `start` and is not taken: as it is, or numbered. */
export function free(start, isTaken) {
  return isTaken(start) ? numbered(`${start}_`, isTaken, 2) : start;
}

function numbered(start, isTaken, first) {
  let number = first;
  while (isTaken(`${start}${number}`)) number += 1;
  return `${start}${number}`;
}

/** Which elements still take their id from their name: those that nobody gave one. What ran already keeps the one it has. */
export class IdsFromNames {
  #following = new WeakSet();

  constructor(moddle) {
    this.moddle = moddle;
  }

  follows(element) {
    const object = getBusinessObject(element);
    return is(object, "bpmn:FlowElement") && (this.#following.has(object) || MADE.test(object.id));
  }

  /** The id that goes with `name`; undefined where the present one stays. */
  for(element, name) {
    const object = getBusinessObject(element);
    const words = slug(name ?? "");
    if (!words || !this.follows(element)) return undefined;
    this.#following.add(object);
    const wanted = is(object, "bpmn:SequenceFlow") ? slug(`${object.sourceRef.id}_${words}`) : words;
    const id = free(wanted, (one) => ![false, object].includes(this.moddle.ids.assigned(one)));
    return id === object.id ? undefined : id;
  }

  /** Somebody wrote one. */
  settled(element) {
    this.#following.delete(getBusinessObject(element));
  }
}
