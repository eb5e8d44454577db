// Which properties each kind of element has, in our words; how they are shown is in fields.js.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { mayContinue } from "./context_pad.js";
import { nameOf } from "./model.js";
import { KINDS, readTerm, writeTerm } from "./terms.js";

const SWAPS = {
  "bpmn:UserTask": "bpmn:ServiceTask",
  "bpmn:ServiceTask": "bpmn:UserTask",
  "bpmn:ExclusiveGateway": "bpmn:ParallelGateway",
  "bpmn:ParallelGateway": "bpmn:ExclusiveGateway",
};
const LABELS = {
  "bpmn:Process": "Proceso",
  "bpmn:Participant": "Proceso",
  "bpmn:Lane": "Carril",
  "bpmn:SequenceFlow": "Flujo",
  "bpmn:StartEvent": "Inicio",
  "bpmn:EndEvent": "Término",
  "bpmn:UserTask": "Tarea de persona",
  "bpmn:ServiceTask": "Tarea automática",
  "bpmn:ExclusiveGateway": "Decisión (sigue un camino)",
  "bpmn:ParallelGateway": "En paralelo (siguen todos)",
  "bpmn:TextAnnotation": "Nota",
};

/** What kind of thing `element` is, for people. */
export function kindOf(element) {
  return LABELS[element.type] ?? element.type.replace("bpmn:", "");
}

/** The fields of `element`: each with a `key`, what it `is`, its `label`, `value` and `set(value)`. */
export function propertiesOf(element, model, catalogue) {
  if (is(element, "bpmn:TextAnnotation")) return [note(element, model)];
  return [
    ...(is(element, "bpmn:Lane") ? [laneOffice(element, model, catalogue)] : [name(element, model)]),
    ...(is(element, "bpmn:ServiceTask") ? [operation(element, model, catalogue)] : []),
    ...(is(element, "bpmn:UserTask") ? [form(element, model, catalogue)] : []),
    ...(is(element, "bpmn:UserTask") ? terms(element, model) : []),
    ...(is(element, "bpmn:FlowNode") && model.lanes().length ? [office(element, model)] : []),
    ...(is(element, "bpmn:SequenceFlow") ? route(element, model) : []),
    ...(mayContinue(element) ? [onward(element, model)] : []),
    documentation(element, model),
    ...(SWAPS[element.type] ? [kind(element, model)] : []),
    ...(is(element, "bpmn:Lane") ? [] : [identity(element, model)]),
  ];
}

function name(element, model) {
  const isFlow = is(element, "bpmn:SequenceFlow");
  return {
    key: "name",
    is: "text",
    label: "Nombre",
    hint: is(element, "bpmn:Task") ? "Empiece con un verbo, como «Resolver la solicitud»." : isFlow ? "La respuesta que lleva por aquí, como «sí»." : "",
    value: model.semantic(element).name ?? "",
    set: (value) => model.rename(element, value),
  };
}

function note(element, model) {
  const set = (text) => model.set(element, { text });
  return { key: "text", is: "area", label: "Texto", value: getBusinessObject(element).text ?? "", set };
}

function identity(element, model) {
  const isProcess = model.semantic(element).$type === "bpmn:Process";
  return {
    key: "id",
    is: "text",
    label: "Id",
    hint: isProcess ? "El id de un proceso no cambia." : "En inglés, como decide_annulment.",
    isReadOnly: isProcess,
    value: model.semantic(element).id,
    refusal: (value) => model.idRefusal(element, value),
    set: (id) => model.set(element, { id }),
  };
}

function documentation(element, model) {
  return {
    key: "documentation",
    is: "area",
    label: "Documentación",
    hint: "Para quien lea el proceso: por qué es así.",
    value: model.documentation(element),
    set: (text) => model.document(element, text),
  };
}

function kind(element, model) {
  const choices = [element.type, SWAPS[element.type]].map((value) => ({ value, label: LABELS[value] }));
  return { key: "kind", is: "choice", label: "Tipo", choices, value: element.type, set: (type) => model.replace(element, type) };
}

function operation(element, model, { operations }) {
  const value = getBusinessObject(element).get("operation") ?? "";
  const chosen = operations.find((one) => one.name === value);
  return {
    key: "operation",
    is: "choice",
    label: "Operación",
    hint: chosen ? [chosen.description, `(${chosen.name})`, reads(chosen)].join(" ") : "Lo que Constancia hace en este paso.",
    choices: withMissing(operations.map((one) => ({ value: one.name, label: one.description })), value),
    value,
    set: (chosenName) => model.set(element, { operation: chosenName || undefined }),
  };
}

