// The third view: two models side by side, and the tasks that one solves more often than the other.

/** The runs of a line by task set. */
const runsOf = (line) => new Map(runs.map((run, number) => [run.set, number]).filter(([, number]) => runs[number].line === line));

function differences() {
  if (board.lines.length < 2) {
    return [el("h1", {}, "Differences"), el("p", { class: "empty" }, "This needs the runs of two models over the same benchmark: assay report RUN_A RUN_B --html FILE")];
  }
  const pairs = [];
  board.lines.forEach((_, a) => board.lines.forEach((__, b) => a !== b && [...runsOf(a).keys()].some((set) => runsOf(b).has(set)) && pairs.push([a, b])));
  if (!pairs.length) {
    return [el("h1", {}, "Differences"), el("p", { class: "empty" }, "No two models in this report were asked the same benchmark.")];
  }
  const a = pairs.some(([one]) => String(one) === state.a) ? Number(state.a) : pairs[0][0];
  const others = pairs.filter(([one]) => one === a).map(([, two]) => two);
  const b = others.includes(Number(state.b)) && state.b !== undefined ? Number(state.b) : others[0];
  const shared = [...runsOf(a).keys()].filter((set) => runsOf(b).has(set));
  const set = shared.includes(Number(state.set)) && state.set !== undefined ? Number(state.set) : shared[0];
  return differencesOf(a, b, set, { shared, others, pairs });
}

function differencesOf(a, b, set, { shared, others, pairs }) {
  const wanted = rulesShown();
  const [runA, runB] = [runsOf(a).get(set), runsOf(b).get(set)];
  const [ofA, ofB] = [tallies(runA, wanted), tallies(runB, wanted)];
  const both = [...ofA.keys()].filter((task) => ofB.has(task));
  const rate = ([passed, tried]) => passed / tried;
  const better = { a: [], b: [], both: 0, neither: 0, between: 0 };
  for (const task of both) {
    const [x, y] = [rate(ofA.get(task)), rate(ofB.get(task))];
    if (x > y) better.a.push(task);
    else if (y > x) better.b.push(task);
    else if (x === 1) better.both++;
    else if (x === 0) better.neither++;
    else better.between++;
  }
  const many1 = both.some((task) => ofA.get(task)[1] > 1 || ofB.get(task)[1] > 1);
  const name = (line) => board.lines[line].label;
  const option = (line) => [String(line), board.lines.filter((one) => one.label === name(line)).length > 1 ? `${name(line)} (${board.lines[line].setting})` : name(line)];
  const side = state.side === "a" || state.side === "b" ? state.side : "";
  const rows = [...(side === "b" ? [] : better.a), ...(side === "a" ? [] : better.b)].sort((x, y) => x - y);
  const tile = (value, text, which) => {
    const inside = [el("strong", {}, value.toLocaleString("en")), el("span", {}, text)];
    if (which === undefined) return el("div", { class: "tile" }, inside);
    return el("button", { type: "button", class: "tile", "aria-pressed": String(side === which), on: { click: () => change({ side: side === which ? "" : which, task: "" }) } }, inside);
  };
  const more = many1 ? "solved more often by" : "solved only by";
  const share = ([passed, tried]) => (tried === 1 ? (passed ? "passes" : "fails") : `${passed} of ${tried}`);
  const chosen = rows.includes(Number(state.task)) && state.task ? Number(state.task) : -1;
  const list = virtualList({
    label: "Tasks that differ",
    columns: [
      { key: "task", title: "Task", className: "c-task", width: "minmax(0, 1.7fr)" },
      { key: "a", title: `A ${name(a)}`, className: "c-side", width: "minmax(0, 1fr)" },
      { key: "b", title: `B ${name(b)}`, className: "c-side", width: "minmax(0, 1fr)" },
    ],
    rows, active: rows.indexOf(chosen),
    cells: (task) => [
      el("span", { class: "name" }, sets[set].tasks[task]),
      el("span", { class: better.a.includes(task) ? "win" : "lose" }, share(ofA.get(task))),
      el("span", { class: better.b.includes(task) ? "win" : "lose" }, share(ofB.get(task))),
    ],
    open: (task) => change({ task }, !state.task),
  });
  const detail = el("div", { class: "pair" }, el("p", { class: "empty" }, rows.length ? "Choose a task to see both programs." : "No task differs."));
  if (chosen >= 0) {
    pairOf(set, chosen, [[a, runA, ofA.get(chosen)[2]], [b, runB, ofB.get(chosen)[2]]], () => change({ task: "" })).then((node) => state.task === String(chosen) && detail.replaceChildren(...node));
  }
  afterDrawing(() => chosen >= 0 && list.select(rows.indexOf(chosen)));
  return [
    el("h1", {}, "Differences"),
    el("form", { class: "filters", on: { submit: (event) => event.preventDefault() } },
      dropDown("A", [...new Set(pairs.map(([one]) => one))].map(option), String(a), (value) => change({ a: value, task: "", side: "" })),
      dropDown("B", others.map(option), String(b), (value) => change({ b: value, task: "", side: "" })),
      dropDown("Benchmark", shared.map((one) => [String(one), sets[one].title]), String(set), (value) => change({ set: value, task: "" })),
      index.rules.length > 1 && dropDown("Rules", index.rules.map((one) => [one, one]), wanted, (value) => change({ rules: value, task: "" }))),
    el("p", { class: "dim small" }, `A: ${board.lines[a].setting}. B: ${board.lines[b].setting}. Data ${sets[set].data.join(", ")}. ${many(both.length, "task")} judged in both.`),
    saidOf(a, b, set, wanted),
    el("div", { class: "tiles" },
      tile(better.both, "solved by both"), tile(better.a.length, `${more} A, ${name(a)}`, "a"), tile(better.b.length, `${more} B, ${name(b)}`, "b"),
      tile(better.neither, "solved by neither"), better.between > 0 && tile(better.between, "equally often, not always")),
    el("div", { class: chosen >= 0 ? "split differ opened" : "split differ" }, el("div", { class: "left" }, rows.length > 0 && list.node), detail),
  ];
}

