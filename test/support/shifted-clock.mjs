// For NODE_OPTIONS=--import=URL?ahead=MS: gives a process a wall clock that is so far ahead (negative: behind).
const ahead = Number(new URL(import.meta.url).searchParams.get('ahead'));
const realNow = Date.now;
Date.now = () => realNow() + ahead;
globalThis.Date = new Proxy(Date, {
  construct: (date, args, target) => Reflect.construct(date, args.length === 0 ? [date.now()] : args, target),
  apply: (date) => new date(date.now()).toString(),
});
