// The second view: every sample in a list that is filtered and sorted, and one of them opened beside it.

const COLUMNS = [
  { key: "verdict", title: "Verdict", className: "c-verdict", width: "136px" },
  { key: "task", title: "Task", className: "c-task", width: "minmax(96px, 1fr)" },
  { key: "model", title: "Model", className: "c-model", width: "minmax(90px, 1fr)", from: board.lines.length > 1 ? 700 : Infinity },
  { key: "benchmark", title: "Benchmark", className: "c-model", width: "minmax(90px, 1fr)", from: sets.length > 1 ? 840 : Infinity },
  { key: "detail", title: "First failure", className: "c-detail", width: "minmax(110px, 2.2fr)" },
  { key: "cpu", title: "CPU", className: "c-number", width: "70px" },
  { key: "wall", title: "Wall", className: "c-number", width: "70px", from: 980 },
  { key: "peak", title: "Memory", className: "c-number", width: "80px", from: 980 },
];
const samplesView = { list: null, node: null, key: "" };

/** Numbers of the samples that pass the filters, in order. */
function chosenSamples() {
  const { model = "", benchmark = "", language = "", verdict = "", run = "", search = "" } = state;
  const wanted = rulesShown();
  const needle = search.toLowerCase();
  const found = [];
  for (let number = 0; number < samples.total; number++) {
    const which = samples.run[number];
    const row = samples.row[number];
    const one = runs[which];
    if (run !== "" && String(which) !== run) continue;
    if (model !== "" && String(one.line) !== model) continue;
    if (benchmark !== "" && String(one.set) !== benchmark) continue;
    const task = one.columns.task[row];
    if (language !== "" && languageOf(one.set, task) !== language) continue;
    if (verdict !== "" && !verdictMatches(which, row, verdict, wanted)) continue;
    if (needle) {
      const rules = rulesOf(which, wanted);
      const text = `${sets[one.set].tasks[task]}\n${strings[columnsOf(which, rules).detail[row]]}`.toLowerCase();
      if (!text.includes(needle)) continue;
    }
    found.push(number);
  }
  return sortSamples(found, wanted);
}

function verdictMatches(run, row, verdict, wanted) {
  const kind = kindOf(run, row, rulesOf(run, wanted));
  if (verdict === "failed") return kind !== "accepted";
  if (verdict === "disagree") {
    return new Set(runs[run].rules.map((rules) => kindOf(run, row, rules) === "accepted")).size > 1;
  }
  return kind === verdict;
}

function sortSamples(found, wanted) {
  const [key, direction] = (state.sort ?? "").split(":");
  const column = COLUMNS.find((one) => one.key === key);
  if (!column) return found;
  const number = (field) => (n) => columnsOf(samples.run[n], rulesOf(samples.run[n], wanted))[field][samples.row[n]];
  const values = {
    verdict: (n) => kinds.indexOf(kindOf(samples.run[n], samples.row[n], rulesOf(samples.run[n], wanted))),
    task: (n) => runs[samples.run[n]].set * 1e6 + runs[samples.run[n]].columns.task[samples.row[n]],
    model: (n) => runs[samples.run[n]].line,
    benchmark: (n) => runs[samples.run[n]].set,
    detail: (n) => strings[number("detail")(n)],
    cpu: number("cpu"),
    wall: number("wall"),
    peak: number("peak"),
  };
  const sign = direction === "down" ? -1 : 1;
  const keyed = found.map((n) => [values[key](n), n]);
  keyed.sort(([a, m], [b, n]) => (a < b ? -sign : a > b ? sign : m - n));
  return keyed.map(([, n]) => n);
}

function sampleCells(number) {
  const run = samples.run[number];
  const row = samples.row[number];
  const rules = rulesOf(run, rulesShown());
  const columns = columnsOf(run, rules);
  const one = runs[run];
  const many = one.columns.task.length > sets[one.set].tasks.length;
  const who = [board.lines.length > 1 && one.label, sets.length > 1 && sets[one.set].title].filter(Boolean).join(" · ");
  return [
    badge(kindOf(run, row, rules)),
    [el("span", { class: "name" }, taskOf(run, row)), many && el("span", { class: "dim" }, ` #${one.columns.sample[row]}`)],
    one.label,
    sets[one.set].title,
    [who && el("span", { class: "who" }, who), el("code", {}, strings[columns.detail[row]].replaceAll("\n", " "))],
    duration(columns.cpu[row]),
    duration(columns.wall[row]),
    memory(columns.peak[row]),
  ];
}

