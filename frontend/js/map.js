// A map of devices. Loaded only where a page has one (maps.js); the countries come with it, so nothing is fetched from
// elsewhere. Its points are the elements of a list on the page, so that whoever sees no map reads the same.
import L from "leaflet";
import { feature } from "topojson-client";

const ANTARCTICA = "010";
const CELL = 44;
const APART = 26;
const CLOSEST = 9;

/** Longitudes that jump from one edge of the world to the other go on beyond it: else a band is painted across. */
function unwrapped(ring) {
  let turn = 0;
  return ring.map(([longitude, latitude], at) => {
    const step = at ? longitude - ring[at - 1][0] : 0;
    if (step > 180) turn -= 360;
    if (step < -180) turn += 360;
    return [longitude + turn, latitude];
  });
}

async function lands(address) {
  const world = await (await fetch(address)).json();
  const { features } = feature(world, world.objects.countries);
  for (const land of features) {
    const { type, coordinates } = land.geometry;
    land.geometry.coordinates =
      type === "Polygon" ? coordinates.map(unwrapped) : coordinates.map((part) => part.map(unwrapped));
  }
  return features.filter((land) => land.id !== ANTARCTICA);
}

/** The middle of the points. */
const middle = (points) => L.latLngBounds(points.map((point) => point.at)).getCenter();

/** The points, those that would lie on top of each other as one. */
function gathered(map, points) {
  const close = map.getZoom() >= CLOSEST;
  const cells = new Map();
  for (const point of points) {
    const { x, y } = map.project(point.at).divideBy(CELL).floor();
    const key = close ? point.at.join() : `${x} ${y}`;
    if (!cells.has(key)) cells.set(key, { x, y, points: [] });
    cells.get(key).points.push(point);
  }
  return close ? [...cells.values()].map((cell) => cell.points) : merged(map, cells);
}

/** The cells, but those whose points lie at either side of the line between two are one. */
function merged(map, cells) {
  const groups = new Map();
  for (const [key, { x, y, points }] of cells) {
    const around = [-1, 0, 1].flatMap((right) => [-1, 0, 1].map((down) => groups.get(`${x + right} ${y + down}`)));
    const here = map.project(middle(points));
    const near = around.find((group) => group && map.project(middle(group)).distanceTo(here) < APART);
    near?.push(...points);
    groups.set(key, near ?? points);
  }
  return [...new Set(groups.values())];
}

function spot(map, points, layer) {
  const online = points.filter((point) => point.online).length;
  const [first] = points;
  const at = points.length === 1 ? first.at : middle(points);
  const radius = points.length === 1 ? 7 : Math.min(11 + Math.log2(points.length) * 1.5, 24);
  const marker = L.circleMarker(at, { radius, className: `ff-pin${online ? "" : " off"}${points.length > 1 ? " many" : ""}` });
  const words = document.createElement("span");
  words.textContent = points.length === 1 ? first.name : String(points.length);
  marker.bindTooltip(words, {
    className: points.length === 1 ? "ff-tip" : "ff-tip count",
    direction: points.length === 1 ? "top" : "center",
    offset: points.length === 1 ? [0, -6] : [0, 0],
    permanent: points.length > 1,
  });
  marker.on("click", () => {
    if (points.length === 1) first.link?.click();
    else map.fitBounds(L.latLngBounds(points.map((point) => point.at)).pad(0.3), { maxZoom: CLOSEST });
  });
  marker.addTo(layer);
}

/** The points of the list, read anew: rows come and go. */
function pointsOf(list) {
  return [...(list?.querySelectorAll("[data-at]") ?? [])].map((row) => ({
    at: row.dataset.at.split(",").map(Number),
    name: row.dataset.name,
    online: "online" in row.dataset,
    link: row.querySelector("a"),
  }));
}

export async function draw(element) {
  const map = L.map(element, {
    attributionControl: true,
    scrollWheelZoom: false,
    minZoom: 1,
    maxZoom: CLOSEST,
    worldCopyJump: true,
    keyboard: true,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  map.attributionControl.setPrefix(false).addAttribution("Natural Earth");
  const layer = L.layerGroup().addTo(map);
  const redraw = () => {
    layer.clearLayers();
    for (const points of gathered(map, pointsOf(document.querySelector(element.dataset.map)))) spot(map, points, layer);
  };
  const points = pointsOf(document.querySelector(element.dataset.map));
  if (points.length) map.fitBounds(L.latLngBounds(points.map((point) => point.at)), { padding: [40, 40], maxZoom: 6 });
  else map.setView([30, 10], 2);
  redraw();
  map.on("zoomend", redraw);
  const observer = new ResizeObserver(() => map.invalidateSize());
  observer.observe(element);
  const list = document.querySelector(element.dataset.map);
  if (list) new MutationObserver(redraw).observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-at", "data-online"] });
  try {
    const land = await lands(element.dataset.world);
    L.geoJSON(land, { className: "ff-land", interactive: false, smoothFactor: 0.5 }).addTo(map).bringToBack();
  } catch {
    // Without the countries the points still stand where they are, in relation to each other.
    element.classList.add("bare");
  }
}