function reads(operation) {
  return operation?.reads?.length ? `Lee: ${operation.reads.join(", ")}.` : "";
}

function form(element, model, { forms }) {
  const value = getBusinessObject(element).get("form") ?? "";
  const decides = Object.keys(forms.find((one) => one.name === value)?.decides ?? {});
  return {
    key: "form",
    is: "choice",
    label: "Formulario",
    hint: decides.length ? `Decide: ${decides.join(", ")}.` : "Lo que se le pregunta a la persona.",
    choices: withMissing(forms.map((one) => ({ value: one.name, label: one.title || one.name })), value),
    value,
    set: (chosen) => model.set(element, { form: chosen || undefined }),
  };
}

function office(element, model) {
  const lane = model.laneOf(element);
  return {
    key: "office",
    is: "choice",
    label: "Oficina",
    hint: "El carril en que está. Al elegir otra, el paso se mueve.",
    choices: withMissing(model.lanes().map((one) => ({ value: one.id, label: getBusinessObject(one).name || one.id })), lane?.id ?? ""),
    value: lane?.id ?? "",
    set: (id) => id && model.moveTo(element, model.element(id)),
  };
}

function laneOffice(lane, model, { offices }) {
  return {
    key: "office",
    is: "choice",
    label: "Oficina del carril",
    hint: "Las tareas del carril le llegan a esta oficina.",
    choices: withMissing(offices.map(({ id, name: label }) => ({ value: id, label })), lane.id),
    value: lane.id,
    refusal: (id) => (model.element(id) && model.element(id) !== lane ? "Otro carril ya es de esta oficina." : ""),
    set: (id) => id && model.set(lane, { id, name: offices.find((one) => one.id === id)?.name }),
  };
}

function terms(element, model) {
  const task = getBusinessObject(element);
  const [deadline, limit] = [readTerm(task.get("deadline")), readTerm(task.get("escalation"))];
  if (!deadline || !limit) return ["deadline", "escalation"].map((key) => rawTerm(key, element, model));
  const write = (days, outer, days_kind) =>
    model.set(element, { deadline: writeTerm(days_kind, days), escalation: writeTerm(days_kind, outer) });
  return [
    { key: "deadline", is: "number", label: "Plazo", hint: "Días, de 1 a 365.", value: deadline.days, refusal: notDays, set: (days) => write(days, limit.days, deadline.kind) },
    { key: "escalation", is: "number", label: "Límite", hint: "Luego avisa al nivel central.", value: limit.days, refusal: notDays, set: (days) => write(deadline.days, days, deadline.kind) },
    { key: "days", is: "choice", label: "Se cuentan en", choices: KINDS, value: deadline.kind, set: (chosen) => write(deadline.days, limit.days, chosen) },
  ];
}

function notDays(value) {
  return !value || (/^[0-9]{1,3}$/.test(value) && value >= 1 && value <= 365) ? "" : "Escriba un número entero de 1 a 365.";
}

function rawTerm(key, element, model) {
  const set = (value) => model.set(element, { [key]: value || undefined });
  return { key, is: "text", label: key === "deadline" ? "Plazo" : "Límite", hint: "Como plazo_habil(10).", value: getBusinessObject(element).get(key) ?? "", set };
}

function route(flow, model) {
  if (!flow.source || !is(flow.source, "bpmn:ExclusiveGateway") || flow.source.outgoing.length < 2) return [];
  const isDefault = model.isDefault(flow);
  return [
    { key: "default", is: "check", label: "Sigue por aquí si ninguna condición se cumple", value: isDefault, set: (wanted) => model.setDefault(flow, wanted) },
    ...(isDefault ? [] : [{ key: "condition", is: "condition", label: "Condición", value: model.condition(flow), set: (body) => model.setCondition(flow, body) }]),
  ];
}

function onward(element, model) {
  const choices = model.targetsOf(element).map((one) => ({ value: one.id, label: nameOf(one) }));
  const set = (id) => model.connect(element, model.element(id));
  return { key: "onward", is: "target", label: "Agregar un camino a", act: "Agregar el camino", choices: withMissing(choices, ""), value: "", set };
}

/** The choices with an empty one, and with the present value even if the catalogue does not know it. */
function withMissing(choices, value) {
  const isKnown = !value || choices.some((choice) => choice.value === value);
  return [...(value && isKnown ? [] : [{ value: "", label: "Elija" }]), ...choices, ...(isKnown ? [] : [{ value, label: `${value} (no existe)` }])];
}
