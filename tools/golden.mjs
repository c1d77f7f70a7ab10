// Runs a WebAssembly program that asks nothing of its surroundings; a failed assertion in it is a trap.
import { readFileSync } from "node:fs";

const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const imports = {};
for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
  if (kind === "function") (imports[from] ??= {})[name] = () => { throw new Error(`${from}.${name} was called`); };
}
const { exports } = new WebAssembly.Instance(module, imports);
try {
  const code = exports.main(0, 0);
  if (code !== 0) throw new Error(`it ended with ${code}`);
} catch (error) {
  console.error(`The scores of the browser are not those of the server: ${error.message}`);
  process.exit(1);
}
