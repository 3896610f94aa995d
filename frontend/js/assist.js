// The assisted view: the countdown of its bar.
export function start() {}
