// The fields of events: what they wait for, what they throw or catch, and where they hang.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { notCode, notDays, withMissing } from "./field_values.js";
import { isEvent } from "./kinds.js";
import { nameOf } from "./model.js";
import { KINDS, readTerm, writeTerm } from "./terms.js";

/** Where a boundary event hangs, and whether it ends what it hangs on. */
export function boundary(element, { events }) {
  return [
    { key: "host", is: "text", label: "En el borde de", isReadOnly: true, value: nameOf(element.host) },
    isEvent(element, "Timer") && {
      key: "interrupting",
      is: "check",
      label: "Termina lo que está en curso",
      hint: events.isInterrupting(element) ? "El trámite sigue solo por aquí." : "Lo que está en curso sigue, y además se abre este camino.",
      value: events.isInterrupting(element),
      set: (wanted) => events.setInterrupting(element, wanted),
    },
  ];
}

/** The days a timer waits. */
export function timer(element, { events }) {
  const expression = events.term(element);
  const term = readTerm(expression);
  if (!term) return { key: "term", is: "text", label: "Plazo", hint: "Como plazo_habil(5).", value: expression, set: (body) => events.setTerm(element, body) };
  const write = (days, kind) => events.setTerm(element, writeTerm(kind, days));
  const since = element.host ? "Desde que empieza lo que está en curso." : "Desde que el trámite llega aquí.";
  return [
    { key: "term", is: "number", label: "Plazo", hint: `Días, de 1 a 365. ${since}`, value: term.days, refusal: notDays, set: (days) => write(days, term.kind) },
    // Without days there is nothing to write a kind into.
    term.days && { key: "days", is: "choice", label: "Se cuentan en", choices: KINDS, value: term.kind, set: (kind) => write(term.days, kind) },
  ];
}

/** The fact that is waited for, or that a process begins with. */
export function message(element, { events }, { messages }) {
  const value = events.message(element);
  const chosen = messages.find(({ name }) => name === value);
  return {
    key: "message",
    is: "choice",
    label: is(element, "bpmn:StartEvent") ? "Hecho con que empieza" : "Hecho que espera",
    hint: chosen ? `${chosen.description} (${chosen.name})` : "Un hecho de la historia del certificado del trámite.",
    choices: withMissing(messages.map((one) => ({ value: one.name, label: one.title })), value),
    value,
    set: (name) => events.setMessage(element, name),
  };
}

/** The error that an end throws, or that is caught on a border. */
export function error(element, model, catalogue) {
  return is(element, "bpmn:BoundaryEvent") ? caught(element, model, catalogue) : thrown(element, model);
}

function caught(element, { events }, { processes = [] }) {
  const possible = events.thrownIn(element.host, processes);
  const { code, name } = events.error(element);
  return {
    key: "error",
    is: "choice",
    label: "Error que recoge",
    hint: possible.length ? "De los términos con error que hay dentro." : "Adentro no hay un término con error. Agréguelo y vuelva a elegir.",
    choices: withMissing(possible.map(toldError), code, `${name || "error"}, que nadie lanza`),
    value: code,
    set: (chosen) => events.setError(element, possible.find((one) => one.code === chosen) ?? { code: chosen, name }),
  };
}

function thrown(element, { events }) {
  const { code, name } = events.error(element);
  const known = events.roots.errors().map(({ errorCode, name: label }) => ({ code: errorCode, name: label }));
  const choose = (chosen) => events.setError(element, known.find((one) => one.code === chosen) ?? {});
  return [
    known.some((one) => one.code !== code) && {
      key: "error",
      is: "choice",
      label: "Error",
      choices: [{ value: "", label: "Uno nuevo" }, ...known.map(toldError)],
      value: code,
      set: choose,
    },
    { key: "error_name", is: "text", label: "Nombre del error", hint: "Lo que falló, como «No se acoge».", value: name, set: (text) => events.nameError(element, text) },
    code && { key: "error_code", is: "text", label: "Código del error", hint: "El que se recoge en el borde, como not_granted.", value: code, refusal: notCode, set: (text) => events.codeError(element, text) },
  ];
}

function toldError({ code, name }) {
  return { value: code, label: name ? `${name} (${code})` : code };
}
