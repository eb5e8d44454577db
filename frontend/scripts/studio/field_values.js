// What may be typed or chosen in the fields of several kinds of element.

/** The choices with an empty one, and with the present value even if the catalogue does not know it. */
export function withMissing(choices, value, missing = "no existe") {
  const isKnown = !value || choices.some((choice) => choice.value === value);
  return [...(value && isKnown ? [] : [{ value: "", label: "Elija" }]), ...choices, ...(isKnown ? [] : [{ value, label: `${value} (${missing})` }])];
}

/** Why these are no days of a term, or an empty text. */
export function notDays(value) {
  return !value || (/^[0-9]{1,3}$/.test(value) && value >= 1 && value <= 365) ? "" : "Escriba un número entero de 1 a 365.";
}

/** Why this is no code of an error, or an empty text. */
export function notCode(value) {
  return /^[a-z][a-z0-9_]{0,59}$/.test(value) ? "" : "Use minúsculas, números y guion bajo, como not_granted.";
}
