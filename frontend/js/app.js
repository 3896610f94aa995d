// The portal as an app: its service worker, where the browser has them and the page names one.
export function start() {
  const address = document.querySelector('meta[name="service-worker"]')?.content;
  if (!address || !("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => navigator.serviceWorker.register(address, { scope: "/" }).catch(() => {}));
}
