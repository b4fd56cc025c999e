import { init } from 'echarts';
import type { Curve } from '../growth.ts';

/** Draws the curves, a picture for each kind of growth, as one SVG. */
export function plot(curves: readonly Curve[]): string {
  const kinds = [...new Set(curves.map(({ unit }) => unit))];
  const [width, height] = [480, 300];
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: width * 2,
    height: height * Math.ceil(kinds.length / 2),
  });
  const place = (at: number) => ({ left: (at % 2) * width + 60, top: Math.floor(at / 2) * height + 60 });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    legend: { bottom: 0 },
    title: kinds.map((unit, at) => ({
      text: unit,
      left: place(at).left,
      top: place(at).top - 50,
      textStyle: { fontSize: 13 },
    })),
    grid: kinds.map((_, at) => ({ ...place(at), width: width - 90, height: height - 120 })),
    xAxis: kinds.map((_, gridIndex) => ({ gridIndex, type: 'log' })),
    yAxis: kinds.map((_, gridIndex) => ({ gridIndex, type: 'log', name: 'ns each' })),
    series: curves.map(({ unit, engine, points }) => ({
      type: 'line',
      name: engine,
      color: engine === 'tutti' ? '#b3203b' : '#5577aa',
      xAxisIndex: kinds.indexOf(unit),
      yAxisIndex: kinds.indexOf(unit),
      data: points.map(({ size, ns }) => [size, ns]),
    })),
  });
  const svg = chart.renderToSVGString();
  // its timer would keep the process alive
  chart.dispose();
  return svg;
}
