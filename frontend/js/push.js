// Pushes: this browser asks its maker's service for an address and gives it to us. The service worker shows what comes.
const KEPT = "ff-push"; // where the browser remembers the address that we have of it

export function start() {
  const card = document.querySelector("[data-push]");
  if (card) offer(card);
  const again = document.querySelector('meta[name="push-again"]');
  if (again) stayOn(again).catch(() => {}); // Without a network, the next page asks.
  else sessionStorage.removeItem(KEPT);
}

async function offer(card) {
  const say = (name) => {
    for (const one of card.querySelectorAll("[data-push-say]")) one.hidden = one.dataset.pushSay !== name;
  };
  const form = card.querySelector("[data-push-on]");
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return say(needsInstalling() ? "install" : "none");
  if (Notification.permission === "denied") return say("denied");
  say("");
  const there = await subscription();
  form.hidden = Boolean(there) && "pushHere" in card.dataset;
  form.addEventListener("submit", async (event) => {
    if (form.elements.endpoint.value) return;
    event.preventDefault();
    say("");
    try {
      if ((await Notification.requestPermission()) !== "granted") return say("denied");
      await navigator.serviceWorker.register(card.dataset.pushWorker, { scope: "/" });
      const said = spelled(await subscribed(card.dataset.push));
      for (const [name, value] of Object.entries(said)) form.elements[name].value = value;
      localStorage.setItem(KEPT, said.endpoint);
      form.requestSubmit();
    } catch {
      say("failed");
    }
  });
  card.querySelector("[data-push-off]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await forget();
    event.target.submit();
  });
}

/** Asks once for each sign-in whether this browser's pushes are still those of whoever is signed in. */
async function stayOn(meta) {
  if (!("PushManager" in window) || Notification.permission !== "granted") return;
  if (sessionStorage.getItem(KEPT) === meta.dataset.viewer) return;
  const there = await subscription();
  if (!there) return;
  let answer = await ask(meta.content, spelled(there));
  if (answer.state === "renew") {
    localStorage.setItem(KEPT, there.endpoint);
    await there.unsubscribe();
    answer = await ask(meta.content, spelled(await subscribed(answer.key)));
  }
  if (answer.state === "over") await forget();
  sessionStorage.setItem(KEPT, meta.dataset.viewer);
}

async function ask(url, said) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const body = new URLSearchParams({ ...said, before: localStorage.getItem(KEPT) ?? "" });
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, body });
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  if (told.state === "on") localStorage.setItem(KEPT, said.endpoint);
  return told;
}

async function subscription() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** The browser's subscription with this key of ours; one with another key gives way. */
async function subscribed(key) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const there = await pushManager.getSubscription();
  if (there && text(there.options.applicationServerKey) !== key) await there.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

async function forget() {
  localStorage.removeItem(KEPT);
  await (await subscription())?.unsubscribe();
}

function spelled(there) {
  const { endpoint, keys } = there.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth, key: text(there.options.applicationServerKey) };
}

/** Safari on an iPhone or iPad has pushes only for what is on the home screen. */
function needsInstalling() {
  const handheld = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
  return handheld && !matchMedia("(display-mode: standalone)").matches;
}

function bytes(spelling) {
  return Uint8Array.from(atob(spelling.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

function text(raw) {
  return btoa(String.fromCharCode(...new Uint8Array(raw))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
