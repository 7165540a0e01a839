// Texts with numbers in them: a number brings the form of the word that goes with it, since from one point to five there is more to it than an s.

/** Which form of a word goes with `n` things, counted from 0 in the order of Unicode's plural rules for whole numbers. */
function plural(locale, n) {
  const [tens, hundreds] = [n % 10n, n % 100n];
  const teens = hundreds >= 11n && hundreds <= 14n;
  const few = tens >= 2n && tens <= 4n && !teens;
  switch (locale.split('-')[0]) {
    case 'ro': return n === 1n ? 0 : n === 0n || (hundreds >= 1n && hundreds <= 19n) ? 1 : 2;
    case 'mk': return tens !== 1n || hundreds === 11n ? 1 : 0;
    case 'pl': return n === 1n ? 0 : few ? 1 : 2;
    case 'ru': case 'uk': case 'be': case 'sr': case 'hr': case 'bs': return tens === 1n && hundreds !== 11n ? 0 : few ? 1 : 2;
    case 'cs': case 'sk': return n === 1n ? 0 : n >= 2n && n <= 4n ? 1 : 2;
    case 'fr': return n > 1n ? 1 : 0;
    default: return n === 1n ? 0 : 1;
  }
}

/** The number that a value is, if it is one. */
function numberOf(value) {
  const bare = value !== null && typeof value === 'object' && value.constructor?.name === 'Points' ? value.value : value;
  if (typeof bare === 'bigint') return bare < 0n ? -bare : bare;
  return typeof bare === 'number' && Number.isSafeInteger(bare) ? BigInt(Math.abs(bare)) : undefined;
}

/** A text of that locale, filled with `values`: `{name}` is the value, `{name|point|points}` the form that goes with the number `name`: one and other in English
 * and Macedonian, one, few and other in Romanian, one, few and many in Polish and Russian. What has no value stays open, for the gateway to fill when a message is
 * shown. */
export function fill(locale, text, values) {
  return text.replace(/\{([^}]*)\}/g, (open, slot) => {
    const [name, ...forms] = slot.split('|');
    if (!Object.hasOwn(values, name)) return open;
    if (forms.length === 0) return String(values[name]);
    const number = numberOf(values[name]);
    return forms[number === undefined ? forms.length - 1 : Math.min(plural(locale, number), forms.length - 1)];
  });
}
