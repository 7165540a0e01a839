// What a merchant can change. As it comes, six departments of a grocer.

import { Problems, Read, setting, settings } from '@coalition/sdk';

/** Above this a number is a slip of the finger. */
const MINOR_MAX = 100_000_000;

const Page = settings('A page of the passport: one department.', {
  id: setting.id('Its own among the pages. A changed id is a new page, without a stamp for everybody.'),
  title: setting.text('What members read, such as "Bakery".', { min: 1, max: 60 }),
  goods: setting.selection("The department's goods."),
});

const page = (id: string, title: string, ...categories: string[]) => ({ id, title, goods: { categories } });

export const Config = settings("A passport through the market: each month, a stamp on a department's page with the first purchase there.", {
  currency: setting.currency('The currency of the amounts below.', { default: 'USD' }),
  pages: setting.list('The pages, one for each department.', Page, {
    default: [
      page('bakery', 'Bakery', 'ROLLS*', 'BREAD*', 'BAKED*', 'CAKES*', 'COOKIES*', 'DONUTS*'),
      page('dairy', 'Dairy', 'FLUID MILK*', 'CHEESE*', 'YOGURT*', 'EGGS*', 'BUTTER*'),
      page('greengrocer', 'Greengrocer', 'VEGETABLES*', 'SALAD*', 'APPLES*', 'BERRIES*', 'CITRUS*', 'TOMATOES*', 'POTATOES*', 'ONIONS*', 'TROPICAL FRUIT*'),
      page('butcher', 'Butcher', 'BEEF*', 'CHICKEN*', 'PORK*', 'SMOKED MEATS*', 'LUNCHMEAT*', 'BACON*'),
      page('drinks', 'Drinks', 'SOFT DRINKS*', 'WATER*', 'REFRGRATD JUICES*', 'COFFEE*', 'TEAS*'),
      page('household', 'Household', 'LAUNDRY*', 'HOUSEHOLD CLEANG*', 'BATH TISSUES*', 'PAPER TOWELS*', 'DISHWASH*'),
    ],
    min: 2,
    max: 12,
  }),
  minimum: setting.whole("A purchase stamps a page when it has the department's goods for at least so many minor units.", { default: 100, min: 1, max: MINOR_MAX }),
  points_per_page: setting.points('Points for each page stamped; 0: none.', { default: 10, min: 0, max: 100_000 }),
  needed: setting.count('So many pages in a month earn the bonus.', { default: 4, min: 2, max: 12 }),
  bonus: setting.points('The bonus, in points.', { default: 100, min: 0, max: 1_000_000 }),
  worth: setting.optional(
    'What the voucher for a full passport is worth, in minor units; null: no voucher.', setting.whole('', { min: 1, max: MINOR_MAX }), { default: 300 },
  ),
  voucher_days: setting.count('How many days the voucher can be used.', { default: 30, min: 1, max: 365 }),
});

export type Config = Read<typeof Config>;
export type Page = Config['pages'][number];

/** What types and bounds can't say. */
export function check(config: Config, problems: Problems): void {
  config.pages.forEach(({ id, goods }, index) => {
    problems.unless(config.pages.findIndex((other) => other.id === id) === index, `/pages/${index}/id`, 'used by another page');
    problems.unless(!goods.isEmpty, `/pages/${index}/goods`, 'name at least one category or article; * means all');
  });
  problems.unless(Number(config.needed) <= config.pages.length, '/needed', 'at most as many as there are pages');
}
