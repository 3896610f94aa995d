// The page of a tenant's look: the colour picker beside its field, and the logo in the preview before it is sent:
// form[data-brand], [data-brand-pick], [data-brand-logo] where the logo is shown.

export function start() {
  pickers();
  document.addEventListener("htmx:load", pickers);
  document.addEventListener("htmx:afterSwap", show);
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-brand]");
    if (!form) return;
    const field = form.elements.colour;
    const pick = form.querySelector("[data-brand-pick]");
    if (event.target === pick) {
      field.value = pick.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (event.target === field && /^#[0-9a-f]{6}$/i.test(field.value)) pick.value = field.value.toLowerCase();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("form[data-brand] input[type=file]")) read(event.target);
  });
}

let shown = "";

function pickers() {
  for (const pick of document.querySelectorAll("[data-brand-pick]")) pick.closest("label").hidden = false;
}

function read(field) {
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    shown = reader.result;
    show();
  });
  if (field.files[0]?.type.startsWith("image/")) reader.readAsDataURL(field.files[0]);
  const gone = field.form.elements.remove_logo;
  if (gone && field.files[0]) gone.checked = false;
}

function show() {
  if (!shown) return;
  for (const place of document.querySelectorAll("[data-brand-logo]")) {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = shown;
    place.replaceChildren(picture);
  }
}
