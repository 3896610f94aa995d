// The code of a device, read by the camera where the browser can: else it is typed. The picture never leaves the browser.
const EVERY = 200; // ms between two looks

export async function start() {
  const place = document.querySelector("[data-scan]");
  if (!place || !("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return;
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  const button = place.querySelector("[data-scan-start]");
  const words = button.querySelector("span");
  const scan = words.textContent;
  const view = place.querySelector("[data-scan-view]");
  const video = view.querySelector("video");
  const said = place.querySelector("[data-scan-said]");
  let stream = null;
  place.hidden = false;

  function say(key) {
    said.hidden = false;
    said.textContent = said.dataset[key];
  }

  function stop() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
    view.hidden = true;
    words.textContent = scan;
  }

  async function look() {
    while (stream) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found?.rawValue && stream) {
        stop();
        say("found");
        const form = place.closest("form");
        form.elements.code.value = found.rawValue;
        form.requestSubmit();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  button.addEventListener("click", async () => {
    if (stream) {
      stop();
      said.hidden = true;
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      say("refused");
      return;
    }
    view.hidden = false;
    video.srcObject = stream;
    await video.play().catch(() => {});
    words.textContent = button.dataset.stop;
    say("looking");
    look();
  });
  window.addEventListener("pagehide", stop);
}
