// Dialogs and drawers arrive through htmx in #dialog-host and open as native modal dialogs; [data-dialog="id"] opens one
// that is in the page. They close by [data-close], Esc, a click beside them, or the event dialog:close (HX-Trigger).
import { opener as menuOpener } from "./menus.js";
import { firstWrong } from "./wrong.js";

let cameFrom = null;
let pressedOn = null;

export function start() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target, elt } = event.detail;
    if (target?.matches?.("[data-dialog-host]") && !target.querySelector("dialog:modal")) cameFrom = origin(elt);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (!target?.matches?.("[data-dialog-host]")) return;
    const dialog = target.querySelector("dialog");
    if (dialog) show(dialog);
    else goBack();
  });
  // After the other events of the same answer: they are sent from the form, which closing takes out of the page.
  document.addEventListener("dialog:close", () => setTimeout(() => hosted()?.close()));
  document.addEventListener("close", closed, true);
  document.addEventListener("click", click);
  document.addEventListener("pointerdown", (event) => (pressedOn = event.target));
  document.addEventListener("input", (event) => confirmWord(event.target.form));
  confirmWords(document);
  document.addEventListener("htmx:load", (event) => confirmWords(event.target));
}

export function show(dialog) {
  if (!dialog) return;
  if (!dialog.open) dialog.showModal();
  confirmWords(dialog);
  firstField(dialog)?.focus();
  // Else htmx would focus it once more after the swap, away from the first wrong field.
  if (!dialog.closest("[data-dialog-host]")) return;
  for (const field of dialog.querySelectorAll("[autofocus]")) field.removeAttribute("autofocus");
}

function firstField(dialog) {
  return (
    firstWrong(dialog) ??
    dialog.querySelector("[autofocus]") ??
    dialog.querySelector(".body :is(input:not([type=hidden]), select, textarea):not([disabled])") ??
    dialog.querySelector("footer [data-submit]:not(.btn-danger)") ??
    dialog.querySelector("footer [data-close]") ??
    dialog.querySelector("[data-close]")
  );
}

function origin(element) {
  const menu = element?.closest?.("[popover]");
  return (menu && menuOpener(menu)) ?? element;
}

function hosted() {
  return document.querySelector("[data-dialog-host] dialog[open]");
}

function closed(event) {
  const dialog = event.target;
  if (!dialog.matches?.("dialog")) return;
  const host = dialog.closest("[data-dialog-host]");
  if (!host) return; // The browser returns the focus of a dialog that stays in the page.
  host.replaceChildren();
  goBack();
}

function goBack() {
  if (!cameFrom) return;
  // The browser says late that a dialog is closed: who has gone on by then stays where they are.
  const here = document.activeElement;
  if (here && here !== document.body && here.checkVisibility()) {
    cameFrom = null;
    return;
  }
  const back = cameFrom.isConnected ? cameFrom : sameAgain(cameFrom);
  const target = back?.checkVisibility() ? back : document.getElementById("main");
  target?.focus({ preventScroll: true });
  cameFrom = null;
}

// A list may have been drawn anew behind the dialog.
function sameAgain({ id, dataset }) {
  const row = dataset.row && document.querySelector(`[data-row="${CSS.escape(dataset.row)}"]`);
  if (!row) return document.getElementById(id);
  row.tabIndex = -1;
  return row;
}

function click(event) {
  const opening = event.target.closest("[data-dialog]");
  if (opening) show(document.getElementById(opening.dataset.dialog));
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  const beside = event.target === dialog && pressedOn === dialog && outside(dialog, event);
  if (event.target.closest("[data-close]") || beside) dialog.close();
}

function outside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

function confirmWords(place) {
  for (const field of place.querySelectorAll("[data-confirm]")) confirmWord(field.form);
}

// <input data-confirm="DELETE"> keeps the form's [data-submit] disabled until the word is there. The server checks, too.
function confirmWord(form) {
  const field = form?.querySelector("[data-confirm]");
  if (!field) return;
  const button = form.querySelector("[data-submit]");
  if (button) button.disabled = field.value.trim() !== field.dataset.confirm;
}
