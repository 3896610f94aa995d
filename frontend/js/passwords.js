// A new password can be looked at, and how hard it is to guess shows. The estimate is a hint; the server's rules decide.
const LENGTHS = [8, 11, 14, 18]; // from here on: weak, fair, good, strong

export function start() {
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.target));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-password-show]");
    if (button) show(button, button.getAttribute("aria-pressed") !== "true");
  });
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("[data-password]");
    if (field && event.target.matches("input")) rate(field, event.target.value);
  });
  // A password that is shown is hidden again before it is sent, so that browsers do not keep it as a plain text.
  document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll("[data-password-show]")) show(button, false);
  });
}

function ready(root) {
  for (const button of root.querySelectorAll("[data-password-show]")) button.hidden = false;
}

function show(button, shown) {
  button.setAttribute("aria-pressed", String(shown));
  button.parentElement.querySelector("input").type = shown ? "text" : "password";
}

function rate(field, password) {
  const place = field.querySelector("[data-password-strength]");
  const strength = strengthOf(password);
  const words = place.querySelector("[data-words]");
  place.hidden = password === "";
  place.querySelector("progress").value = strength;
  const word = words.dataset.words.split("|")[strength];
  if (words.textContent !== word) words.textContent = word;
}

// Length counts most; a sign that repeats or follows the one before it (aaa, 123, cba) adds next to nothing.
function strengthOf(password) {
  if (password.length < LENGTHS[0]) return 0;
  const signs = [...password];
  let length = 0;
  for (const [at, sign] of signs.entries()) {
    const step = at ? sign.codePointAt(0) - signs[at - 1].codePointAt(0) : 9;
    length += Math.abs(step) <= 1 ? 0.25 : 1;
  }
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length;
  const worth = Math.min(length, new Set(signs).size * 1.5) + (kinds - 1);
  return LENGTHS.filter((enough) => worth >= enough).length || (worth > 4 ? 1 : 0);
}
