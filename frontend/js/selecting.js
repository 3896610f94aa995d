// Rows that are chosen for acts on many. form[data-selection="region"] floats below a list while something is chosen;
// [data-pick] boxes choose rows, [data-pick-page] those of the page, [data-choose-all] all that match. What is chosen
// stays chosen while one pages, sorts and searches; "all that match" holds for the search and filters of its moment.
const chosen = new Set();
let all = "";
let last = null;

export function start() {
  document.addEventListener("change", change);
  document.addEventListener("click", click);
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("htmx:oobAfterSwap", show);
  document.addEventListener("htmx:configRequest", say);
  document.addEventListener("submit", fill, true);
  window.addEventListener("pageshow", show);
}

function bar() {
  return document.querySelector("form[data-selection]");
}

function boxes() {
  return [...document.querySelectorAll("[data-pick]")];
}

// What narrows the list, without the place in it and its order.
function narrowing() {
  const asked = new URLSearchParams(location.search);
  for (const name of ["after", "before", "sort", "dir"]) asked.delete(name);
  asked.sort();
  return `?${asked}`;
}

function change(event) {
  const box = event.target;
  if (box.matches("[data-pick-page]")) {
    for (const one of boxes()) pick(one, box.checked);
  } else if (box.matches("[data-pick]")) {
    pick(box, box.checked);
    last = box;
  } else return;
  all = "";
  show();
}

function pick(box, on) {
  if (on) chosen.add(box.value);
  else chosen.delete(box.value);
}

function click(event) {
  const box = event.target.closest?.("[data-pick]");
  if (box && event.shiftKey && last?.isConnected) range(box);
  if (event.target.closest("[data-choose-all]")) {
    all = narrowing();
    show();
    document.getElementById("bulk-menu").hidePopover();
    bar().querySelector("[data-choose-none]").focus();
  } else if (event.target.closest("[data-choose-none]")) {
    all = "";
    chosen.clear();
    show();
    document.getElementById(bar().dataset.selection)?.focus();
  }
}

// With the shift key, all rows from the last one on.
function range(box) {
  const list = boxes();
  const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((one, other) => one - other);
  if (from < 0) return;
  for (const one of list.slice(from, to + 1)) pick(one, box.checked);
}

function show() {
  const form = bar();
  if (!form) return;
  if (all && all !== narrowing()) all = "";
  const list = boxes();
  for (const box of list) {
    box.checked = Boolean(all) || chosen.has(box.value);
    box.closest("tr").classList.toggle("on", box.checked);
  }
  const ticked = list.filter((box) => box.checked).length;
  const page = document.querySelector("[data-pick-page]");
  if (page) {
    page.checked = ticked > 0 && ticked === list.length;
    page.indeterminate = ticked > 0 && ticked < list.length;
  }
  const total = document.getElementById("pager-total")?.textContent.trim() ?? "";
  form.hidden = !all && !chosen.size;
  form.querySelector("[data-chosen]").textContent = all ? total : chosen.size.toLocaleString(document.documentElement.lang);
  for (const place of form.querySelectorAll("[data-total]")) place.textContent = total;
  for (const whole of form.querySelectorAll("[data-choose-all]")) {
    whole.hidden = Boolean(all) || !total || String(chosen.size) === total;
  }
}

function values() {
  return all ? { ids: "", all: "1", address: all } : { ids: [...chosen].join(","), all: "", address: "" };
}

function fill(event) {
  if (event.target !== bar()) return;
  for (const [name, value] of Object.entries(values())) event.target.elements[name].value = value;
}

function say(event) {
  if (bar()?.contains(event.detail.elt)) Object.assign(event.detail.parameters, values());
}
