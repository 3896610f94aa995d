// Below 1100 px the sidebar lies over the page: [data-side] opens it, [data-side-close], Esc or a click beside closes it.
export function start() {
  const side = document.getElementById("side");
  const button = document.querySelector("[data-side]");
  if (!side || !button) return;
  const page = document.querySelector("[data-page]");
  const wide = matchMedia("(min-width: 1101px)");
  const set = (open) => {
    side.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    page.inert = open;
  };
  const close = () => {
    if (!side.classList.contains("open")) return;
    set(false);
    button.focus();
  };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    set(true);
    side.querySelector("[data-side-close]").focus();
  });
  document.addEventListener("click", (event) => {
    const closing = event.target.closest("[data-side-close]");
    if (closing) event.preventDefault();
    if (closing || event.target === side.parentElement || event.target === document.body) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog:modal, .dropdown-menu:popover-open")) close();
  });
  wide.addEventListener("change", () => set(false));
}
