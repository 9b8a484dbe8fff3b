// The data of the page: the index is there at once, texts are unpacked when someone looks at a task.

const index = JSON.parse(document.getElementById("index").textContent);
const { runs, sets, board, strings, kinds, groups } = index;

/** Every sample as (run, row in the run's columns), in the order of runs. */
const samples = (() => {
  const total = runs.reduce((sum, run) => sum + run.columns.task.length, 0);
  const run = new Uint16Array(total);
  const row = new Uint32Array(total);
  const first = [];
  let at = 0;
  runs.forEach((one, number) => {
    first.push(at);
    for (let i = 0; i < one.columns.task.length; i++, at++) {
      run[at] = number;
      row[at] = i;
    }
  });
  return { total, run, row, first };
})();

const columnsOf = (run, rules) => runs[run].columns.rules[rules];
const kindOf = (run, row, rules) => {
  const columns = columnsOf(run, rules);
  return columns ? kinds[columns.verdicts.charCodeAt(row) - 97] : null;
};
const taskOf = (run, row) => sets[runs[run].set].tasks[runs[run].columns.task[row]];
const languageOf = (set, task) => (Array.isArray(sets[set].language) ? sets[set].language[task] : sets[set].language);

/** The rule set to show of a run: the one that is asked for, else the one it has. */
const rulesOf = (run, wanted) => (runs[run].rules.includes(wanted) ? wanted : runs[run].rules[0]);

const unpacked = new Map();

/** Prompt, texts and whole verdicts of a task: a promise of {prompt, texts, samples}. */
async function textsOf(set, task) {
  const chunk = sets[set].chunk[task];
  if (!unpacked.has(chunk)) unpacked.set(chunk, unpack(document.getElementById(`texts-${chunk}`).textContent));
  return (await unpacked.get(chunk))[task];
}

async function unpack(base64) {
  if (!("DecompressionStream" in window)) {
    throw new Error("This browser is too old to unpack the texts. Firefox 113, Chrome 80, Safari 16.4 and later can.");
  }
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Task -> [accepted, counted, row to show] of a run, counted as the score does: no harness errors, no skipped answers. */
function tallies(run, wanted) {
  const rules = rulesOf(run, wanted);
  const skipped = new Set(columnsOf(run, rules).skipped);
  const byTask = new Map();
  runs[run].columns.task.forEach((task, row) => {
    const kind = kindOf(run, row, rules);
    if (kind === "harness_error") return;
    const tally = byTask.get(task) ?? [0, 0, row, 0];
    tally[1]++;
    tally[3] += skipped.has(row);
    // The sample that is shown is the first that passes, else the first.
    if (kind === "accepted" && !tally[0]++) tally[2] = row;
    byTask.set(task, tally);
  });
  // As in upstream, what is skipped leaves the count of a task unless nothing of it passes.
  for (const tally of byTask.values()) if (tally[0]) tally[1] -= tally[3];
  return byTask;
}
