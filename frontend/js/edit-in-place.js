// A row that becomes a form where it stands.
export function start() {}
