// A list is asked for by its form[data-filters] and by links to its region: headings, pages, periods. Neither forgets
// what the other has been asked and the server has not yet answered, for an answer replaces the one before it.
const linked = new WeakMap(); // region -> the search of its newest request, if a link made that

export function start() {
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, target, parameters } = event.detail;
    if (elt.matches("form[data-filters]")) linked.delete(target);
    else if (elt.matches("a[hx-get]") && Object.keys(parameters).length === 0) takeAlong(event.detail);
  });
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, target, triggeringEvent } = event.detail;
    if (triggeringEvent?.type !== "input" || !elt.matches("form[data-filters]")) return;
    // The link has asked for just that: asking again would cost its place in the history.
    if (target.hasAttribute("aria-busy") && linked.get(target) === typedIn(elt)) event.preventDefault();
  });
}

function takeAlong(request) {
  const form = request.target.id && document.querySelector(`form[data-filters][hx-target="#${request.target.id}"]`);
  const field = form?.querySelector("[data-search]");
  if (!field) return;
  const address = new URL(request.path, location.href);
  const asked = address.searchParams;
  const typed = typedIn(form);
  if (typed !== (asked.get(field.name) ?? "")) {
    if (typed) asked.set(field.name, typed);
    else asked.delete(field.name);
    // A place in the list of another search is none in this.
    for (const place of ["after", "before"]) asked.delete(place);
    request.path = address.pathname + address.search;
  }
  linked.set(request.target, typed);
  keep(form, asked);
}

/** The form's next request keeps the order and all else that is in the address and has no field to be seen. */
function keep(form, asked) {
  for (const field of form.querySelectorAll("input[type=hidden]")) {
    if (asked.has(field.name)) field.value = asked.get(field.name);
    else field.remove();
  }
  for (const [name, value] of asked) {
    if (name === "after" || name === "before" || form.elements.namedItem(name)) continue;
    // The answer brings the chips anew.
    form.querySelector("#chips")?.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
}

/** As the server reads it. */
function typedIn(form) {
  return form.querySelector("[data-search]")?.value.split(/\s+/).filter(Boolean).join(" ") ?? "";
}
