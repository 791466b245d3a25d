/** JavaScript for the browser: `parts` of a colour as numbers, and the `contrast` of two colours (WCAG). */
const contrastScript = `
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [a, b] = [one, other].map((colour) => luminance(colour.slice(0, 3)));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
`;

/**
 * JavaScript for the browser: the texts of a page whose contrast with what is behind them is below 4.5 to 1
 * (WCAG AA), each with its contrast. Texts of disabled controls may be paler.
 */
export const lowContrast = `(() => {
  ${contrastScript}
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const [r, g, b, alpha = 1] = parts(getComputedStyle(at).backgroundColor);
      if (alpha > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const shown = (element) => element.checkVisibility() && element.closest(':disabled, option') === null;
  const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  return [...document.querySelectorAll('body *')].filter((element) => own(element) && shown(element)).flatMap((element) => {
    const found = contrast(parts(getComputedStyle(element).color), behind(element));
    return found < 4.5 ? [found.toFixed(2) + ' ' + element.textContent.trim().slice(0, 40)] : [];
  });
})()`;

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
