// The reference of the programs' interface: a request is sent as a program would send it, with the key that was typed.

/** The address with what was filled in; an empty field is left out. */
function addressOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-in=path], [data-in=query]")) {
    const value = field.value.trim();
    if (field.dataset.in === "path") {
      path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    } else if (value) {
      const values = "many" in field.dataset ? value.split(",") : [value];
      for (const one of values) query.append(field.name, one.trim());
    }
  }
  return query.size ? `${path}?${query}` : path;
}

function headersOf(form) {
  const headers = { Accept: "application/json" };
  const key = document.getElementById("try-key").value.trim();
  if (key) headers.Authorization = `Bearer ${key}`;
  for (const field of form.querySelectorAll("[data-in=header]")) {
    if (field.value.trim()) headers[field.name] = field.value.trim();
  }
  return headers;
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(form) {
  const body = form.querySelector("[data-in=body]");
  const headers = headersOf(form);
  if (body) headers["Content-Type"] = "application/json";
  const status = form.querySelector("[data-status]");
  const answer = form.querySelector("[data-answer]");
  status.value = "…";
  try {
    const response = await fetch(addressOf(form), {
      method: form.dataset.method,
      headers,
      body: body ? body.value : undefined,
      credentials: "omit",
    });
    answer.textContent = readable(await response.text());
    status.value = `${response.status} ${response.statusText}`;
  } catch (error) {
    status.value = String(error);
  }
}

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-try]");
    if (!form) return;
    event.preventDefault();
    send(form);
  });
}
