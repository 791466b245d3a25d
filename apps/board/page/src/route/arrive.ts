/** Brings a place of the page into view. @param target px from the top, an element's id, or null to stay */
export function arrive(target: string | number | null): void {
  if (typeof target === 'number') scrollTo({ top: target, behavior: 'instant' });
  if (typeof target === 'string') document.getElementById(target)?.scrollIntoView({ block: 'start' });
}
