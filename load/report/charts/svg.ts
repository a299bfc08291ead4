/** Draws a chart's options as an SVG document, the same bytes for the same options. */
import type * as Echarts from 'echarts';
import { pictureSize, type ChartOption } from './chart-style.ts';

/**
 * The library in one file. Its parts (`echarts/core` and others) are hundreds of modules, and a worker
 * of the test runner, which looks at each, takes seconds to load them instead of some 60 ms.
 */
const library = 'echarts/dist/echarts.esm.min.mjs';

/** Loads the library at its first call. Not while a load runs: drawing keeps this process busy. */
export async function drawSvg(option: ChartOption): Promise<string> {
  const { init } = (await import(library)) as typeof Echarts;
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...pictureSize });
  try {
    chart.setOption(option);
    return plainSvg(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/**
 * What serves only the mouse goes, and ids that count the charts of this process are counted anew: in
 * attributes alone, where no text of others can stand.
 */
function plainSvg(svg: string): string {
  return svg
    .replace(/<style >[^]*?<\/style>\n?/, '')
    .replaceAll(/ (class="zr\d+-cls-\d+"|ecmeta_\w+="[^"<>]*"|pointer-events="\w+")/g, '')
    .replaceAll(/ id="zr\d+-c(\d+)"/g, ' id="clip-$1"')
    .replaceAll(/="url\(#zr\d+-c(\d+)\)"/g, '="url(#clip-$1)"');
}
