// The code of a device, read by the camera: by the browser's own detector, or by ours where it has none (Safari, most
// desktops). Without a camera it is typed. The picture never leaves the browser.
const EVERY = 150; // ms between two looks
const WIDE = 1280; // px: enough for a small picture held at arm's length, and quick to look through

/** What finds QR pictures in a video. */
async function detectorOf(script) {
  const native = await window.BarcodeDetector?.getSupportedFormats().catch(() => []);
  const { BarcodeDetector } = native?.includes("qr_code") ? window : await import(script);
  return new BarcodeDetector({ formats: ["qr_code"] });
}

export function start() {
  const place = document.querySelector("[data-scan]");
  // Browsers give the camera to pages over HTTPS only.
  if (!place || !navigator.mediaDevices?.getUserMedia) return;
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

  async function look(detector) {
    while (stream) {
      // A video that shows nothing yet cannot be looked at.
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
    button.disabled = true;
    try {
      const detector = await detectorOf(place.dataset.script);
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: WIDE } } });
      view.hidden = false;
      video.srcObject = stream;
      await video.play();
      words.textContent = button.dataset.stop;
      say("looking");
      look(detector);
    } catch {
      stop();
      say("refused");
    } finally {
      button.disabled = false;
    }
  });
  window.addEventListener("pagehide", stop);
}
