import { contrastScript } from './contrast-script.ts';

/**
 * JavaScript for the browser: bars of the page and of its chart whose contrast with the panel behind them is below
 * 3 to 1 (WCAG AA for graphics), each with its contrast; and types whose colour the chart does not show.
 */
export const paleBars = `(() => {
  ${contrastScript}
  const canvas = document.querySelector('.chart canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const drawn = new Set();
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) drawn.add(data.slice(at, at + 3).join());
  const figures = document.querySelector('.figures').closest('.panel');
  return [...document.querySelectorAll('.type-bar > span')].flatMap((bar) => {
    const own = parts(getComputedStyle(bar).backgroundColor);
    const found = contrast(own, parts(getComputedStyle(bar.closest('.panel')).backgroundColor));
    return [
      ...(found < 3 ? [found.toFixed(2) + ' ' + bar.className] : []),
      ...(figures.contains(bar) && !drawn.has(own.join()) ? ['not in the chart: ' + bar.className] : []),
    ];
  });
})()`;
