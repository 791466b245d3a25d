/** A length of time for people, about as long: `45 s`, `12 min`, `7 h`, `2 d 4 h`. @param ms milliseconds */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  if (hours < 36) return `${hours} h`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
