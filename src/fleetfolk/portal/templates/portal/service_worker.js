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
