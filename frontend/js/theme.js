// Runs before the first paint, from its own file in the head: the page never flashes in the wrong theme.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try {
    return localStorage.getItem("ff-theme") ?? "system";
  } catch {
    return "system"; // Storage is refused in some private windows; the system's choice is a good one.
  }
}

function apply() {
  const theme = chosen();
  root.dataset.themeChoice = theme;
  root.dataset.bsTheme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
}

apply();
dark.addEventListener("change", apply);
addEventListener("storage", (event) => event.key === "ff-theme" && apply());
addEventListener("ff:theme", apply);
