// What the parts of bpmn-js that we use say to people, in Spanish. Words on buttons are ours and stand where they are used.
import sentences from "./spanish.json";

/** What gives the Spanish of a template out of `known`, its `{names}` filled in; a sentence it does not hold stays as it is. */
export function translator(known) {
  return (template, replacements = {}) => (known[template] ?? template).replace(/{([^}]+)}/g, (_, name) => replacements[name] ?? `{${name}}`);
}

export const translate = translator(sentences);
