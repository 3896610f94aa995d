// What somebody has opened in a region stays open when the region is drawn again: a row with its details, a menu, a
// folded part. It is found again by its id; what is no longer there is gone.
import { opener } from "./menus.js";

const opened = new WeakMap(); // target -> what is open in it

export function start() {
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSettle", openAgain);
}

function remember({ detail: { target, shouldSwap } }) {
  if (!shouldSwap || !target?.matches?.("[data-region]")) return;
  const buttons = [...target.querySelectorAll('[data-expand][aria-expanded="true"][hx-get]')];
  opened.set(target, {
    rows: buttons.map((button) => document.getElementById(button.getAttribute("aria-controls"))).filter(Boolean),
    folds: [...target.querySelectorAll("details[open][id]")],
    menus: [...target.querySelectorAll("[role=menu]:popover-open")],
  });
}

function openAgain({ detail: { target } }) {
  const { rows, folds, menus } = opened.get(target) ?? { rows: [], folds: [], menus: [] };
  opened.delete(target);
  for (const row of rows) {
    const button = document.querySelector(`[data-expand][aria-expanded="false"][aria-controls="${CSS.escape(row.id)}"]`);
    if (!button) continue;
    // It says what it said until the server has said it anew.
    document.getElementById(row.id).replaceChildren(...row.childNodes);
    button.click();
  }
  for (const fold of folds) document.getElementById(fold.id)?.setAttribute("open", "");
  for (const menu of menus) {
    const again = document.getElementById(menu.id);
    const button = again && opener(again);
    if (!button || document.querySelector("dialog:modal")) continue;
    button.focus({ preventScroll: true });
    again.showPopover({ source: button });
  }
}
