// The first thing every command does. Written so that an old Node can still parse it and say what is wrong.
var NEEDED = [20, 19];

/** Ends the process with one sentence when this Node is too old. */
export function requireNode() {
  var parts = process.versions.node.split(".").map(Number);
  if (parts[0] > NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] >= NEEDED[1])) return;
  console.error("Tickwire needs Node.js " + NEEDED.join(".") + " or newer and this is " + process.versions.node + "; install a current Node.js from https://nodejs.org or your system's packages.");
  process.exit(1);
}
