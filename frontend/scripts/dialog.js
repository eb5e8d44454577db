// Dialogs that the server has opened: Escape and the closing link put them away and give the focus back.

/** Take charge of each `.ui-dialog` inside `scope` once. */
export function startDialogs(scope) {
  for (const dialog of scope.querySelectorAll(".ui-dialog:not([data-started])")) {
    dialog.dataset.started = "";
    const opener = document.querySelector(dialog.dataset.returnFocus || "h1");
    const close = () => closeDialog(dialog, opener);

    dialog.addEventListener("keydown", (event) => event.key === "Escape" && close());
    for (const way of dialog.querySelectorAll(".ui-dialog-titlebar-close, [data-closes-dialog]")) {
      way.addEventListener("click", (event) => {
        event.preventDefault();
        close();
      });
    }
    dialog.focus();
  }
}

function closeDialog(dialog, opener) {
  dialog.hidden = true;
  // Reloading after closing must not open it again.
  history.replaceState(null, "", dialog.querySelector(".ui-dialog-titlebar-close").href);
  if (!opener) return;
  if (!opener.matches("a, button, input, select, textarea")) opener.tabIndex = -1;
  opener.focus();
}
