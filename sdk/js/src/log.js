// Lines for the program's own log (16 KiB a run), which its partner can read. In the gateway they go there; natively, to standard error.

let write = (level, text) => console.error(`${level}: ${text}`);

/** Sends the lines elsewhere; for the gateway's edge and the test kit. */
export const logTo = (sink) => {
  write = sink;
};

export const log = Object.freeze({
  /** Something for the author, while looking for a fault. */
  debug: (text) => write('debug', String(text)),
  /** Something worth knowing. */
  info: (text) => write('info', String(text)),
  /** Something odd that the rule could cope with. */
  warn: (text) => write('warn', String(text)),
  /** Something that the rule could not cope with. */
  error: (text) => write('error', String(text)),
});
