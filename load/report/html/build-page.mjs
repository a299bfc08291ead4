/**
 * Builds the page of the load report: script and style bundled into one HTML file with room for the data.
 * `node load/report/html/build-page.mjs [path]`; `npm ci` runs it here (`prepare`), and so does the build of
 * the package. Where the bundler is not installed, as with `--omit=dev`, it does nothing and says so.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = new URL('.', import.meta.url);
const [, , path = fileURLToPath(new URL('page.html', here))] = process.argv;

/** @type {typeof import('esbuild') | undefined} */
const bundler = await import('esbuild').catch(() => undefined);
if (bundler === undefined) {
  process.stdout.write('The page of the load report is not built: esbuild is not installed.\n');
} else {
  writeFileSync(path, await builtPage(bundler));
}

/** @param {typeof import('esbuild')} bundler */
async function builtPage({ build }) {
  const { outputFiles } = await build({
    entryPoints: ['main.tsx', 'page.css'].map((name) =>
      fileURLToPath(new URL(`page/${name}`, here)),
    ),
    bundle: true,
    minify: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    // What browsers of the last three years read.
    target: ['chrome111', 'firefox111', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    // A hint of an import of Node's in the page's code would be found here.
    platform: 'browser',
  });
  /** @param {string} ending */
  const textOf = (ending) => outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Nothing is loaded from anywhere, whatever stands in the data.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">`,
    '<title>Load report</title>',
    `<style>${textOf('.css').trim()}</style>`,
    '</head>',
    '<body>',
    '<div id="page"><p class="loading">This report needs JavaScript. The same figures stand in summary.md beside it.</p></div>',
    '<!-- data -->',
    `<script>${textOf('.js').trim()}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
