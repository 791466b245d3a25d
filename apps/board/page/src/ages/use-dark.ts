import { useEffect, useState } from 'preact/hooks';

/** Whether the reader wants dark pages; changes with the reader's mind. */
export function useDark(): boolean {
  const [dark, set] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const wish = matchMedia('(prefers-color-scheme: dark)');
    const change = (): void => set(wish.matches);
    wish.addEventListener('change', change);
    return () => wish.removeEventListener('change', change);
  }, []);
  return dark;
}
