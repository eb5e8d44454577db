// Builds styles and scripts into app/static/dist: names carry a hash of the content, manifest.json tells them.
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "..", "app", "static", "dist");
const modules = path.join(here, "node_modules");

// The name a page asks for, and the source it is built from.
const entries = {
  "app.css": "styles/app.scss",
  "app.js": "scripts/app.js",
  // The editor of the studio is large; only its page asks for it.
  "editor.css": "styles/editor.scss",
  "editor.js": "scripts/studio/editor.js",
  // So is that of its decision tables.
  "decision.css": "styles/decision.scss",
  "decision.js": "scripts/studio/dmn/decision.js",
  "favicon.svg": "images/favicon.svg",
};

const scss = {
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path: file }) => {
      const { css, loadedUrls } = sass.compile(file, { loadPaths: [modules] });
      return {
        contents: css,
        loader: "css",
        resolveDir: path.dirname(file),
        watchFiles: loadedUrls.map((url) => fileURLToPath(url)),
      };
    });
  },
};

await rm(out, { recursive: true, force: true });
const { metafile } = await esbuild.build({
  absWorkingDir: here,
  entryPoints: Object.values(entries),
  outdir: out,
  entryNames: "[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  // A plain deferred script: no module loading, so nothing else may be fetched at run time.
  format: "iife",
  target: ["chrome109", "firefox115", "safari16"],
  // Half of dmn-js' size, and never used: see table_editor.js.
  alias: {
    "@bpmn-io/feel-editor": "./scripts/studio/dmn/no_feel.js",
    "@codemirror/view": "./scripts/studio/dmn/no_feel.js",
  },
  loader: { ".woff2": "file", ".svg": "copy" },
  plugins: [scss],
});

const built = new Map(
  Object.entries(metafile.outputs)
    .filter(([, made]) => made.entryPoint || Object.keys(made.inputs).length === 1)
    .map(([file, made]) => [made.entryPoint ?? Object.keys(made.inputs)[0], path.resolve(here, file)]),
);
const manifest = {};
for (const [name, source] of Object.entries(entries)) {
  if (!built.has(source)) throw new Error(`${source} was not built`);
  manifest[name] = path.relative(out, built.get(source)).split(path.sep).join("/");
}
await writeFile(path.join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

// The licence of every package travels with the files that hold some of it.
await mkdir(path.join(out, "licences"), { recursive: true });
const packages = Object.keys(metafile.inputs).map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
for (const name of new Set(packages.filter(Boolean))) {
  const files = await readdir(path.join(modules, name));
  const licence = files.find((file) => /^licen[cs]e/i.test(file)) ?? files.find((file) => /^readme/i.test(file));
  if (!licence) throw new Error(`${name} brings no licence`);
  await cp(path.join(modules, name, licence), path.join(out, "licences", `${name.replace("@", "").replace("/", "-")}.txt`));
}
console.log(await readFile(path.join(out, "manifest.json"), "utf8"));
