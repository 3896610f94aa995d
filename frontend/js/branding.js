// The page of a tenant's look: the colour picker beside its field, and logos made PNG before they are sent, since the
// server reads nothing else: form[data-brand], [data-brand-pick], [data-brand-logo] where the logo is shown.
const LONGEST = 256;

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
    if (event.target.matches?.("form[data-brand] input[type=file]")) convert(event.target);
  });
}

let shown = "";

function pickers() {
  for (const pick of document.querySelectorAll("[data-brand-pick]")) pick.closest("label").hidden = false;
}

async function convert(field) {
  const file = field.files[0];
  if (!file || field.dataset.made === `${file.name} ${file.size}`) return;
  const picture = await createImageBitmap(file).catch(() => null);
  // What this browser cannot read either goes as it is, and the server says what is wrong with it.
  if (!picture) return;
  const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * share));
  canvas.height = Math.max(1, Math.round(picture.height * share));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const png = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const made = new File([png], file.name.replace(/\.[^.]*$/, "") + ".png", { type: "image/png" });
  const one = new DataTransfer();
  one.items.add(made);
  field.files = one.files;
  field.dataset.made = `${made.name} ${made.size}`;
  shown = canvas.toDataURL("image/png");
  show();
  const gone = field.form.elements.remove_logo;
  if (gone) gone.checked = false;
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
