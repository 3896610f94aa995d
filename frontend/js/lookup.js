// Customer lookup: the person beside the hits is the one that one is on. Enter in the field goes to that person, Escape
// comes back. Where there is no room for a person beside the hits, a hit leads to the person's page.
export function start() {
  if (!document.querySelector("[data-lookup]")) return;
  // Before anybody takes the request for granted and waits for it.
  document.addEventListener("htmx:beforeRequest", opening, true);
  document.addEventListener("htmx:afterSwap", shown);
  document.addEventListener("keydown", keys, true);
  mark();
}

const pane = () => document.getElementById("pane");
const onPane = () => pane().querySelector("[data-person]")?.dataset.person;
const hits = () => [...document.querySelectorAll("#hits > [data-row]")];
const wide = () => pane().checkVisibility();

function opening(event) {
  const { elt, target } = event.detail;
  if (target !== pane()) return;
  const link = elt.matches("a.name") ? elt : null;
  const row = elt.closest("[data-row]")?.dataset.row;
  const again = row !== undefined && row === onPane();
  if (wide() && !again) return;
  event.preventDefault();
  if (!wide() && link) location.assign(link.dataset.profile);
  else if (link) enter();
}

function shown(event) {
  const { target, requestConfig } = event.detail;
  if (target !== pane() && target?.id !== "results") return;
  mark();
  if (target === pane() && requestConfig?.elt?.matches?.("a.name")) enter();
}

function mark() {
  const found = hits().find((hit) => hit.dataset.row === onPane());
  if (!found) return;
  for (const hit of hits()) {
    if (hit === found) hit.setAttribute("aria-current", "true");
    else hit.removeAttribute("aria-current");
  }
}

function enter() {
  const button = pane().querySelector(".body .btn:not(.btn-icon)");
  (button ?? pane().querySelector("[data-person-name]"))?.focus();
}

function keys(event) {
  if (document.querySelector("dialog:modal, .dropdown-menu:popover-open")) return;
  if (event.key === "Escape" && pane().contains(event.target)) {
    const hit = hits().find((one) => one.dataset.row === onPane());
    event.preventDefault();
    event.stopPropagation();
    if (hit) hit.tabIndex = -1;
    (hit ?? document.getElementById("search")).focus();
  }
  if (event.key === "Enter" && event.target.id === "search" && settled(event.target)) {
    event.preventDefault();
    enter();
  }
}

// Nobody may act on the person of the words before: the person shown must be the first or chosen hit of these words.
function settled(field) {
  const results = document.getElementById("results");
  const said = results.querySelector("[data-query]")?.dataset.query;
  const current = hits().find((one) => one.hasAttribute("aria-current"));
  const busy = results.hasAttribute("aria-busy") || pane().hasAttribute("aria-busy");
  return wide() && !busy && said === field.value.trim().replace(/\s+/g, " ") && current?.dataset.row === onPane();
}
