// Filter popovers in a form[data-filters]: nothing changes before OK; [data-reset] empties the popover; leaving puts back
// what was there; what is ticked stays ticked while other entries are looked for on the server. [data-narrow="#list"]
// hides [data-item]s that do not contain what is typed, without asking the server.
import { folded } from "./words.js";

export function start() {
  document.addEventListener("toggle", left, true);
  document.addEventListener("click", click);
  document.addEventListener("input", narrow);
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSwap", tickAgain);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    for (const popover of form.matches("[data-choices]") ? [form] : form.querySelectorAll("[data-choices]")) keep(popover);
  });
}

function boxes(popover) {
  return [...popover.querySelectorAll("input[type=checkbox], input[type=radio]")];
}

// list -> its entries before other ones came
const earlier = new WeakMap();

function remember(event) {
  const list = event.detail.target;
  if (list?.parentElement?.closest("[data-choices]")) earlier.set(list, [...list.querySelectorAll("[data-item]")]);
}

function tickAgain(event) {
  const list = event.detail.target;
  for (const item of (earlier.get(list) ?? []).reverse()) {
    const box = item.querySelector("input");
    const same = boxes(list).find((other) => other.name === box?.name && other.value === box.value);
    if (same) same.checked = box.checked;
    else if (box?.checked) list.prepend(item);
  }
  earlier.delete(list);
}

function keep(popover) {
  for (const box of boxes(popover)) box.defaultChecked = box.checked;
  if (popover.matches(":popover-open")) popover.hidePopover();
}

function left(event) {
  const popover = event.target;
  if (!popover.matches?.("[data-choices]") || event.newState !== "closed") return;
  for (const box of boxes(popover)) box.checked = box.defaultChecked;
  const field = popover.querySelector("[data-narrow]");
  if (field?.value) {
    field.value = "";
    show(field);
  }
}

function click(event) {
  const reset = event.target.closest("[data-reset]");
  const popover = reset?.closest("[data-choices]");
  if (!popover) return;
  event.preventDefault();
  for (const box of boxes(popover)) box.checked = box.hasAttribute("data-preset");
  (reset.form ?? popover.closest("form"))?.requestSubmit();
}

function narrow(event) {
  if (event.target.matches?.("[data-narrow]")) show(event.target);
}

function show(field) {
  const list = document.querySelector(field.dataset.narrow);
  if (!list) return;
  const words = folded(field.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of list.querySelectorAll("[data-item]")) {
    const text = folded(item.dataset.item || item.textContent);
    item.hidden = !words.every((word) => text.includes(word));
    if (!item.hidden) shown += 1;
  }
  for (const group of list.querySelectorAll("[data-items]")) {
    group.hidden = !group.querySelector("[data-item]:not([hidden])");
  }
  const none = list.querySelector("[data-none]");
  if (none) none.hidden = shown > 0;
}
