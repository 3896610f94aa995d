// Passkeys: what the browser asks its owner.
export function start() {}
