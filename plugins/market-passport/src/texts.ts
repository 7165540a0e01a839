// What members read, in English, Romanian, Macedonian, Polish and Russian.

import type { Config } from './config.js';
import { Money } from '@coalition/sdk';

export const TEXTS: Record<string, Record<string, string>> = {
  en: {
    name: 'Market passport',
    summary: 'A stamp for each department, a bonus for enough of them.',
    'badge:explorer': 'Explorer of the month',
    'reward:full-passport': 'Voucher for a full passport',
    page: 'First purchase of the month in {title}',
    bonus: '{pages} pages of your passport are stamped',
    full: 'Your passport is full: a voucher is yours',
    'next-page': 'Stamped: {title}. Pages still missing for the bonus: {missing}',
    progress: 'Passport of the month: pages still missing {missing}',
    'not-for-points': 'This comes with a full passport, not for points.',
  },
  ro: {
    name: 'Pașaportul pieței',
    summary: 'O ștampilă pentru fiecare raion, un bonus când sunt destule.',
    'badge:explorer': 'Exploratorul lunii',
    'reward:full-passport': 'Voucher pentru pașaportul complet',
    page: 'Prima cumpărătură a lunii la {title}',
    bonus: 'Pagini ștampilate în pașaport: {pages}',
    full: 'Pașaportul este complet: ai primit un voucher',
    'next-page': 'Ștampilat: {title}. Pagini rămase până la bonus: {missing}',
    progress: 'Pașaportul lunii: pagini rămase {missing}',
    'not-for-points': 'Se primește cu pașaportul complet, nu pentru puncte.',
  },
  mk: {
    name: 'Пасош на пазарот',
    summary: 'Печат за секој оддел, бонус кога ги има доволно.',
    'badge:explorer': 'Истражувач на месецот',
    'reward:full-passport': 'Ваучер за полн пасош',
    page: 'Прва купувачка на месецот: {title}',
    bonus: 'Печатени страници во пасошот: {pages}',
    full: 'Пасошот е полн: добивате ваучер',
    'next-page': 'Печатено: {title}. Страници до бонусот: {missing}',
    progress: 'Пасош на месецот: недостасуваат страници {missing}',
    'not-for-points': 'Се добива со полн пасош, не за поени.',
  },
  pl: {
    name: 'Paszport targowy',
    summary: 'Pieczątka za każdy dział, premia, gdy zbierze się ich dość.',
    'badge:explorer': 'Odkrywca miesiąca',
    'reward:full-passport': 'Bon za pełny paszport',
    page: 'Pierwszy zakup miesiąca: {title}',
    bonus: 'Podstemplowane strony paszportu: {pages}',
    full: 'Paszport jest pełny: bon należy do Ciebie',
    'next-page': 'Podstemplowano: {title}. Stron brakujących do premii: {missing}',
    progress: 'Paszport miesiąca: brakujące strony {missing}',
    'not-for-points': 'To dostaje się za pełny paszport, nie za punkty.',
  },
  ru: {
    name: 'Паспорт рынка',
    summary: 'Печать за каждый отдел, бонус, когда их достаточно.',
    'badge:explorer': 'Исследователь месяца',
    'reward:full-passport': 'Ваучер за полный паспорт',
    page: 'Первая покупка месяца: {title}',
    bonus: 'Проштампованных страниц в паспорте: {pages}',
    full: 'Паспорт заполнен: ваучер ваш',
    'next-page': 'Печать: {title}. Страниц до бонуса: {missing}',
    progress: 'Паспорт месяца: осталось страниц {missing}',
    'not-for-points': 'Это даётся за полный паспорт, а не за баллы.',
  },
};

/** The terms as a customer reads them, with the merchant's own numbers. */
export function terms(config: Config): Record<string, string> {
  const { needed, bonus, points_per_page: points, voucher_days: days, pages } = config;
  const titles = pages.map(({ title }) => title).join(', ');
  const least = Money.of(config.minimum, config.currency);
  const worth = config.worth === null ? undefined : Money.of(config.worth, config.currency);
  const say = (texts: (string | false)[]) => texts.filter((text) => text !== false).join(' ');
  return {
    en: say([
      `Your passport has a page for each of: ${titles}. The first purchase of the month there, from ${least} on, stamps it${points.isPositive ? ` and earns ${points} points` : ''}.`,
      bonus.isPositive && `${needed} pages in a month earn ${bonus} points more.`,
      worth !== undefined && `All pages give a voucher of ${worth}, good for ${days} days.`,
      'A new month begins with an empty passport. Goods you return take their stamp and its points with them.',
    ]),
    ro: say([
      `Pașaportul are câte o pagină pentru: ${titles}. Prima cumpărătură a lunii acolo, de la ${least}, o ștampilează${points.isPositive ? ` și aduce ${points} puncte` : ''}.`,
      bonus.isPositive && `${needed} pagini într-o lună aduc încă ${bonus} puncte.`,
      worth !== undefined && `Toate paginile aduc un voucher de ${worth}, valabil ${days} zile.`,
      'Luna nouă începe cu un pașaport gol. Produsele returnate iau cu ele ștampila și punctele ei.',
    ]),
    mk: say([
      `Пасошот има страница за: ${titles}. Првата купувачка на месецот таму, од ${least} нагоре, ја печати${points.isPositive ? ` и носи ${points} поени` : ''}.`,
      bonus.isPositive && `${needed} страници во еден месец носат уште ${bonus} поени.`,
      worth !== undefined && `Сите страници носат ваучер од ${worth}, што важи ${days} дена.`,
      'Новиот месец почнува со празен пасош. Вратените производи ги земаат со себе печатот и неговите поени.',
    ]),
    pl: say([
      `Paszport ma stronę dla każdego z działów: ${titles}. Pierwszy w miesiącu zakup za co najmniej ${least} stempluje ją${points.isPositive ? ` i daje ${points} pkt` : ''}.`,
      bonus.isPositive && `${needed} strony lub więcej w miesiącu dają dodatkowo ${bonus} pkt.`,
      worth !== undefined && `Wszystkie strony dają bon o wartości ${worth}, ważny ${days} dni.`,
      'Nowy miesiąc zaczyna się od pustego paszportu. Zwrócone towary zabierają ze sobą pieczątkę i jej punkty.',
    ]),
    ru: say([
      `В паспорте есть страница для каждого отдела: ${titles}. Первая за месяц покупка там от ${least} ставит печать${points.isPositive ? ` и приносит ${points} баллов` : ''}.`,
      bonus.isPositive && `${needed} страницы или больше за месяц приносят ещё ${bonus} баллов.`,
      worth !== undefined && `Все страницы дают ваучер на ${worth}, действительный ${days} дней.`,
      'Новый месяц начинается с пустого паспорта. Возвращённые товары забирают с собой печать и её баллы.',
    ]),
  };
}
