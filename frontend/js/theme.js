// Runs before the first paint, from its own file in the head: the page never flashes in the wrong theme.
// Pages of a signed-in person say what that person chose; the others go by what was chosen in this browser.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  if (root.dataset.themeChoice) return root.dataset.themeChoice;
  try {
    return localStorage.getItem("ff-theme") ?? "auto";
  } catch {
    return "auto"; // Storage is refused in some private windows; the device's choice is a good one.
  }
}

function apply() {
  const theme = chosen();
  root.dataset.bsTheme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
}

apply();
dark.addEventListener("change", apply);
addEventListener("storage", (event) => event.key === "ff-theme" && apply());
addEventListener("ff:theme", apply);
