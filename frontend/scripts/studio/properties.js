// Which properties each kind of element has, in our words; how they are shown is in fields.js.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { boundary, error, message, timer } from "./event_properties.js";
import { notDays, withMissing } from "./field_values.js";
import { isEvent, keyOf, kindOf, mayContinue, swapsOf, toldAs } from "./kinds.js";
import { nameOf } from "./model.js";
import { KINDS, readTerm, writeTerm } from "./terms.js";

/** The fields of `element`: each with a `key`, what it `is`, its `label`, `value` and `set(value)`. */
export function propertiesOf(element, model, catalogue) {
  if (is(element, "bpmn:TextAnnotation")) return [note(element, model)];
  const parts = [
    is(element, "bpmn:Lane") ? laneOffice(element, model, catalogue) : name(element, model),
    is(element, "bpmn:ServiceTask") && operation(element, model, catalogue),
    is(element, "bpmn:BusinessRuleTask") && decision(element, model, catalogue),
    is(element, "bpmn:CallActivity") && called(element, model, catalogue),
    is(element, "bpmn:UserTask") && form(element, model, catalogue),
    is(element, "bpmn:UserTask") && terms(element, model),
    is(element, "bpmn:BoundaryEvent") && boundary(element, model),
    isEvent(element, "Timer") && timer(element, model),
    isEvent(element, "Message") && message(element, model, catalogue),
    isEvent(element, "Error") && error(element, model, catalogue),
    office(element, model, catalogue),
    is(element, "bpmn:SequenceFlow") && route(element, model),
    mayContinue(element) && onward(element, model),
    documentation(element, model),
    swapsOf(element).length && kind(element, model),
    !is(element, "bpmn:Lane") && identity(element, model),
  ];
  return parts.flat().filter(Boolean);
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
  const made = model.ids.follows(element) ? "Sigue al nombre hasta que escriba otro. En inglés, como decide_annulment." : "En inglés, como decide_annulment.";
  return {
    key: "id",
    is: "text",
    label: "Id",
    hint: isProcess ? "El id de un proceso no cambia." : made,
    isReadOnly: isProcess,
    value: model.semantic(element).id,
    refusal: (value) => model.idRefusal(element, value),
    set: (id) => model.identify(element, id),
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
  const ones = swapsOf(element);
  const set = (key) => model.replace(element, ones.find((one) => keyOf(one) === key));
  return { key: "kind", is: "choice", label: "Tipo", choices: ones.map((one) => ({ value: keyOf(one), label: toldAs(one) })), value: keyOf(kindOf(element)), set };
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

function decision(element, model, { decisions = [], decisions_url: page = "" }) {
  const value = getBusinessObject(element).get("decision") ?? "";
  const chosen = decisions.find((one) => one.name === value);
  const gives = Object.keys(chosen?.decides ?? {});
  return [
    {
      key: "decision",
      is: "choice",
      label: "Tabla",
      hint: gives.length ? `Da: ${gives.join(", ")}.` : "La tabla que decide aquí, sin que nadie haga nada.",
      choices: withMissing(decisions.map((one) => ({ value: one.name, label: one.title || one.name })), value),
      value,
      set: (table) => model.set(element, { decision: table || undefined }),
    },
    page && { key: "table", is: "link", label: chosen ? "Abrir la tabla" : "Ver las tablas de este borrador", value: chosen?.url ?? page },
  ];
}

function called(element, model, { processes = [] }) {
  const value = getBusinessObject(element).calledElement ?? "";
  return {
    key: "called",
    is: "choice",
    label: "Proceso que se hace",
    hint: "Rige la versión que esté publicada cuando se publique esta.",
    choices: withMissing(processes.map((one) => ({ value: one.id, label: one.name || one.id })), value),
    value,
    set: (id) => model.set(element, { calledElement: id || undefined }),
  };
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

/** The lane a step is in; within a subprocess, which has no lanes, a person's task may be of another office than the whole. */
function office(element, model, { offices }) {
  if (!is(element, "bpmn:FlowNode") || element.host) return [];
  const whole = model.subprocessOf(element);
  if (whole) return is(element, "bpmn:UserTask") ? ownOffice(element, model, offices) : [];
  if (!model.lanes().length) return [];
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

function ownOffice(task, model, offices) {
  const value = getBusinessObject(task).get("office") ?? "";
  const known = offices.some(({ id }) => id === value);
  return {
    key: "office",
    is: "choice",
    label: "Oficina",
    hint: "Sin otra, la del carril en que está el subproceso.",
    choices: [
      { value: "", label: "La del subproceso" },
      ...offices.map(({ id, name: label }) => ({ value: id, label })),
      ...(value && !known ? [{ value, label: `${value} (no existe)` }] : []),
    ],
    value,
    set: (id) => model.set(task, { office: id || undefined }),
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
