// Passkeys: the browser asks its owner for a finger, a face or a PIN, and the form carries the answer.
// Where a browser knows none, what offers one stays hidden, and there is the password.
export function start() {
  if (!window.PublicKeyCredential) return;
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.target));
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form[data-passkey]");
    const field = form?.elements.namedItem("credential");
    if (!field || field.value) return;
    event.preventDefault();
    fill(form, field, form.dataset.passkey === "create" ? create : get);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-passkey-ask]");
    if (button) fill(button.closest("form"), button.form.elements.namedItem("own_passkey"), get, button.dataset.passkeyAsk);
  });
}

function ready(root) {
  for (const part of root.querySelectorAll("[data-passkey], [data-passkey-proof]")) part.hidden = false;
}

async function fill(form, field, ceremony, url = form.dataset.options) {
  const place = form.querySelector("[data-passkey-error]");
  if (place) place.hidden = true;
  try {
    const options = await optionsFrom(url);
    field.value = JSON.stringify(await ceremony(options.publicKey));
  } catch (error) {
    if (place) {
      place.hidden = false;
      place.textContent = error.name === "InvalidStateError" ? place.dataset.there : place.dataset.failed;
    }
    return;
  }
  form.requestSubmit();
}

async function optionsFrom(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function create(options) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  const { response } = credential;
  return {
    ...common(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

async function get(options) {
  const credential = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) },
  });
  const { response } = credential;
  return {
    ...common(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

function common(credential) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function known(credentials) {
  return credentials?.map((credential) => ({ ...credential, id: bytes(credential.id) }));
}

function bytes(encoded) {
  return Uint8Array.from(atob(encoded.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
