// Ctrl K from everywhere: a combobox over links; htmx brings the hits of /find/.
import htmx from "htmx.org";
import { announce } from "./announcer.js";

export function start() {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const field = palette.querySelector("input");
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      open(palette, field);
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(palette, field);
  });
  field.addEventListener("keydown", (event) => keys(event, palette, field));
  palette.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  palette.addEventListener("htmx:afterSwap", () => arrived(palette, field));
  palette.addEventListener("pointermove", (event) => {
    const option = event.target.closest(".opt");
    if (option) choose(palette, field, option);
  });
}

function open(palette, field) {
  if (palette.open) return field.select();
  if (document.querySelector("dialog:modal")) return undefined;
  palette.showModal();
  field.select();
  htmx.trigger(field, "palette:open");
  return undefined;
}

function options(palette) {
  return [...palette.querySelectorAll(".opt")];
}

function arrived(palette, field) {
  for (const link of palette.querySelectorAll(".opt")) {
    link.setAttribute("role", "option");
    link.tabIndex = -1;
  }
  // A list of nothing is a sentence, and no list box.
  const list = palette.querySelector("[data-palette-list]");
  list.setAttribute("role", options(palette).length ? "listbox" : "region");
  choose(palette, field, options(palette)[0]);
  const count = palette.querySelector("[data-count]")?.textContent ?? "";
  palette.querySelector("[data-palette-count]").textContent = count;
  list.scrollTop = 0;
  announce(palette.querySelector(".none")?.textContent.trim(), { after: 500 });
}

function choose(palette, field, option) {
  for (const other of options(palette)) other.setAttribute("aria-selected", String(other === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

function keys(event, palette, field) {
  const all = options(palette);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by && all.length) {
    event.preventDefault();
    const option = all[(at + by + all.length) % all.length];
    choose(palette, field, option);
    option.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (at < 0) return;
    if (event.ctrlKey || event.metaKey) window.open(all[at].href, "_blank", "noopener");
    else location.assign(all[at].href);
  }
}
