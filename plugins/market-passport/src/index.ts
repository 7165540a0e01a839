// A passport through the market: a page for each department, stamped by the month's first purchase there; enough pages earn a bonus, all of them a voucher.
// Nothing is remembered: which pages are stamped follows from counters, and what is due from what was awarded, so that returns come out right.

import { Event, Member, Money, Purchase, Refusal, afterDays, message, offer, program } from '@coalition/sdk';

import { Config, Page, check } from './config.js';
import { TEXTS, terms } from './texts.js';

const BADGE = 'explorer';
const VOUCHER = 'full-passport';

const counterOf = (page: Page) => `page-${page.id}`;

/** As `2026-11`, in the program's time zone. */
const monthOf = ({ date }: Event['at']) => date.toString().slice(0, -3);

/** The pages that this purchase alone stamps: those of whose goods it has enough. */
const stampedBy = (purchase: Purchase, config: Config) => config.pages.filter((page) => purchase.spendOn(page.goods) >= Money.of(config.minimum, purchase.currency));

const isStamped = (member: Member, page: Page) => member.counter(counterOf(page)) > 0n;

export default program({
  name: 'market-passport',
  version: '1.0.0',
  settings: Config,
  check,
  texts: TEXTS,

  describe(config, manifest) {
    manifest.needs('counters', 'badges', 'awarded').badges(BADGE).reward(VOUCHER, 'money-off');
    const words = terms(config);
    for (const locale of Object.keys(TEXTS)) {
      manifest.text(locale, 'terms', words[locale] ?? '');
      for (const page of config.pages) manifest.text(locale, `counter:${counterOf(page)}`, page.title);
    }
    for (const page of config.pages) manifest.counter(counterOf(page), 'month');
  },

  on: {
    purchase({ purchase, event, member, config }, effects) {
      const month = monthOf(event.at);
      const now = stampedBy(purchase, config);
      if (now.length === 0) return;

      for (const page of now) {
        effects.progress(counterOf(page), 1);
        const key = `${page.id}:${month}`;
        // Awarded once a month: less what a return has taken back, so that the next purchase there earns it again.
        if (!member.awardedUnder(key).isPositive) effects.award(key, config.points_per_page, message('page', { title: page.title }));
      }

      const stamped = config.pages.filter((page) => isStamped(member, page) || now.includes(page));
      const bonus = `bonus:${month}`;
      if (stamped.length >= config.needed && !member.awardedUnder(bonus).isPositive) {
        effects.award(bonus, config.bonus, message('bonus', { pages: stamped.length }));
      }
      if (stamped.length === config.pages.length && !member.hasBadge(BADGE, month)) {
        effects.grantBadge(BADGE, month);
        if (config.worth !== null) {
          effects.issueVoucher(`full:${month}`, VOUCHER, 'full', { value: Money.of(config.worth, config.currency), expires: afterDays(config.voucher_days) });
        }
      }

      const fresh = now.find((page) => !isStamped(member, page));
      if (fresh !== undefined && stamped.length < config.needed) {
        effects.tell(message('next-page', { title: fresh.title, missing: Number(config.needed) - stamped.length }));
      }
    },
  },

  offers({ member, config }) {
    if (config.worth === null) return [];
    const stamped = config.pages.filter((page) => isStamped(member, page)).length;
    const value = Money.of(config.worth, config.currency);
    const target = { have: stamped, need: config.pages.length, unit: 'pages' };
    return [offer(VOUCHER, 'reward:full-passport', { value, notYet: message('progress', { missing: config.pages.length - stamped }), target })];
  },

  quote({ reward }) {
    throw reward === VOUCHER ? new Refusal('not-eligible', 'not-for-points') : Refusal.noSuchReward(reward);
  },
});
