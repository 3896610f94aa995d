// Rows of table[data-ordered] are dragged to another place: the row that is dropped on comes behind. Buttons in each row
// do the same without a mouse.
import htmx from "htmx.org";

let dragged = null;

export function start() {
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("tr[data-move]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.key);
    dragged.classList.add("ff-dragged");
  });
  document.addEventListener("dragover", (event) => {
    const row = under(event);
    for (const other of document.querySelectorAll(".ff-dropped-on")) other.classList.toggle("ff-dropped-on", other === row);
    if (!row) return;
    event.preventDefault();
    row.classList.add("ff-dropped-on");
  });
  document.addEventListener("drop", (event) => {
    const row = under(event);
    if (!row) return;
    event.preventDefault();
    htmx.ajax("POST", dragged.dataset.move, { source: dragged, swap: "none", values: { to: row.dataset.key } });
  });
  document.addEventListener("dragend", () => {
    for (const row of document.querySelectorAll(".ff-dragged, .ff-dropped-on")) row.classList.remove("ff-dragged", "ff-dropped-on");
    dragged = null;
  });
}

function under(event) {
  const row = event.target.closest?.("table[data-ordered] tr[data-key]");
  return dragged && row && row !== dragged && row.closest("table") === dragged.closest("table") ? row : null;
}
