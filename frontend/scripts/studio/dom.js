// Small ways to build and change a page, without inline styles or handlers, which the content policy forbids.

/** An element with its attributes, listeners (`onclick: …`) and children; what is null, undefined or false is left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A button of this site; `look` is `secondary` or `warning`, or nothing. */
export function button(text, act, look = "secondary") {
  const classes = `govuk-button app-studio__button${look ? ` govuk-button--${look}` : ""}`;
  return h("button", { type: "button", class: classes, onclick: act }, text);
}

/** `act`, once nothing more has been asked for so many milliseconds; `now()` does at once what is waiting. */
export function after(milliseconds, act) {
  let timer = null;
  const run = () => {
    timer = null;
    act();
  };
  const ask = () => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds);
  };
  ask.now = () => {
    if (timer === null) return;
    clearTimeout(timer);
    run();
  };
  ask.forget = () => {
    clearTimeout(timer);
    timer = null;
  };
  return ask;
}

// As on every page of the studio, wherever the analyst is.
const HERE = { timeZone: "America/Santiago", hour12: false };
const DAY = new Intl.DateTimeFormat("es-CL", { timeZone: HERE.timeZone, dateStyle: "long" });
const HOUR = new Intl.DateTimeFormat("es-CL", { ...HERE, timeStyle: "short" });
const DAY_AND_HOUR = new Intl.DateTimeFormat("es-CL", { ...HERE, dateStyle: "long", timeStyle: "short" });

/** A moment as people say it: the hour if it is of today. */
export function told(moment) {
  const date = new Date(moment);
  const isToday = DAY.format(date) === DAY.format(new Date());
  return isToday ? `a las ${HOUR.format(date)}` : `el ${DAY_AND_HOUR.format(date)}`;
}
