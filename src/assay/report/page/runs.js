// The last view: the model card of every run.

function runCards() {
  return [
    el("h1", {}, "Runs"),
    el("p", { class: "lead" }, "What was run, on what, and how it was judged. A score means nothing without it."),
    el("div", { class: "cards" }, runs.map((run) => el("article", { class: "card" },
      el("h2", {}, run.label, el("span", { class: "dim" }, ` ${sets[run.set].title}`)),
      el("dl", {}, run.card.map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text)))),
      run.missing.length > 0 && el("ul", { class: "notice" }, run.missing.map((note) => el("li", {}, note))),
    ))),
    el("p", { class: "dim small" }, `Made by Assay ${index.version} on ${index.made}.`),
  ];
}
