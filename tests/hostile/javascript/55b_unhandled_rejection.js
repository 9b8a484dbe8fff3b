// hostile: 55
// task: javascript_evens
// verdict: runtime_error
// why: a promise that is rejected and that nobody looks after ends the program with an error

const evens = (n) => {
  Promise.reject(new Error("nobody looks"));
  const found = [];
  for (let i = 0; i < n; i += 2) found.push(i);
  return found;
};
