import { contrastScript } from './contrast-script.ts';

/**
 * JavaScript for the browser: bars of the page and of its chart whose contrast with the panel behind them is below
 * 3 to 1 (WCAG AA for graphics), each with its contrast; and types that the chart does not show in their colour.
 */
export const paleBars = `(() => {
  ${contrastScript}
  const colour = (bar) => getComputedStyle(bar).backgroundColor;
  const drawn = new Set([...document.querySelectorAll('.chart-column span')].filter((bar) => bar.clientHeight > 0).map(colour));
  const figures = document.querySelector('.figures').closest('.panel');
  return [...document.querySelectorAll('.type-bar > span, .chart-column span')].flatMap((bar) => {
    const found = contrast(parts(colour(bar)), parts(colour(bar.closest('.panel'))));
    return [
      ...(found < 3 ? [found.toFixed(2) + ' ' + bar.className] : []),
      ...(figures.contains(bar) && !drawn.has(colour(bar)) ? ['not in the chart: ' + bar.className] : []),
    ];
  });
})()`;
