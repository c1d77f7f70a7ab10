// Draws the PNG icons and favicon.ico in public/ from public/favicon.svg: `make icons`.
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";

const require = createRequire(new URL("../../end2end/package.json", import.meta.url));
const { chromium } = require("@playwright/test");
const folder = new URL("../../public/", import.meta.url);
const rounded = readFileSync(new URL("favicon.svg", folder), "utf8");

// Phones cut their own shape out of the icon: the ground fills the square, and the mark stays inside the safe circle.
const square = rounded.replace(/ rx="\d+"/, "");
const maskable = square.replace('<g transform="', '<g transform="translate(256 256) scale(0.82) translate(-256 -256) ');

const browser = await chromium.launch({
  executablePath: process.env.KEEPWELL_CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const page = await browser.newPage();

async function draw(svg, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  return page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: size, height: size } });
}

// An .ico is a small table of contents in front of ordinary PNG files.
function icon(pictures) {
  const table = Buffer.alloc(6 + 16 * pictures.length);
  table.writeUInt16LE(1, 2);
  table.writeUInt16LE(pictures.length, 4);
  let offset = table.length;
  pictures.forEach(({ size, png }, at) => {
    const entry = 6 + 16 * at;
    table.writeUInt8(size, entry);
    table.writeUInt8(size, entry + 1);
    table.writeUInt16LE(1, entry + 4);
    table.writeUInt16LE(32, entry + 6);
    table.writeUInt32LE(png.length, entry + 8);
    table.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([table, ...pictures.map(({ png }) => png)]);
}

const write = (name, bytes) => writeFileSync(new URL(name, folder), bytes);
write("icon-192.png", await draw(rounded, 192));
write("icon-512.png", await draw(rounded, 512));
write("icon-maskable-512.png", await draw(maskable, 512));
write("apple-touch-icon.png", await draw(square, 180));
const small = [];
for (const size of [16, 32, 48]) small.push({ size, png: await draw(rounded, size) });
write("favicon.ico", icon(small));
await browser.close();
