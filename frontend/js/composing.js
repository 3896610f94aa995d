// Writing a message: [data-format] of a .ff-edbar[data-for="textarea"] puts Markdown around what is chosen, [data-insert]
// puts a text in at the cursor, and [data-shows="pane"] shows one of the panes that its group switches between.
const AROUND = { bold: "**", italic: "*" };

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-format], [data-insert], [data-shows]");
    if (!button) return;
    if (button.dataset.shows) show(button);
    else write(button);
  });
  // A wrong field in a pane that is not shown could neither be seen nor be focused.
  document.addEventListener("invalid", (event) => reveal(event.target), true);
  document.addEventListener("htmx:afterSettle", (event) => {
    // Whoever was put in or taken out has taken the button with the focus along, as has the template that was chosen.
    const active = document.activeElement;
    if (event.detail.target?.id === "composer" && (active === document.body || active?.id === "composer")) {
      const pressed = event.detail.requestConfig?.triggeringEvent?.submitter?.name;
      document.getElementById(pressed === "template" ? "from-template" : "add-person")?.focus();
    }
    for (const wrong of document.querySelectorAll("[data-pane][hidden] [aria-invalid=true]")) reveal(wrong);
  });
}

function show(button) {
  for (const other of button.parentElement.querySelectorAll("[data-shows]")) {
    const chosen = other === button;
    other.setAttribute("aria-pressed", String(chosen));
    const pane = document.getElementById(other.dataset.shows);
    if (pane) pane.hidden = !chosen;
  }
  const kept = button.form?.elements.namedItem(button.parentElement.dataset.kept ?? "");
  if (kept) {
    kept.value = button.dataset.value ?? "";
    kept.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function reveal(field) {
  const pane = field.closest?.("[data-pane][hidden]");
  const button = pane && document.querySelector(`[data-shows="${pane.id}"]`);
  if (button) show(button);
}

function write(button) {
  const bar = button.closest("[data-for]");
  const field = bar && document.getElementById(bar.dataset.for);
  if (!field) return;
  const { selectionStart: from, selectionEnd: to, value } = field;
  const chosen = value.slice(from, to);
  field.focus();
  if (button.dataset.insert) {
    field.setRangeText(button.dataset.insert, from, to, "end");
    button.closest("[popover]")?.hidePopover();
    field.focus();
  } else if (button.dataset.format === "link") {
    const text = chosen || button.dataset.word;
    field.setRangeText(`[${text}](https://)`, from, to, "end");
    field.setSelectionRange(field.selectionEnd - 1, field.selectionEnd - 1);
  } else if (button.dataset.format === "list") {
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(start, to).split("\n");
    field.setRangeText(lines.map((line) => `- ${line}`).join("\n"), start, to, "end");
  } else {
    const sign = AROUND[button.dataset.format];
    field.setRangeText(`${sign}${chosen}${sign}`, from, to, "end");
    if (!chosen) field.setSelectionRange(from + sign.length, from + sign.length);
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
