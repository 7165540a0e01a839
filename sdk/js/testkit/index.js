// Tries a program natively, as an ordinary unit test in Node: no WebAssembly, no gateway. A Till plays the gateway for one member: it runs the program on
// baskets, keeps counters, vouchers, badges, tiers and state as the gateway would, takes goods back, and throws at an answer that it would not accept.

export { Basket } from './basket.js';
export { instant } from './clock.js';
export { Answer, Till, describe } from './till.js';
