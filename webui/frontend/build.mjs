// Builds ../static/vendor from package-lock.json: lowered bundles, an offline page, icons, notices.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] || join(here, "..", "static", "vendor");
const modules = join(here, "node_modules");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: "chrome78",
  legalComments: "none",
  outdir: out,
  charset: "utf8",
  logLevel: "warning",
  metafile: true,
  assetNames: "[name]",
  loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty", ".eot": "empty", ".svg": "empty" },
};
const results = [
  await build({ ...common, entryPoints: ["src/viewer.js", "src/designer.js"], format: "esm" }),
  await build({ ...common, entryPoints: ["src/htmx.js", "src/verifier.js"], format: "iife" }),
];
writeFileSync(join(out, "verify.html"), inlined("verifier"));
writeFileSync(join(out, "icons.svg"), sprite(JSON.parse(readFileSync(join(here, "icons.json"), "utf8"))));
writeFileSync(join(out, "THIRD-PARTY-NOTICES.txt"), notices());

function sprite(names) {
  const symbols = names.map((name) => {
    const svg = readFileSync(join(modules, "lucide-static", "icons", `${name}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    const lines = body.trim().replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${lines}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

// A page in one file, to be taken away: its script inside.
function inlined(name) {
  const script = readFileSync(join(out, `${name}.js`), "utf8");
  rmSync(join(out, `${name}.js`));
  return readFileSync(join(here, "src", `${name}.html`), "utf8").replace(`/* ${name} */`, () => script);
}

function shipped() {
  const inputs = results.flatMap((result) => Object.keys(result.metafile.inputs));
  const names = inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)).filter(Boolean);
  return [...new Set([...names.map((match) => match[1]), "lucide-static"])].sort();
}

function notices() {
  return shipped().map((name) => {
    const folder = join(modules, name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const words = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8").trim() : "";
    return `${name} ${about.version} (${about.license})\n${"-".repeat(60)}\n${words}\n`;
  }).join("\n\n");
}
