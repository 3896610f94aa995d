// Builds the console's style sheet, script, fonts and icon sprite into the package's static folder.
// `node frontend/build.mjs` builds once, `--watch` goes on whenever a source changes.
// A server may be reading that folder: only a whole build gets there, file by file, and no file is ever missing or half.

import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { watch as watchFile } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, "frontend");
const packages = join(root, "node_modules");
const output = join(root, "src/fleetfolk/console/static/console");
const watching = process.argv.includes("--watch");

// What ends up in the output; their licences ask to be passed on with it.
const shipped = [
  "@tabler/core",
  "@tabler/icons",
  "@fontsource-variable/inter",
  "htmx.org",
  "leaflet",
  "qr",
  "uplot",
  "topojson-client",
  "world-atlas",
];

// Name below the output folder -> its bytes.
const built = new Map();

/** One sprite of the icons named in icons.txt: an outline icon by its name, a filled one as `name-filled`. */
async function buildIcons() {
  const lines = (await readFile(join(sources, "icons.txt"), "utf8")).split("\n");
  const names = [...new Set(lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean))].sort();
  const symbols = [];
  for (const name of names) {
    const filled = name.endsWith("-filled");
    const file = `${filled ? `filled/${name.slice(0, -"-filled".length)}` : `outline/${name}`}.svg`;
    let svg;
    try {
      svg = await readFile(join(packages, "@tabler/icons/icons", file), "utf8");
    } catch (error) {
      throw new Error(`frontend/icons.txt names "${name}", which is no Tabler icon.`, { cause: error });
    }
    const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "").replace(/\s+/g, " ").trim();
    const paint = filled
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" ${paint}>${shapes}</symbol>`);
  }
  built.set("icons.svg", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`));
}

/** Of Tabler, a twelfth: the rules whose names occur in our templates, tags or scripts. */
const tablerPart = {
  name: "tabler-part",
  setup(build) {
    build.onLoad({ filter: /tabler\.min\.css$/ }, async ({ path }) => {
      const [{ css }] = await new PurgeCSS().purge({
        css: [path],
        content: ["src/**/templates/**/*.html", "src/**/templatetags/*.py", "frontend/js/*.js"].map((glob) =>
          join(root, glob),
        ),
        keyframes: true,
        variables: true,
      });
      return { contents: css, loader: "css" };
    });
  },
};

async function gatherLicences() {
  const texts = [];
  for (const name of shipped) {
    const about = JSON.parse(await readFile(join(packages, name, "package.json"), "utf8"));
    let text = `Licence: ${about.license}`;
    for (const file of ["LICENSE", "LICENSE.md", "LICENSE.txt"]) {
      text = await readFile(join(packages, name, file), "utf8").catch(() => text);
    }
    texts.push(`${name} ${about.version}\n\n${text.trim()}\n`);
  }
  built.set("licences.txt", Buffer.from(texts.join(`\n${"-".repeat(80)}\n\n`)));
}

/** Style sheets, scripts and fonts of a build without errors are among what is built. */
const gather = {
  name: "gather",
  setup(build) {
    build.onEnd(async ({ errors, outputFiles }) => {
      if (errors.length) return;
      for (const { path, contents } of outputFiles) built.set(relative(output, path), Buffer.from(contents));
      if (placed) await place();
    });
  },
};

let placed = false;

/** The output folder holds what is built and nothing else; a file that is as it was keeps its time. */
async function place() {
  await mkdir(output, { recursive: true });
  const workshop = await mkdtemp(join(dirname(dirname(output)), ".front-end-"));
  try {
    // What style sheet and pages refer to is there before them.
    for (const name of [...built.keys()].sort((one, other) => other.includes("/") - one.includes("/"))) {
      const file = join(output, name);
      const before = await readFile(file).catch(() => null);
      if (before?.equals(built.get(name))) continue;
      await mkdir(dirname(file), { recursive: true });
      await writeFile(join(workshop, "file"), built.get(name));
      await rename(join(workshop, "file"), file);
    }
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  for (const entry of await readdir(output, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !built.has(relative(output, file))) await rm(file);
  }
  placed = true;
}

/** The countries that map.js draws. Street level would need somebody else's server, which a console must not ask. */
async function copyWorld() {
  built.set("world.json", await readFile(join(packages, "world-atlas/countries-50m.json")));
}

// Fetched by maps.js where a page has a map, as a module.
const mapContext = await esbuild.context({
  absWorkingDir: root,
  entryPoints: [
    { in: join(sources, "js/map.js"), out: "map" },
    { in: join(sources, "css/map.css"), out: "map" },
    // And by charts.js where a page has a chart.
    { in: join(sources, "js/chart.js"), out: "chart" },
    { in: join(sources, "css/chart.css"), out: "chart" },
    // And by claim.js where somebody scans with a browser that knows no QR pictures.
    { in: join(sources, "js/scan.js"), out: "scan" },
  ],
  outdir: output,
  write: false,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  plugins: [gather],
  loader: { ".png": "dataurl" },
  legalComments: "eof",
  logLevel: "warning",
});

const context = await esbuild.context({
  absWorkingDir: root,
  entryPoints: [
    { in: join(sources, "css/index.css"), out: "fleetfolk" },
    { in: join(sources, "js/index.js"), out: "fleetfolk" },
    // Loaded in the head, before the first paint.
    { in: join(sources, "js/theme.js"), out: "theme" },
  ],
  outdir: output,
  write: false,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  plugins: [tablerPart, gather],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  legalComments: "eof",
  logLevel: "warning",
});

try {
  await context.rebuild();
  await mapContext.rebuild();
  await buildIcons();
  await copyWorld();
  await gatherLicences();
  built.set("favicon.svg", await readFile(join(sources, "favicon.svg")));
  await place();
} catch (error) {
  if (!error.errors) console.error(error.message);
  await Promise.all([context.dispose(), mapContext.dispose()]);
  process.exit(1);
}

if (watching) {
  await context.watch();
  await mapContext.watch();
  watchFile(join(sources, "icons.txt"), () =>
    buildIcons()
      .then(place)
      .catch((error) => console.error(error.message)),
  );
  console.log("Watching the front end. Ctrl-C stops.");
} else {
  await Promise.all([context.dispose(), mapContext.dispose()]);
}
