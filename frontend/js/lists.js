// Lists by keyboard: / searches, arrows go from row to row, Enter opens, E edits, M opens the menu, C copies the e-mail.
// Rows are tr[data-row] in a table[data-list]; [data-open] or the first link opens; data-edit="address" edits.
import htmx from "htmx.org";
import { show } from "./dialogs.js";

export function start() {
  document.addEventListener("keydown", keys);
  document.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-clear]");
    const field = clear?.parentElement.querySelector("input");
    if (!field) return;
    field.value = "";
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("click", expand);
  const box = document.querySelector("[data-keys-switch]");
  if (!box) return;
  box.checked = enabled();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem("ff-keys");
    else localStorage.setItem("ff-keys", "off");
  });
}

// Somebody who speaks to the computer can turn single keys off (WCAG 2.1.4).
function enabled() {
  try {
    return localStorage.getItem("ff-keys") !== "off";
  } catch {
    return true;
  }
}

function keys(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog:modal, .dropdown-menu:popover-open")) return;
  const typing = event.target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const searching = event.target.matches("[data-search]");
  if (!typing && enabled() && event.key === "/") return done(event, search());
  if (!typing && enabled() && event.key === "?") return done(event, show(document.getElementById("keys")));
  if (typing && !searching) return undefined;
  const row = event.target.closest("[data-row]");
  if (event.key === "ArrowDown") return move(event, row, 1);
  if (event.key === "ArrowUp" && row) return move(event, row, -1);
  if (!row || typing) return undefined;
  if (event.key === "Home") return focusRow(event, rows(row)[0]);
  if (event.key === "End") return focusRow(event, rows(row).at(-1));
  if (event.key === "Escape") return done(event, search());
  if (event.key === "Enter" && event.target === row) return done(event, opening(row)?.click());
  if (!enabled()) return undefined;
  if (event.key === "e" && row.dataset.edit) return done(event, edit(row));
  if (event.key === "m") return done(event, row.querySelector("[popovertarget]")?.click());
  if (event.key === "c") return done(event, row.querySelector("[data-copy]")?.click());
  return undefined;
}

function done(event) {
  event.preventDefault();
}

function search() {
  const field = document.querySelector("[data-search]");
  field?.focus();
  field?.select();
}

function edit(row) {
  htmx.ajax("GET", row.dataset.edit, { source: row, target: "#dialog-host", swap: "innerHTML" });
}

function opening(row) {
  return row.querySelector("[data-open]") ?? row.querySelector("a[href]");
}

function rows(row) {
  const list = row?.closest("[data-list]") ?? document.querySelector("[data-list]");
  return list ? [...list.querySelectorAll("[data-row]")] : [];
}

function move(event, row, by) {
  const all = rows(row);
  const at = row ? all.indexOf(row) + by : 0;
  if (at < 0) return done(event, search());
  return focusRow(event, all[Math.min(at, all.length - 1)]);
}

function focusRow(event, row) {
  if (!row) return undefined;
  row.tabIndex = -1;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
  return done(event);
}

// A button [data-expand] with aria-controls shows and hides a row; htmx may fill it at the first opening.
function expand(event) {
  const button = event.target.closest("[data-expand]");
  if (!button) return;
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  const detail = document.getElementById(button.getAttribute("aria-controls"));
  if (detail) detail.hidden = !open;
}
