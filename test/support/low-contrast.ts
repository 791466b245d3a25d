/**
 * JavaScript for the browser: the texts of a page whose contrast with what is behind them is below 4.5 to 1
 * (WCAG AA), each with its contrast. Texts of disabled controls may be paler.
 */
export const lowContrast = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
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
    const [a, b] = [parts(getComputedStyle(element).color).slice(0, 3), behind(element)].map(luminance);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return contrast < 4.5 ? [contrast.toFixed(2) + ' ' + element.textContent.trim().slice(0, 40)] : [];
  });
})()`;
