// A file that is dropped anywhere on a form which takes one is as good as chosen. Without script its field takes it.
export function startDropZones(scope) {
  for (const form of scope.querySelectorAll("form[data-drop]")) {
    const input = form.querySelector("input[type=file]");
    const mark = (isOver) => form.classList.toggle("app-drop--over", isOver);

    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      mark(true);
    });
    form.addEventListener("dragleave", () => mark(false));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      mark(false);
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }
}
