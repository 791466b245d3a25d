const forms = {
  /** Sun, 06 Nov 1994 08:49:37 GMT, and the older Sunday, 06-Nov-94 08:49:37 GMT. */
  withZone: /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/,
  /** Sun Nov  6 08:49:37 1994: C's asctime, which means GMT without saying so. */
  asctime: /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
};

/**
 * The moment (epoch ms) that one of HTTP's three date forms names, else null.
 * Stricter than `Date.parse`, which takes `-5` for a year. Source: RFC 9110, 5.6.7.
 */
export function httpDate(text: string): number | null {
  const dated = forms.withZone.test(text) ? text : forms.asctime.test(text) ? `${text} GMT` : '';
  const moment = Date.parse(dated);
  return Number.isNaN(moment) ? null : moment;
}
