// hostile: 55
// task: javascript_evens
// verdict: time_limit
// flags: idle
// why: a timer keeps the program alive for ever

setInterval(() => {}, 1000);
const evens = (n) => {
  const found = [];
  for (let i = 0; i < n; i += 2) found.push(i);
  return found;
};
