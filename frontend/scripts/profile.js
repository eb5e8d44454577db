// The choice of profile: the institutions follow the profile, and the two ways to say the destination agree.

/** Start on the page that holds the profile form; elsewhere there is nothing to do. */
export function startProfileChoice(page) {
  const profiles = page.querySelector("select#cmbPerfiles");
  const institutions = page.querySelector("select#cmbInstituciones");
  const data = page.querySelector("script#profile-institutions");
  if (profiles && institutions && data) {
    const byProfile = JSON.parse(data.textContent);
    const fill = () => fillInstitutions(institutions, byProfile[profiles.value] ?? []);
    profiles.addEventListener("change", fill);
    // After Back the browser restores the profile without telling, so the list may be that of another one.
    if (profiles.value && institutions.options.length <= 1) fill();
  }
  keepDestinationsInStep(page);
}

function fillInstitutions(select, choices) {
  const before = select.value;
  select.replaceChildren(
    ...(choices.length === 1 ? [] : [new Option("Seleccione", "")]),
    ...choices.map(({ value, label }) => new Option(label, value)),
  );
  if (choices.some(({ value }) => value === before)) select.value = before;
  select.disabled = false;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function keepDestinationsInStep(page) {
  const select = page.querySelector("select#cmdDestino");
  const radios = [...page.querySelectorAll("#Rbtn_Destino_1, #Rbtn_Destino_2")];
  if (!select || radios.length === 0) return;

  const follow = () => radios.forEach((radio) => (radio.checked = radio.value === select.value));
  select.addEventListener("change", follow);
  radios.forEach((radio) => radio.addEventListener("change", () => (select.value = radio.value)));
  follow();
}
