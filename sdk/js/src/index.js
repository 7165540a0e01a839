// Everything that rules are written with. `testkit` has what they are tried with.

export { ArithmeticError, Fault, divFloor, modFloor, mulDiv } from './arithmetic.js';
export { BasisPoints, Exchange, Points } from './points.js';
export { Money, minorDigits } from './money.js';
export { Chance, Instant, LocalDate, afterDays, afterMonths, at, endOf } from './time.js';
export { message } from './text.js';
export { Effects, onAction } from './effects.js';
export { offer, quotation } from './offers.js';
export { Event, Line, Member, Purchase } from './views.js';
export { fill } from './locale.js';
export { MOST, Problems, Selection, Words, setting, settings } from './settings.js';
export { Manifest } from './manifest.js';
export { Refusal, program } from './program.js';
export { State, key } from './state.js';
export { log } from './log.js';
