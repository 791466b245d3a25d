import type { Person } from './sandbox-test.ts';

/** Names that real accounts have and careless programs break on: scripts, quotes, commas, markup, formulas. */
export const WORKSPACE_NAMES: readonly string[] = [
  'Product Design',
  'リサーチ部',
  'Marketing "EMEA"',
  'Qualité & Expérience',
  "Tom's Lab, Berlin/München",
  'تجربة المستخدم',
  '<b>Checkout</b> Squad',
  'Växt 🚀 Growth',
];

/** Test titles of the same sort. */
export const TITLES: readonly string[] = [
  'Checkout flow',
  '決済画面のユーザビリティ調査',
  '"Find a store" on mobile',
  'Première impression de la page d’accueil',
  'Onboarding – Konto eröffnen & prüfen',
  '新規登録フォーム「A案」と「B案」の比較',
  "What's new, banner test",
  '=SUM(A1:A9) pricing table',
  '<script>alert(1)</script> search page',
  'Card sort: навигация',
  'Emoji reactions 😀👍🏽',
  'Menu\\Settings; C:\\temp',
];

/** People who order tests. */
export const PEOPLE: readonly Person[] = [
  { name: 'Blair Fraser', email: 'blair.fraser@example.com' },
  { name: 'Rosa Smith', email: 'rosa.smith@example.com' },
  { name: '佐藤 花子', email: 'hanako.sato@example.com' },
  { name: 'Zoë "Z" Müller', email: 'zoe.mueller@example.com' },
];
