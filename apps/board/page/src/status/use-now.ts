import { useEffect, useState } from 'preact/hooks';

/** The time by the server's clock, epoch ms, moving once a second. @param offset server clock minus this browser's, ms */
export function useNow(offset: number): number {
  const [now, tick] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now + offset;
}