function filters(count) {
  const once = (values) => [...new Map(values.map((pair) => [pair[0], pair]))].map(([, pair]) => pair);
  const languages = once(sets.flatMap((set) => Object.entries(set.languageTitles))).filter(([name]) => name);
  const present = new Set(runs.flatMap((run, number) => [...run.columns.rules[rulesOf(number, rulesShown())].verdicts]));
  const verdicts = kinds.filter((_, place) => present.has(String.fromCharCode(97 + place)));
  const set = (name) => (value) => change({ [name]: value, open: "" });
  const search = el("input", { type: "search", id: "search", placeholder: "Task or failure", value: state.search ?? "", "aria-label": "Search in task names and failures" });
  let wait = 0;
  search.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => change({ search: search.value, open: "" }), 150);
  });
  const label = (line) => (board.lines.filter((one) => one.label === board.lines[line].label).length > 1 ? `${board.lines[line].label} (${board.lines[line].setting})` : board.lines[line].label);
  return el("form", { class: "filters", role: "search", on: { submit: (event) => event.preventDefault() } },
    dropDown("Model", [["", "all"], ...board.lines.map((_, line) => [String(line), label(line)])], state.model ?? "", set("model")),
    dropDown("Benchmark", [["", "all"], ...sets.map((one, number) => [String(number), one.title])], state.benchmark ?? "", set("benchmark")),
    languages.length > 1 && dropDown("Language", [["", "all"], ...languages], state.language ?? "", set("language")),
    dropDown("Verdict", [["", "all"], ["failed", "not accepted"], ...(index.rules.length > 1 ? [["disagree", "rules disagree"]] : []), ...verdicts.map((kind) => [kind, words(kind)])], state.verdict ?? "", set("verdict")),
    index.rules.length > 1 && dropDown("Rules", index.rules.map((name) => [name, name]), rulesShown(), (name) => change({ rules: name })),
    el("label", { class: "field grow" }, el("span", {}, "Search"), search),
    el("output", { class: "count", "aria-live": "polite" }, count),
    (state.run || state.model || state.benchmark || state.language || state.verdict || state.search) && el("button", {
      type: "button", class: "quiet", on: { click: () => change({ run: "", model: "", benchmark: "", language: "", verdict: "", search: "", open: "" }) },
    }, "Clear"),
  );
}

function samplesPage() {
  const { open, view, ...rest } = state;
  const key = JSON.stringify(rest);
  if (samplesView.key !== key || !samplesView.node?.isConnected) {
    const typing = document.activeElement?.id === "search";
    const found = chosenSamples();
    const of = found.length === samples.total ? many(samples.total, "sample") : `${found.length.toLocaleString("en")} of ${many(samples.total, "sample")}`;
    const [sortKey, direction] = (state.sort ?? "task:up").split(":");
    const openNumber = open ? numberOf(open) : -1;
    samplesView.key = key;
    samplesView.list = virtualList({
      label: "Samples", columns: COLUMNS, rows: found, cells: sampleCells, active: found.indexOf(openNumber),
      sort: { key: sortKey, down: direction === "down" },
      onSort: (name) => change({ sort: `${name}:${sortKey === name && direction !== "down" ? "down" : "up"}` }),
      open: (number) => change({ open: `${samples.run[number]}.${samples.row[number]}` }, !state.open),
    });
    samplesView.detail = el("aside", { class: "detail", "aria-label": "Sample" });
    samplesView.node = el("div", { class: "split" }, el("h1", { class: "unseen-heading" }, "Samples"),
      el("div", { class: "left" }, filters(of), found.length ? samplesView.list.node : el("p", { class: "empty" }, "No sample passes these filters.")),
      samplesView.detail);
    afterDrawing(() => {
      if (typing) {
        const search = document.getElementById("search");
        search.focus();
        search.setSelectionRange(search.value.length, search.value.length);
      }
      if (found.includes(openNumber)) samplesView.list.select(found.indexOf(openNumber));
    });
  }
  samplesView.node.classList.toggle("opened", Boolean(open));
  showDetail(open);
  return samplesView.node;
}

const numberOf = (open) => {
  const [run, row] = open.split(".").map(Number);
  return runs[run] && row < runs[run].columns.task.length ? samples.first[run] + row : -1;
};

async function showDetail(open) {
  const box = samplesView.detail;
  const number = open ? numberOf(open) : -1;
  if (number < 0) {
    box.replaceChildren(el("p", { class: "empty" }, "Choose a sample to see its prompt, program and verdict."));
    return;
  }
  const run = samples.run[number];
  const row = samples.row[number];
  const one = runs[run];
  const task = one.columns.task[row];
  const language = sets[one.set].languageTitles[languageOf(one.set, task)];
  const step = (by) => stepSample(by);
  const head = el("header", {},
    el("div", { class: "bar-above" },
      el("button", { type: "button", class: "quiet back", on: { click: closeSample } }, "Back"),
      el("h2", { tabindex: "-1" }, taskOf(run, row)),
      el("div", { class: "steps" },
        el("button", { type: "button", class: "quiet", "aria-label": "Previous sample", on: { click: () => step(-1) } }, "‹"),
        el("button", { type: "button", class: "quiet", "aria-label": "Next sample", on: { click: () => step(1) } }, "›"),
        el("button", { type: "button", class: "quiet close", "aria-label": "Close the sample", on: { click: closeSample } }, "×"))),
    el("p", { class: "dim" }, [one.label, sets[one.set].title, language, `sample ${one.columns.sample[row]}`].filter(Boolean).join(" · ")),
    el("p", { class: "dim small" }, `${board.lines[one.line].setting}; data ${sets[one.set].data.join(", ")}`),
    siblings(run, row, (otherRun, otherRow) => change({ open: `${otherRun}.${otherRow}` })),
  );
  const body = await sampleBody(run, row);
  if (state.open !== open) return; // another one was chosen while this was unpacked
  box.replaceChildren(head, body);
  box.scrollTop = 0;
}

function stepSample(by) {
  const { list } = samplesView;
  if (!list?.rows.length) return;
  const next = Math.max(0, Math.min(list.rows.length - 1, list.place() + by));
  list.select(next);
  const number = list.rows[next];
  change({ open: `${samples.run[number]}.${samples.row[number]}` }, !state.open);
}

function closeSample() {
  change({ open: "" });
  samplesView.list?.focus();
}
