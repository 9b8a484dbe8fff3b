// One sample: what was asked, what was written, what the judge says and why.

const badge = (kind) => el("span", { class: `badge v-${groups[kind]}` }, words(kind));

const SHORT_OUTPUT = 12; // lines; more is folded away

/** said: of a verdict that stands above; what is the same in this one is not said again. */
function verdictBlock(rules, run, row, whole, said = null) {
  const kind = kindOf(run, row, rules);
  const columns = columnsOf(run, rules);
  const [detail, parts, flags, output] = whole ?? [strings[columns.detail[row]], [], [], ""];
  const same = Boolean(said && detail) && said[0] === detail && said[3] === output;
  return el("section", { class: "verdict" },
    el("div", { class: "verdict-head" }, el("span", { class: "rules" }, rules), badge(kind),
      parts.map(([name, part]) => el("span", { class: "part" }, `${name}: `, badge(part)))),
    same && el("p", { class: "note" }, "for the same reason"),
    !same && detail && el("div", { class: "why" }, el("p", {}, kind === "accepted" ? "Detail" : "First failure"), codeBlock(detail, "", "First failure")),
    el("dl", { class: "resources" },
      [["CPU", duration(columns.cpu[row])], ["Wall", duration(columns.wall[row])], ["Peak memory", memory(columns.peak[row])],
        flags.length > 0 && ["Flags", flags.map(words).join(", ")]].map((pair) => pair && el("div", {}, el("dt", {}, pair[0]), el("dd", {}, pair[1])))),
    !same && output && el("details", { open: output.split("\n").length <= SHORT_OUTPUT }, el("summary", {}, "What it printed (stderr, or stdout)"), codeBlock(output, "", "What it printed")),
  );
}

/** Prompt of a task, folded away unless `open`. */
function promptBlock(prompt, language, open) {
  if (prompt === null) return el("p", { class: "note" }, "The prompt is not in this report; see Runs for the reason.");
  return el("details", { open, class: "prompt" }, el("summary", {}, "Prompt"), codeBlock(prompt, language, "Prompt"));
}

/** What the model wrote, and beside it what was judged where that is something else. */
function textBlock(body, row, language, shown, show) {
  const [, , text, program, , answer] = row;
  if (text === null) return el("p", { class: "note" }, "The text of this sample is not in this report; see Runs for the reason.");
  const both = program !== null && program !== text;
  const which = both && shown === "program" ? "program" : "text";
  return el("section", { class: "text" },
    el("div", { class: "bar-above" }, el("h3", {}, which === "program" ? "Program that was judged" : "What the model wrote"),
      both && choice("Text", [["text", "written"], ["program", "judged"]], which, show)),
    which === "text" && writingOf(answer),
    codeBlock(body.texts[which === "program" ? program : text], language, which === "program" ? "Program that was judged" : "What the model wrote"));
}

/** How an answer came: its end, tokens, seconds, and what was thought before it. */
function writingOf(answer) {
  const seconds = (value) => (value === undefined ? null : duration(Math.round(value * 1e6)));
  const facts = [
    ["Ended by", answer.finish_reason && `${words(answer.finish_reason)}${answer.truncated ? " (truncated)" : ""}`],
    ["Tokens", answer.completion_tokens],
    ["First token", seconds(answer.first_token_s)],
    ["Whole answer", seconds(answer.total_s)],
    ["Requests", answer.attempts > 1 ? answer.attempts : null],
    ["Mean log-probability", answer.mean_logprob?.toFixed(3)],
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  return [
    facts.length > 0 && el("dl", { class: "resources" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    answer.reasoning && el("details", {}, el("summary", {}, "What it thought first"), codeBlock(answer.reasoning, "", "What it thought first")),
  ];
}

const rowOf = (body, run, row) => body.samples.find(([one, place]) => one === run && place === row);

/** The whole of a sample as a promise of a node. */
async function sampleBody(run, row) {
  const task = runs[run].columns.task[row];
  const set = runs[run].set;
  const language = languageOf(set, task);
  const box = el("div", { class: "sample" });
  let body;
  try {
    body = await textsOf(set, task);
  } catch (error) {
    box.append(el("p", { class: "notice" }, error.message), runs[run].rules.map((rules) => verdictBlock(rules, run, row)));
    return box;
  }
  const found = rowOf(body, run, row);
  const wanted = rulesShown();
  const order = [...runs[run].rules].sort((a, b) => (b === wanted) - (a === wanted));
  box.append(
    ...order.map((rules, place) => verdictBlock(rules, run, row, found[4][rules], place ? found[4][order[0]] : null)),
    promptBlock(body.prompt, language, false),
  );
  const place = el("div", {});
  const show = (which) => place.replaceChildren(textBlock(body, found, language, which, show));
  show("text");
  box.append(place);
  return box;
}

/** Links to the other samples of the task, those of other models too. */
function siblings(run, row, follow) {
  const task = taskOf(run, row);
  const set = runs[run].set;
  const links = [];
  runs.forEach((other, number) => {
    if (other.set !== set) return;
    const rules = rulesOf(number, rulesShown());
    other.columns.task.forEach((place, index) => {
      if (sets[set].tasks[place] !== task || links.length >= 200) return;
      const kind = kindOf(number, index, rules);
      const current = number === run && index === row;
      const more = other.columns.task.length > sets[set].tasks.length ? ` #${other.columns.sample[index]}` : "";
      links.push(el("button", {
        type: "button", class: `sibling v-${groups[kind]}`, "aria-current": current ? "true" : null,
        title: `${other.label}, sample ${other.columns.sample[index]}: ${words(kind)}`, on: { click: () => follow(number, index) },
      }, `${other.label}${more}`));
    });
  });
  return links.length > 1 ? el("div", { class: "siblings", role: "group", "aria-label": "Samples of this task" }, links) : null;
}
