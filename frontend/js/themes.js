// Choosing a theme: [data-theme-set="auto|light|dark"] shows it at once while its form keeps it with the account;
// [data-theme-next] of signed-out pages goes to the other one and keeps it in this browser.
const root = document.documentElement;

export function start() {
  for (const button of document.querySelectorAll("[data-theme-next]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const set = event.target.closest("button[data-theme-set]");
    if (set) choose(set.dataset.themeSet);
    if (event.target.closest("[data-theme-next]")) choose(root.dataset.bsTheme === "dark" ? "light" : "dark");
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-theme-set]")) choose(event.target.dataset.themeSet);
  });
}

function choose(theme) {
  if (root.dataset.themeChoice) root.dataset.themeChoice = theme;
  try {
    if (theme === "auto") localStorage.removeItem("ff-theme");
    else localStorage.setItem("ff-theme", theme);
  } catch {
    if (!root.dataset.themeChoice) root.dataset.bsTheme = theme;
  }
  dispatchEvent(new Event("ff:theme"));
  for (const button of document.querySelectorAll("button[data-theme-set]")) {
    button.setAttribute("aria-checked", String(button.dataset.themeSet === theme));
  }
  for (const choice of document.querySelectorAll("input[data-theme-set]")) {
    choice.checked = choice.dataset.themeSet === theme;
  }
}
