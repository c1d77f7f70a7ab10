// Compares the charts of the screen with those of paper, as pictures: node tools/paper.mjs target/paper
//
// A test has written each kind of chart as SVG and as PDF. Chromium draws the one and poppler the other at the same size.
// Both are blurred a little, since letters have another face on either, and the points that still differ are counted. So
// that the comparison is known to tell charts apart, each is compared with the next kind, too, which must differ.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.resolve("end2end/package.json"));
const { chromium } = require("@playwright/test");

const folder = path.resolve(process.argv[2]);
// The most points that may differ, in per cent.
const LIMIT = 1;
// How wide pictures are compared, where a chart begins on a page of A4 and how wide it is, in points.
const WIDTH = 1440;
const [LEFT, TOP, POINTS] = [50, 62, 495.28];
// What is around a drawing in its SVG.
const [EDGE, HEAD] = [16, 38];

const names = fs.readdirSync(folder).filter((name) => name.endsWith(".svg")).map((name) => name.slice(0, -4)).sort();
if (names.length < 10) throw new Error(`only ${names.length} kinds of charts were written to ${folder}`);

const browser = await chromium.launch({
  executablePath: process.env.KEEPWELL_CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const pictures = new Map();
for (const name of names) {
  const svg = fs.readFileSync(path.join(folder, `${name}.svg`), "utf8");
  const [width, height] = ["width", "height"].map((side) => Number(new RegExp(` ${side}="([\\d.]+)"`).exec(svg)[1]));
  const size = { width: width - 2 * EDGE, height: height - HEAD - EDGE };
  const scale = WIDTH / size.width;
  const page = await browser.newPage({ viewport: { width: Math.ceil(width), height: Math.ceil(height) }, deviceScaleFactor: scale });
  await page.setContent(`<body style="margin:0">${svg}</body>`);
  const screen = await page.screenshot({ clip: { x: EDGE, y: HEAD, ...size } });
  await page.close();
  const dpi = (WIDTH / POINTS) * 72;
  const pixels = (points) => String(Math.round((points * dpi) / 72));
  const box = ["-x", pixels(LEFT), "-y", pixels(TOP), "-W", String(WIDTH), "-H", String(Math.round(size.height * scale))];
  const out = path.join(folder, `${name}-paper`);
  execFileSync("pdftoppm", ["-r", String(dpi), ...box, "-png", "-singlefile", path.join(folder, `${name}.pdf`), out]);
  fs.writeFileSync(path.join(folder, `${name}-screen.png`), screen);
  pictures.set(name, { screen, paper: fs.readFileSync(`${out}.png`) });
}

const page = await browser.newPage();
const differing = (one, other) =>
  page.evaluate(
    async ([one, other]) => {
      const points = async (data) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext("2d");
        context.fillStyle = "#fff";
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.filter = "blur(5px)";
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, canvas.width, canvas.height);
      };
      const [a, b] = [await points(one), await points(other)];
      const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
      let count = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [i, j] = [(y * a.width + x) * 4, (y * b.width + x) * 4];
          if ([0, 1, 2].some((part) => Math.abs(a.data[i + part] - b.data[j + part]) > 40)) count++;
        }
      }
      return (count * 100) / (width * height);
    },
    [one.toString("base64"), other.toString("base64")],
  );

let failed = 0;
for (const [place, name] of names.entries()) {
  const { screen, paper } = pictures.get(name);
  const next = pictures.get(names[(place + 1) % names.length]);
  const [same, control] = [await differing(screen, paper), await differing(screen, next.paper)];
  const isRight = same <= LIMIT && control > LIMIT;
  failed += isRight ? 0 : 1;
  console.log(`${isRight ? "ok  " : "NOT "} ${name.padEnd(10)} ${same.toFixed(2)} % differ; from the next kind ${control.toFixed(2)} %`);
}
await browser.close();
console.log(`${names.length} kinds of charts, at most ${LIMIT} % of the points may differ`);
process.exit(failed > 0 ? 1 : 0);
