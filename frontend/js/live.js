// Pages of devices that stay true while they are open. [data-live] holds the address of a stream of updates; what it
// says is put into the elements of its device: [data-stream] and, in them, [data-say]. Where support may come to a
// customer, their notice has the address in [data-live-support], and its key in [data-seen]; the number of unread
// messages has its own in [data-live-inbox]. Controls are set at once and put
// back where the server refuses. Whoever may no longer see a device is told so, and nothing of it is left to touch.
import { announce } from "./announcer.js";

const HIDDEN_FOR = 10_000; // ms: a page that nobody looks at lets its connection go.
const RETRY = 3_000;
const QUIET = 40_000; // The server says something every 15 seconds; silence for longer is a lost connection.
let source = null;
let wanted = "";
let retry;
let watchdog;
let hideTimer;
const busy = new WeakMap(); // control -> how often it was sent and not answered yet
const before = new WeakMap(); // control -> what it held before it was touched
const touched = new WeakMap(); // control -> when somebody moved it last
const latest = new Map(); // device -> what it said last
const HAND = 1_500; // ms: so long after it was moved, a control is in somebody's hand.

export function start() {
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && connect());
  document.addEventListener("htmx:afterSettle", connect);
  document.addEventListener("htmx:historyRestore", connect);
  document.body.addEventListener("device:said", (event) => take(event.detail));
  document.addEventListener("htmx:beforeRequest", sending);
  document.addEventListener("htmx:afterRequest", sent);
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, putBack);
  document.addEventListener("input", sliding);
  document.addEventListener("click", stepping);
  setInterval(tick, 1000);
  for (const range of document.querySelectorAll(".ff-range")) fill(range);
  connect();
}

// ---- The connection

function connect() {
  for (const range of document.querySelectorAll(".ff-range")) fill(range);
  const address = place();
  if (address === wanted && (source || !address)) return;
  close();
  wanted = address;
  if (!address || document.hidden) return;
  open();
}

/** One stream for a page: of the devices that it shows, of support, where that may come, and of one's own inbox. */
function place() {
  const devices = document.querySelector("[data-live]")?.dataset.live ?? "";
  const support = document.querySelector("[data-live-support]")?.dataset.liveSupport ?? "";
  const inbox = document.querySelector("[data-live-inbox]")?.dataset.liveInbox ?? "";
  const [first, ...others] = [devices, support, inbox].filter(Boolean);
  return [first ?? "", ...others.map((one) => one.split("?")[1])].join("&");
}

/** The number beside the word, and the list where it is open, ask for what is there now. */
function arrived({ key }) {
  const known = document.querySelector("[data-live-inbox]");
  if (known && known.dataset.seen !== key) document.body.dispatchEvent(new CustomEvent("inbox:changed"));
}

/** What the notice of support says is old: it asks for the new words itself. */
function supported({ key }) {
  const notice = document.querySelector("[data-live-support]");
  if (notice && notice.dataset.seen !== key) document.body.dispatchEvent(new CustomEvent("support:changed"));
}

function open() {
  clearTimeout(retry);
  source = new EventSource(wanted);
  source.onopen = () => state("live");
  source.addEventListener("device", (event) => {
    alive();
    take(JSON.parse(event.data));
  });
  source.addEventListener("alive", alive);
  source.addEventListener("support", (event) => {
    alive();
    supported(JSON.parse(event.data));
  });
  source.addEventListener("inbox", (event) => {
    alive();
    arrived(JSON.parse(event.data));
  });
  source.addEventListener("gone", (event) => {
    const { device } = event.data ? JSON.parse(event.data) : {};
    gone(device);
  });
  source.onerror = lost;
  alive();
}

function close() {
  clearTimeout(retry);
  clearTimeout(watchdog);
  source?.close();
  source = null;
  wanted = "";
}

function alive() {
  clearTimeout(watchdog);
  watchdog = setTimeout(lost, QUIET);
  if (source?.readyState === EventSource.OPEN) state("live");
}

// The browser tries again by itself after a broken connection, but not after an answer that is no stream.
function lost() {
  state("lost");
  const address = wanted;
  clearTimeout(watchdog);
  source?.close();
  source = null;
  clearTimeout(retry);
  if (address) {
    retry = setTimeout(() => {
      wanted = "";
      connect();
    }, RETRY);
  }
}

function seen() {
  clearTimeout(hideTimer);
  if (document.hidden) hideTimer = setTimeout(close, HIDDEN_FOR);
  else connect();
}

