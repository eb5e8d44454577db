// Several changes as one step to undo.

const NAME = "constancia.together";

/** Do what `act` does to the drawing as one step. */
export function together(commandStack, act) {
  commandStack.execute(NAME, { act });
}

/** The part of the drawing that lets `together` work. */
export function registerTogether(commandStack) {
  commandStack.register(NAME, { preExecute: ({ act }) => act() });
  return together;
}
registerTogether.$inject = ["commandStack"];
