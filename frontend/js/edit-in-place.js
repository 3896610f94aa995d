// A person's page: rows that become a form where they stand (form[data-in-place], Esc takes back), and tabs that change
// without a new page. The event "announce" ({"text": "…"}, HX-Trigger) says something to screen readers.
import htmx from "htmx.org";
import { announce } from "./announcer.js";

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    const form = event.target.closest?.("form[data-in-place]");
    if (!form || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    // A form that has just come may have the focus before htmx has looked at it; its link would then leave the page.
    htmx.process(form);
    form.querySelector("[data-cancel]")?.click();
  });
  document.addEventListener("announce", (event) => announce(event.detail.text ?? event.detail.value));
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "tab") tabChanged();
    if (event.detail.target?.id === "profile-header") backToTags();
  });
  showCurrent();
}

function tabChanged() {
  showCurrent();
  document.getElementById("tab-body")?.focus({ preventScroll: true });
}

// On a phone the tabs are wider than the screen.
function showCurrent() {
  const current = document.querySelector(".ff-tabs [aria-current]");
  const tabs = current?.parentElement;
  if (tabs && tabs.scrollWidth > tabs.clientWidth) {
    tabs.scrollLeft = current.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
  }
}

// The tag that was taken off, or chosen from the list, is gone, and with it the focus.
function backToTags() {
  const active = document.activeElement;
  if (active === document.body || active?.id === "profile-header") document.getElementById("add-tag")?.focus();
}
