const logEveryMs = 30_000;
let logged = performance.now();

/** Says how far a run is: on a line of its own that is overwritten, or in a log now and then. An empty text clears the line. */
export function progress(text) {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\x1b[K${text}`);
  } else if (text && performance.now() - logged > logEveryMs) {
    logged = performance.now();
    console.error(text);
  }
}
