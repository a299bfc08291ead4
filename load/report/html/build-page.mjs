/**
 * Builds the pages of the load report and of the live view: script and style of each are bundled into one
 * HTML file. `node load/report/html/build-page.mjs [folder]`. `npm ci` runs it here (`prepare`), and so
 * does the build of the package, into its folder. If the bundler is not installed, as with `--omit=dev`,
 * it says so and does nothing.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const [, , folder = root] = process.argv;

/**
 * The pages load nothing from elsewhere, whatever their data contain; the live view asks its own server.
 * @type {readonly Page[]}
 */
const pages = [
  {
    path: 'load/report/html/page',
    title: 'Load report',
    connect: "'none'",
    without: 'This report needs JavaScript. The same figures stand in summary.md beside it.',
  },
  {
    path: 'load/live/page',
    title: 'Loadwright',
    connect: "'self'",
    without: 'This page needs JavaScript.',
  },
];

/** @type {typeof import('esbuild') | undefined} */
const bundler = await import('esbuild').catch(() => undefined);
if (bundler === undefined) {
  process.stdout.write(
    'The pages of the load report and the live view are not built: esbuild is not installed.\n',
  );
} else {
  for (const page of pages) {
    const path = join(folder, `${page.path}.html`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await builtPage(bundler, page));
  }
}

/** @typedef {{ path: string; title: string; connect: string; without: string }} Page */

/**
 * @param {typeof import('esbuild')} bundler
 * @param {Page} page
 */
async function builtPage({ build }, { path, title, connect, without }) {
  const { outputFiles } = await build({
    entryPoints: ['main.tsx', 'page.css'].map((name) => join(root, path, name)),
    bundle: true,
    minify: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    // Browsers of the last three years.
    target: ['chrome111', 'firefox111', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    // If the page's code imports a Node module, a hint is found here.
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
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; connect-src ${connect}">`,
    `<title>${title}</title>`,
    `<style>${textOf('.css').trim()}</style>`,
    '</head>',
    '<body>',
    `<div id="page"><p class="loading">${without}</p></div>`,
    '<!-- data -->',
    `<script>${textOf('.js').trim()}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