function state(word) {
  for (const place of document.querySelectorAll("[data-livestate]")) {
    if (place.dataset.now === "gone") continue;
    if (place.dataset.now === word) continue;
    place.dataset.now = word;
    place.hidden = false;
    for (const one of place.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== word;
  }
  document.documentElement.dataset.livestate = word;
}

function gone(device) {
  const places = document.querySelectorAll(device ? `[data-device="${device}"]` : "[data-device]");
  for (const place of places) {
    place.classList.add("ended", "off", "asleep");
    place.dataset.ended = "";
    for (const control of place.querySelectorAll("button, input, select")) control.disabled = true;
    for (const region of place.querySelectorAll("[data-say]")) region.textContent = "–";
  }
  const all = !document.querySelector("[data-device]:not([data-ended])");
  if (!device) return over();
  if (all) {
    if (!document.querySelector("[data-live-support], [data-live-inbox]")) close();
    state("gone");
    announce(document.querySelector('[data-livestate] [data-when="gone"]')?.textContent);
  }
}

/** Signed out, or the assistance is over: the server says on a whole page what now. Not again and again, though. */
function over() {
  close();
  state("gone");
  const last = Number(sessionStorage.getItem("live-over") ?? 0);
  sessionStorage.setItem("live-over", String(Date.now()));
  if (Date.now() - last > 30_000) reload();
}

/** Whoever ended it on this very page is on the way to the page that says so: that answer is not cut off. */
function reload() {
  if (!document.querySelector(".htmx-request")) location.reload();
  else document.addEventListener("htmx:afterRequest", () => setTimeout(reload, 1_000), { once: true });
}

// ---- What a device says

function take(told) {
  latest.set(String(told.device), told);
  for (const place of document.querySelectorAll(`[data-device="${told.device}"]`)) {
    if (place.dataset.ended !== undefined) continue;
    presence(place, told);
    for (const [key, said] of Object.entries(told.streams)) {
      for (const element of place.querySelectorAll(`[data-stream="${key}"]`)) show(element, said);
    }
  }
  for (const name of document.querySelectorAll("[data-name]:not([data-at])")) {
    if (name.dataset.name === "" && document.querySelectorAll("[data-device]").length === 1) name.textContent = told.name;
  }
  const head = document.querySelector("[data-head]");
  if (head) {
    const dot = head.querySelector("[data-presence]");
    dot.classList.toggle("online", told.online);
    dot.classList.toggle("offline", !told.online);
    dot.textContent = told.online ? dot.dataset.on : dot.dataset.off;
    if (told.at) head.querySelector("[data-reported]").dataset.ms = told.at;
    tick();
  }
}

function presence(place, told) {
  place.classList.toggle("asleep", !told.online);
  if (place.classList.contains("ff-tile")) place.classList.toggle("off", !told.online);
  const note = place.querySelector("[data-offline]");
  if (note) note.hidden = told.online;
  const line = place.querySelector("[data-since]");
  const second = line?.dataset.second && told.streams[line.dataset.stream];
  if (second?.text) line.dataset.on = `${line.dataset.second} ${second.text}`;
  if (line) line.textContent = told.online ? line.dataset.on : told.when ? line.dataset.off.replace("{when}", told.when) : line.dataset.never;
}

const inHand = (control) => Boolean(busy.get(control)) || Date.now() - (touched.get(control) ?? 0) < HAND;

function show(element, said) {
  const control = element.querySelector("[data-control]") ?? element.closest("[data-control]");
  for (const place of element.matches("[data-say]") ? [element] : element.querySelectorAll("[data-say]")) {
    if (place.matches("output") && control && inHand(control)) continue;
    const words = said[place.dataset.say];
    if (words !== undefined && words !== "" && place.textContent !== words) {
      place.textContent = words;
      place.classList.remove("muted"); // It was unknown until now.
    }
    if (place.matches("output")) place.heldText = said.text;
  }
  element.querySelector("[data-led]")?.classList.toggle("on", said.value === true);
  const gauge = element.querySelector("[data-gauge]");
  if (gauge && typeof said.value === "number") {
    const { least, most, label } = gauge.dataset;
    const part = Math.max(0, Math.min(1, (said.value - least) / (most - least)));
    const arc = gauge.querySelector(".arc");
    arc.setAttribute("stroke-dasharray", `${(part * 100).toFixed(1)} 200`);
    arc.removeAttribute("visibility");
    gauge.setAttribute("aria-label", `${label}: ${said.text}`);
  }
  if (Array.isArray(said.value)) {
    const place = element.querySelector("[data-place]");
    if (place) place.dataset.at = `${said.value[1]},${said.value[0]}`;
  }
  if (control && !inHand(control)) set(control, said.value, said.plain, said.text);
}

/** A control holds this value. What somebody is typing into stays as they type it. */
function set(control, value, plain, text) {
  const toggle = control.querySelector("[role=switch]");
  if (toggle && typeof value === "boolean") {
    toggle.setAttribute("aria-checked", String(value));
    control.querySelector('[name="value"]').value = value ? "0" : "1";
    control.closest(".ff-tile")?.classList.toggle("on", value);
    return;
  }
  for (const button of control.querySelectorAll("button[name=value]")) button.setAttribute("aria-pressed", String(button.value === plain));
  const field = control.querySelector("input[name=value]:not([type=hidden]), select[name=value]");
  if (!field || plain === "" || plain === undefined) return;
  field.defaultHeld = plain;
  if (field !== document.activeElement || field.type === "range" || field.matches("select")) {
    if (!field.matches(":active")) field.value = plain;
  }
  if (field.type === "range") {
    fill(field);
    if (text) field.setAttribute("aria-valuetext", text);
  }
}

// ---- Controls

function held(control) {
  const toggle = control.querySelector("[role=switch]");
  const pressed = control.querySelector('[aria-pressed="true"]');
  const field = control.querySelector("input[name=value]:not([type=hidden]), select[name=value]");
  return {
    value: toggle ? toggle.getAttribute("aria-checked") === "true" : undefined,
    plain: pressed?.value ?? field?.defaultHeld ?? field?.getAttribute("value") ?? field?.value ?? "",
    text: control.querySelector("output")?.heldText ?? control.querySelector("output")?.textContent,
  };
}

function sending(event) {
  const control = event.target.closest?.("[data-control]");
  if (!control) return;
  if (!busy.get(control)) before.set(control, held(control));
  busy.set(control, (busy.get(control) ?? 0) + 1);
  // At once, as if it were done: what the server says follows.
  const toggle = control.querySelector("[role=switch]");
  if (toggle) toggle.setAttribute("aria-checked", String(toggle.getAttribute("aria-checked") !== "true"));
  const chosen = event.detail.requestConfig?.triggeringEvent?.submitter;
  if (chosen?.name === "value" && chosen.closest(".ff-bigseg")) {
    for (const button of control.querySelectorAll("button[name=value]")) button.setAttribute("aria-pressed", String(button === chosen));
  }
}

function sent(event) {
  const control = event.target.closest?.("[data-control]");
  if (!control) return;
  busy.set(control, Math.max(0, (busy.get(control) ?? 1) - 1));
  if (!event.detail.successful || busy.get(control)) return;
  touched.delete(control);
  const told = latest.get(control.closest("[data-device]")?.dataset.device ?? "");
  if (told) take(told);
}

// A request that a newer one has replaced is no refusal.
function putBack(event) {
  const control = event.target.closest?.("[data-control]");
  if (!control) return;
  const { value, plain, text } = before.get(control) ?? {};
  touched.delete(control);
  control.querySelector("input:not([type=hidden])")?.blur();
  set(control, value, plain, text);
  const output = control.querySelector("output");
  if (output && text) output.textContent = text;
}

function fill(range) {
  const part = (range.value - range.min) / (range.max - range.min || 1);
  range.style.setProperty("--p", `${part * 100}%`);
}

function sliding(event) {
  const control = event.target.closest?.("[data-control]");
  if (control) touched.set(control, Date.now());
  const range = event.target.closest?.(".ff-range");
  if (!range) return;
  const output = range.closest("form")?.querySelector("output");
  if (output) {
    output.heldText ??= output.textContent;
    const number = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: (range.step.split(".")[1] ?? "").length });
    output.textContent = [number.format(range.value), output.dataset.units].filter(Boolean).join(" ");
    range.setAttribute("aria-valuetext", output.textContent);
  }
  fill(range);
}

