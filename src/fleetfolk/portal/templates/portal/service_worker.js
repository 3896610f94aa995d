{% load static %}// The network first, always. Kept are files that are the same for everybody, and the page that says there is no
// network. No page of anybody is kept: on a shared telephone, the next person would read it.
const KEPT = "{% static 'console/fleetfolk.css' %} {% static 'console/fleetfolk.js' %}";
const OFFLINE = "{% url 'portal:offline' %}";
const FILES = [OFFLINE, ...KEPT.split(" "), "{% static 'console/theme.js' %}", "{% static 'console/icons.svg' %}", "{% static 'console/favicon.svg' %}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (FILES.includes(pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(pathname)));
  }
});

// A push was decrypted by the browser. It is shown, whatever it holds: a browser takes the right away from who shows none.
self.addEventListener("push", (event) => {
  event.waitUntil(show(said(event.data)));
});

function said(data) {
  try {
    return data.json();
  } catch {
    return {};
  }
}

function show({ id, title, text, url }) {
  return self.registration.showNotification(title || new URL(self.registration.scope).host, {
    body: text,
    tag: `message-${id}`,
    icon: "{% static 'portal/icon-192.png' %}",
    data: { url: url || "/" },
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data.url, self.location.origin)));
});

async function open(address) {
  if (address.origin !== self.location.origin) return;
  const windows = await clients.matchAll({ type: "window" });
  const shown = windows.find((one) => one.url === address.href);
  await (shown ? shown.focus() : clients.openWindow(address.href));
}

// The browser's maker gave it another address: the next page tells us.
self.addEventListener("pushsubscriptionchange", (event) => {
  const options = event.oldSubscription?.options;
  if (options && !event.newSubscription) event.waitUntil(self.registration.pushManager.subscribe(options));
});
