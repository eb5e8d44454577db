// Starts everything a page may hold. Every page works without it.
import htmx from "htmx.org/dist/htmx.esm.js";
import { startComponents } from "./components.js";
import { startDialogs } from "./dialog.js";
import { startDropZones } from "./drop.js";
import { startProfileChoice } from "./profile.js";
import { startConditions } from "./when.js";

// The content policy forbids eval and inline styles, so htmx must not try; answers stay on this site.
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
});

startComponents(document);
startDialogs(document);
startDropZones(document);
startProfileChoice(document);
startConditions(document);
htmx.onLoad((fragment) => {
  startComponents(fragment);
  startDialogs(fragment);
  startConditions(fragment);
});
