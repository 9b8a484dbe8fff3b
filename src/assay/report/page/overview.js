// The first view: the leaderboard, and what the verdicts behind it look like.

const cellAt = new Map(board.cells.map((cell) => [[cell.line, cell.column, cell.rules, cell.metric].join(), cell]));
const metricShown = () => (board.metrics.includes(state.metric) ? state.metric : board.metrics[0]);

function overview() {
  const rules = rulesShown();
  const metric = metricShown();
  if (!metric) {
    return [el("h1", {}, "Leaderboard"), el("p", { class: "lead" }, "No run in this report is finished, so there is no score yet."), missingNotes(), closerLook(rules)];
  }
  return [
    el("div", { class: "headline" }, el("h1", {}, "Leaderboard"), el("div", { class: "controls" },
      index.rules.length > 1 && choice("Rules", index.rules.map((name) => [name, name]), rules, (name) => change({ rules: name })),
      board.metrics.length > 1 && choice("Score", board.metrics.map((name) => [name, name]), metric, (name) => change({ metric: name })),
    )),
    el("p", { class: "lead" }, `${metric} in percent under the ${rules} rules, with its 95 % interval and the number of tasks.`),
    leaderboard(rules, metric),
    missingNotes(),
    el("div", { class: "figures" }, scorePlot(rules, metric)),
    closerLook(rules),
  ];
}

function leaderboard(rules, metric) {
  const [key, direction] = (state.sort ?? "").split(":");
  const down = direction !== "up";
  const at = (line, column) => cellAt.get([line, column, rules, metric].join());
  const groupsInOrder = [...new Set(board.columns.map((column) => sets[column.set].kind))];
  const columns = board.columns
    .map((column, number) => ({ ...column, number }))
    .sort((a, b) => groupsInOrder.indexOf(sets[a.set].kind) - groupsInOrder.indexOf(sets[b.set].kind) || a.number - b.number);
  const shown = columns.filter((column) => board.lines.some((_, line) => at(line, column.number)));
  const order = board.lines.map((_, number) => number).filter((line) => shown.some((column) => at(line, column.number)));
  if (key === "model") {
    order.sort((a, b) => board.lines[a].label.localeCompare(board.lines[b].label) * (down ? -1 : 1));
  } else if (shown.some((column) => String(column.number) === key)) {
    const rate = (line) => at(line, Number(key))?.rate ?? null;
    order.sort((a, b) => {
      if (rate(a) === null || rate(b) === null) return (rate(a) === null) - (rate(b) === null);
      return (rate(a) - rate(b)) * (down ? -1 : 1);
    });
  }
  const sortBy = (name, first) => change({ sort: `${name}:${key === name ? (down ? "up" : "down") : first}` });
  const sorted = (name) => (key === name ? (down ? "descending" : "ascending") : "none");
  return el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Leaderboard, scrolls sideways" },
    el("table", { class: "board" },
      el("thead", {}, kindsOf(shown), el("tr", {},
        el("th", { scope: "col", "aria-sort": sorted("model") },
          el("button", { type: "button", on: { click: () => sortBy("model", "up") } }, "Model")),
        shown.map((column) => el("th", { scope: "col", "aria-sort": sorted(String(column.number)) },
          el("button", { type: "button", on: { click: () => sortBy(String(column.number), "down") } }, column.title),
          column.data.map((line) => el("small", {}, line)),
        )),
      )),
      el("tbody", {}, order.map((line) => el("tr", {},
        el("th", { scope: "row" }, board.lines[line].label, el("small", {}, board.lines[line].setting)),
        shown.map((column) => scoreCell(at(line, column.number))),
      ))),
    ),
  );
}

/** A row above the headings that says what columns ask for, where there is more than one kind. */
function kindsOf(columns) {
  const kindOf = (column) => sets[column.set].kind;
  if (new Set(columns.map(kindOf)).size < 2) return null;
  const spans = [];
  for (const column of columns) {
    if (spans.at(-1)?.kind === kindOf(column)) spans.at(-1).count++;
    else spans.push({ kind: kindOf(column), count: 1 });
  }
  return el("tr", { class: "kinds" }, el("td", {}), spans.map(({ kind, count }) => el("th", { scope: "colgroup", colspan: count }, kind.replaceAll("-", " ") || "other")));
}

