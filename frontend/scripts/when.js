// Fields asked under a condition: shown where it holds. Their condition is a tree made by the server; no text is evaluated.
// Without script they are all there, each with its condition in words.

const COMPARE = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
  in: (left, right) => right.includes(left),
  "not in": (left, right) => !right.includes(left),
};

// Thrown on an answer not given yet: nothing can be told before.
const UNKNOWN = Symbol("unknown");

function valueOf([kind, ...rest], form) {
  if (kind === "value") return rest[0];
  if (kind === "answer") return answerOf(rest[0], rest[1], form);
  if (kind === "not") return !valueOf(rest[0], form);
  const values = rest.map((part) => valueOf(part, form));
  if (kind === "list") return values;
  if (kind === "and") return values.every(Boolean);
  if (kind === "or") return values.some(Boolean);
  return COMPARE[kind](...values);
}

function answerOf(name, type, form) {
  const typed = String(new FormData(form).get(name) ?? "").trim();
  const field = form.querySelector(`[name="${name}"]`);
  // What is not asked is not answered, whatever was typed before.
  if (!typed || field?.closest("[data-when]")?.hidden) throw UNKNOWN;
  if (type === "yes_no") return typed === "1";
  if (type !== "number") return typed;
  if (!/^-?([0-9]{1,12}|[0-9]{1,3}(\.[0-9]{3}){1,3})$/.test(typed)) throw UNKNOWN;
  return Number(typed.replaceAll(".", ""));
}

function holds(tree, form) {
  try {
    return valueOf(tree, form) === true;
  } catch (reason) {
    if (reason !== UNKNOWN) throw reason;
    return false;
  }
}

/** Show and hide the fields inside `scope`, now and whenever something is answered. */
export function startConditions(scope) {
  const forms = new Set([...scope.querySelectorAll("[data-when]")].map((field) => field.closest("form")));
  for (const form of forms) {
    const fields = [...form.querySelectorAll("[data-when]")];
    for (const told of form.querySelectorAll("[data-when-told]")) told.hidden = true;
    // In the order of the page: one may hang on another.
    const settle = () => fields.forEach((field) => (field.hidden = !holds(JSON.parse(field.dataset.when), form)));
    form.addEventListener("input", settle);
    settle();
  }
}
