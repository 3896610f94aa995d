// Choosing a theme: [data-theme-set="light|dark|system"] sets it, [data-theme-next] goes to the other one.
export function start() {
  show();
  for (const button of document.querySelectorAll("[data-theme-next]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const set = event.target.closest("[data-theme-set]");
    if (set) choose(set.dataset.themeSet);
    if (event.target.closest("[data-theme-next]")) {
      choose(document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark");
    }
  });
}

function choose(theme) {
  try {
    if (theme === "system") localStorage.removeItem("ff-theme");
    else localStorage.setItem("ff-theme", theme);
  } catch {
    document.documentElement.dataset.bsTheme = theme === "system" ? "light" : theme;
    return;
  }
  dispatchEvent(new Event("ff:theme"));
  show();
}

function show() {
  const theme = document.documentElement.dataset.themeChoice ?? "system";
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-checked", String(button.dataset.themeSet === theme));
  }
}
