// A form that comes back with what is wrong begins at its first wrong field: as a page, as a part of one, as a dialog.
const CONTROL = "input:not([type=hidden]), select, textarea, button";

export function start() {
  document.querySelector("main [aria-invalid=true]")?.focus();
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const target = detail.target?.isConnected ? detail.target : document.getElementById(detail.target?.id);
    if (detail.xhr?.status !== 422 || !target || target.matches("[data-dialog-host]")) return;
    if (!document.activeElement?.matches("[aria-invalid=true]")) firstWrong(target)?.focus();
  });
}

// Where a sentence belongs to a group and not to one field, it is the first control after it.
export function firstWrong(place) {
  const [first] = place.querySelectorAll("[aria-invalid=true], .form-hint.bad");
  if (!first || first.matches("[aria-invalid=true]")) return first;
  return [...place.querySelectorAll(CONTROL)].find(
    (control) => first.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING && control.checkVisibility(),
  );
}
