// A place to drop a file on: label[data-drop] round an input[type=file]; data-limit is the most bytes.
import { announce } from "./announcer.js";
import { sentence } from "./words.js";

export function start() {
  for (const type of ["dragenter", "dragover"]) document.addEventListener(type, over);
  for (const type of ["dragleave", "drop"])
    document.addEventListener(type, (event) => place(event)?.classList.remove("over"));
  document.addEventListener("drop", drop);
  document.addEventListener("change", (event) => {
    const label = event.target.closest?.("[data-drop]");
    if (label) name(label, event.target);
  });
}

function place(event) {
  return event.target.closest?.("[data-drop]");
}

function over(event) {
  if (!event.dataTransfer?.types.includes("Files") || !document.querySelector("[data-drop]")) return;
  event.preventDefault(); // Else a near miss would replace the page by the file.
  place(event)?.classList.add("over");
}

function drop(event) {
  const label = place(event);
  if (!label) {
    if (document.querySelector("[data-drop]")) event.preventDefault();
    return;
  }
  event.preventDefault();
  const field = label.querySelector("input[type=file]");
  if (!event.dataTransfer.files.length) return;
  const one = new DataTransfer();
  one.items.add(event.dataTransfer.files[0]);
  field.files = one.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function name(label, field) {
  const file = field.files[0];
  if (!file) return;
  const limit = Number(label.dataset.limit ?? Infinity);
  const large = file.size > limit;
  field.setCustomValidity(large ? sentence("large", { name: file.name, limit: size(limit) }) : "");
  label.classList.toggle("set", !large);
  label.classList.toggle("bad", large);
  label.querySelector("[data-drop-name]").textContent = file.name;
  label.querySelector("[data-drop-hint]").textContent = large ? field.validationMessage : size(file.size);
  announce(large ? field.validationMessage : `${file.name}, ${size(file.size)}`);
}

function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let place = 0;
  let value = bytes;
  while (value >= 1000 && place < units.length - 1) {
    value /= 1000;
    place += 1;
  }
  const style = { style: "unit", unit: units[place], unitDisplay: "short", maximumFractionDigits: value < 10 ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(value);
}