function scoreCell(cell) {
  if (!cell) return el("td", { class: "none" }, el("span", { "aria-label": "no score" }, "–"));
  const count = `n\u00a0${cell.tasks}`;
  const range = cell.low === null ? "" : `${percent(cell.low)}–${percent(cell.high)}`;
  return el("td", {},
    el("a", { href: address({ view: "samples", run: cell.run, rules: cell.rules }) }, percent(cell.rate)),
    range && rangeMark(cell),
    el("small", {}, range && [el("span", { class: "bounds" }, range), " "], el("span", { class: "bounds" }, count)),
    cell.harness > 0 && el("small", { class: "warn" }, `${many(cell.harness, "sample")} without a verdict`),
  );
}

/** The interval and the score on a line from 0 to 100 %. */
const rangeMark = ({ rate, low, high }) =>
  svg("svg", { class: "range", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { x: 0, y: 3, width: 100, height: 2, class: "track" }),
    svg("rect", { x: 100 * low, y: 2, width: Math.max(1, 100 * (high - low)), height: 4, class: "interval" }),
    svg("rect", { x: 100 * rate - 0.75, y: 0, width: 1.5, height: 8, class: "point" }));

function missingNotes() {
  const notes = [...new Set(runs.flatMap((run) => run.missing))];
  if (!notes.length) return null;
  return el("aside", { class: "notice", "aria-label": "What is missing" },
    el("h2", {}, "Not in this report"), el("ul", {}, notes.map((note) => el("li", {}, note))));
}

function scorePlot(rules, metric) {
  const used = new Set();
  const grouped = board.columns
    .map((column, number) => ({
      title: `${column.title} ${column.data[0]}`,
      bars: board.lines.flatMap((line, place) => {
        const cell = cellAt.get([place, number, rules, metric].join());
        if (!cell) return [];
        used.add(place);
        const range = cell.low === null ? "" : ` (95 % ${percent(cell.low)} to ${percent(cell.high)})`;
        const tip = `${line.label}, ${column.title}: ${percent(cell.rate)} %${range}, ${many(cell.tasks, "task")}; ${line.setting}; ${column.data.join(", ")}`;
        return [{ value: cell.rate, low: cell.low, high: cell.high, series: place, tip }];
      }),
    }))
    .filter((group) => group.bars.length);
  if (!grouped.length) return null;
  return figure("Scores", `${metric}, percent, ${rules} rules; whiskers are 95 % intervals.`, (width) => barPlot(grouped, width),
    board.lines.flatMap((line, number) => (used.has(number) ? [[line.label, seriesClass(number)]] : [])), "h2");
}

/** The task set whose runs the lower figures show. */
const setShown = () => (sets[state.set] ? Number(state.set) : 0);

/** The runs over a task set, with the rule set to show of each. */
const runsOver = (set, wanted) => runs.flatMap((run, number) => (run.set === set ? [{ run, number, rules: rulesOf(number, wanted) }] : []));

function closerLook(rules) {
  const set = setShown();
  return [
    el("div", { class: "headline closer" }, el("h2", {}, "A closer look"),
      sets.length > 1 && dropDown("Benchmark", sets.map((one, number) => [String(number), `${one.title} ${one.data.at(-1)}`]), String(set), (value) => change({ set: value }))),
    el("div", { class: "figures" }, mapPlot(set, rules)),
    el("div", { class: "figures" }, verdictPlot(set, rules), passAtKPlot(set, rules), solvedPlot(set, rules), selectivePlots(set, rules)),
  ];
}

/** Every task of a set by how many models solve it, and who does. */
function mapPlot(set, wanted) {
  const over = runsOver(set, wanted);
  const count = sets[set].tasks.length;
  const found = over.map(({ number }) => {
    const shares = Array(count).fill(null);
    for (const [task, [passed, counted]] of tallies(number, wanted)) shares[task] = passed / counted;
    return shares;
  });
  const sum = (task) => found.reduce((total, shares) => total + (shares[task] ?? 0), 0);
  const sums = Array.from({ length: count }, (_, task) => sum(task));
  const order = sums.map((_, task) => task).sort((a, b) => sums[b] - sums[a] || a - b);
  const rows = over.map(({ run }, row) => {
    const solved = found[row].filter((share) => share > 0).length;
    return { title: run.label, note: `${solved} of ${many(count, "task")}`, shares: order.map((task) => found[row][task]) };
  });
  const open = (place, row) => {
    const { number, run } = over[row];
    change({ view: "samples", run: number, open: `${number}.${run.columns.task.indexOf(order[place])}`, sort: "", set: "" }, true);
  };
  const some = found.some((shares) => shares.some((share) => share > 0 && share < 1));
  return figure("Tasks", "Each column is a task, from those that every model solves to those that none does. A click opens it.",
    (width) => taskMap(rows, count, width, { name: (place) => sets[set].tasks[order[place]], open }),
    [["solved", "map-solved"], ...(some ? [["by some samples", "map-some"]] : []), ["not solved", "map-failed"]]);
}

