// Sentences for people come translated with the page, in <template id="sentences">.
export function sentence(key, values = {}) {
  const template = document.getElementById("sentences");
  const text = template?.content.querySelector(`[data-key="${key}"]`)?.textContent ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Folded as the server's search folds: case and accents do not count.
export function folded(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("ł", "l");
}
