// What the parts of bpmn-js that we use say to people, in Spanish. Words on buttons are ours and stand where they are used.
import sentences from "./spanish.json";

/** The Spanish of `template`, its `{names}` filled in; a sentence we do not know stays as it is. */
export function translate(template, replacements = {}) {
  const sentence = sentences[template] ?? template;
  return sentence.replace(/{([^}]+)}/g, (_, name) => replacements[name] ?? `{${name}}`);
}
