// What every htmx request does: the token against forgery, an expired session, waiting, failing, announcing, focus.
import htmx from "htmx.org";
import { announce } from "./announcer.js";
import { add as toast } from "./toasts.js";
import { sentence } from "./words.js";

const SKELETON_AFTER = 300; // ms: quicker answers would only flicker.
const latest = new WeakMap(); // region -> its newest request; older ones were replaced and have nothing to say
const focusedBefore = new WeakMap();

export function start() {
  document.addEventListener("htmx:configRequest", configure);
  document.addEventListener("htmx:beforeRequest", wait);
  document.addEventListener("htmx:beforeSwap", guard);
  document.addEventListener("htmx:beforeSwap", rememberFocus);
  document.addEventListener("htmx:afterRequest", finish);
  document.addEventListener("htmx:afterSettle", settled);
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => failed(event, name));
  }
  document.addEventListener("click", (event) => event.target.closest("[data-retry]")?.retry?.());
}

function configure(event) {
  const { headers, parameters, elt, verb } = event.detail;
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && verb !== "get") headers["X-CSRFToken"] = token;
  // Addresses of lists stay short: what is not set is not in them.
  if (elt.matches("form[data-filters]")) {
    for (const name of new Set(Object.keys(parameters))) if (parameters[name] === "") delete parameters[name];
  }
}

// What lies inside a region, such as a row's menu, loads on its own and is no matter of the region.
function regionOf(target) {
  return target?.matches?.("[data-region]") ? target : null;
}

function wait(event) {
  const region = regionOf(event.detail.target);
  if (!region || event.defaultPrevented) return;
  const { xhr } = event.detail;
  latest.set(region, xhr);
  region.setAttribute("aria-busy", "true");
  // A link that another answer has taken out of the page meanwhile sends no htmx:afterRequest that gets here.
  xhr.addEventListener("loadend", () => setTimeout(() => rest(region, xhr)));
  setTimeout(() => {
    if (latest.get(region) !== xhr) return;
    remember(region); // What is hidden loses the focus.
    region.classList.add("waiting");
    announce(sentence("loading"));
  }, SKELETON_AFTER);
}

function finish(event) {
  const region = regionOf(event.detail.target);
  if (region && rest(region, event.detail.xhr) && event.detail.successful) failureOf(region)?.remove();
}

function rest(region, xhr) {
  if (latest.get(region) !== xhr) return false;
  latest.delete(region);
  region.removeAttribute("aria-busy");
  region.classList.remove("waiting");
  return true;
}

// An expired session answers a fragment's request with the sign-in page: that is a page, not a fragment.
function guard(event) {
  const { xhr } = event.detail;
  const signIn = document.querySelector('meta[name="sign-in"]')?.content;
  if (!signIn || !xhr.responseURL) return;
  if (new URL(xhr.responseURL, location.href).pathname !== new URL(signIn, location.href).pathname) return;
  event.detail.shouldSwap = false;
  toSignIn(signIn);
}

function toSignIn(signIn) {
  location.assign(`${signIn}?next=${encodeURIComponent(location.pathname + location.search)}&ended=1`);
}

function rememberFocus(event) {
  const region = regionOf(event.detail.target);
  if (!region) return;
  remember(region);
  // What comes is to be seen, or it could not have the focus.
  if (event.detail.shouldSwap) region.classList.remove("waiting");
}

function remember(region) {
  const active = document.activeElement;
  if (!region.contains(active)) return;
  focusedBefore.set(region, {
    id: active.id,
    row: active.closest("[data-row]")?.dataset.row,
    onRow: active.matches("[data-row]"),
  });
}

function settled(event) {
  const target = regionOf(event.detail.target);
  // A region that replaces itself is there anew, under its name.
  const region = target?.isConnected ? target : target && document.getElementById(target.id);
  if (!region) return;
  announce(region.querySelector("[data-announce]")?.textContent.trim(), { after: 500 });
  const before = focusedBefore.get(target);
  focusedBefore.delete(target);
  if (event.detail.requestConfig?.elt?.matches?.("[data-to-top]")) region.scrollIntoView({ block: "nearest" });
  if (!before || document.activeElement !== document.body) return;
  const row = before.row && region.querySelector(`[data-row="${CSS.escape(before.row)}"]`);
  const same = before.id ? document.getElementById(before.id) : null;
  const next = same ?? (before.onRow ? row : row?.querySelector("a, button")) ?? region;
  next.setAttribute("tabindex", next.getAttribute("tabindex") ?? "-1");
  next.focus({ preventScroll: true });
}

function failureOf(region) {
  return region.previousElementSibling?.matches("[data-failure]") ? region.previousElementSibling : null;
}

function failed(event, name) {
  const { xhr, target, elt, pathInfo, requestConfig } = event.detail;
  const signIn = document.querySelector('meta[name="sign-in"]')?.content;
  if (xhr?.status === 401 && signIn) return toSignIn(signIn);
  if (xhr?.getResponseHeader?.("HX-Trigger")?.includes('"toast"')) return undefined; // The server has said it.
  const refusal = refused(xhr);
  const what = refusal ?? sentence(reason(name, xhr?.status ?? 0));
  const request = refusal ? null : xhr?.getResponseHeader?.("X-Request-ID");
  const region = regionOf(target);
  const body = document.querySelector("dialog:modal .body");
  if (!region && !body) {
    toast({ text: request ? `${what} ${sentence("request", { id: request })}` : what, tone: "bad" });
    return undefined;
  }
  const note = refusal ? noteOf("refusal-shape", what) : noteOf("failure-shape", what, request);
  const again = note.querySelector("[data-retry]");
  if (again && (requestConfig?.verb === "get" || body)) {
    again.retry = () => {
      // The button goes with its note: the focus goes on to what is asked for.
      if (note.contains(document.activeElement)) (region ?? elt.querySelector("[data-submit]"))?.focus({ preventScroll: true });
      note.remove();
      if (requestConfig.verb !== "get") elt.requestSubmit?.();
      else htmx.ajax("GET", pathInfo.requestPath, { target, ...(elt.isConnected ? { source: elt } : {}) });
    };
  } else {
    again?.remove();
  }
  if (region) {
    failureOf(region)?.remove();
    region.before(note);
  } else {
    body.querySelector("[data-failure]")?.remove();
    body.prepend(note);
  }
  return undefined;
}

// console/components/refusal.html: the server's own sentence, and asking again would not change it.
function refused(xhr) {
  if (!xhr?.responseText?.includes("data-refusal")) return null;
  const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
  return answer.querySelector("[data-refusal]")?.textContent.trim() ?? null;
}

function reason(name, status) {
  if (name === "htmx:timeout") return "timeout";
  if (name === "htmx:sendError" || status === 0) return "offline";
  return { 403: "denied", 404: "gone", 409: "conflict", 429: "busy", 503: "away" }[status] ?? "server";
}

function noteOf(shape, what, request) {
  const note = document.getElementById(shape).content.firstElementChild.cloneNode(true);
  note.querySelector("[data-failure-what]").textContent = what;
  if (request) {
    const place = note.querySelector("[data-failure-request]");
    place.hidden = false;
    place.querySelector("code").textContent = request;
  }
  return note;
}
