import { useEffect, useRef } from 'preact/hooks';

/** Puts the focus on a test's row when the reader comes back from its page. @param test the one that is shown, or null */
export function useReturnFocus(test: string | null): void {
  const left = useRef<string | null>(null);
  useEffect(() => {
    if (test === null && left.current !== null) {
      document.getElementById(`row-${left.current}`)?.focus({ preventScroll: true });
    }
    left.current = test;
  }, [test]);
}
