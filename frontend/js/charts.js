// Charts are drawn where a page, or what htmx brought, has one: the code for them is fetched only then.

const drawn = new WeakSet();

function stylesheet(address) {
  if (document.querySelector(`link[href="${CSS.escape(address)}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}

async function look() {
  for (const element of document.querySelectorAll("[data-chart]")) {
    if (drawn.has(element)) continue;
    drawn.add(element);
    stylesheet(element.dataset.style);
    const { draw } = await import(element.dataset.script);
    await draw(element);
  }
}

export function start() {
  document.addEventListener("htmx:afterSettle", look);
  look();
}
