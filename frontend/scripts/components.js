// The govuk-frontend components our pages use, speaking Spanish.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";

const characterCount = {
  charactersUnderLimit: { one: "Queda %{count} carácter", other: "Quedan %{count} caracteres" },
  charactersAtLimit: "No quedan caracteres",
  charactersOverLimit: { one: "Sobra %{count} carácter", other: "Sobran %{count} caracteres" },
  wordsUnderLimit: { one: "Queda %{count} palabra", other: "Quedan %{count} palabras" },
  wordsAtLimit: "No quedan palabras",
  wordsOverLimit: { one: "Sobra %{count} palabra", other: "Sobran %{count} palabras" },
  textareaDescription: { one: "Máximo %{count} carácter", other: "Máximo %{count} caracteres" },
};

const passwordInput = {
  showPassword: "Mostrar",
  hidePassword: "Ocultar",
  showPasswordAriaLabel: "Mostrar la clave",
  hidePasswordAriaLabel: "Ocultar la clave",
  passwordShownAnnouncement: "La clave está a la vista",
  passwordHiddenAnnouncement: "La clave está oculta",
};

const components = [
  [Button, { preventDoubleClick: true }],
  [CharacterCount, { i18n: characterCount }],
  [Checkboxes],
  [ErrorSummary],
  [NotificationBanner],
  [PasswordInput, { i18n: passwordInput }],
  [Radios],
  [ServiceNavigation],
  [SkipLink],
];

/** Start each component inside `scope`; a second call leaves those already started alone. */
export function startComponents(scope) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  for (const [Component, config] of components) {
    createAll(Component, config, { scope, onError: ignoreStarted });
  }
}

// htmx tells of the whole page once more when it loads; only real faults are worth a line in the console.
function ignoreStarted(error) {
  if (error.name !== "InitError") console.error(error);
}
