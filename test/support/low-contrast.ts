import { contrastScript } from './contrast-script.ts';

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
