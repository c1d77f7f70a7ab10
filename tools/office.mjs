// Opens what Keepwell exports in LibreOffice, without a window, and compares: node tools/office.mjs target/release/keepwell
//
// A portfolio whose texts try to be formulas is imported, exported as CSV and as a workbook, and both are opened and
// saved again by LibreOffice. Every cell must come out as it went in: no formula worked out, no number changed. Then the
// export is imported into an empty workspace and exported again, which must give the same bytes.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const keepwell = path.resolve(process.argv[2]);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "keepwell-office-"));
const file = (name) => path.join(folder, name);
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));

const database = (name) => ({ ...process.env, KEEPWELL_DATABASE_URL: `sqlite://${file(name)}` });
const run = (name, ...words) => execFileSync(keepwell, words, { env: database(name), stdio: ["ignore", "pipe", "inherit"] });

// --- texts that want to be formulas ----------------------------------------------------------------------------------

const STARTS = ["=", "+", "-", "@", "\t=", " =", "\u00a0=", "'=", "''=", "=+-"];
const BODIES = [
  "1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("http://127.0.0.1:9/?x="&A1,"see")', "2+5+cmd|'/C calc'!A0",
  'IMPORTXML("http://127.0.0.1:9","//a")', "A1", 'WEBSERVICE("http://127.0.0.1:9")', "1E9", "10-10-2026",
  '"quoted"', "a,b;c", "DDE(\"cmd\";\"/C calc\";\"x\")", "@SUM(1)", "{1,2}", "TRUE", "1/0", "EXEC(1)", "NOW()", "RAND()",
];
const payloads = STARTS.flatMap((start) => BODIES.map((body) => start + body));
const trimmed = (text) => text.replace(/^[\s\u00a0]+|[\s\u00a0]+$/gu, "");

const quote = (text) => `"${text.replaceAll('"', '""')}"`;
const rows = payloads.map((text, i) => [`F-${i}`, `Formula ${i}`, text, String(1000 + i) + ".25"]);
fs.writeFileSync(file("in.csv"), [["external_id", "name", "category", "arr"], ...rows].map((row) => row.map(quote).join(",")).join("\r\n"));

// --- out, through the office, and compared ---------------------------------------------------------------------------

run("one.db", "demo", "--accounts", "200");
run("one.db", "import", "accounts", file("in.csv"), "--json");
for (const format of ["csv", "xlsx", "json"]) run("one.db", "export", "accounts", "--format", format, "--out", file(`out.${format}`));

const wanted = parse(fs.readFileSync(file("out.csv"), "utf8"));
const fromCsv = office("out.csv", ["--infilter=CSV:44,34,76,1,,0,false,false"]);
const fromBook = office("out.xlsx", []);
const heads = wanted[0];
same("CSV opened in LibreOffice", fromCsv, wanted);
// In a workbook texts are typed, so that they need no apostrophe, but for those that begin with one of their own.
same("workbook opened in LibreOffice", fromBook, wanted.map((row) => row.map((text) => text.replace(/^'(?=[=+\-@\t\r\n])/, ""))));

const category = heads.findIndex((head) => /category/i.test(head));
const external = heads.findIndex((head) => /external/i.test(head));
const came = new Map(wanted.map((row) => [row[external], row[category]]));
const lost = payloads.filter((text, i) => unguarded(came.get(`F-${i}`) ?? "") !== trimmed(text) && came.get(`F-${i}`) !== trimmed(text));
if (lost.length > 0) fail(`${lost.length} texts did not come back, the first: ${JSON.stringify(lost[0])}`);
const open = [...came.values()].filter((text) => /^[=+\-@\t\r\n]/.test(text ?? ""));
if (open.length > 0) fail(`${open.length} texts would be formulas in a spreadsheet, the first: ${JSON.stringify(open[0])}`);
console.log(`    ${payloads.length} texts that want to be formulas: none worked out, all came back`);

// --- there and back --------------------------------------------------------------------------------------------------

for (const format of ["csv", "json"]) {
  const ada = ["user", "create", "--email", "ada@example.com", "--role", "admin", "--password-stdin"];
  execFileSync(keepwell, ada, { env: database(`${format}.db`), input: "nine quiet green lanterns\n", stdio: ["pipe", "ignore", "inherit"] });
  const columns = "external_id,name,parent_id,category,country,arr_minor,currency,renewal_at,seats,tags";
  run("one.db", "export", "accounts", "--columns", columns, "--format", format, "--out", file(`first.${format}`));
  run(`${format}.db`, "import", "accounts", file(`first.${format}`), "--json");
  run(`${format}.db`, "export", "accounts", "--columns", columns, "--format", format, "--out", file(`second.${format}`));
  if (!fs.readFileSync(file(`first.${format}`)).equals(fs.readFileSync(file(`second.${format}`)))) fail(`${format}: there and back is not the same file`);
  console.log(`    ${format}: exported, imported into an empty workspace and exported again: the same bytes`);
}

// --- helpers ---------------------------------------------------------------------------------------------------------

// LibreOffice writes each cell as its content, not as it is shown: numbers keep all their places.
function office(name, options) {
  const target = file(`office-${path.extname(name).slice(1)}`);
  fs.mkdirSync(target);
  execFileSync(
    "soffice",
    ["--headless", `-env:UserInstallation=file://${file("profile")}`, ...options,
      "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", target, file(name)],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  return parse(fs.readFileSync(path.join(target, name.replace(/\.\w+$/, ".csv")), "utf8"));
}

function unguarded(text) {
  return /^'['=+\-@\t\r\n]/.test(text) ? text.slice(1) : text;
}

function same(what, found, expected) {
  if (found.length !== expected.length) fail(`${what}: ${found.length} rows instead of ${expected.length}`);
  let cells = 0;
  expected.forEach((row, y) =>
    row.forEach((cell, x) => {
      const other = found[y][x] ?? "";
      if (!alike(cell, other)) fail(`${what}: row ${y + 1}, ${heads?.[x] ?? wanted[0][x]}: ${JSON.stringify(other)} instead of ${JSON.stringify(cell)}`);
      cells += 1;
    }),
  );
  console.log(`    ${what}: ${cells} cells as they went in`);
}

// 5.00 is 5, and a moment in a workbook is shown without its zone and its thousandths; a text is itself.
function alike(one, other) {
  if (one === other || one.replace("T", " ").replace(/\.\d{3}Z$/, "") === other) return true;
  const [a, b] = [Number(one), Number(other)];
  return one !== "" && other !== "" && Number.isFinite(a) && a === b;
}

function parse(text) {
  const rows = [[""]];
  let quoted = false;
  const chars = [...text.replace(/^\ufeff/, "")];
  for (let i = 0; i < chars.length; i += 1) {
    const row = rows[rows.length - 1];
    if (quoted) {
      if (chars[i] !== '"') row[row.length - 1] += chars[i];
      else if (chars[i + 1] === '"') (row[row.length - 1] += '"'), (i += 1);
      else quoted = false;
    } else if (chars[i] === '"') quoted = true;
    else if (chars[i] === ",") row.push("");
    else if (chars[i] === "\n") rows.push([""]);
    else if (chars[i] !== "\r") row[row.length - 1] += chars[i];
  }
  if (rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
  return rows;
}

function fail(text) {
  console.error(`\nerror: ${text}\n`);
  process.exit(1);
}
