import { useEffect, useRef, useState } from 'preact/hooks';

/**
 * A text that is typed here and handed on once the typing rests.
 * @param given what it is elsewhere; a change there is taken over
 * @param restMs how long nothing must be typed, ms
 */
export function useDebounced(given: string, handOn: (text: string) => void, restMs: number) {
  const [typed, type] = useState(given);
  const handed = useRef(given);
  const last = useRef(handOn);
  last.current = handOn;
  useEffect(() => {
    if (given === handed.current) return;
    handed.current = given;
    type(given);
  }, [given]);
  useEffect(() => {
    if (typed === handed.current) return;
    const timer = setTimeout(() => {
      handed.current = typed;
      last.current(typed);
    }, restMs);
    return () => clearTimeout(timer);
  }, [typed, restMs]);
  return [typed, type] as const;
}
