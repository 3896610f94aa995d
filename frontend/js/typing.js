// What somebody types or ticks in [data-typed] while it is asked for anew stays: the answer knows only what was sent.
import { opener } from "./menus.js";

const sent = new WeakMap(); // request -> field -> the words that it was sent with
const since = new WeakMap(); // request -> what was typed and opened before its answer

export function start() {
  document.addEventListener("htmx:beforeRequest", ({ detail: { target, xhr } }) => {
    if (target?.matches?.("[data-typed]")) sent.set(xhr, new Map(fields(target).map((field) => [field.id, field.value])));
  });
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSwap", ({ detail: { xhr } }) => since.get(xhr)?.typed.splice(0).forEach(typeAgain));
  document.addEventListener("htmx:afterSettle", ({ detail: { xhr } }) => {
    const open = since.get(xhr)?.open;
    since.delete(xhr);
    if (open) openAgain(open);
  });
}

function fields(place) {
  return [...place.querySelectorAll("input.form-control[id]")];
}

function remember({ detail: { target, xhr, shouldSwap, requestConfig } }) {
  const words = sent.get(xhr);
  sent.delete(xhr);
  // [data-renumbers] gives the fields below it other names.
  if (!words || !shouldSwap || requestConfig.triggeringEvent?.submitter?.matches("[data-renumbers]")) return;
  const typed = fields(target)
    .filter((field) => words.has(field.id) && words.get(field.id) !== field.value)
    .map((field) => ({ id: field.id, value: field.value, at: [field.selectionStart, field.selectionEnd] }));
  since.set(xhr, { typed, open: target.querySelector("[data-choices][hx-get]:popover-open") });
}

function typeAgain({ id, value, at }) {
  const field = document.getElementById(id);
  if (!field?.matches("input.form-control")) return;
  field.value = value;
  if (field === document.activeElement && at[0] !== null) field.setSelectionRange(...at);
}

function openAgain(open) {
  const again = document.getElementById(open.id);
  if (!again || again.getAttribute("hx-get") !== open.getAttribute("hx-get")) return;
  again.querySelector(".list").replaceChildren(...open.querySelector(".list").childNodes);
  again.showPopover({ source: opener(again) });
}
