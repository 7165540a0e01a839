// Baskets as a test writes them.

import { whole } from '../src/arithmetic.js';
import { attributes } from '../src/text.js';

/** What is bought, line by line: `Basket.usd().line('ROLLS', 50).item('1095275', 'COFFEE', 2000, 700)`. */
export class Basket {
  constructor(currency) {
    this.purchase = { currency, total: 0n, lines: [] };
    this.where = { store: undefined, channel: undefined };
    this.attributes = [];
  }

  static of(currency) {
    return new Basket(currency);
  }

  static usd() {
    return new Basket('USD');
  }

  /** One piece of a category, for `amount` minor units. */
  line(category, amount, more) {
    return this.item('0000000', category, 1_000n, amount, more);
  }

  /** `milli` thousandths of an article for `amount` minor units in all. */
  item(sku, category, milli, amount, more) {
    const { lines } = this.purchase;
    lines.push({ number: lines.length, sku, category, quantityMilli: whole(milli), amount: whole(amount), attributes: attributes(more) });
    this.purchase.total = total(lines);
    return this;
  }

  /** A till that sends nothing but a total. */
  totalOnly(amount) {
    this.purchase.lines = [];
    this.purchase.total = whole(amount);
    return this;
  }

  /** Bought in this store. */
  store(store) {
    this.where.store = store;
    return this;
  }

  /** Bought through this channel. */
  channel(channel) {
    this.where.channel = channel;
    return this;
  }

  /** With something more that the till sends. */
  with(values) {
    this.attributes.push(...attributes(values));
    return this;
  }
}

/** What these lines come to. */
export const total = (lines) => lines.reduce((sum, line) => sum + line.amount, 0n);
