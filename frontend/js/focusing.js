// The field that a page is opened for has the focus when the page is there, not a frame later: letters typed in between
// would be lost. The browser's own autofocus waits for a first frame, which a busy machine draws late.
export function start() {
  if (document.activeElement !== document.body || document.querySelector(":target")) return;
  [...document.querySelectorAll("[autofocus]")].find((field) => field.checkVisibility())?.focus();
}
