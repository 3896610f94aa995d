// The console's behaviour. Pages work without it as far as forms and links can.
import "htmx.org";
import * as app from "./app.js";
import * as asking from "./asking.js";
import * as assist from "./assist.js";
import * as branding from "./branding.js";
import * as charts from "./charts.js";
import * as claim from "./claim.js";
import * as composing from "./composing.js";
import * as copying from "./copying.js";
import * as dialogs from "./dialogs.js";
import * as dropping from "./dropping.js";
import * as editInPlace from "./edit-in-place.js";
import * as filters from "./filters.js";
import * as focusing from "./focusing.js";
import * as lists from "./lists.js";
import * as live from "./live.js";
import * as lookup from "./lookup.js";
import * as maps from "./maps.js";
import * as menus from "./menus.js";
import * as ordering from "./ordering.js";
import * as palette from "./palette.js";
import * as passwords from "./passwords.js";
import * as push from "./push.js";
import * as requests from "./requests.js";
import * as selecting from "./selecting.js";
import * as sidebar from "./sidebar.js";
import * as staying from "./staying.js";
import * as switches from "./switches.js";
import * as themes from "./themes.js";
import * as timeZone from "./time-zone.js";
import * as toasts from "./toasts.js";
import * as trying from "./trying.js";
import * as typing from "./typing.js";
import * as webauthn from "./webauthn.js";
import * as wrong from "./wrong.js";

for (const part of [focusing, themes, toasts, requests, staying, typing, asking, menus, dialogs, filters, lists, lookup, maps, charts, live, claim, composing, app, ordering, push, palette, copying, dropping, selecting, sidebar, switches, passwords, timeZone, editInPlace, webauthn, assist, branding, trying, wrong]) {
  part.start();
}
