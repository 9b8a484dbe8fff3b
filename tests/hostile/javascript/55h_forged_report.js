// hostile: 55
// task: javascript_evens
// verdict: early_exit
// official: wrong_answer
// why: looks for the nonce in stdin, in open files and in the modules that are loaded, and prints a report

const fs = require("fs");
const forge = (text) => {
  const found = /^([0-9a-f]{32})\n/.exec(text) || /nonce[^0-9a-f]+([0-9a-f]{32})/.exec(text);
  console.log(`${found ? found[1] : "0".repeat(32)} passed 3`);
};
for (let fd = 0; fd < 32; fd += 1)
  for (const path of [fd, `/proc/self/fd/${fd}`]) {
    if (fd === 1 || fd === 2) continue;
    try {
      const room = Buffer.alloc(33);
      const file = typeof path === "string" ? fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK) : path;
      fs.readSync(file, room, 0, 33, 0);
      forge(room.toString());
    } catch {}
  }
for (const each of Object.values(require.cache)) forge(JSON.stringify(each.exports) + fs.existsSync(each.filename));
process.exit(0);
const evens = (n) => [];
