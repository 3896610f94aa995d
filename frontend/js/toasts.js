// Toasts come by HX-Trigger: {"toast": {"text": "…", "undo": {"url": "…", "label": "Undo"}, "tone": "bad"}}, or with the page.
import htmx from "htmx.org";
import { announce } from "./announcer.js";

const SECONDS = { plain: 6, undo: 12, bad: 12 };

export function start() {
  const region = document.getElementById("toasts");
  if (!region) return;
  region.popover = "manual"; // In the top layer a dialog does not cover them.
  for (const toast of region.querySelectorAll("[data-toast]")) {
    present(toast, toast.querySelector("[data-toast-undo]") ? SECONDS.undo : SECONDS.plain);
  }
  document.addEventListener("toast", (event) => add(event.detail));
  region.addEventListener("click", click);
}

export function add({ text, value, undo, tone = "" }) {
  const region = document.getElementById("toasts");
  const shape = document.getElementById("toast-shape");
  if (!region || !shape) return;
  const toast = shape.content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = text ?? value;
  if (tone) toast.classList.add(tone);
  const button = toast.querySelector("[data-toast-undo]");
  if (undo?.url) {
    button.dataset.toastUndo = undo.url;
    if (undo.label) button.textContent = undo.label;
  } else {
    button.remove();
  }
  // More than three at once are noise: the oldest goes.
  while (region.children.length > 2) region.firstElementChild.remove();
  region.append(toast);
  present(toast, undo?.url ? SECONDS.undo : (SECONDS[tone] ?? SECONDS.plain));
}

function present(toast, seconds) {
  const region = toast.parentElement;
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
  announce(toast.querySelector("span").textContent);
  let timer;
  const wait = () => (timer = setTimeout(() => dismiss(toast), seconds * 1000));
  const hold = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusout", wait);
  wait();
}

function dismiss(toast) {
  const region = toast.parentElement;
  const focused = toast.contains(document.activeElement);
  toast.remove();
  if (region && !region.children.length && region.matches(":popover-open")) region.hidePopover();
  if (focused) document.getElementById("main")?.focus({ preventScroll: true });
}

function click(event) {
  const toast = event.target.closest("[data-toast]");
  const undo = event.target.closest("[data-toast-undo]");
  if (undo) event.preventDefault(); // Of a toast that came with the page it sends a form.
  // From the region, which outlives the toast and lets none of several pass another (hx-sync).
  if (undo) htmx.ajax("POST", undo.dataset.toastUndo, { source: toast.parentElement, swap: "none" });
  if (toast && (undo || event.target.closest("[data-toast-close]"))) dismiss(toast);
}