/** What the statistics say of the two, and what to know about them. */
function saidOf(a, b, set, rules) {
  const pair = index.pairs.find((one) => one.set === set && one.rules === rules && one.lines.includes(a) && one.lines.includes(b));
  if (!pair) return null;
  return el("div", { class: "said" }, el("p", {}, pair.said), pair.notes.map((note) => el("p", { class: "dim small" }, note)));
}

/** Both programs, with the lines that only one of them has set off. */
async function pairOf(set, task, sides, close) {
  const language = languageOf(set, task);
  let body;
  try {
    body = await textsOf(set, task);
  } catch (error) {
    return [el("p", { class: "notice" }, error.message)];
  }
  const written = sides.map(([, run, row]) => rowOf(body, run, row)).map(([, , text]) => (text === null ? null : body.texts[text]));
  const lines = written.map((text) => (text ?? "").replaceAll("\r\n", "\n").replace(/\n+$/, "").split("\n"));
  const marks = onlyIn(lines[0], lines[1]);
  return [
    el("header", {}, el("div", { class: "bar-above" },
      el("button", { type: "button", class: "quiet back", on: { click: close } }, "Back"),
      el("h2", { tabindex: "-1" }, sets[set].tasks[task]))),
    el("p", { class: "dim small" }, "Lines that only one of the two has are set off."),
    promptBlock(body.prompt, language, false),
    el("div", { class: "sides" }, sides.map(([line, run, row], place) => {
      const rules = rulesOf(run, rulesShown());
      const found = rowOf(body, run, row);
      return el("section", { "aria-label": board.lines[line].label },
        el("h3", {}, `${"AB"[place]} · ${board.lines[line].label}`, el("span", { class: "dim" }, ` sample ${runs[run].columns.sample[row]}`)),
        verdictBlock(rules, run, row, found[4][rules]),
        written[place] === null
          ? el("p", { class: "note" }, "The text of this sample is not in this report; see Runs for the reason.")
          : codeBlock(written[place], language, `What ${board.lines[line].label} wrote`, marks[place]));
    })),
  ];
}

/** Numbers of the lines that only one of two texts has, by their longest common subsequence; none for long texts. */
function onlyIn(left, right) {
  if (left.length * right.length > 250_000) return [new Set(), new Set()];
  const width = right.length + 1;
  const longest = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      longest[i * width + j] = left[i] === right[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const only = [new Set(left.keys()), new Set(right.keys())];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i] === right[j]) {
      only[0].delete(i++);
      only[1].delete(j++);
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return only;
}
