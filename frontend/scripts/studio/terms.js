// Deadlines as the diagram writes them, `plazo_habil(10)`, and as people think of them: a number and a kind of days.

const TERM = /^\s*(plazo_habil|plazo_corrido)\(\s*([0-9]{1,3})\s*\)\s*$/;
export const KINDS = [
  { value: "plazo_habil", label: "días hábiles" },
  { value: "plazo_corrido", label: "días corridos" },
];

/** `{kind, days}` of an expression, empty if there is none, or null if it says something else. */
export function readTerm(expression) {
  if (!expression) return { kind: KINDS[0].value, days: "" };
  const [, kind, days] = TERM.exec(expression) ?? [];
  return kind ? { kind, days } : null;
}

/** The expression of a term; undefined, which removes the attribute, without days. */
export function writeTerm(kind, days) {
  return String(days).trim() ? `${kind}(${Number(days)})` : undefined;
}

/** Whether the function `name` makes a deadline; those have fields of their own and no place in a condition. */
export function isTerm(name) {
  return KINDS.some(({ value }) => value === name);
}
