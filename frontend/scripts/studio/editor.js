// The editor's page: puts the drawing, its properties, its findings and its saving together. Only this page loads it.
import { Draft } from "./draft.js";
import { Server } from "./server.js";
import { h } from "./dom.js";

// As in the styles: below it there is no room to draw.
const NARROW = "(max-width: 47.99em)";

async function start(root) {
  const server = new Server(root.dataset);
  try {
    const [draft, catalogue] = await Promise.all([server.load(), server.catalogue()]);
    root.replaceChildren();
    await new Draft({ root, server, catalogue, editable: !matchMedia(NARROW).matches }).open(draft);
    root.dataset.ready = "";
  } catch (error) {
    root.replaceChildren(h("p", { class: "govuk-error-message", role: "alert" }, `El editor no se pudo abrir. ${error.message} Use la vista de tabla o vuelva a cargar la página.`));
    throw error;
  }
}

const root = document.getElementById("studio");
if (root) start(root);