const GROUP_TITLES = {
  pass: "accepted", wrong: "wrong answer", error: "error while running", limit: "over a limit",
  build: "no program or does not compile", suspect: "tampered, forbidden or flaky", harness: "harness error",
};

function verdictPlot(set, wanted) {
  const used = new Set();
  const stacks = runsOver(set, wanted).map(({ run, number, rules }) => {
    const count = many(run.columns.task.length, "sample");
    const counts = new Map();
    for (const letter of run.columns.rules[rules].verdicts) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    const shares = kinds.flatMap((kind, place) => {
      const value = counts.get(String.fromCharCode(97 + place)) ?? 0;
      if (!value) return [];
      used.add(groups[kind]);
      return [{
        value,
        className: `v-${groups[kind]}`,
        tip: `${words(kind)}: ${value} of ${count} (${run.label}, ${sets[set].title}, ${rules})`,
        choose: () => change({ view: "samples", run: number, verdict: kind, rules, sort: "", set: "", open: "" }, true),
      }];
    });
    return { title: run.label, note: count, shares };
  });
  return figure("Verdicts", "How the samples of each run ended. A part leads to its samples.", (width) => stackPlot(stacks, width),
    Object.keys(GROUP_TITLES).filter((group) => used.has(group)).map((group) => [GROUP_TITLES[group], `v-${group}`]));
}

const curvesOf = (name, set, wanted) =>
  runsOver(set, wanted).flatMap(({ run, rules }) => {
    const points = run.curves[rules][name];
    return points.length ? [{ label: run.label, series: run.line, points }] : [];
  });

const legendFor = (curves) => curves.map((curve) => [curve.label, seriesClass(curve.series)]);

function passAtKPlot(set, rules) {
  const curves = curvesOf("passAtK", set, rules);
  if (!curves.length) return null;
  const ticks = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
  const options = { label: "pass@k against k", xTitle: "k, samples that may be tried", ticks, format: String };
  return figure("pass@k", "Percent of tasks solved by at least one of k samples (unbiased estimate), with 95 % intervals.",
    (width) => linePlot(curves, width, options), legendFor(curves));
}

function solvedPlot(set, rules) {
  const least = 1e-4;
  const curves = curvesOf("solvedWithin", set, rules).map((curve) => ({
    ...curve, step: true, points: curve.points.map(([x, y]) => [Math.max(x, least), y]),
  }));
  if (!curves.length) return null;
  const ticks = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100];
  const format = (s) => duration(Math.round(s * 1e6));
  const options = { label: "Share solved against CPU time", xTitle: "CPU time of the program", ticks, format };
  return figure("Solved within", "Percent of samples accepted within that much CPU time.", (width) => linePlot(curves, width, options), legendFor(curves));
}

/** A figure for every kind of confidence that a run over the set has. */
function selectivePlots(set, wanted) {
  const found = runsOver(set, wanted).flatMap(({ run, rules }) => run.curves[rules].selective.map((curve) => ({ ...curve, label: run.label, series: run.line })));
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const options = { label: "Accuracy against share answered", xTitle: "percent of the answers that are given", ticks, format: (share) => `${Math.round(100 * share)}`, linear: true };
  return [...new Set(found.map((curve) => curve.kind))].map((kind) => {
    const curves = found.filter((curve) => curve.kind === kind);
    const surest = curves.map(({ label, wrong, surest: count, rate, interval: [low, high] }) =>
      el("li", {}, `${label}: of the ${many(count, "surest answer")} ${wrong} wrong, ${percent(rate)} % (95 % ${percent(low)} to ${percent(high)}).`));
    return figure("Selective answering", [`Percent right among the answers that are given, if the surest are given first. Sure by ${kind}.`, el("ul", { class: "surest" }, surest)],
      (width) => linePlot(curves, width, options), legendFor(curves));
  });
}
