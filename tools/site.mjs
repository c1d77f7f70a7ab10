// Makes target/site, all that browsers fetch, of the browser's program, the styles and public/:
//
//   node tools/site.mjs PROGRAM.wasm TARGET/SITE TARGET/RELEASE
//
// Written beside it, into the folder of the server's program: hash.txt, where that reads the names of the files.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import zlib from "node:zlib";

const root = path.join(import.meta.dirname, "..");
const packages = createRequire(path.join(root, "end2end/package.json"));

async function make(program, site, beside) {
  const started = Date.now();
  const say = (what) => console.log(`    ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  const bundle = path.join(beside, "bundle");
  const css = styles();
  const build = nameOf(program, bundle, css);
  const pkg = path.join(site, "pkg");
  fs.rmSync(site, { recursive: true, force: true });
  fs.cpSync(path.join(root, "public"), site, { recursive: true });

  execFileSync(bundle, [program, pkg, build], { stdio: "inherit" });
  const programs = ending(pkg, ".wasm");
  say(`cut into ${programs.length} pieces, build ${build}`);
  await shrink(programs);
  say("made small");
  gather(pkg, build);
  say(`fetched as ${ending(pkg, ".wasm").length}`);
  const { transformSync } = packages("esbuild");
  for (const file of ending(pkg, ".js")) {
    fs.writeFileSync(file, transformSync(fs.readFileSync(file, "utf8"), { minify: true, format: "esm" }).code);
  }
  fs.writeFileSync(path.join(pkg, `keepwell.${build}.css`), css);
  await compress(site);
  say("compressed");
  const lines = ["js", "wasm", "css", "manifest", "split"].map((kind) => `${kind}: ${build}\n`);
  fs.writeFileSync(path.join(beside, "hash.txt"), lines.join(""));
}

const ending = (folder, end) => fs.readdirSync(folder).filter((name) => name.endsWith(end)).map((name) => path.join(folder, name));

// One name for the whole build: its pieces fit each other and no others, and what is not changed keeps its name.
function nameOf(program, bundle, css) {
  const hash = createHash("sha256");
  for (const part of [fs.readFileSync(program), fs.readFileSync(bundle), fs.readFileSync(import.meta.filename), css]) {
    hash.update(part);
  }
  return hash.digest("base64url").slice(0, 22);
}

function styles() {
  const { bundle, browserslistToTargets } = packages("lightningcss");
  const targets = browserslistToTargets(packages("browserslist")("defaults and fully supports es6-module"));
  return bundle({ filename: path.join(root, "style/main.css"), minify: true, targets }).code;
}

// --- WebAssembly, made small -----------------------------------------------------------------------------------------

// The largest come first, so that no thread begins with one when the others are done.
async function shrink(files) {
  const queue = files.map((file) => [fs.statSync(file).size, file]).sort(([a], [b]) => b - a);
  const next = new Int32Array(new SharedArrayBuffer(4));
  const threads = Array.from({ length: Math.min(availableParallelism(), files.length) }, () => {
    const thread = new Worker(import.meta.filename, { workerData: { files: queue.map(([, file]) => file), next } });
    return new Promise((done, failed) => {
      thread.on("error", failed);
      thread.on("exit", (code) => (code === 0 ? done() : failed(new Error(`a thread ended with ${code}`))));
    });
  });
  await Promise.all(threads);
}

// The library is a program of 15 MB, which takes longer to start than to shrink most pieces: it is started once a thread.
async function shrinkAll({ files, next }) {
  // The cutter writes names that the library does not know and leaves out, which is meant. It takes hold of the console
  // when it starts, so that this stands before.
  const complain = console.error;
  console.error = (...words) => String(words[0]).includes("unknown name subsection") || complain(...words);
  const { default: binaryen } = await import(packages.resolve("binaryen"));
  const has = binaryen.Features;
  // All that today's compiler uses. It is the -Oz of wasm-opt.
  const features =
    has.MutableGlobals | has.NontrappingFPToInt | has.BulkMemory | has.BulkMemoryOpt | has.SignExt | has.ReferenceTypes |
    has.Multivalue | has.CallIndirectOverlong;
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  for (let i = Atomics.add(next, 0, 1); i < files.length; i = Atomics.add(next, 0, 1)) {
    const module = binaryen.readBinary(fs.readFileSync(files[i]), features);
    module.optimize();
    fs.writeFileSync(files[i], module.emitBinary());
    module.dispose();
  }
  parentPort.close();
}

// --- small pieces, fetched together ----------------------------------------------------------------------------------

// Below this many bytes, asking for a piece costs more than the piece.
const SMALL = 8192;

// What several screens share is cut finely: hundreds of pieces of a few hundred bytes, of which one screen wants dozens.
// The small ones are laid end to end in one file, which the loader fetches once and takes them from.
function gather(pkg, build) {
  const loader = path.join(pkg, `__wasm_split.${build}.js`);
  const pieces = `pieces.${build}`;
  const parts = [];
  const taken = new Set();
  let end = 0;
  const fetched =
    /const src = fetch\(new URL\("\.\/(chunk_[^"]+)\.wasm", import\.meta\.url\)\);\s+return async \(imports\) => \(WebAssembly\.instantiateStreaming\(src, imports\)\);/g;
  const script = fs.readFileSync(loader, "utf8").replace(fetched, (whole, name) => {
    const file = path.join(pkg, `${name}.wasm`);
    const part = fs.readFileSync(file);
    if (part.length >= SMALL) return whole;
    fs.rmSync(file);
    parts.push(part);
    taken.add(name);
    end += part.length;
    return `const bytes = piece(${end - part.length}, ${part.length});
    return async (imports) => new WebAssembly.Instance(new WebAssembly.Module(await bytes), imports);`;
  });
  // The texts of the cutter are not promised to stay: better no build than one that has fallen back to hundreds of files.
  if (taken.size === 0) throw new Error(`no small piece was found in ${loader}: does the cutter write its loader otherwise now?`);
  fs.writeFileSync(loader, script + FETCH_PIECES.replace("FILE", `./${pieces}.wasm`));
  fs.writeFileSync(path.join(pkg, `${pieces}.wasm`), Buffer.concat(parts));

  // What the server tells browsers to fetch ahead.
  const manifest = path.join(pkg, `__wasm_split_manifest.${build}.json`);
  const needs = Object.entries(JSON.parse(fs.readFileSync(manifest, "utf8")));
  const asked = needs.map(([route, files]) => [route, [...new Set(files.map((name) => (taken.has(name) ? pieces : name)))]]);
  fs.writeFileSync(manifest, JSON.stringify(Object.fromEntries(asked)));
}

// A failure is not kept: the next who asks fetches again.
const FETCH_PIECES = `
let pieces;
async function piece(from, length) {
  pieces ??= fetch(new URL("FILE", import.meta.url)).then((answer) => {
    if (!answer.ok) throw new Error("pieces: " + answer.status);
    return answer.arrayBuffer();
  });
  const mine = pieces;
  try {
    return new Uint8Array(await mine, from, length);
  } catch (problem) {
    if (pieces === mine) pieces = undefined;
    throw problem;
  }
}
`;

// --- compression -----------------------------------------------------------------------------------------------------

// As small as it gets, once, so that the server only hands it out. Node does it on as many threads as it has.
async function compress(site) {
  const brotli = promisify(zlib.brotliCompress);
  const gzip = promisify(zlib.gzip);
  const files = fs.readdirSync(site, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      const data = fs.readFileSync(file);
      fs.writeFileSync(`${file}.br`, await brotli(data));
      fs.writeFileSync(`${file}.gz`, await gzip(data, { level: 9 }));
    }),
  );
}

if (isMainThread) {
  await make(...process.argv.slice(2));
} else {
  await shrinkAll(workerData);
}
