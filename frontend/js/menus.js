// Menus and filter popovers are native popovers (popovertarget): the browser opens, closes and returns the focus.
// Here: loading at the first opening, keys, type-ahead, and a place beside the button where the browser cannot anchor.
import htmx from "htmx.org";

const anchors = CSS.supports("position-area", "block-end");
let typed = "";
let typedAt = 0;

export function opener(menu) {
  return menu.id ? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`) : null;
}

export function start() {
  document.addEventListener("beforetoggle", before, true);
  document.addEventListener("toggle", after, true);
  document.addEventListener("keydown", keys);
  document.addEventListener("click", (event) => {
    const item = event.target.closest?.("[role=menu] [role^=menuitem]");
    if (item?.getAttribute("aria-disabled") === "true") event.preventDefault();
    else if (item) item.closest("[popover]")?.hidePopover();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const menu = event.detail.target;
    if (menu?.matches?.("[role=menu]:popover-open")) focusFirst(menu);
  });
}

function before(event) {
  const menu = event.target;
  if (!menu.matches?.(".dropdown-menu") || event.newState !== "open") return;
  if (menu.hasAttribute("hx-get")) htmx.trigger(menu, "menu:open");
  if (!anchors) menu.style.visibility = "hidden";
}

function after(event) {
  const menu = event.target;
  if (!menu.matches?.(".dropdown-menu")) return;
  const open = event.newState === "open";
  opener(menu)?.setAttribute("aria-expanded", String(open));
  if (!open) return;
  if (!anchors) place(menu);
  focusFirst(menu);
}

function focusFirst(menu) {
  if (menu.matches("[role=menu]")) items(menu)[0]?.focus();
  else menu.querySelector("input:not([type=hidden]), select, a[href], button")?.focus();
}

function place(menu) {
  const button = opener(menu)?.getBoundingClientRect();
  if (!button) return;
  const box = menu.getBoundingClientRect();
  const left = menu.classList.contains("dropdown-menu-end") ? button.right - box.width : button.left;
  const below = button.bottom + box.height + 8 <= innerHeight;
  Object.assign(menu.style, {
    left: `${Math.max(8, Math.min(left, innerWidth - box.width - 8))}px`,
    top: `${Math.max(8, below ? button.bottom : button.top - box.height - 8)}px`,
    visibility: "",
  });
}

function items(menu) {
  return [...menu.querySelectorAll("[role^=menuitem]")].filter((item) => item.checkVisibility());
}

function keys(event) {
  const button = event.target.closest?.("[popovertarget][aria-haspopup=menu]");
  if (button && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    document.getElementById(button.getAttribute("popovertarget"))?.showPopover({ source: button });
    return;
  }
  const menu = event.target.closest?.("[role=menu]:popover-open");
  if (!menu) return;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const next = step(event, all, at);
  if (event.key === "Tab") menu.hidePopover();
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

function step(event, all, at) {
  if (event.key === "ArrowDown") return all[(at + 1) % all.length];
  if (event.key === "ArrowUp") return all.at(at <= 0 ? -1 : at - 1);
  if (event.key === "Home") return all[0];
  if (event.key === "End") return all.at(-1);
  if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey || event.altKey) return null;
  typed = event.timeStamp - typedAt > 600 ? event.key : typed + event.key;
  typedAt = event.timeStamp;
  const wanted = typed.toLowerCase();
  // The same letter again goes on to the next entry that begins with it.
  const from = typed.length > 1 ? at : at + 1;
  return [...all.slice(from), ...all.slice(0, from)].find((item) =>
    item.textContent.trim().toLowerCase().startsWith(wanted),
  );
}
