// Remote assistance: clocks that run between two answers of the server, and a title and an icon that nobody mistakes for
// one's own pages. [data-countdown] holds the seconds that were left when it arrived.
const FAVICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%236d28c9'/%3E%3Ccircle cx='8' cy='8' r='3.5' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E";
const arrived = new WeakMap();

export function start() {
  const bar = document.querySelector("[data-assisting]");
  if (bar) {
    document.title = `${bar.dataset.assisting} · ${document.title}`;
    for (const link of document.querySelectorAll('link[rel="icon"]')) link.href = FAVICON;
  }
  // Also for a notice that comes into an open page later on.
  setInterval(tick, 1000);
  // A page of an assistance that comes back from the browser's memory may be over: it is asked for anew.
  window.addEventListener("pageshow", (event) => {
    if (bar && event.persisted) location.reload();
  });
}

function tick() {
  for (const clock of document.querySelectorAll("[data-countdown]")) {
    if (!arrived.has(clock)) arrived.set(clock, Date.now());
    const left = Math.max(0, Math.round(Number(clock.dataset.countdown) - (Date.now() - arrived.get(clock)) / 1000));
    const pad = (number) => String(number).padStart(2, "0");
    clock.textContent = `${pad(Math.floor(left / 60))}:${pad(left % 60)}`;
  }
}