function stepping(event) {
  const button = event.target.closest?.("[data-step]");
  const field = button?.closest("form")?.querySelector("input[type=number]");
  if (!field) return;
  const step = field.step === "any" ? 1 : Number(field.step);
  const digits = (String(step).split(".")[1] ?? "").length;
  const next = Number(field.value || field.min || 0) + (button.dataset.step === "up" ? step : -step);
  const least = field.min === "" ? -Infinity : Number(field.min);
  const most = field.max === "" ? Infinity : Number(field.max);
  touched.set(field.closest("[data-control]"), Date.now());
  field.value = Math.max(least, Math.min(most, next)).toFixed(Math.max(digits, (field.value.split(".")[1] ?? "").length));
  announce(field.value);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// ---- "reported 3 seconds ago"

function tick() {
  for (const place of document.querySelectorAll("[data-reported][data-ms]")) {
    const seconds = Math.max(0, Math.round((Date.now() - Number(place.dataset.ms)) / 1000));
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
    let ago = place.dataset.now;
    if (seconds >= 86_400) ago = words.format(-Math.floor(seconds / 86_400), "day");
    else if (seconds >= 3_600) ago = words.format(-Math.floor(seconds / 3_600), "hour");
    else if (seconds >= 60) ago = words.format(-Math.floor(seconds / 60), "minute");
    else if (seconds >= 3) ago = words.format(-seconds, "second");
    const text = place.dataset.pattern.replace("{ago}", ago);
    if (place.textContent !== text) place.textContent = text;
  }
}
