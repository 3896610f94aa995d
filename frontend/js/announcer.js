// Says something to screen readers, inside the open dialog if there is one: the rest of the page is silent then.
let waiting;

export function announce(text, { after = 0 } = {}) {
  clearTimeout(waiting);
  if (!text) return;
  waiting = setTimeout(() => {
    const region = place();
    region.textContent = "";
    // A new text in the same frame as the old one is read once or not at all.
    requestAnimationFrame(() => requestAnimationFrame(() => (region.textContent = text)));
  }, after);
}

function place() {
  const dialog = [...document.querySelectorAll("dialog:modal")].at(-1);
  if (!dialog) return document.getElementById("announcer");
  let region = dialog.querySelector(":scope > [role=status].sr");
  if (!region) {
    region = Object.assign(document.createElement("p"), { className: "sr" });
    region.setAttribute("role", "status");
    dialog.append(region);
  }
  return region;
}
