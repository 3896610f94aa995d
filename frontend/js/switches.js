// The boxes of form[data-switches]: in a column (boxes of one name) what is switched on switches on what it needs
// (data-needs), and what is switched off switches off what needs it. What differs from what is saved is marked. The
// server says so in words, and decides.
export function start() {
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.dataset.switches === undefined || event.target.type !== "checkbox") return;
    const column = new Map(
      [...form.elements].filter((box) => box.type === "checkbox" && box.name === event.target.name).map((box) => [box.value, box]),
    );
    follow(event.target, column);
    for (const box of column.values()) box.closest("td").classList.toggle("chg", box.checked !== box.defaultChecked);
  });
}

function follow(box, column) {
  const others = box.checked
    ? needs(box).map((code) => column.get(code)).filter((other) => other && !other.checked)
    : [...column.values()].filter((other) => other.checked && needs(other).includes(box.value));
  for (const other of others) {
    other.checked = box.checked;
    follow(other, column);
  }
}

function needs(box) {
  return box.dataset.needs.split(" ").filter(Boolean);
}
