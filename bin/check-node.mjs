// Ends with 2 where Node is too old for the program; older ones cannot even read it.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Node ${process.versions.node} is too old: Node 20.19 or newer is needed.\n`);
  process.exit(2);
}
