import { UsageError } from '../usage-error.ts';

/** A picture of a diagram in the language of Graphviz. Errors: {@link UsageError} where the library is not installed. */
export async function toSvg(dot: string): Promise<string> {
  try {
    const { instance } = await import('@viz-js/viz');
    const svg = (await instance()).renderString(roomy(dot), { format: 'svg' });
    return labelsAbove(
      svg.replace(/font-size="([\d.]+)"/g, (_, size) => `font-size="${Number(size) / room}"`),
    );
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new UsageError(
      'to draw SVG, run "npm install @viz-js/viz"; --format dot and --format mermaid need nothing',
    );
  }
}

/** Letters of the fonts that there are where it is looked at may be so much wider than those that the library reckons with. */
const room = 1.25;

/** A diagram laid out for larger letters than it is drawn with. */
function roomy(dot: string): string {
  return dot.replace(/fontsize=(\d+)/g, (_, size) => `fontsize=${Number(size) * room}`);
}

/** Puts the labels of edges above all edges, and lets them stand out from whatever is behind them. */
function labelsAbove(svg: string): string {
  const halo = 'paint-order="stroke" stroke="white" stroke-width="4" stroke-linejoin="round"';
  const labels: string[] = [];
  const edges = svg.replace(/<g id="edge\d+"[\s\S]*?<\/g>/g, (edge) =>
    edge.replace(/<text [\s\S]*?<\/text>\n?/g, (label) => {
      labels.push(label.replace('<text ', `<text ${halo} `));
      return '';
    }),
  );
  const end = edges.lastIndexOf('</g>');
  return `${edges.slice(0, end)}${labels.join('')}${edges.slice(end)}`;
}
