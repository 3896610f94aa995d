// A history as a line. Loaded only where a page has one (charts.js); the page has the same as a sentence and a table.
import uPlot from "uplot";

const token = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();

export function draw(element) {
  const data = JSON.parse(document.getElementById(element.dataset.chartId).textContent);
  const stepped = element.dataset.stepped === "true";
  const day = 86_400;
  const span = data.until - data.since;
  const words = (options) => new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: data.zone, ...options });
  const clock = words({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const date = words({ month: "short", day: "numeric" });
  const name = (value) => data.names[String(value)] ?? new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 3 }).format(value);
  // A gap of several steps is no line: nothing was reported.
  const [times, averages, least, most] = [[], [], [], []];
  const usual = median(data.points.slice(1).map((point, at) => point[0] - data.points[at][0]));
  let last = null;
  for (const [at, average, low, high] of data.points) {
    if (last !== null && !stepped && at - last > Math.max(usual * 4, span / 60)) {
      times.push(last + 1);
      averages.push(null);
      least.push(null);
      most.push(null);
    }
    times.push(at);
    averages.push(average);
    least.push(low);
    most.push(high);
    last = at;
  }
  const axis = { stroke: token(element, "--ff-text-3"), font: "11px Inter Variable", grid: { stroke: token(element, "--ff-line"), width: 1 }, ticks: { show: false } };
  const accent = token(element, "--ff-accent");
  const soft = token(element, "--ff-accent-soft");
  const size = () => ({ width: element.clientWidth, height: element.clientHeight });
  const paths = stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {};
  const plot = new uPlot(
    {
      ...size(),
      padding: [8, 6, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
      scales: { x: { time: true, range: () => [data.since, data.until] } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), data.zone),
      series: [
        {},
        { stroke: accent, width: 2, points: { show: data.points.length < 3, size: 6 }, spanGaps: false, ...paths },
        { stroke: "transparent", points: { show: false }, ...paths },
        { stroke: "transparent", points: { show: false }, ...paths },
      ],
      bands: stepped ? [] : [{ series: [3, 2], fill: soft }],
      axes: [
        { ...axis, size: 24, gap: 4, space: 72, grid: { show: false }, values: (_plot, all) => all.map((at) => (span <= 2 * day ? clock : date).format(at * 1000)) },
        { ...axis, size: stepped ? 64 : 52, values: (_plot, all) => all.map((value) => (stepped && !Number.isInteger(value) ? "" : name(value))) },
      ],
      hooks: { setCursor: [(u) => point(element, u, data, { clock, date, name, day: span > 2 * day })] },
    },
    [times, averages, least, most],
    element,
  );
  const watch = new ResizeObserver(() => (element.isConnected ? plot.setSize(size()) : end()));
  const themes = new MutationObserver(() => {
    end();
    draw(element);
  });
  function end() {
    watch.disconnect();
    themes.disconnect();
    plot.destroy();
    element.querySelector(".ff-chart-tip")?.remove();
  }
  watch.observe(element);
  themes.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 60;
}

/** What the line is at the finger or the mouse. */
function point(element, plot, data, words) {
  let tip = element.querySelector(".ff-chart-tip");
  const at = plot.cursor.idx;
  const value = at === null || at === undefined ? null : plot.data[1][at];
  if (value === null || value === undefined || plot.cursor.left < 0) {
    if (tip) tip.hidden = true;
    return;
  }
  if (!tip) {
    tip = Object.assign(document.createElement("div"), { className: "ff-chart-tip" });
    tip.setAttribute("aria-hidden", "true");
    element.append(tip);
  }
  tip.hidden = false;
  const seconds = plot.data[0][at];
  const time = words.day ? `${words.date.format(seconds * 1000)} ${words.clock.format(seconds * 1000)}` : words.clock.format(seconds * 1000);
  tip.textContent = `${words.name(Number(value.toFixed(2)))} ${data.units} · ${time}`;
  const left = Math.min(plot.cursor.left + plot.over.offsetLeft, element.clientWidth - tip.offsetWidth - 4);
  tip.style.transform = `translateX(${Math.max(0, left)}px)`;
}
