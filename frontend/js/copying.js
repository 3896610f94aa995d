// A click on [data-copy="text"] copies the text and says so.
import { add as toast } from "./toasts.js";
import { sentence } from "./words.js";

export function start() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    event.preventDefault();
    const text = button.dataset.copy;
    if (await copy(text)) toast({ text: sentence("copied", { text }) });
  });
}

async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyOldWay(text); // Refused by the browser's settings: the old way may still be allowed.
    }
  }
  return copyOldWay(text); // There is no clipboard on an address without HTTPS.
}

function copyOldWay(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "sr" });
  const back = document.activeElement;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  back?.focus();
  return copied;
}
