/**
 * Calls back when the event loop has come round, after all that is ready to run now. It is not a matter of time: what gathers
 * writes must wait for everybody who can write in this turn, and for nobody else.
 */
export function atEndOfTurn(callback: () => void): void {
  setImmediate(callback);
}
